//! When a message that was not taken is tried again.

use lexicon::Moment;

/// The waits grow by `factor` from the first to the longest; when the time since the first failure is over there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryRule {
    /// The first moment at which it holds.
    pub effective_from: Moment,
    /// The wait after the first failure.
    pub first_seconds: i64,
    /// How much longer each wait is than the one before.
    pub factor: i64,
    /// The longest wait, also where the receiver asks for a longer one.
    pub longest_seconds: i64,
    /// How long after the first failure it is tried.
    pub whole_seconds: i64,
    /// By how much of itself a wait is longer at most, so that not all come back at once.
    pub spread_percent: i64,
}

/// Every rule, oldest first. A released rule is not edited: it gets a successor.
pub const RETRIES: &[RetryRule] = &[RetryRule {
    // 2020-01-01T00:00:00Z, before the first message.
    effective_from: Moment::from_micros(1_577_836_800_000_000),
    first_seconds: 5,
    factor: 3,
    longest_seconds: 6 * 3_600,
    whole_seconds: 3 * 86_400,
    spread_percent: 20,
}];

/// The rule that holds `at`.
pub fn retry_rule(at: Moment) -> &'static RetryRule {
    RETRIES.iter().rev().find(|rule| rule.effective_from <= at).unwrap_or(&RETRIES[0])
}

impl RetryRule {
    /// How long to wait after failure number `attempt`, spread by `chance`.
    pub fn wait_seconds(&self, attempt: u32, chance: u32) -> i64 {
        let grown = self.factor.saturating_pow(attempt.saturating_sub(1)).saturating_mul(self.first_seconds);
        let wait = grown.min(self.longest_seconds);
        let spread = (wait * self.spread_percent / 100).max(1);
        wait + i64::from(chance) % (spread + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_are_spread_upwards() {
        let rule = retry_rule(Moment::from_micros(1_800_000_000_000_000));
        for (attempt, chance, wait) in [
            (1, 0, 5),
            (1, 1, 6),
            (2, 0, 15),
            (3, 0, 45),
            (4, 0, 135),
            (4, 27, 162),
            (9, 0, 21_600),
            (60, 0, 21_600),
        ] {
            assert_eq!(rule.wait_seconds(attempt, chance), wait, "after failure {attempt}");
        }
        for chance in 0..5_000 {
            let wait = rule.wait_seconds(8, chance);
            assert!((10_935..=13_122).contains(&wait), "{wait}");
        }
    }
}
