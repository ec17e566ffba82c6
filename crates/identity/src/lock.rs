//! How long failed attempts lock an account.

use lexicon::Moment;

/// From the first of `seconds` on, each further failure in a row locks for the next of them, and at last for the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockRule {
    /// The first moment at which it holds.
    pub effective_from: Moment,
    /// How many failures in a row are free.
    pub free_failures: u32,
    /// How long each further one locks.
    pub seconds: &'static [i64],
}

/// Every rule, oldest first. A released rule is not edited: it gets a successor.
pub const LOCKS: &[LockRule] = &[LockRule {
    // 2020-01-01T00:00:00Z, before the first account.
    effective_from: Moment::from_micros(1_577_836_800_000_000),
    free_failures: 4,
    seconds: &[60, 300, 900, 3_600],
}];

/// How long the `failures`th failure in a row locks when it happens `at`; `None` while it is free.
pub fn lock_seconds(failures: u32, at: Moment) -> Option<i64> {
    let rule = LOCKS.iter().rev().find(|rule| rule.effective_from <= at)?;
    let step = failures.checked_sub(rule.free_failures + 1)? as usize;
    rule.seconds.get(step).or(rule.seconds.last()).copied()
}
