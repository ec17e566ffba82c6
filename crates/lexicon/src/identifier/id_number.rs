//! Citizens' identity numbers.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Problem, digit, identifier, shown_masked};

/// A citizen's identity number (公民身份号码, GB 11643): region, birth date, sequence, check digit (ISO 7064 MOD 11-2).
///
/// Every single wrong character and every swap of neighbours is found. A 15-digit number of before 1999 carries no
/// check digit: it is sound when its region and date are, and is kept as 18 digits with century 19. Numbers of residence
/// permits for Hong Kong, Macao and Taiwan (81–83) and for foreigners (9, then the province) follow the same scheme.
/// Whether the birth date lies in the future is for the caller to say: there is no clock here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNumber(Arc<str>);

/// The sex that an identity number states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

impl IdNumber {
    fn from_normalised(text: String) -> Result<IdNumber, Problem> {
        let old = match text.chars().count() {
            15 => true,
            18 => false,
            _ => return Err(Problem::Length),
        };
        let fits = |(place, byte): (usize, u8)| byte.is_ascii_digit() || (place == 17 && byte == b'X');
        if !text.bytes().enumerate().all(fits) {
            return Err(Problem::Character);
        }
        if !region_exists(text.as_bytes()) {
            return Err(Problem::Region);
        }
        let full = if old { format!("{}19{}", &text[..6], &text[6..]) } else { text };
        birth(&full).ok_or(Problem::Date)?;
        let expected = check_digit(&full.as_bytes()[..17]);
        match full.as_bytes().get(17) {
            None => Ok(IdNumber(format!("{full}{}", expected as char).into())),
            Some(&given) if given == expected => Ok(IdNumber(full.into())),
            Some(_) => Err(Problem::CheckDigit),
        }
    }

    /// The day of birth.
    pub fn birth(&self) -> Date {
        birth(&self.0).expect("the constructor read the date")
    }

    /// The sex that the 17th digit states.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// First three and last four: `110***********002X`.
    pub fn masked(&self) -> String {
        format!("{}{}{}", &self.0[..3], "*".repeat(11), &self.0[14..])
    }
}

identifier!(IdNumber);
shown_masked!(IdNumber);

/// Whether the first two digits name a province, or 9 and the next two do (permanent residents from abroad).
fn region_exists(number: &[u8]) -> bool {
    let province = |digits: &[u8]| {
        matches!(digit(digits[0]) * 10 + digit(digits[1]),
            11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
    };
    province(number) || (number.len() == 18 && number[0] == b'9' && province(&number[1..]))
}

/// The birth date of a number with a four-digit year; no one insured was born before 1850.
fn birth(number: &str) -> Option<Date> {
    let read = |from: usize, to: usize| number[from..to].parse::<i16>().ok();
    let (year, month, day) = (read(6, 10)?, read(10, 12)?, read(12, 14)?);
    if !(1850..2100).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn check_digit(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(byte, weight)| digit(*byte) * weight).sum();
    b"10X98765432"[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sound() -> impl Strategy<Value = Vec<u8>> {
        let region =
            proptest::sample::select(vec!["110105", "440524", "310115", "650102", "810000", "911124"]);
        (region, 0i32..60_000, 0u32..1000).prop_map(|(region, days, sequence)| {
            let born = jiff::civil::date(1900, 1, 1).saturating_add(jiff::Span::new().days(days));
            let mut number = format!("{region}{}{sequence:03}", born.strftime("%Y%m%d")).into_bytes();
            number.push(check_digit(&number));
            number
        })
    }

    fn parse(bytes: Vec<u8>) -> Result<IdNumber, Problem> {
        String::from_utf8(bytes).unwrap().parse()
    }

    #[test]
    fn it_tells_birth_and_sex_and_shows_itself_masked() {
        let number: IdNumber = "11010519491231002X".parse().unwrap();
        assert_eq!(number.birth(), jiff::civil::date(1949, 12, 31));
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(number.masked(), "110***********002X");
        assert_eq!(format!("{number:?}"), "IdNumber(110***********002X)");
    }

    proptest! {
        #[test]
        fn any_one_wrong_character_is_found(bytes in sound(), place in 0usize..18, other in proptest::sample::select(&b"0123456789X"[..])) {
            prop_assert!(parse(bytes.clone()).is_ok());
            prop_assume!(bytes[place] != other);
            let mut wrong = bytes;
            wrong[place] = other;
            prop_assert!(parse(wrong).is_err());
        }

        #[test]
        fn any_two_swapped_neighbours_are_found(bytes in sound(), place in 0usize..17) {
            prop_assume!(bytes[place] != bytes[place + 1]);
            let mut wrong = bytes;
            wrong.swap(place, place + 1);
            prop_assert!(parse(wrong).is_err());
        }
    }
}
