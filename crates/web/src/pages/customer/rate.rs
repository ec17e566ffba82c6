//! `/claims/{claim}/rate`: how it was.

use app::App;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{Doing, again, claim_address, done};
use crate::components::{Choice, Field, Mistakes, summary};
use crate::form::Form;
use crate::request::Sent;
use crate::{Problem, Viewer};

/// The best first: on a phone it is the nearest to the question.
const STARS: [&str; 5] = ["5", "4", "3", "2", "1"];

/// A star within 24 × 24.
const STAR: &str = "M12 3l2.8 5.7 6.2.9-4.5 4.4 1.1 6.2-5.6-2.9-5.6 2.9 1.1-6.2L3 9.6l6.2-.9z";

/// `GET`
pub(crate) async fn show(viewer: Viewer, Path(claim): Path<ClaimId>) -> Markup {
    view(&viewer, &claim, &Form::default(), &Mistakes::new())
}

/// `POST`
pub(crate) async fn rate(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    // What is no number is no rating: the claim says so.
    let stars = sent.form.text("stars").parse().unwrap_or(0);
    let mut mistakes = Mistakes::new();
    match app.rate(&sent.asked, &claim, stars, sent.form.text("comment")).await {
        Ok(()) => return Ok(done(&claim_address(&claim))),
        Err(failure) => sent.keep(failure, "stars", &mut mistakes)?,
    }
    Ok(again(view(&sent.viewer, &claim, &sent.form, &mistakes)))
}

fn view(viewer: &Viewer, claim: &ClaimId, form: &Form, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let choice = |stars: &'static str| {
        let filled = stars.parse().unwrap_or(0);
        Choice::new(stars, words.say(&format!("rate-{stars}")).into_owned()).picture(stars_of(filled))
    };
    let main = html! {
        div.stack {
            h1 { (words.say("rate-title")) }
            p.note { (words.say("rate-note")) }
            (summary(words, mistakes))
            form #doing.stack method="post" action={ (claim_address(claim)) "/rate" } novalidate {
                (viewer.form_marks(None))
                (Field::new(words, "stars", "rate-stars").checked(mistakes).radios(&STARS.map(choice), form.text("stars")))
                (Field::new(words, "comment", "rate-comment").optional().checked(mistakes).area(form.text("comment")))
            }
        }
    };
    Doing { claim, title: "rate-title", go: "rate-go", danger: false, scripts: &[] }.page(viewer, main)
}

/// Five stars, `filled` of them full.
pub(super) fn stars_of(filled: u8) -> Markup {
    html! {
        span.stars aria-hidden="true" {
            @for place in 1..=5 {
                svg.star.star-full[place <= filled] viewBox="0 0 24 24" focusable="false" { path d=(STAR) {} }
            }
        }
    }
}
