//! The stages of a claim in one line.

use app::words::Words;
use maud::{Markup, html};

use super::icon;

/// `names` in order; those before `current` are done.
pub fn stages<N: AsRef<str>>(words: &Words, names: &[N], current: usize) -> Markup {
    html! {
        ol.stages aria-label=(words.say("stages-label")) {
            @for (place, name) in names.iter().enumerate() {
                li.now[place == current] aria-current=[(place == current).then_some("step")] {
                    @if place < current { (icon("check")) }
                    span { (name.as_ref()) }
                }
            }
        }
    }
}
