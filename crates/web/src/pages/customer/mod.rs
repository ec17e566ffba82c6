//! What customers see, phone first: home, the report, a claim's progress, and the few things they do with it.

mod account;
mod damage;
mod decision;
mod home;
mod person;
mod photos;
mod progress;
mod rate;
mod report;
pub(super) mod tell;
mod withdraw;

use app::pages::{BallPage, ClaimPage};
use app::words::Words;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lexicon::ClaimId;
use maud::{Markup, html};

use crate::Viewer;
use crate::components::{Ball, Holder};
use crate::shell::{self, Customer};

pub(crate) use account::{show as account, take as take_account};
pub(crate) use damage::{show as damage, take as take_damage};
pub(crate) use home::show as home;
pub(crate) use person::{ask as ask_person, show as person};
pub(crate) use photos::{one as photo, show as photos, take as take_photos};
pub(crate) use progress::{parts as progress_parts, show as progress};
pub(crate) use rate::{rate, show as rating};
pub(crate) use report::{show as report, take as take_report};
pub(crate) use withdraw::{show as withdraw, take as take_back};

/// One thing to do with a claim: a page with a way back, one form, and its button in the bar.
struct Doing<'a> {
    claim: &'a ClaimId,
    /// Code of its heading.
    title: &'a str,
    /// Code of its button; the form is called `doing`.
    go: &'a str,
    /// Whether the button ends something.
    danger: bool,
    /// Scripts by the names of their sources.
    scripts: &'a [&'a str],
}

impl Doing<'_> {
    fn page(&self, viewer: &Viewer, main: Markup) -> Markup {
        let words = viewer.words();
        let title = words.say(self.title);
        let back = claim_address(self.claim);
        let (look, keep) = match self.danger {
            true => ("button-danger", "withdraw-keep"),
            false => ("button-main", "action-cancel"),
        };
        let bar = html! {
            a.button href=(back) { (words.say(keep)) }
            button.button.(look) type="submit" form="doing" { (words.say(self.go)) }
        };
        let page = Customer {
            title: &title,
            back: Some(&back),
            bar: Some(bar),
            scripts: self.scripts,
            ..Customer::default()
        };
        shell::customer(viewer, page, main)
    }
}

/// The page of `claim`.
fn claim_address(claim: &ClaimId) -> String {
    format!("/claims/{claim}")
}

/// A form that came back with its mistakes.
fn again(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// What was sent is done: the browser goes on, so that reloading sends nothing twice.
fn done(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// The ball in words.
struct BallWords {
    holder: Holder,
    what: String,
    until: Option<String>,
}

impl BallWords {
    fn of(viewer: &Viewer, page: &BallPage) -> BallWords {
        let words = viewer.words();
        BallWords {
            holder: if page.what == "ball.declined" { Holder::Decided } else { Holder::named(&page.holder) },
            what: words.say(&page.what).into_owned(),
            until: page.until.map(|until| words.until(until.0, viewer.now())),
        }
    }

    fn ball(&self) -> Ball<'_> {
        Ball { holder: self.holder, what: &self.what, until: self.until.as_deref() }
    }
}

/// A plate as people write it: `京A·12345`.
fn plate(text: &str) -> String {
    let split = text.char_indices().nth(2).map(|(place, _)| place);
    match (text.chars().next(), split) {
        (Some(first), Some(place)) if !first.is_ascii() => format!("{}·{}", &text[..place], &text[place..]),
        _ => text.to_owned(),
    }
}

/// What the plate of a claim is called once the plate itself is erased.
fn plate_or(words: &Words, text: &str) -> String {
    if text.is_empty() { words.say("home-no-plate").into_owned() } else { plate(text) }
}

/// Whether a claim has come to its end.
fn is_over(stage: &str) -> bool {
    matches!(stage, "closed" | "declined" | "withdrawn")
}

/// Whether damage may still be picked.
fn may_pick(page: &ClaimPage) -> bool {
    matches!(page.stage.as_str(), "reported" | "inspecting" | "assessing") && page.assessments.is_empty()
}

#[cfg(test)]
mod tests {
    use super::plate;

    #[test]
    fn a_plate_has_its_dot_after_the_city() {
        for (kept, shown) in
            [("京A12345", "京A·12345"), ("京AD12345", "京A·D12345"), ("VA12345", "VA12345"), ("", "")]
        {
            assert_eq!(plate(kept), shown);
        }
    }
}
