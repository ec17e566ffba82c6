//! Status: a word, an icon and a colour together.

use app::words::Words;
use lexicon::Severity;
use maud::{Markup, html};

use super::icon;

/// What a colour means here; it never means anything alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Done, fine.
    Green,
    /// Needs attention soon.
    Amber,
    /// Overdue, refused, dangerous.
    Red,
    /// Under way, for information.
    Blue,
    /// Neither.
    Plain,
}

impl Tone {
    /// The class that gives text and ground their colours.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Green => "tone-green",
            Tone::Amber => "tone-amber",
            Tone::Red => "tone-red",
            Tone::Blue => "tone-blue",
            Tone::Plain => "tone-plain",
        }
    }

    /// The icon that goes with the colour where nothing better is known.
    pub const fn icon(self) -> &'static str {
        match self {
            Tone::Green => "circle-check",
            Tone::Amber => "triangle-alert",
            Tone::Red => "circle-alert",
            Tone::Blue => "info",
            Tone::Plain => "circle",
        }
    }
}

/// `word` as a status.
pub fn badge(tone: Tone, picture: &str, word: &str) -> Markup {
    html! { span.badge.(tone.class()) { (icon(picture)) (word) } }
}

/// The grade of an accident.
pub fn severity(words: &Words, severity: Severity) -> Markup {
    let (tone, picture) = match severity {
        Severity::Minor => (Tone::Plain, "circle"),
        Severity::General => (Tone::Amber, "circle-dot"),
        Severity::Major => (Tone::Red, "siren"),
    };
    badge(tone, picture, &words.say(&format!("severity-{}", severity.word())))
}
