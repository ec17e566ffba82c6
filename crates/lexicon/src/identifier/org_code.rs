//! Organisation codes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, digit, identifier, shown_whole};

/// An organisation code (组织机构代码, GB 11714): eight letters or digits and a check digit modulo 11.
///
/// Every single wrong character is found whose value does not differ by 11, 22 or 33 (A is worth 10, Z 35): so any digit
/// typed for a digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgCode(Arc<str>);

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl OrgCode {
    fn from_normalised(text: String) -> Result<OrgCode, Problem> {
        if text.chars().count() != 9 {
            return Err(Problem::Length);
        }
        let fits = |(place, byte): (usize, u8)| match place {
            8 => byte.is_ascii_digit() || byte == b'X',
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        };
        if !text.bytes().enumerate().all(fits) {
            return Err(Problem::Character);
        }
        if text.as_bytes()[8] != check_digit(&text.as_bytes()[..8]) {
            return Err(Problem::CheckDigit);
        }
        Ok(OrgCode(text.into()))
    }
}

identifier!(OrgCode);
shown_whole!(OrgCode);

fn worth(byte: u8) -> u32 {
    if byte.is_ascii_digit() { digit(byte) } else { u32::from(byte - b'A') + 10 }
}

fn check_digit(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(byte, weight)| worth(*byte) * weight).sum();
    b"0X987654321"[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    proptest! {
        #[test]
        fn one_wrong_character_is_found_unless_values_agree_modulo_11(
            mut bytes in proptest::collection::vec(proptest::sample::select(LETTERS), 8),
            place in 0usize..8,
            other in proptest::sample::select(LETTERS),
        ) {
            bytes.push(check_digit(&bytes));
            let parse = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<OrgCode>();
            prop_assert!(parse(&bytes).is_ok());
            let agree = worth(bytes[place]) % 11 == worth(other) % 11;
            bytes[place] = other;
            prop_assert_eq!(parse(&bytes).is_ok(), agree);
        }
    }
}
