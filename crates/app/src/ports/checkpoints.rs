//! How far followers of the journal have come.

use journal::{BoxFuture, Unavailable};

/// Keeps positions by name. A lost checkpoint costs time, never correctness: what is done again changes nothing.
pub trait Checkpoints: Send + Sync {
    /// The position kept for `name`; 0 when there is none.
    fn reached<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, Unavailable>>;

    /// Keeps `position` for `name`.
    fn reach<'a>(&'a self, name: &'a str, position: u64) -> BoxFuture<'a, Result<(), Unavailable>>;
}
