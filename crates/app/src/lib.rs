//! Use cases, the reaction table, ports, access rules, the word catalogue.
//!
//! # Invariants
//!
//! - No SQL, HTTP or HTML.

pub mod ports;
pub mod settlement;
pub mod words;
