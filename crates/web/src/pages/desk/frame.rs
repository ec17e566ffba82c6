//! What every page of the desk shares: the notice of what was just done, and the keys.

use app::pages::Time;
use app::words::{Arg, Words};
use lexicon::Moment;
use maud::{Markup, html};

use crate::Viewer;
use crate::components::{Cell, Column, Side, Tone, notice};
use crate::shell::{self, Desk};

/// Two hours: what is due within is due soon.
const SOON_SECONDS: i64 = 2 * 3600;

/// Keys and the code of what they do, in the order in which help lists them.
const KEYS: &[(&str, &str)] = &[
    ("J", "desk-key-next"),
    ("K", "desk-key-previous"),
    ("Enter", "desk-key-open"),
    ("A", "desk-key-main"),
    ("E", "desk-key-edit"),
    ("R", "desk-key-refer"),
    ("N", "desk-key-note"),
    ("/", "desk-key-search"),
    ("?", "desk-key-help"),
];

/// A page of the desk. `done` is the word of what was just done, as the address carries it.
pub(in crate::pages) fn page(viewer: &Viewer, desk: Desk<'_>, done: Option<&str>, main: Markup) -> Markup {
    let words = viewer.words();
    let scripts: Vec<&str> = desk.scripts.iter().copied().chain(["desk.js"]).collect();
    let told = done.map(|done| format!("desk-done-{done}")).filter(|code| words.knows(code));
    shell::desk(
        viewer,
        Desk { scripts: &scripts, ..desk },
        html! {
            @if let Some(code) = told {
                div.desk-told role="status" { (notice(Tone::Green, &words.say(&code), html! {})) }
            }
            (main)
            (keys(words))
        },
    )
}

fn keys(words: &Words) -> Markup {
    html! {
        dialog #keys.keys aria-labelledby="keys-title" {
            h2 #keys-title { (words.say("desk-keys")) }
            dl { @for (key, code) in KEYS { div { dt { kbd { (key) } } dd { (words.say(code)) } } } }
            form method="dialog" { button.button type="submit" { (words.say("desk-close-help")) } }
        }
    }
}

/// The word of a closed set: `term("stage", "paying")`.
pub(in crate::pages) fn term(words: &Words, kind: &str, word: &str) -> String {
    words.say(&format!("{kind}-{word}")).into_owned()
}

/// Columns by the codes of their names.
pub(in crate::pages) fn columns<'a>(words: &'a Words, list: &[(&'a str, Side)]) -> Vec<Column<'a>> {
    list.iter().map(|(code, side)| Column { name: words.say(code), side: *side }).collect()
}

/// What is left until `due`; warns by word and colour.
pub(in crate::pages) fn clock(words: &Words, due: Time, now: Moment) -> Cell {
    let left = due.0.seconds_since(now);
    let class = match left {
        ..0 => Some("late"),
        0..SOON_SECONDS => Some("soon"),
        _ => None,
    };
    Cell { shows: html! { time datetime=(due.0) title=(words.moment(due.0)) { (words.left(left)) } }, class }
}

/// Values that came with a code, ready for its sentence.
pub(in crate::pages) fn told<'a>(values: &'a [(String, String)]) -> Vec<(&'a str, Arg<'a>)> {
    values.iter().map(|(name, value)| (name.as_str(), Arg::told(name, value.as_str()))).collect()
}
