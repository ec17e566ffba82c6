//! When a message that failed is tried again.

use lexicon::Moment;

/// After the n-th failure the n-th wait is kept; after the last there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryRule {
    /// The first moment at which it holds.
    pub effective_from: Moment,
    /// The waits in turn.
    pub waits_seconds: &'static [i64],
}

/// Every rule, oldest first. A released rule is not edited: it gets a successor.
pub const RETRIES: &[RetryRule] = &[RetryRule {
    // 2020-01-01T00:00:00Z, before the first message.
    effective_from: Moment::from_micros(1_577_836_800_000_000),
    waits_seconds: &[5, 30, 120, 600, 3_600, 21_600],
}];

/// How long to wait after failure number `attempt`, which happened `at`; `None` when the message is given up.
pub fn retry_seconds(attempt: u32, at: Moment) -> Option<i64> {
    let rule = RETRIES.iter().rev().find(|rule| rule.effective_from <= at)?;
    let step = attempt.checked_sub(1)? as usize;
    rule.waits_seconds.get(step).copied()
}
