//! Torture: what a served product and its store go through before anybody has to trust them. For developers; nothing of it is in a
//! product.
//!
//! - [`disk`]: a disk for SQLite whose power is cut at any moment, and which is full or broken when told to be.

pub mod dice;
pub mod disk;

pub use dice::Dice;
