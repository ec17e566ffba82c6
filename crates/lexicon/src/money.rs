//! Amounts in integer fen.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Ratio, Rounding};

/// An amount of yuan, kept in fen (分). Arithmetic is checked; serialized as an integer of fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why an amount could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit; no real claim is that large.
    #[error("money-overflow")]
    Overflow,
    /// The text is not a decimal number.
    #[error("money-form")]
    Form,
    /// More than two decimal places.
    #[error("money-too-precise")]
    TooPrecise,
}

impl Money {
    /// 0.00.
    pub const ZERO: Money = Money(0);

    /// An amount of `fen` (1 yuan = 100 fen).
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// An amount of whole `yuan`.
    pub const fn from_yuan(yuan: i64) -> Money {
        Money(yuan * 100)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether this is 0.00.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is below 0.00.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `self + other`.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyError::Overflow)
    }

    /// `self − other`, which may be negative.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyError::Overflow)
    }

    /// `self − other`, but never below 0.00.
    pub fn less(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0).max(0))
    }

    /// `self × count`.
    pub fn times(self, count: i64) -> Result<Money, MoneyError> {
        self.0.checked_mul(count).map(Money).ok_or(MoneyError::Overflow)
    }

    /// `self × share`, rounded as `rounding` says.
    pub fn share(self, share: Ratio, rounding: Rounding) -> Result<Money, MoneyError> {
        let numerator = i128::from(self.0) * i128::from(share.numerator());
        let fen = rounding.divide(numerator, i128::from(share.denominator()));
        i64::try_from(fen).map(Money).map_err(|_| MoneyError::Overflow)
    }

    /// The sum of `amounts`.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// The decimal text in yuan with two places, as JSON doors and pages carry it: `5000.00`.
    pub fn to_yuan(self) -> String {
        self.to_string()
    }
}

impl Sum for Money {
    /// Saturates; use [`Money::sum`] where an overflow must be seen.
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        Money(amounts.fold(0, |total, amount| total.saturating_add(amount.0)))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads `-?[0-9]+(\.[0-9]+)?`, at most two places.
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) =
            digits.split_once('.').map_or((digits, None), |(whole, places)| (whole, Some(places)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !places.is_none_or(all_digits) {
            return Err(MoneyError::Form);
        }
        let places = places.unwrap_or("0");
        if places.len() > 2 {
            return Err(MoneyError::TooPrecise);
        }
        let yuan: i64 = whole.parse().map_err(|_| MoneyError::Overflow)?;
        let hundredths: i64 = places.parse().map_err(|_| MoneyError::Form)?;
        let hundredths = if places.len() == 1 { hundredths * 10 } else { hundredths };
        let fen =
            yuan.checked_mul(100).and_then(|fen| fen.checked_add(hundredths)).ok_or(MoneyError::Overflow)?;
        Ok(Money(if negative { -fen } else { fen }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_that_is_no_amount_is_refused_with_its_reason() {
        for (text, expected) in [
            ("5000.00", Ok(500_000)),
            ("5000", Ok(500_000)),
            ("0.5", Ok(50)),
            ("-0.01", Ok(-1)),
            ("1.005", Err(MoneyError::TooPrecise)),
            ("", Err(MoneyError::Form)),
            ("1.", Err(MoneyError::Form)),
            (".5", Err(MoneyError::Form)),
            ("+1", Err(MoneyError::Form)),
            ("1,000.00", Err(MoneyError::Form)),
            ("１", Err(MoneyError::Form)),
            ("99999999999999999999", Err(MoneyError::Overflow)),
        ] {
            assert_eq!(text.parse::<Money>().map(Money::fen), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in -10_000_000_000_000i64..10_000_000_000_000) {
            let amount = Money::from_fen(fen);
            prop_assert_eq!(amount.to_yuan().parse::<Money>(), Ok(amount));
        }

        #[test]
        fn the_shares_of_two_sides_miss_the_whole_by_a_fen_at_most(fen in 0i64..1_000_000_000, per_mille in 0i64..=1000) {
            let amount = Money::from_fen(fen);
            let one = Ratio::new(per_mille, 1000).unwrap();
            let other = Ratio::new(1000 - per_mille, 1000).unwrap();
            let sum = amount.share(one, Rounding::HalfUp).unwrap().plus(amount.share(other, Rounding::HalfUp).unwrap()).unwrap();
            prop_assert!((sum.fen() - fen).abs() <= 1);
        }
    }
}
