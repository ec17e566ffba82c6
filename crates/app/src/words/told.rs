//! Values that come with a code as plain text: of a refusal, of a rule that spoke.

use std::borrow::Cow;

use super::{Arg, Lang, Words};

impl<'a> Arg<'a> {
    /// The value `name` that came with a code: its name says what it is. One that cannot be read as that is shown as it is.
    pub fn told(name: &str, value: impl Into<Cow<'a, str>>) -> Arg<'a> {
        let value = value.into();
        let read = match name {
            "amount" | "limit" => value.parse().map(Arg::Money).ok(),
            "count" | "max" | "min" => value.parse().map(Arg::Number).ok(),
            "until" => value.parse().map(Arg::Moment).ok(),
            "part" => Some(format!("part.{value}"))
                .filter(|code| Words::of(Lang::Zh).knows(code))
                .map(|code| Arg::Code(code.into())),
            _ => None,
        };
        read.unwrap_or(Arg::Text(value))
    }
}
