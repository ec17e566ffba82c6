//! Messages to people.

pub mod fake;
