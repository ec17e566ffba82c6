//! What a kind of evidence is, and the checks of what is read from it.

use std::fmt;
use std::ops::{Deref, RangeInclusive};
use std::str::FromStr;

use jiff::civil::Date;
use lexicon::identifier::{self, Problem};
use lexicon::{Moment, Money, Ratio};
use serde::{Deserialize, Serialize};

use crate::KINDS;

/// A kind of paper or photo.
#[derive(Debug)]
pub struct Kind {
    /// The name in data, addresses and message keys. Never changed once released.
    pub code: &'static str,
    /// What sort of thing it is.
    pub family: Family,
    /// Whether it shows people or what belongs to them alone: then it is sealed under a person's key.
    pub personal: bool,
    /// How many pictures or pages one of it may have.
    pub pictures: RangeInclusive<u16>,
    /// The file types it may come in.
    pub media: &'static [Media],
    /// Its sides, with what is read from each. Empty where nothing is read.
    pub sides: &'static [Side],
}

/// What sort of thing a kind is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A document.
    Paper,
    /// A photo of a thing or a place.
    Photo,
    /// Typed into a form; there is no file.
    Entry,
}

/// A file type, told by its content and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/heic`: kept as it is, and a JPEG asked for.
    Heic,
    /// `application/pdf`
    Pdf,
}

/// One side of a paper.
#[derive(Debug)]
pub struct Side {
    /// `front` or `back`; empty where the kind has no sides.
    pub name: &'static str,
    /// Whether the paper is incomplete without it.
    pub needed: bool,
    /// What is read from it.
    pub fields: &'static [Field],
}

/// A field that is read from a paper.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether a person must be asked when it could not be read.
    pub needed: bool,
    /// How its value is written.
    pub form: Form,
}

/// How the value of a field is written.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any text.
    Text,
    /// Digits only.
    Digits,
    /// `2026-05-02`
    Date,
    /// `2026-05-02` or `long-term`
    DateOrLongTerm,
    /// `2028-12`
    Month,
    /// A time with its offset.
    Time,
    /// Decimal yuan.
    Money,
    /// A share from 0 to 1.
    Share,
    /// A number with a check of its own.
    Identifier(identifier::Kind),
    /// A list of groups of these fields.
    List(&'static [Field]),
}

/// A [`Kind`] of the registry, stored as its code.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KindCode(&'static Kind);

/// The text names no kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("evidence-kind-unknown")]
pub struct UnknownKind;

impl Kind {
    /// The side called `name`.
    pub fn side(&self, name: &str) -> Option<&'static Side> {
        self.sides.iter().find(|side| side.name == name)
    }
}

impl Side {
    /// The needed fields that are not among the names in `read`: what a person has to type in.
    pub fn unread(&self, read: &[&str]) -> Vec<&'static str> {
        let open = |field: &&Field| field.needed && !read.contains(&field.name);
        self.fields.iter().filter(open).map(|field| field.name).collect()
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Form {
    /// Whether `value` is sound; `None` where there is nothing to check. A list is checked field by field.
    pub fn check(self, value: &str) -> Option<Result<(), Problem>> {
        let day = |text: &str| text.parse::<Date>().map(|_| ()).map_err(|_| Problem::Date);
        let form = |sound: bool| if sound { Ok(()) } else { Err(Problem::Form) };
        Some(match self {
            Form::Text | Form::List(_) => return None,
            Form::Digits if value.is_empty() => Err(Problem::Length),
            Form::Digits if value.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
            Form::Digits => Err(Problem::Character),
            Form::Date => day(value),
            Form::DateOrLongTerm if value == "long-term" => Ok(()),
            Form::DateOrLongTerm => day(value),
            Form::Month => day(&format!("{value}-01")),
            Form::Time => form(value.parse::<Moment>().is_ok()),
            Form::Money => form(value.parse::<Money>().is_ok_and(|amount| !amount.is_negative())),
            Form::Share => form(value.parse::<Ratio>().is_ok_and(Ratio::is_share)),
            Form::Identifier(kind) => identifier::check(kind, value).problem.map_or(Ok(()), Err),
        })
    }
}

impl Media {
    /// The name of the type in the protocols of the web.
    pub const fn mime(self) -> &'static str {
        match self {
            Media::Jpeg => "image/jpeg",
            Media::Png => "image/png",
            Media::Heic => "image/heic",
            Media::Pdf => "application/pdf",
        }
    }
}

impl Deref for KindCode {
    type Target = Kind;

    fn deref(&self) -> &Kind {
        self.0
    }
}

impl KindCode {
    /// The code.
    pub fn as_str(self) -> &'static str {
        self.0.code
    }
}

impl FromStr for KindCode {
    type Err = UnknownKind;

    fn from_str(code: &str) -> Result<KindCode, UnknownKind> {
        KINDS.iter().find(|kind| kind.code == code).map(|kind| KindCode(kind)).ok_or(UnknownKind)
    }
}

impl TryFrom<String> for KindCode {
    type Error = UnknownKind;

    fn try_from(code: String) -> Result<KindCode, UnknownKind> {
        code.parse()
    }
}

impl From<KindCode> for String {
    fn from(kind: KindCode) -> String {
        kind.as_str().into()
    }
}

impl PartialEq for KindCode {
    fn eq(&self, other: &KindCode) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for KindCode {}

impl fmt::Display for KindCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for KindCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KindCode({self})")
    }
}

/// What a paper may come in.
pub(crate) const PAPER_MEDIA: [Media; 4] = [Media::Jpeg, Media::Png, Media::Heic, Media::Pdf];
/// What a photo may come in.
pub(crate) const PHOTO_MEDIA: [Media; 3] = [Media::Jpeg, Media::Png, Media::Heic];

/// A field without which the paper is not read.
pub(crate) const fn needed(name: &'static str, form: Form) -> Field {
    Field { name, needed: true, form }
}

/// A field that is welcome where it can be read.
pub(crate) const fn extra(name: &'static str, form: Form) -> Field {
    Field { name, needed: false, form }
}
