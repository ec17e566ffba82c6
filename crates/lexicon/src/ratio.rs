//! Exact shares and rates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An exact fraction, kept reduced with a positive denominator; serialized as decimal text where that is exact, else as `a/b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

/// How a quotient becomes a whole number. Every division of money names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, halves away from zero (四舍五入).
    HalfUp,
    /// Towards negative infinity.
    Down,
    /// Towards positive infinity.
    Up,
}

/// The text or the pair of numbers is no fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ratio-form")]
pub struct BadRatio;

impl Rounding {
    /// `numerator ÷ denominator`, rounded. `denominator` must be positive.
    pub fn divide(self, numerator: i128, denominator: i128) -> i128 {
        debug_assert!(denominator > 0);
        let floor = numerator.div_euclid(denominator);
        let rest = numerator.rem_euclid(denominator);
        match self {
            Rounding::Down => floor,
            Rounding::Up => floor + i128::from(rest > 0),
            Rounding::HalfUp if numerator >= 0 => floor + i128::from(rest * 2 >= denominator),
            Rounding::HalfUp => floor + i128::from(rest * 2 > denominator),
        }
    }
}

impl Ratio {
    /// 0.
    pub const ZERO: Ratio = Ratio { numerator: 0, denominator: 1 };
    /// 1.
    pub const ONE: Ratio = Ratio { numerator: 1, denominator: 1 };

    /// `numerator ÷ denominator`; refused when the denominator is 0.
    pub fn new(numerator: i64, denominator: i64) -> Result<Ratio, BadRatio> {
        if denominator == 0 {
            return Err(BadRatio);
        }
        let common = gcd(numerator.unsigned_abs(), denominator.unsigned_abs()) as i64;
        let sign = denominator.signum();
        Ok(Ratio { numerator: sign * (numerator / common), denominator: sign * (denominator / common) })
    }

    /// A whole number of percent.
    pub const fn percent(percent: i64) -> Ratio {
        let common = gcd(percent.unsigned_abs(), 100) as i64;
        Ratio { numerator: percent / common, denominator: 100 / common }
    }

    /// Above the line.
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Below the line; always positive.
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// Whether this lies in 0..=1.
    pub const fn is_share(self) -> bool {
        self.numerator >= 0 && self.numerator <= self.denominator
    }

    /// Whether this is 0.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// `1 − self`, for a share.
    pub const fn rest(self) -> Ratio {
        Ratio { numerator: self.denominator - self.numerator, denominator: self.denominator }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> std::cmp::Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        left.cmp(&right)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut places = 0usize;
        let mut scale: i64 = 1;
        while scale % self.denominator != 0 {
            let Some(next) = scale.checked_mul(10) else {
                return write!(f, "{}/{}", self.numerator, self.denominator);
            };
            scale = next;
            places += 1;
        }
        let scaled = i128::from(self.numerator) * i128::from(scale / self.denominator);
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, part) = (scaled.unsigned_abs() / scale as u128, scaled.unsigned_abs() % scale as u128);
        match places {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{part:0places$}"),
        }
    }
}

impl FromStr for Ratio {
    type Err = BadRatio;

    /// Reads `0.7`, `1`, `-0.05` or `1/3`; at most 18 decimal places.
    fn from_str(text: &str) -> Result<Ratio, BadRatio> {
        if let Some((above, below)) = text.split_once('/') {
            let read = |part: &str| part.parse::<i64>().map_err(|_| BadRatio);
            return Ratio::new(read(above)?, read(below)?);
        }
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, places) = digits.split_once('.').map_or((digits, ""), |parts| parts);
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let ends_well = !digits.ends_with('.') && !whole.is_empty();
        if !ends_well || !all_digits(whole) || !all_digits(places) || places.len() > 18 {
            return Err(BadRatio);
        }
        let scale = 10i64.pow(places.len() as u32);
        let numerator: i64 = format!("{whole}{places}").parse().map_err(|_| BadRatio)?;
        Ratio::new(sign * numerator, scale)
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> String {
        ratio.to_string()
    }
}

impl TryFrom<String> for Ratio {
    type Error = BadRatio;

    fn try_from(text: String) -> Result<Ratio, BadRatio> {
        text.parse()
    }
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_away_from_zero() {
        let rounded: Vec<i128> = [5, 15, -5, -15, 4, 6].map(|n| Rounding::HalfUp.divide(n, 10)).to_vec();
        assert_eq!(rounded, [1, 2, -1, -2, 0, 1]);
    }

    #[test]
    fn decimal_text_is_kept_and_other_fractions_are_written_as_such() {
        for text in ["0.7", "1", "0", "0.05", "-0.125", "1/3"] {
            assert_eq!(text.parse::<Ratio>().unwrap().to_string(), text);
        }
        for text in ["", ".", "1.", ".5", "0.7.1", "1/0", "abc", "0.1234567890123456789"] {
            assert!(text.parse::<Ratio>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(a in -1_000_000i64..1_000_000, b in 1i64..1_000_000) {
            let ratio = Ratio::new(a, b).unwrap();
            prop_assert_eq!(ratio.to_string().parse::<Ratio>(), Ok(ratio));
        }
    }
}
