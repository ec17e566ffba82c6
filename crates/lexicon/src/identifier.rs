//! Numbers that name a thing or a person, each with the check that its standard gives it.
//!
//! Start reading at [`check`], which answers for any text; a type such as [`Plate`] is what a text becomes once checked.
//! Every constructor first writes the text as the house keeps it: full width to half width, upper case, without blanks,
//! `-` and `·`. When several things are wrong, the first of these is named: length, character, region, form, date,
//! check digit.

mod bank_card;
mod id_number;
mod org_code;
mod phone;
mod plate;
mod uscc;
mod vin;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use bank_card::BankCard;
pub use id_number::{IdNumber, Sex};
pub use org_code::OrgCode;
pub use phone::Phone;
pub use plate::{Plate, PlateKind};
pub use uscc::Uscc;
pub use vin::Vin;

/// What is wrong with an identifier. Ordered by precedence: the first that applies is the one named.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
)]
#[serde(rename_all = "kebab-case")]
#[error("{}", self.word())]
pub enum Problem {
    /// Too short or too long.
    Length,
    /// A character that never stands there.
    Character,
    /// No such province.
    Region,
    /// The characters do not make any of the known patterns.
    Form,
    /// A date that does not exist.
    Date,
    /// The check digit does not fit the rest.
    CheckDigit,
}

impl Problem {
    /// The code used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Problem::Length => "length",
            Problem::Character => "character",
            Problem::Region => "region",
            Problem::Form => "form",
            Problem::Date => "date",
            Problem::CheckDigit => "check-digit",
        }
    }
}

/// A kind of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Vehicle identification number (车架号), GB 16735.
    Vin,
    /// Citizen's identity number (公民身份号码), GB 11643.
    IdNumber,
    /// Unified social credit code (统一社会信用代码), GB 32100.
    Uscc,
    /// Organisation code (组织机构代码), GB 11714.
    OrgCode,
    /// Number plate (号牌), GA 36.
    Plate,
    /// Bank card number (银行卡号).
    BankCard,
    /// Telephone number (电话).
    Phone,
}

/// The text names no kind of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("identifier-kind-unknown")]
pub struct UnknownKind;

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 7] =
        [Kind::Vin, Kind::IdNumber, Kind::Uscc, Kind::OrgCode, Kind::Plate, Kind::BankCard, Kind::Phone];

    /// The name used in data and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Vin => "vin",
            Kind::IdNumber => "id-number",
            Kind::Uscc => "uscc",
            Kind::OrgCode => "org-code",
            Kind::Plate => "plate",
            Kind::BankCard => "bank-card",
            Kind::Phone => "phone",
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == text).ok_or(UnknownKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The answer about one text.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What it was checked as.
    pub kind: Kind,
    /// The text as given.
    pub value: String,
    /// The text as the house keeps it; of an invalid one, only the writing is brought into order.
    pub normalised: String,
    /// Whether nothing is wrong.
    pub valid: bool,
    /// The first thing that is wrong.
    pub problem: Option<Problem>,
}

/// Whether `value` is a sound identifier of this `kind`, and how the house writes it.
pub fn check(kind: Kind, value: &str) -> Checked {
    let outcome = match kind {
        Kind::Vin => match Vin::from_str(value) {
            Ok(vin) => vin.warning().map_or(Ok(vin.as_str().into()), Err),
            Err(problem) => Err(problem),
        },
        Kind::IdNumber => IdNumber::from_str(value).map(String::from),
        Kind::Uscc => Uscc::from_str(value).map(String::from),
        Kind::OrgCode => OrgCode::from_str(value).map(String::from),
        Kind::Plate => Plate::from_str(value).map(String::from),
        Kind::BankCard => BankCard::from_str(value).map(String::from),
        Kind::Phone => Phone::from_str(value).map(String::from),
    };
    let problem = outcome.as_ref().err().copied();
    let normalised = outcome.unwrap_or_else(|_| normalise(value));
    Checked { kind, value: value.into(), normalised, valid: problem.is_none(), problem }
}

/// The value may be personal, so it never reaches a log by way of `{:?}`.
impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({} ***, {:?})", self.kind, self.problem)
    }
}

/// Full width to half width, upper case, without blanks, `-` and `·`.
fn normalise(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        other => other,
    };
    // The middle dot is typed in several ways; all of them are the dot of a plate.
    let dropped =
        |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '·' | '•' | '‧' | '∙' | '・' | '･');
    text.chars()
        .map(narrow)
        .filter(|letter| !dropped(letter))
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// The value of an ASCII digit.
const fn digit(byte: u8) -> u32 {
    (byte - b'0') as u32
}

/// What every identifier type shares: its text, how it is read and how it is stored.
macro_rules! identifier {
    ($name:ident) => {
        impl $name {
            /// The whole text as the house keeps it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::identifier::Problem;

            fn from_str(text: &str) -> Result<$name, $crate::identifier::Problem> {
                $name::from_normalised($crate::identifier::normalise(text))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::identifier::Problem;

            fn try_from(text: String) -> Result<$name, $crate::identifier::Problem> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> String {
                identifier.0.to_string()
            }
        }
    };
}

/// An identifier of a thing or a firm: shown whole.
macro_rules! shown_whole {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

/// A personal identifier: no `Display`, and `{:?}` shows it masked.
macro_rules! shown_masked {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.masked())
            }
        }
    };
}

use {identifier, shown_masked, shown_whole};
