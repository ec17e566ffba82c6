//! Why an input was refused, and where.

use coverage::Refusal;
use serde_json::json;

use crate::words::{Arg, Lang, Words};

/// What is wrong. Each has one meaning and a sentence in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No JSON at all, or a name twice in one object.
    BadJson,
    /// A value of another type than asked for.
    BadType,
    /// A field that does not exist.
    UnknownField,
    /// A required field that is not there.
    MissingField,
    /// Text that is no amount, or one too large.
    BadMoney,
    /// An amount below 0.00.
    NegativeMoney,
    /// An amount with more than two places.
    TooPrecise,
    /// A share or rate that is none, or shares above 1 together.
    BadShare,
    /// A time that is none, or without offset.
    BadTime,
    /// A word that does not exist, or does not fit here.
    BadValue,
    /// An id used twice.
    DuplicateId,
    /// An id that names no vehicle.
    UnknownId,
    /// A rider that does not exist.
    UnknownRider,
    /// A rider that exists, but is not computed yet.
    UnsupportedRider,
    /// A cover named by two deductible riders.
    DuplicateRider,
    /// Neither wording nor start of a policy with a commercial cover.
    WordingUnknown,
    /// A part of a loss above the whole.
    PartAboveWhole,
    /// A second driver in one vehicle.
    TwoDrivers,
    /// Subrogation without an own-damage cover.
    SubrogateWithoutOwnDamage,
    /// An accident before the first table of limits.
    NoRuleTable,
    /// More vehicles or persons than one statement may have.
    TooMany,
    /// Amounts whose sum does not fit.
    AmountOverflow,
}

/// A refused input: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub code: Code,
    /// Where, as a JSON pointer.
    pub pointer: String,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 22] = [
        Code::BadJson,
        Code::BadType,
        Code::UnknownField,
        Code::MissingField,
        Code::BadMoney,
        Code::NegativeMoney,
        Code::TooPrecise,
        Code::BadShare,
        Code::BadTime,
        Code::BadValue,
        Code::DuplicateId,
        Code::UnknownId,
        Code::UnknownRider,
        Code::UnsupportedRider,
        Code::DuplicateRider,
        Code::WordingUnknown,
        Code::PartAboveWhole,
        Code::TwoDrivers,
        Code::SubrogateWithoutOwnDamage,
        Code::NoRuleTable,
        Code::TooMany,
        Code::AmountOverflow,
    ];

    /// The word in the answer. Never renamed once released.
    pub const fn word(self) -> &'static str {
        match self {
            Code::BadJson => "bad-json",
            Code::BadType => "bad-type",
            Code::UnknownField => "unknown-field",
            Code::MissingField => "missing-field",
            Code::BadMoney => "bad-money",
            Code::NegativeMoney => "negative-money",
            Code::TooPrecise => "too-precise",
            Code::BadShare => "bad-share",
            Code::BadTime => "bad-time",
            Code::BadValue => "bad-value",
            Code::DuplicateId => "duplicate-id",
            Code::UnknownId => "unknown-id",
            Code::UnknownRider => "unknown-rider",
            Code::UnsupportedRider => "unsupported-rider",
            Code::DuplicateRider => "duplicate-rider",
            Code::WordingUnknown => "wording-unknown",
            Code::PartAboveWhole => "part-above-whole",
            Code::TwoDrivers => "two-drivers",
            Code::SubrogateWithoutOwnDamage => "subrogate-without-own-damage",
            Code::NoRuleTable => "no-rule-table",
            Code::TooMany => "too-many",
            Code::AmountOverflow => "amount-overflow",
        }
    }
}

impl Problem {
    /// As an RFC 9457 document, its sentence in `lang`.
    pub fn to_json(&self, lang: Lang) -> String {
        let words = Words::of(lang);
        let code = format!("settle.refused.{}", self.code.word());
        let place = match self.pointer.as_str() {
            "" => Arg::Code("settle.refused.whole".into()),
            pointer => pointer.into(),
        };
        json!({
            "type": format!("urn:anpei:problem:settle:{}", self.code.word()),
            "title": words.say("settle.refused"),
            "status": 422,
            "detail": words.say_with(&code, &[("pointer", place)]),
            "code": self.code.word(),
            "pointer": self.pointer,
        })
        .to_string()
    }
}

/// A refusal of `coverage` that [`parse`](super::parse) did not place first: it concerns the whole document.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let code = match refusal {
            Refusal::NoVehicle => Code::MissingField,
            Refusal::UnknownVehicle => Code::UnknownId,
            Refusal::NegativeMoney => Code::NegativeMoney,
            Refusal::BadShare => Code::BadShare,
            Refusal::PartAboveWhole => Code::PartAboveWhole,
            Refusal::TwoDrivers => Code::TwoDrivers,
            Refusal::SubrogateWithoutOwnDamage => Code::SubrogateWithoutOwnDamage,
            Refusal::DuplicateRider => Code::DuplicateRider,
            Refusal::NoRuleTable => Code::NoRuleTable,
            Refusal::Overflow => Code::AmountOverflow,
        };
        Problem { code, pointer: String::new() }
    }
}
