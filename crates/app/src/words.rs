//! The word catalogue: every sentence of the product, in every language.
//!
//! Rooms below return codes and parameters; here a code becomes a sentence. A code's dots are dashes in the files of
//! `locales/<language>/`, one file per room, all loaded. Start reading at [`Words::of`] and [`Words::say`].
//!
//! # Invariants
//!
//! - Both languages have the same keys, and every key takes the same variables in both: a test.
//! - A code without a sentence is shown as itself and never stops an answer.

mod capitals;
mod dates;
mod told;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use lexicon::{Moment, Money};

/// Every catalogue file as (language, name, text).
static FILES: &[(&str, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/locales.rs"));

static CATALOGUE: LazyLock<[Words; 2]> = LazyLock::new(|| Lang::ALL.map(Words::load));

/// A language of pages and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese, the first language.
    #[default]
    Zh,
    /// English.
    En,
}

/// All words of one language.
pub struct Words {
    lang: Lang,
    zone: TimeZone,
    bundle: FluentBundle<FluentResource>,
}

/// The value of a variable of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    /// Text, shown as it is.
    Text(Cow<'a, str>),
    /// A whole number, which also chooses singular and plural.
    Number(i64),
    /// An amount with its unit.
    Money(Money),
    /// Date and time.
    Moment(Moment),
    /// A code, shown as its own sentence.
    Code(Cow<'a, str>),
}

impl Lang {
    /// Every language, the first first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The folder of its files, and its value in cookies and settings.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The tag for `lang` attributes and `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language that a code or tag names: `zh`, `en`, `en-GB`.
    pub fn named(text: &str) -> Option<Lang> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The best language for an `Accept-Language` header; Chinese when it names none of ours.
    pub fn accepted(header: &str) -> Lang {
        let mut best = (0, Lang::default());
        for range in header.split(',') {
            let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
            if let Some(lang) = Lang::named(tag)
                && thousandths(quality.trim()) > best.0
            {
                best = (thousandths(quality.trim()), lang);
            }
        }
        best.1
    }
}

impl Words {
    /// The words of `lang`.
    pub fn of(lang: Lang) -> &'static Words {
        &CATALOGUE[lang as usize]
    }

    /// A broken file costs its broken entries only; the tests of this module keep that from being released.
    fn load(lang: Lang) -> Words {
        let locale = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Marks around variables would show up in plain text messages and in searches.
        bundle.set_use_isolating(false);
        for (_, name, text) in FILES.iter().filter(|(language, ..)| *language == lang.code()) {
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(rest, errors)| {
                tracing::error!(file = name, ?errors, "catalogue file is damaged");
                rest
            });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(file = name, ?errors, "catalogue keys collide");
            }
        }
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(jiff::tz::offset(8)));
        Words { lang, zone, bundle }
    }

    /// Which language this is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence of `code`.
    pub fn say<'a>(&'a self, code: &'a str) -> Cow<'a, str> {
        self.say_with(code, &[])
    }

    /// The sentence of `code` with its variables.
    pub fn say_with<'a>(&'a self, code: &'a str, args: &[(&str, Arg<'_>)]) -> Cow<'a, str> {
        let key = key(code);
        let Some(pattern) = self.bundle.get_message(&key).and_then(|message| message.value()) else {
            tracing::warn!(code, lang = self.lang.code(), "no sentence in the catalogue");
            return Cow::Borrowed(code);
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, self.fluent(value))).collect();
        let mut errors = Vec::new();
        let sentence = self.bundle.format_pattern(pattern, Some(&args), &mut errors);
        if !errors.is_empty() {
            tracing::warn!(code, ?errors, "sentence lacks a variable");
        }
        sentence
    }

    /// Whether `code` has a sentence.
    pub fn knows(&self, code: &str) -> bool {
        self.bundle.get_message(&key(code)).is_some_and(|message| message.value().is_some())
    }

    /// The figures of an amount: `12,345.60`. The unit stands in the heading or beside it, see [`Words::yuan`].
    pub fn money(&self, amount: Money) -> String {
        let plain = amount.to_yuan();
        let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("−", rest));
        let (whole, places) = plain.split_once('.').unwrap_or((plain, "00"));
        let mut figures = String::with_capacity(plain.len() + 8);
        for (place, digit) in whole.char_indices() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                figures.push(',');
            }
            figures.push(digit);
        }
        format!("{sign}{figures}.{places}")
    }

    /// An amount with its unit: `12,345.60元`, `CNY 12,345.60`.
    pub fn yuan(&self, amount: Money) -> String {
        self.say_with("money-yuan", &[("figures", self.money(amount).into())]).into_owned()
    }

    /// An amount in the capitals of cheques and letters: `壹万贰仟叁佰肆拾伍元陆角整`. Chinese in every language.
    pub fn capitals(&self, amount: Money) -> String {
        capitals::capitals(amount)
    }

    fn fluent<'a>(&'a self, arg: &'a Arg<'_>) -> FluentValue<'a> {
        match arg {
            Arg::Text(text) => FluentValue::from(text.as_ref()),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Money(amount) => FluentValue::from(self.yuan(*amount)),
            Arg::Moment(moment) => FluentValue::from(self.moment(*moment)),
            Arg::Code(code) => FluentValue::from(self.say(code)),
        }
    }
}

/// A quality of `Accept-Language`, three places at most: `0.8` → 800.
fn thousandths(quality: &str) -> u32 {
    let (whole, places) = quality.split_once('.').unwrap_or((quality, "0"));
    let places: u32 = format!("{places:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    whole.parse::<u32>().map_or(0, |whole| whole.min(1) * 1000 + places).min(1000)
}

/// `claim.refused.closed` → `claim-refused-closed`.
fn key(code: &str) -> Cow<'_, str> {
    if code.contains('.') { Cow::Owned(code.replace('.', "-")) } else { Cow::Borrowed(code) }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Arg<'a> {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Arg<'a> {
    fn from(text: Cow<'a, str>) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Text(Cow::Owned(text))
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Arg::Number(number)
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Money> for Arg<'_> {
    fn from(amount: Money) -> Self {
        Arg::Money(amount)
    }
}

impl From<Moment> for Arg<'_> {
    fn from(moment: Moment) -> Self {
        Arg::Moment(moment)
    }
}

#[cfg(test)]
mod tests;
