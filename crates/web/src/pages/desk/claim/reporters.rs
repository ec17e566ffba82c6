//! Who else reported the accident: called, then admitted to the claim or turned away.

use app::App;
use app::pages::ReporterPage;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lexicon::ClaimId;
use maud::{Markup, html};

use super::super::accounts::{Link, address, shown_once};
use super::{ADMISSION, Edit, Look, Screen, TURNING_AWAY, answer, draw};
use crate::components::*;
use crate::request::Sent;
use crate::{Problem, Web};

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let reporters = &screen.staff.reporters;
    html! {
        @if !reporters.is_empty() {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-reporters")) } }
                @if let Some(link) = &screen.look.link { (shown_once(screen.viewer, link)) }
                @if reporters.iter().any(|one| one.standing == "waits") { p.note { (words.say("desk-reporters-note")) } }
                ul.desk-reasons { @for one in reporters { (reporter(screen, one)) } }
            }
        }
    }
}

fn reporter(screen: &Screen<'_>, one: &ReporterPage) -> Markup {
    let words = screen.words();
    let name = one.name.clone().unwrap_or_else(|| words.say("desk-reporter-nameless").into_owned());
    let (tone, picture) = match one.standing.as_str() {
        "admitted" => (Tone::Green, "circle-check"),
        "turned-away" => (Tone::Plain, "circle-x"),
        _ => (Tone::Amber, "hourglass"),
    };
    let account = if one.has_account { "desk-reporter-account" } else { "desk-reporter-no-account" };
    html! {
        li {
            p.desk-line {
                strong { (name) }
                @match &one.phone {
                    Some(phone) => a.code href={ "tel:" (phone) } { (phone) },
                    None => span.note { (words.say("desk-erased")) },
                }
                (badge(tone, picture, &screen.term("standing", &one.standing)))
            }
            p.note {
                (when(words, one.at.0, screen.now()))
                @if one.standing == "waits" { " · " (words.say(account)) }
            }
            @if one.standing == "waits" && screen.viewer.may(ADMISSION.action) {
                div.desk-line {
                    (decide(screen, one.reporter, &name, ADMISSION, ["desk-admit", "desk-admit-note"]))
                    (decide(screen, one.reporter, &name, TURNING_AWAY, ["desk-turn-away", "desk-turn-away-note"]))
                }
            }
        }
    }
}

/// A decision that unfolds what it means before it is made.
fn decide(screen: &Screen<'_>, reporter: u32, name: &str, edit: Edit, [go, note]: [&str; 2]) -> Markup {
    let words = screen.words();
    confirm(
        &words.say(go),
        false,
        html! {
            form method="post" action={ "/desk/claims/" (screen.claim) "/reporters/" (reporter) "/" (edit.word) } {
                (screen.marks(edit))
                p { (words.say_with(note, &[("name", name.into())])) }
                button.button.button-main type="submit" { (words.say(go)) span.unseen { " " (name) } }
            }
        },
    )
}

/// `POST /desk/claims/{claim}/reporters/{reporter}/admission`. Where an account was opened, the page shows its link, once.
pub(crate) async fn admit(
    State(web): State<Web>,
    headers: HeaderMap,
    Path((claim, reporter)): Path<(ClaimId, u32)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = match web.app.admit_reporter(&sent.asked, &claim, reporter).await {
        Ok(app::Admitted { account, link: Some(token) }) => {
            let name = web.app.account_name(&account).await?;
            let link = Some(Link { name, address: address(&web, &headers, &token) });
            let look = Look { tab: ADMISSION.tab.to_owned(), link, ..Look::default() };
            return Ok(draw(&web.app, &sent.viewer, &claim, &look, None).await?.into_response());
        }
        Ok(_) => Ok(()),
        Err(failure) => Err(failure.into()),
    };
    answer(&web.app, &claim, &sent, ADMISSION, &reporter.to_string(), done).await
}

/// `POST /desk/claims/{claim}/reporters/{reporter}/turning-away`
pub(crate) async fn turn_away(
    State(app): State<App>,
    Path((claim, reporter)): Path<(ClaimId, u32)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = app.turn_away_reporter(&sent.asked, &claim, reporter).await.map_err(Into::into);
    answer(&app, &claim, &sent, TURNING_AWAY, &reporter.to_string(), done).await
}
