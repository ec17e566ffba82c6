//! What people and programs can ask of the product, one file per subject.

pub mod accounts;
pub mod claims;
pub mod endpoints;
pub mod evidence;
pub mod facts;
pub mod found;
pub mod messages;
pub mod money;
pub mod notice;
pub mod policies;
pub mod reconciliation;
pub mod recoveries;
pub mod reporters;
pub mod tokens;
