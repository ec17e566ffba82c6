//! Telephone numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, identifier, shown_masked};

/// A telephone number at which a person in mainland China is reached, kept without the country's prefix.
///
/// A mobile number has 11 digits and begins with 13 to 19. A landline is accepted with its area code (`0755 8888 6666`),
/// because some firms and elderly owners have no other; it cannot be sent a text message, see [`Phone::is_mobile`].
/// `+86` and `0086` may stand before either. Numbers abroad, service numbers and numbers without area code are no `form`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(Arc<str>);

impl Phone {
    fn from_normalised(text: String) -> Result<Phone, Problem> {
        let national = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086"));
        let abroad = national.is_none() && text.starts_with('+');
        let digits = match national {
            // Behind the country's prefix a landline drops its 0: +86 755 … is 0755 ….
            Some(rest) if !rest.starts_with('0') && !looks_mobile(rest.as_bytes()) => format!("0{rest}"),
            Some(rest) => rest.into(),
            None => text.trim_start_matches('+').to_owned(),
        };
        let length = digits.chars().count();
        if !(10..=12).contains(&length) {
            return Err(Problem::Length);
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::Character);
        }
        let (known, fitting) = match digits.as_bytes() {
            mobile if looks_mobile(mobile) => (true, length == 11),
            [b'0', b'1', b'0', b'2'..=b'9', ..] | [b'0', b'2', _, b'2'..=b'9', ..] => (true, length == 11),
            [b'0', b'3'..=b'9', _, _, b'2'..=b'9', ..] => (true, length >= 11),
            _ => (false, false),
        };
        match (known && !abroad, fitting) {
            (true, true) => Ok(Phone(digits.into())),
            (true, false) => Err(Problem::Length),
            (false, _) => Err(Problem::Form),
        }
    }

    /// Whether it can be sent a text message.
    pub fn is_mobile(&self) -> bool {
        looks_mobile(self.0.as_bytes())
    }

    /// First three and last four: `138****1234`.
    pub fn masked(&self) -> String {
        let tail = self.0.len() - 4;
        format!("{}{}{}", &self.0[..3], "*".repeat(tail - 3), &self.0[tail..])
    }
}

identifier!(Phone);
shown_masked!(Phone);

fn looks_mobile(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'3'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_and_landline_are_told_apart_and_shown_masked() {
        let mobile: Phone = "+86 138-0013-1234".parse().unwrap();
        assert_eq!(
            (mobile.as_str(), mobile.is_mobile(), mobile.masked().as_str()),
            ("13800131234", true, "138****1234")
        );
        let landline: Phone = "+86 755 8888 6666".parse().unwrap();
        assert_eq!((landline.as_str(), landline.is_mobile()), ("075588886666", false));
        assert_eq!(landline.masked(), "075*****6666");
        assert_eq!(format!("{mobile:?}"), "Phone(138****1234)");
    }
}
