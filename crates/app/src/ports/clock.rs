//! The time of day.

use lexicon::Moment;

/// A clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}
