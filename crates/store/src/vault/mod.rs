//! The keys under which personal text is sealed, one per subject, kept apart from the journal.
//!
//! # Invariants
//!
//! - **A key is on disk before anything sealed with it is acknowledged.** New keys wait in memory until [`Keys::flush`], which the
//!   journal's writer calls before it commits and the files' keeper before it answers.
//! - **An erased subject's key is gone from disk**, and none is ever made for it again.
//! - The master key is not in the database of keys; nothing in that database opens without it.

pub(crate) mod carry;
mod cipher;
mod kept;
mod keys;
mod master;

pub(crate) use carry::WrappedKeys;
pub(crate) use keys::Keys;
pub use master::MasterKey;
