//! Reads JSON by schema and keeps the first mistake in document order.

use std::borrow::Cow;
use std::fmt;

use lexicon::{Moment, Money, MoneyError, Ratio};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Code, Problem};

/// A value that is there but wrong; it has been reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bad;

/// A field's value, if it is there. `null` counts as left out.
pub(super) type Read<T> = Result<Option<T>, Bad>;

/// Where a value stands; becomes a JSON pointer only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Name(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

/// An object with its members, in document order.
pub(super) struct Object<'a, 'p> {
    pub(super) path: Path<'p>,
    raw: &'a RawValue,
    members: Vec<(Text<'a>, &'a RawValue)>,
}

/// The reader of one document.
pub(super) struct Reader<'a> {
    text: &'a str,
    first: Option<(usize, Problem)>,
}

impl<'a> Reader<'a> {
    /// A reader of `input` and the document's root value.
    pub(super) fn open(input: &'a [u8]) -> Result<(Reader<'a>, &'a RawValue), Problem> {
        let bad_json = || Problem { code: Code::BadJson, pointer: String::new() };
        let text = std::str::from_utf8(input).map_err(|_| bad_json())?;
        let root: &RawValue = serde_json::from_str(text).map_err(|_| bad_json())?;
        Ok((Reader { text, first: None }, root))
    }

    /// What was read, or the first mistake.
    pub(super) fn close<T>(self, read: Result<T, Bad>) -> Result<T, Problem> {
        match (self.first, read) {
            (Some((_, problem)), _) => Err(problem),
            (None, Ok(value)) => Ok(value),
            (None, Err(Bad)) => Err(Problem { code: Code::BadJson, pointer: String::new() }),
        }
    }

    /// Reports a mistake that ranks at `at`.
    pub(super) fn report(&mut self, at: usize, code: Code, path: Path<'_>) -> Bad {
        if self.first.as_ref().is_none_or(|(first, _)| at < *first) {
            self.first = Some((at, Problem { code, pointer: path.pointer() }));
        }
        Bad
    }

    /// The place of `raw` in the document's order.
    pub(super) fn rank(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// `raw` as an object that has no other fields than `known`.
    pub(super) fn object<'p>(
        &mut self,
        raw: &'a RawValue,
        path: Path<'p>,
        known: &[&str],
    ) -> Result<Object<'a, 'p>, Bad> {
        let object = self.members(raw, path)?;
        for (name, value) in &object.members {
            if !known.contains(&&*name.0) {
                self.report(self.rank(value), Code::UnknownField, Path::Name(&path, &name.0));
            }
        }
        Ok(object)
    }

    /// `raw` as an object whose names are data.
    pub(super) fn members<'p>(&mut self, raw: &'a RawValue, path: Path<'p>) -> Result<Object<'a, 'p>, Bad> {
        let at = self.rank(raw);
        if !raw.get().starts_with('{') {
            return Err(self.report(at, Code::BadType, path));
        }
        let Ok(Members(members)) = serde_json::from_str::<Members<'a>>(raw.get()) else {
            return Err(self.report(at, Code::BadJson, path));
        };
        let mut names: Vec<&str> = members.iter().map(|(name, _)| &*name.0).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            for (index, (name, value)) in members.iter().enumerate() {
                if members[..index].iter().any(|(earlier, _)| earlier.0 == name.0) {
                    return Err(self.report(self.rank(value), Code::BadJson, Path::Name(&path, &name.0)));
                }
            }
        }
        Ok(Object { path, raw, members })
    }

    /// The elements of the list `name`; none where it is left out.
    pub(super) fn list(&mut self, object: &Object<'a, '_>, name: &str) -> Result<Vec<&'a RawValue>, Bad> {
        let Some(raw) = object.get(name) else { return Ok(Vec::new()) };
        let path = Path::Name(&object.path, name);
        if !raw.get().starts_with('[') {
            return Err(self.report(self.rank(raw), Code::BadType, path));
        }
        serde_json::from_str(raw.get()).map_err(|_| self.report(self.rank(raw), Code::BadJson, path))
    }

    /// Reports that `name` is required; it ranks at the start of its object.
    pub(super) fn missing(&mut self, object: &Object<'a, '_>, name: &str) -> Bad {
        self.absent(object, name, Code::MissingField)
    }

    /// Reports that `name` is not there; it ranks at the start of its object.
    pub(super) fn absent(&mut self, object: &Object<'a, '_>, name: &str, code: Code) -> Bad {
        self.report(self.rank(object.raw), code, Path::Name(&object.path, name))
    }

    /// What `read` found, which must be there.
    pub(super) fn required<T>(
        &mut self,
        object: &Object<'a, '_>,
        name: &str,
        read: Read<T>,
    ) -> Result<T, Bad> {
        match read {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.missing(object, name)),
            Err(bad) => Err(bad),
        }
    }

    /// The text `name`.
    pub(super) fn text(&mut self, object: &Object<'a, '_>, name: &str) -> Read<Cow<'a, str>> {
        let Some(raw) = object.get(name) else { return Ok(None) };
        self.text_of(raw, Path::Name(&object.path, name)).map(Some)
    }

    /// `raw` as text.
    pub(super) fn text_of(&mut self, raw: &'a RawValue, path: Path<'_>) -> Result<Cow<'a, str>, Bad> {
        if !raw.get().starts_with('"') {
            return Err(self.report(self.rank(raw), Code::BadType, path));
        }
        match serde_json::from_str::<Text<'a>>(raw.get()) {
            Ok(Text(text)) => Ok(text),
            Err(_) => Err(self.report(self.rank(raw), Code::BadJson, path)),
        }
    }

    /// The flag `name`, false where it is left out.
    pub(super) fn flag(&mut self, object: &Object<'a, '_>, name: &str) -> Result<bool, Bad> {
        Ok(self.maybe_flag(object, name)?.unwrap_or(false))
    }

    /// The flag `name`.
    pub(super) fn maybe_flag(&mut self, object: &Object<'a, '_>, name: &str) -> Read<bool> {
        let Some(raw) = object.get(name) else { return Ok(None) };
        match raw.get() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(self.report(self.rank(raw), Code::BadType, Path::Name(&object.path, name))),
        }
    }

    /// The amount `name`, 0.00 where it is left out.
    pub(super) fn money(&mut self, object: &Object<'a, '_>, name: &str) -> Result<Money, Bad> {
        Ok(self.maybe_money(object, name)?.unwrap_or_default())
    }

    /// The amount `name`.
    pub(super) fn maybe_money(&mut self, object: &Object<'a, '_>, name: &str) -> Read<Money> {
        let Some(text) = self.text(object, name)? else { return Ok(None) };
        let code = match text.parse::<Money>() {
            Ok(amount) if !amount.is_negative() => return Ok(Some(amount)),
            // Of an amount that is wrong in several ways, the sign is the gravest mistake.
            Ok(_) => Code::NegativeMoney,
            Err(MoneyError::TooPrecise | MoneyError::Overflow) if text.starts_with('-') => {
                Code::NegativeMoney
            }
            Err(MoneyError::TooPrecise) => Code::TooPrecise,
            Err(MoneyError::Form | MoneyError::Overflow) => Code::BadMoney,
        };
        Err(self.report_at(object, name, code))
    }

    /// The share `name`.
    pub(super) fn share(&mut self, object: &Object<'a, '_>, name: &str) -> Read<Ratio> {
        let Some(text) = self.text(object, name)? else { return Ok(None) };
        match share(&text) {
            Some(share) => Ok(Some(share)),
            None => Err(self.report_at(object, name, Code::BadShare)),
        }
    }

    /// The time `name`.
    pub(super) fn moment(&mut self, object: &Object<'a, '_>, name: &str) -> Read<Moment> {
        let Some(text) = self.text(object, name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.report_at(object, name, Code::BadTime))
    }

    /// The word `name`, one of `words`.
    pub(super) fn word<T: Copy>(
        &mut self,
        object: &Object<'a, '_>,
        name: &str,
        words: &[(&str, T)],
    ) -> Read<T> {
        let Some(text) = self.text(object, name)? else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => Err(self.report_at(object, name, Code::BadValue)),
        }
    }

    /// Reports a mistake in the value of `name`.
    pub(super) fn report_at(&mut self, object: &Object<'a, '_>, name: &str, code: Code) -> Bad {
        let at = object.get(name).map_or_else(|| self.rank(object.raw), |raw| self.rank(raw));
        self.report(at, code, Path::Name(&object.path, name))
    }
}

impl<'a> Object<'a, '_> {
    /// The value of `name`, unless it is left out or `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.given(name).filter(|raw| raw.get() != "null")
    }

    /// The value of `name`, `null` included.
    pub(super) fn given(&self, name: &str) -> Option<&'a RawValue> {
        self.members.iter().find(|(member, _)| member.0 == name).map(|(_, raw)| *raw)
    }

    /// The names, in document order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &*name.0)
    }
}

impl Path<'_> {
    fn pointer(self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Name(parent, name) => {
                format!("{}/{}", parent.pointer(), name.replace('~', "~0").replace('/', "~1"))
            }
            Path::Index(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

/// A decimal in 0..=1. Zeros that say nothing do not count as places.
fn share(text: &str) -> Option<Ratio> {
    let (whole, places) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, places)) => (whole, places.trim_end_matches('0')),
        None => (text, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(places) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let plain = if places.is_empty() { whole.to_owned() } else { format!("{whole}.{places}") };
    plain.parse::<Ratio>().ok().filter(|share| share.is_share())
}

/// Text that borrows from the document where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object, repeated names included.
struct Members<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(Text<'de>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Pairs).map(Members)
    }
}
