//! Exact numbers: shares of fen are not rounded before a line is paid.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroI64;
use std::ops::{Add, Div, Mul, Sub};

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use lexicon::{Money, Ratio};
use num_integer::Integer;

/// An exact fraction, of fen where it stands for money. Kept in two machine words while it fits, in big integers else.
#[derive(Clone, PartialEq, Eq)]
pub struct Exact(Form);

/// Reduced, with a positive denominator. `Small` whenever both parts fit, so that equal numbers have one form.
#[derive(Clone, PartialEq, Eq)]
enum Form {
    // That it is never 0 lets the compiler keep the whole in two words.
    Small { above: i64, below: NonZeroI64 },
    Big(Box<RBig>),
}

/// The denominator of whole numbers.
const ONE: NonZeroI64 = NonZeroI64::new(1).unwrap();

impl Exact {
    /// 0.
    pub const ZERO: Exact = Exact::whole(0);

    /// A whole number.
    pub const fn whole(number: i64) -> Exact {
        Exact(Form::Small { above: number, below: ONE })
    }

    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Form::Small { above: 0, .. })
    }

    /// Whether this is above 0.
    pub fn is_positive(&self) -> bool {
        match &self.0 {
            Form::Small { above, .. } => *above > 0,
            Form::Big(big) => **big > RBig::ZERO,
        }
    }

    /// Whether this has no fraction.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Form::Small { below, .. } => *below == ONE,
            Form::Big(big) => big.is_int(),
        }
    }

    /// The greatest whole number not above this; `None` when it does not fit.
    pub fn floor(&self) -> Option<i64> {
        match &self.0 {
            Form::Small { above, below: ONE } => Some(*above),
            Form::Small { above, below } => Some(above.div_euclid(below.get())),
            Form::Big(big) => i64::try_from(big.floor()).ok(),
        }
    }

    /// The nearest whole number, halves upwards (amounts are never negative); `None` when it does not fit.
    pub fn half_up(&self) -> Option<i64> {
        match self.0 {
            Form::Small { above, below: ONE } => Some(above),
            _ => (self + &(&Exact::whole(1) / &Exact::whole(2))).floor(),
        }
    }

    /// `self − other`, but never below 0.
    pub fn less(&self, other: &Exact) -> Exact {
        if other >= self { Exact::ZERO } else { self - other }
    }

    /// `self × above ÷ below`, as every pro-rata share is made.
    pub fn pro_rata(&self, above: &Exact, below: &Exact) -> Exact {
        if above == below || self.is_zero() { self.clone() } else { &(self * above) / below }
    }

    /// Fen as exact yuan: `5000.00`, or a fraction such as `4000/11` where it is no whole number of fen.
    pub fn to_yuan(&self) -> String {
        match self.0 {
            Form::Small { above, below: ONE } => Money::from_fen(above).to_yuan(),
            _ => (self / &Exact::whole(100)).to_string(),
        }
    }

    /// Numerator and denominator, while they fit.
    fn words(&self) -> Option<(i64, i64)> {
        match self.0 {
            Form::Small { above, below } => Some((above, below.get())),
            Form::Big(_) => None,
        }
    }

    /// From reduced parts.
    fn reduced(above: i128, below: i128) -> Exact {
        let words = i64::try_from(above).ok().zip(i64::try_from(below).ok().and_then(NonZeroI64::new));
        match words {
            // The least i64 has no opposite, so it is left to the big form.
            Some((above, below)) if above != i64::MIN => Exact(Form::Small { above, below }),
            _ => Exact(Form::Big(Box::new(RBig::from_parts(
                IBig::from(above),
                UBig::from(below.unsigned_abs()),
            )))),
        }
    }

    fn from_big(big: RBig) -> Exact {
        let below = i64::try_from(big.denominator()).ok().and_then(NonZeroI64::new);
        match i64::try_from(big.numerator()).ok().zip(below) {
            Some((above, below)) if above != i64::MIN => Exact(Form::Small { above, below }),
            _ => Exact(Form::Big(Box::new(big))),
        }
    }

    fn to_big(&self) -> Cow<'_, RBig> {
        match &self.0 {
            Form::Small { above, below } => {
                Cow::Owned(RBig::from_parts(IBig::from(*above), UBig::from(below.get().unsigned_abs())))
            }
            Form::Big(big) => Cow::Borrowed(big),
        }
    }
}

/// `left.above × left.below⁻¹ ± …`, reducing by the gcd of the denominators only, which keeps the intermediate parts in 128 bits.
fn sum(left: (i64, i64), right: (i64, i64)) -> Exact {
    if left.1 == 1 && right.1 == 1 {
        // Fen and fen, nearly always: no wide words.
        return match left.0.checked_add(right.0) {
            Some(sum) if sum != i64::MIN => Exact::whole(sum),
            _ => Exact::reduced(i128::from(left.0) + i128::from(right.0), 1),
        };
    }
    let common = left.1.gcd(&right.1);
    let (left_scale, right_scale) = (right.1 / common, left.1 / common);
    let above = i128::from(left.0) * i128::from(left_scale) + i128::from(right.0) * i128::from(right_scale);
    // Only a divisor of `common` can still divide both parts.
    let again = if common == 1 { 1 } else { common.gcd(&((above % i128::from(common)) as i64)) };
    let above = if again == 1 { above } else { above / i128::from(again) };
    Exact::reduced(above, i128::from(right_scale) * i128::from(right.1 / again))
}

fn product(left: (i64, i64), right: (i64, i64)) -> Exact {
    if left.0 == 0 || right.0 == 0 {
        return Exact::ZERO;
    }
    if let (1, 1, Some(product)) = (left.1, right.1, left.0.checked_mul(right.0))
        && product != i64::MIN
    {
        return Exact::whole(product);
    }
    let first = if right.1 == 1 { 1 } else { left.0.gcd(&right.1) };
    let second = if left.1 == 1 { 1 } else { right.0.gcd(&left.1) };
    Exact::reduced(
        i128::from(left.0 / first) * i128::from(right.0 / second),
        i128::from(left.1 / second) * i128::from(right.1 / first),
    )
}

impl Add for &Exact {
    type Output = Exact;

    fn add(self, other: &Exact) -> Exact {
        match (self.words(), other.words()) {
            (Some(left), Some(right)) => sum(left, right),
            _ => Exact::from_big(&*self.to_big() + &*other.to_big()),
        }
    }
}

impl Sub for &Exact {
    type Output = Exact;

    fn sub(self, other: &Exact) -> Exact {
        match (self.words(), other.words()) {
            (Some((a, b)), Some((c, d))) => sum((a, b), (-c, d)),
            _ => Exact::from_big(&*self.to_big() - &*other.to_big()),
        }
    }
}

impl Mul for &Exact {
    type Output = Exact;

    fn mul(self, other: &Exact) -> Exact {
        match (self.words(), other.words()) {
            (Some((a, b)), Some((c, d))) => product((a, b), (c, d)),
            _ => Exact::from_big(&*self.to_big() * &*other.to_big()),
        }
    }
}

impl Div for &Exact {
    type Output = Exact;

    /// Panics when `other` is 0: every divisor here is a limit or a sum already known to be positive.
    fn div(self, other: &Exact) -> Exact {
        assert!(!other.is_zero(), "an exact share has a positive whole");
        match (self.words(), other.words()) {
            (Some((a, b)), Some((c, d))) => product((a, b), (d * c.signum(), c.abs())),
            _ => Exact::from_big(&*self.to_big() / &*other.to_big()),
        }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        match (self.words(), other.words()) {
            (Some((a, b)), Some((c, d))) if b == d => a.cmp(&c),
            (Some((a, b)), Some((c, d))) => {
                (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b)))
            }
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> std::iter::Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::ZERO, |total, number| &total + number)
    }
}

impl From<Money> for Exact {
    /// In fen.
    fn from(amount: Money) -> Exact {
        Exact::reduced(i128::from(amount.fen()), 1)
    }
}

impl From<Ratio> for Exact {
    fn from(ratio: Ratio) -> Exact {
        Exact::reduced(i128::from(ratio.numerator()), i128::from(ratio.denominator()))
    }
}

impl Default for Exact {
    fn default() -> Exact {
        Exact::ZERO
    }
}

/// `12`, or `4000/11`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Small { above, below: ONE } => write!(f, "{above}"),
            Form::Small { above, below } => write!(f, "{above}/{below}"),
            Form::Big(big) => write!(f, "{big}"),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use num_rational::BigRational;
    use num_traits::ToPrimitive;
    use proptest::prelude::*;

    use super::*;

    /// Parts near 0 and near the ends of a word, so that both forms and the step between them are met.
    fn number() -> impl Strategy<Value = Exact> {
        let part = prop_oneof![
            -1000i64..1000,
            i64::MAX - 1000..i64::MAX,
            i64::MIN + 1..i64::MIN + 1000,
            any::<i64>()
        ];
        (part.clone(), part).prop_map(|(above, below)| {
            let whole = |part: i64| Exact::whole(part.max(-i64::MAX));
            &whole(above) / &if below == 0 { whole(1) } else { whole(below) }
        })
    }

    /// The same number in another library's big integers only.
    fn big(exact: &Exact) -> BigRational {
        let part = |text: &str| text.parse::<BigInt>().unwrap();
        let text = exact.to_string();
        let (above, below) = text.split_once('/').unwrap_or((&text, "1"));
        BigRational::new_raw(part(above), part(below))
    }

    /// Reduced, and in words whenever it fits.
    fn is_canonical(exact: &Exact) -> bool {
        let big = big(exact);
        let fits =
            big.numer().to_i64().is_some_and(|above| above != i64::MIN) && big.denom().to_i64().is_some();
        big.reduced() == big && fits == matches!(exact.0, Form::Small { .. })
    }

    proptest! {
        #[test]
        fn the_word_path_and_the_big_path_agree(left in number(), right in number()) {
            let (big_left, big_right) = (big(&left), big(&right));
            for (mixed, expected) in [
                (&left + &right, &big_left + &big_right),
                (&left - &right, &big_left - &big_right),
                (&left * &right, &big_left * &big_right),
            ] {
                prop_assert_eq!(big(&mixed), expected);
                prop_assert!(is_canonical(&mixed), "{mixed:?}");
            }
            if !right.is_zero() {
                let quotient = &left / &right;
                prop_assert_eq!(big(&quotient), &big_left / &big_right);
                prop_assert!(is_canonical(&quotient), "{quotient:?}");
            }
            prop_assert_eq!(left.cmp(&right), big_left.cmp(&big_right));
            prop_assert_eq!(left.floor(), big_left.floor().to_integer().to_i64());
        }
    }

    #[test]
    fn a_half_goes_up() {
        for (above, below, expected) in [(1, 2, 1), (1, 3, 0), (2, 3, 1), (7, 1, 7), (3, 2, 2), (0, 1, 0)] {
            let exact = &Exact::whole(above) / &Exact::whole(below);
            assert_eq!(exact.half_up(), Some(expected), "{above}/{below}");
        }
    }
}
