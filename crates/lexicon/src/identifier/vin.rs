//! Vehicle identification numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, digit, identifier, shown_whole};

/// A vehicle identification number (车架号, GB 16735): 17 letters and digits without I, O and Q.
///
/// A wrong check digit is no reason to refuse: cars not made for China or North America may carry none, so it is kept
/// and told by [`Vin::warning`]. Where a number does carry one, every wrong character is found whose value differs
/// (A, J and 1 are all worth 1), and every swap of neighbours of different values that leaves position 9 alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vin(Arc<str>);

/// One weight for each place; the check digit itself, at place 9, counts nothing.
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

impl Vin {
    fn from_normalised(text: String) -> Result<Vin, Problem> {
        if text.chars().count() != WEIGHTS.len() {
            return Err(Problem::Length);
        }
        if text.bytes().any(|byte| worth(byte).is_none()) {
            return Err(Problem::Character);
        }
        Ok(Vin(text.into()))
    }

    /// [`Problem::CheckDigit`] when position 9 does not fit the rest.
    pub fn warning(&self) -> Option<Problem> {
        let weigh = |(byte, weight)| worth(byte).map_or(0, |worth| worth * weight);
        let sum: u32 = self.0.bytes().zip(WEIGHTS).map(weigh).sum();
        let expected = b"0123456789X"[(sum % 11) as usize];
        (self.0.as_bytes()[8] != expected).then_some(Problem::CheckDigit)
    }
}

identifier!(Vin);
shown_whole!(Vin);

/// What a character counts; none for I, O, Q and all that is no letter or digit.
const fn worth(byte: u8) -> Option<u32> {
    Some(match byte {
        b'0'..=b'9' => digit(byte),
        b'A'..=b'H' => (byte - b'A' + 1) as u32,
        b'J'..=b'N' => (byte - b'J' + 1) as u32,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => (byte - b'S' + 2) as u32,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

    fn with_check_digit(mut bytes: Vec<u8>) -> Vec<u8> {
        let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(byte, weight)| worth(*byte).unwrap() * weight).sum();
        bytes[8] = b"0123456789X"[(sum % 11) as usize];
        bytes
    }

    fn warning(bytes: Vec<u8>) -> Option<Problem> {
        String::from_utf8(bytes).unwrap().parse::<Vin>().unwrap().warning()
    }

    fn sound() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(proptest::sample::select(LETTERS), 17).prop_map(with_check_digit)
    }

    #[test]
    fn a_wrong_check_digit_is_kept_and_told() {
        let imported: Vin = "WVWZZZ1KZ6W000001".parse().unwrap();
        assert_eq!(imported.warning(), Some(Problem::CheckDigit));
        let stored = serde_json::to_string(&imported).unwrap();
        assert_eq!(serde_json::from_str::<Vin>(&stored).unwrap(), imported);
    }

    proptest! {
        #[test]
        fn one_wrong_character_of_another_value_is_found(bytes in sound(), place in 0usize..17, other in proptest::sample::select(LETTERS)) {
            prop_assert_eq!(warning(bytes.clone()), None);
            let mut wrong = bytes.clone();
            wrong[place] = other;
            let same = if place == 8 { bytes[8] == other } else { worth(bytes[place]) == worth(other) };
            prop_assert_eq!(warning(wrong).is_none(), same);
        }

        #[test]
        fn swapped_neighbours_of_different_values_are_found_away_from_place_nine(bytes in sound(), place in 0usize..16) {
            prop_assume!(place != 7 && place != 8 && worth(bytes[place]) != worth(bytes[place + 1]));
            let mut wrong = bytes;
            wrong.swap(place, place + 1);
            prop_assert_eq!(warning(wrong), Some(Problem::CheckDigit));
        }
    }
}
