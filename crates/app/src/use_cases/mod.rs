//! What people and programs can ask of the product, one file per subject.

pub mod accounts;
pub mod claims;
pub mod evidence;
pub mod facts;
pub mod messages;
pub mod money;
pub mod notice;
pub mod policies;
pub mod recoveries;
pub mod reporters;
