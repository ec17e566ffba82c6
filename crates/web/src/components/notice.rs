//! Notices, empty lists, what stands while something loads.

use app::words::Words;
use maud::{Markup, html};

use super::{Tone, icon};

/// Something to know: a bold head and what it means.
pub fn notice(tone: Tone, head: &str, body: Markup) -> Markup {
    html! {
        div.notice.(tone.class()) {
            (icon(tone.icon()))
            div.notice-text { strong { (head) } (body) }
        }
    }
}

/// A list without entries: what that means and what to do.
pub fn empty(picture: &str, text: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            (icon(picture))
            p { (text) }
            @if let Some((href, label)) = action { a.button href=(href) { (label) } }
        }
    }
}

/// Lines in the place of text that is on its way.
pub fn skeleton(words: &Words, lines: usize) -> Markup {
    html! {
        div.skeleton role="status" {
            p.unseen { (words.say("loading")) }
            @for _ in 0..lines { span aria-hidden="true" {} }
        }
    }
}
