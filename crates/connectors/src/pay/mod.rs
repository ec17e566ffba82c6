//! Banks.

pub mod fake;
mod file;
