//! Who has the ball: the first line of every view of a claim.

use app::words::Words;
use maud::{Markup, html};

use super::{Tone, icon};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The customer has something to do.
    Customer,
    /// The insurer works.
    Us,
    /// The bank works.
    Bank,
    /// The other side of the accident has something to do.
    Other,
    /// Nothing is left to do.
    Nobody,
    /// Nothing is left to do, and it is no good news: nothing to be green about.
    Decided,
}

/// Whose turn, for what, until when.
#[derive(Clone, Copy, Debug)]
pub struct Ball<'a> {
    /// Whose turn it is.
    pub holder: Holder,
    /// What they do, as a sentence.
    pub what: &'a str,
    /// Until when, already in words.
    pub until: Option<&'a str>,
}

impl Holder {
    /// The holder of a word: `you`, `us`, `bank`, `other`; anything else is nobody.
    pub fn named(word: &str) -> Holder {
        match word {
            "you" => Holder::Customer,
            "us" => Holder::Us,
            "bank" => Holder::Bank,
            "other" => Holder::Other,
            _ => Holder::Nobody,
        }
    }

    const fn look(self) -> (Tone, &'static str, &'static str) {
        match self {
            Holder::Customer => (Tone::Amber, "user", "holder-you"),
            Holder::Us => (Tone::Blue, "shield", "holder-us"),
            Holder::Bank => (Tone::Blue, "landmark", "holder-bank"),
            Holder::Other => (Tone::Plain, "users", "holder-other"),
            Holder::Nobody => (Tone::Green, "circle-check", "holder-nobody"),
            Holder::Decided => (Tone::Plain, "file-text", "holder-decided"),
        }
    }
}

/// The line at the head of a claim.
pub fn ball(words: &Words, ball: Ball<'_>) -> Markup {
    let (tone, picture, who) = ball.holder.look();
    html! {
        div.ball.(tone.class()) {
            (icon(picture))
            p.ball-who { (words.say(who)) }
            p.ball-what { (ball.what) }
            @if let Some(until) = ball.until { p.ball-until { (until) } }
        }
    }
}

/// The same in one line, for lists.
pub fn ball_small(words: &Words, ball: Ball<'_>) -> Markup {
    let (tone, picture, who) = ball.holder.look();
    html! {
        span."ball ball-small" {
            span.badge.(tone.class()) { (icon(picture)) (words.say(who)) }
            span.ball-what { (ball.what) }
            @if let Some(until) = ball.until { span.ball-until { (until) } }
        }
    }
}
