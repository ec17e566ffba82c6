//! `/claims/{claim}/account`: where to pay.

use app::App;
use app::claims::BankAccount;
use app::pages::ClaimPage;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::{BankCard, ClaimId};
use maud::{Markup, html};

use super::{Doing, again, claim_address, done};
use crate::components::{Field, Mistakes, Tone, notice, summary};
use crate::form::Form;
use crate::request::Sent;
use crate::{Problem, Viewer};

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    let holder = page.story.contact_name.clone().unwrap_or_default();
    let known = Form::of(vec![("account_name".to_owned(), holder)]);
    Ok(view(&viewer, &claim, &page, &known, &Mistakes::new()))
}

/// `POST`
pub(crate) async fn take(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut mistakes = Mistakes::new();
    let (name, number) = (sent.form.text("account_name"), sent.form.text("account_number"));
    if name.is_empty() {
        mistakes.note("account_name", sent.words().say("payee-name-wrong"));
    }
    match number.parse::<BankCard>() {
        Ok(number) if mistakes.is_empty() => {
            let account = BankAccount { name: name.to_owned(), number: number.as_str().to_owned() };
            match app.choose_account(&sent.asked, &claim, None, &account).await {
                Ok(()) => return Ok(done(&claim_address(&claim))),
                Err(failure) => sent.keep(failure, "account_number", &mut mistakes)?,
            }
        }
        Ok(_) => {}
        Err(_) => mistakes.note("account_number", sent.words().say("form.refused.account")),
    }
    let page = app.claim_page(&claim, sent.words()).await?;
    Ok(again(view(&sent.viewer, &claim, &page, &sent.form, &mistakes)))
}

fn view(viewer: &Viewer, claim: &ClaimId, page: &ClaimPage, form: &Form, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let known = page.accounts.iter().find(|account| account.payee == page.vehicle);
    let last = known.and_then(|account| account.account.as_deref());
    let main = html! {
        div.stack {
            h1 { (words.say("payee-title")) }
            p.note { (words.say("payee-note")) }
            @if let Some(last) = last {
                (notice(Tone::Blue, &words.say_with("payee-known", &[("last", last.into())]), html! { p { (words.say("payee-known-note")) } }))
            }
            (summary(words, mistakes))
            form #doing.stack method="post" action={ (claim_address(claim)) "/account" } novalidate {
                (viewer.form_marks(None))
                (Field::new(words, "account_name", "payee-name").hint("payee-name-hint").checked(mistakes)
                    .text("text", form.text("account_name"), Some("name")))
                (Field::new(words, "account_number", "payee-number").hint("payee-number-hint").checked(mistakes)
                    .text("text", form.text("account_number"), Some("off")))
            }
        }
    };
    Doing { claim, title: "payee-title", go: "payee-go", danger: false, scripts: &[] }.page(viewer, main)
}
