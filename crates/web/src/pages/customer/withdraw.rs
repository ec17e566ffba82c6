//! `/claims/{claim}/withdraw`: taking a claim back, after reading what that means.

use app::pages::ClaimPage;
use app::{App, Failure};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{Doing, again, claim_address, done, plate_or};
use crate::components::{Mistakes, Tone, notice, pairs, summary};
use crate::request::Sent;
use crate::{Problem, Viewer};

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    Ok(view(&viewer, &claim, &page, &Mistakes::new()))
}

/// `POST`
pub(crate) async fn take(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    // A claim that moved on while the page stood open may be worth keeping: it is shown again as it stands now.
    sent.form.expected_version()?;
    let mut mistakes = Mistakes::new();
    match app.withdraw(&sent.asked, &claim).await {
        Ok(()) => return Ok(done(&claim_address(&claim))),
        Err(Failure::Conflict) => mistakes.note("main", sent.words().say("withdraw-moved")),
        Err(failure) => sent.keep(failure, "main", &mut mistakes)?,
    }
    let page = app.claim_page(&claim, sent.words()).await?;
    Ok(again(view(&sent.viewer, &claim, &page, &mistakes)))
}

fn view(viewer: &Viewer, claim: &ClaimId, page: &ClaimPage, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let stage = words.say(&format!("stage-customer-{}", page.stage)).into_owned();
    let cause = words.say(&format!("cause-{}", page.story.cause)).into_owned();
    let main = html! {
        div.stack {
            h1 { (words.say("withdraw-title")) }
            (summary(words, mistakes))
            (pairs(&[
                (&words.say("progress-claim"), html! { span.code { (page.claim) } }),
                (&words.say("progress-plate"), html! { span.code { (plate_or(words, &page.plate)) } }),
                (&words.say("progress-accident"), html! { (cause) " · " (words.moment(page.story.occurred_at.0)) }),
                (&words.say("progress-stage"), html! { (stage) }),
            ]))
            (notice(Tone::Amber, &words.say("withdraw-head"), html! { p { (words.say("withdraw-note")) } }))
            form #doing method="post" action={ (claim_address(claim)) "/withdraw" } {
                (viewer.form_marks(Some(page.version)))
            }
        }
    };
    Doing { claim, title: "withdraw-title", go: "withdraw-go", danger: true, scripts: &[] }.page(viewer, main)
}
