//! Names of things. An id is opaque text, except that people read and speak a [`ClaimNumber`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The text is no id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("id-form")]
pub struct BadId;

/// 1 to 64 of `A-Z a-z 0-9 - _ .`: safe in addresses, stream names and file names.
fn check(text: &str) -> Result<(), BadId> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match text.len() {
        1..=64 if text.bytes().all(fits) && !text.starts_with('.') => Ok(()),
        _ => Err(BadId),
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<$name, BadId> {
                check(text)?;
                Ok($name(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<$name, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.to_string()
            }
        }
    )*};
}

ids! {
    /// One claim; its text is the [`ClaimNumber`] that people read.
    ClaimId
    /// One accident, shared by all claims on it.
    IncidentId
    /// One policy, by the insurer's policy number.
    PolicyId
    /// One person or organisation whose personal text is sealed under a key of its own.
    SubjectId
    /// One account that can sign in.
    AccountId
    /// One payment order; derived from what approved it, so that a retry names the same payment.
    PaymentId
    /// One exposure of a claim, cover × claimant × bucket: `third-party.v2.property`.
    ExposureId
    /// One kept file, by the hash of its ciphertext.
    BlobId
}

/// A claim number as people read it: `A260502-7K3M9Q`, the day of the notice and six characters without I, L, O, U.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNumber;

impl ClaimNumber {
    /// The claim id for a notice on `day`, told apart by `chance`.
    pub fn issue(day: jiff::civil::Date, chance: u32) -> ClaimId {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let tail: String =
            (0..6).map(|place| LETTERS[(chance >> (5 * place)) as usize & 31] as char).collect();
        ClaimId(format!("A{:02}{:02}{:02}-{tail}", day.year() % 100, day.month(), day.day()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_safe_in_a_path() {
        for bad in ["", "a/b", "../x", "..", "a b", "京", &"x".repeat(65)] {
            assert!(bad.parse::<ClaimId>().is_err(), "{bad:?}");
        }
        assert_eq!("A260502-7K3M9Q".parse::<ClaimId>().unwrap().as_str(), "A260502-7K3M9Q");
    }

    #[test]
    fn a_claim_number_tells_its_day() {
        let id = ClaimNumber::issue(jiff::civil::date(2026, 5, 2), 0x3fff_ffff);
        assert_eq!(id.as_str(), "A260502-ZZZZZZ");
    }
}
