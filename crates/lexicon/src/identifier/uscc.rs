//! Unified social credit codes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, identifier, shown_whole};

/// A unified social credit code (统一社会信用代码, GB 32100): 18 characters, the last a check digit modulo 31.
///
/// Every single wrong character is found, and every swap of two different characters except of the first with the last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(Arc<str>);

/// The characters in order of value: no I, O, S, V and Z.
const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Uscc {
    fn from_normalised(text: String) -> Result<Uscc, Problem> {
        if text.chars().count() != 18 {
            return Err(Problem::Length);
        }
        let values: Option<Vec<u32>> = text.bytes().map(worth).collect();
        let values = values.ok_or(Problem::Character)?;
        // With weight 1 for the check digit the whole sums to 0.
        let (sum, _) =
            values[..17].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
        if (sum + values[17]) % 31 != 0 {
            return Err(Problem::CheckDigit);
        }
        Ok(Uscc(text.into()))
    }
}

identifier!(Uscc);
shown_whole!(Uscc);

fn worth(byte: u8) -> Option<u32> {
    LETTERS.iter().position(|letter| *letter == byte).map(|place| place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(bytes: &[u8]) -> Result<Uscc, Problem> {
        std::str::from_utf8(bytes).unwrap().parse()
    }

    fn sound() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(proptest::sample::select(&LETTERS[..]), 17).prop_map(|body| {
            let complete = |last: &u8| [&body[..], &[*last]].concat();
            LETTERS.iter().map(complete).find(|code| parse(code).is_ok()).unwrap()
        })
    }

    proptest! {
        #[test]
        fn any_one_wrong_character_is_found(bytes in sound(), place in 0usize..18, other in proptest::sample::select(&LETTERS[..])) {
            prop_assume!(bytes[place] != other);
            let mut wrong = bytes;
            wrong[place] = other;
            prop_assert_eq!(parse(&wrong), Err(Problem::CheckDigit));
        }

        #[test]
        fn any_swap_is_found_but_first_with_last(bytes in sound(), one in 0usize..18, other in 0usize..18) {
            prop_assume!(bytes[one] != bytes[other]);
            let mut wrong = bytes;
            wrong.swap(one, other);
            prop_assert_eq!(parse(&wrong).is_err(), one.min(other) != 0 || one.max(other) != 17);
        }
    }
}
