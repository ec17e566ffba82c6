//! Use cases, the reaction table, ports, access rules, the word catalogue.
//!
//! [`App`] is the product as one value: doors call its use cases, [`reactions`] says what follows, [`work`] carries it out.
//!
//! # Invariants
//!
//! - No SQL, HTTP or HTML.
//! - **Aggregates meet only through [`reactions::REACTIONS`]**, or in one commit that a use case puts together.
//! - **Doors parse, `app` acts**: no door decides.

pub mod access;
mod app;
pub mod claims;
mod decisions;
mod doors;
mod failure;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod outside;
pub mod pages;
pub mod ports;
mod principal;
pub mod reactions;
pub mod settlement;
mod streams;
pub mod trail;
mod use_cases;
pub mod words;
pub mod work;

pub use app::{App, Ports};
pub use failure::{Failure, Refused};
pub use principal::{Principal, Purpose, Request, RequestKey, Role, Scope, authority_of};
pub use streams::{Loaded, Outcome};
pub use use_cases::accounts::{Begun, NewAccount, Present};
pub use use_cases::endpoints::{NewEndpoint, Registered};
pub use use_cases::evidence::Accepted;
pub use use_cases::found::FoundWas;
pub use use_cases::notice::{Notice, Taken};
pub use use_cases::policies::ImportReport;
pub use use_cases::reconciliation::Reconciliation;
pub use use_cases::recoveries::Receipt;
pub use use_cases::reporters::Admitted;
pub use use_cases::tokens::{NewToken, Program};
