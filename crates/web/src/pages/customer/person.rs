//! `/claims/{claim}/person`: asking for a person, and disagreeing once a claim has ended.

use app::App;
use app::pages::ClaimPage;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{Doing, again, claim_address, done, is_over};
use crate::components::{Field, Mistakes, summary};
use crate::request::Sent;
use crate::{Problem, Viewer};

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    Ok(view(&viewer, &claim, &page, "", &Mistakes::new()))
}

/// `POST`
pub(crate) async fn ask(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let message = sent.form.text("message");
    let mut mistakes = Mistakes::new();
    match app.ask_person(&sent.asked, &claim, message).await {
        Ok(()) => return Ok(done(&claim_address(&claim))),
        Err(failure) => sent.keep(failure, "message", &mut mistakes)?,
    }
    let page = app.claim_page(&claim, sent.words()).await?;
    Ok(again(view(&sent.viewer, &claim, &page, message, &mistakes)))
}

fn view(viewer: &Viewer, claim: &ClaimId, page: &ClaimPage, message: &str, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let over = is_over(&page.stage);
    let (title, note) = match page.stage.as_str() {
        "withdrawn" => ("progress-reopen", "person-again-note"),
        _ if over => ("progress-dispute", "person-again-note"),
        _ => ("person-title", "person-note"),
    };
    let field = Field::new(words, "message", if over { "person-why" } else { "person-message" });
    let field = field.hint("person-message-hint").checked(mistakes);
    let main = html! {
        div.stack {
            h1 { (words.say(title)) }
            p.note { (words.say(note)) }
            (summary(words, mistakes))
            form #doing.stack method="post" action={ (claim_address(claim)) "/person" } novalidate {
                (viewer.form_marks(None))
                (if over { field } else { field.optional() }.area(message))
            }
        }
    };
    Doing { claim, title, go: "person-go", danger: false, scripts: &[] }.page(viewer, main)
}
