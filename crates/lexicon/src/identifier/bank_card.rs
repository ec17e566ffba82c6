//! Bank card numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, digit, identifier, shown_masked};

/// A bank card number (银行卡号): 13 to 19 digits, the last a check digit by Luhn's rule.
///
/// Every single wrong digit is found, and every swap of neighbours except 0 with 9.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BankCard(Arc<str>);

impl BankCard {
    fn from_normalised(text: String) -> Result<BankCard, Problem> {
        if !(13..=19).contains(&text.chars().count()) {
            return Err(Problem::Length);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::Character);
        }
        if luhn(text.as_bytes()) != 0 {
            return Err(Problem::CheckDigit);
        }
        Ok(BankCard(text.into()))
    }

    /// Only the last four digits.
    pub fn masked(&self) -> String {
        let hidden = self.0.len() - 4;
        format!("{}{}", "*".repeat(hidden), &self.0[hidden..])
    }
}

identifier!(BankCard);
shown_masked!(BankCard);

/// Luhn's sum modulo 10: 0 for a sound number.
fn luhn(digits: &[u8]) -> u32 {
    let weigh = |(place, byte): (usize, &u8)| match digit(*byte) * (1 + place as u32 % 2) {
        two_digits @ 10.. => two_digits - 9,
        one_digit => one_digit,
    };
    digits.iter().rev().enumerate().map(weigh).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sound() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(b'0'..=b'9', 12..=18).prop_map(|mut digits| {
            digits.push(b'0');
            *digits.last_mut().unwrap() = b'0' + ((10 - luhn(&digits)) % 10) as u8;
            digits
        })
    }

    fn parse(bytes: &[u8]) -> Result<BankCard, Problem> {
        std::str::from_utf8(bytes).unwrap().parse()
    }

    #[test]
    fn the_textbook_number_checks_with_3() {
        assert_eq!(
            (b'0'..=b'9')
                .filter(|last| luhn(&[b"7992739871", &[*last][..]].concat()) == 0)
                .collect::<Vec<_>>(),
            b"3"
        );
    }

    #[test]
    fn only_the_end_is_shown() {
        assert_eq!(
            "6222 0202 0011 2233 449".parse::<BankCard>().map(|card| card.masked()),
            Err(Problem::CheckDigit)
        );
        assert_eq!("6222 0202 0011 2233 446".parse::<BankCard>().unwrap().masked(), "***************3446");
    }

    proptest! {
        #[test]
        fn any_one_wrong_digit_is_found(bytes in sound(), place in 0usize..19, other in b'0'..=b'9') {
            prop_assert!(parse(&bytes).is_ok());
            let place = place % bytes.len();
            prop_assume!(bytes[place] != other);
            let mut wrong = bytes;
            wrong[place] = other;
            prop_assert_eq!(parse(&wrong), Err(Problem::CheckDigit));
        }

        #[test]
        fn swapped_neighbours_are_found_but_0_with_9(bytes in sound(), place in 0usize..18) {
            let place = place % (bytes.len() - 1);
            let (one, other) = (bytes[place], bytes[place + 1]);
            prop_assume!(one != other);
            let mut wrong = bytes;
            wrong.swap(place, place + 1);
            prop_assert_eq!(parse(&wrong).is_ok(), one.min(other) == b'0' && one.max(other) == b'9');
        }
    }
}
