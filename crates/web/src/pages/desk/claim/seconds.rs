//! What waits for the second of two people, and the notice of a refusal that waits to go out.

use app::App;
use app::claims::{Act, Service};
use app::pages::{DeclinedPage, FirstAssessmentPage, PersonPage, RefusalProposedPage};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lexicon::{ClaimId, Money};
use maud::{Markup, html};

use super::super::reading::Stop;
use super::{
    ASSESSMENT_CONFIRMATION, ASSESSMENT_RETURN, Edit, REFUSAL_CONFIRMATION, REFUSAL_RETURN, REFUSAL_SERVICE,
    RESERVE, Reading, Screen, answer, assessment, choices_or,
};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

/// An assessment that one assessor put forward: whoever may confirm it does so here.
pub(super) fn first_assessment(screen: &Screen<'_>, first: &FirstAssessmentPage) -> Markup {
    let stake = first.assessment.actual_value.unwrap_or(first.assessment.total).0;
    html! {
        (waits(screen, "desk-assessment-waits", &first.by, html! {}))
        (assessment::figures(screen, &first.assessment))
        (second(screen, &Second {
            confirm: ASSESSMENT_CONFIRMATION,
            send_back: ASSESSMENT_RETURN,
            number: first.number,
            by: &first.by,
            amount: stake.plus(first.assessment.rescue.0).unwrap_or(stake),
            act: Act::Assess,
            danger: false,
        }))
    }
}

/// A refusal that one person proposed.
pub(super) fn refusal(screen: &Screen<'_>, proposed: &RefusalProposedPage) -> Markup {
    let words = screen.words();
    let erased = words.say("desk-erased");
    let told = pairs(&[
        (&*words.say("desk-amount-declined"), html! { span.money { (words.yuan(proposed.amount.0)) } }),
        (&*words.say("desk-clause"), html! { (proposed.clause) }),
        (&*words.say("desk-reason"), html! { (proposed.reason.as_deref().unwrap_or(&erased)) }),
        (&*words.say("desk-proposed-at"), when(words, proposed.at.0, screen.now())),
    ]);
    html! {
        (waits(screen, "desk-refusal-waits", &proposed.by, told))
        (second(screen, &Second {
            confirm: REFUSAL_CONFIRMATION,
            send_back: REFUSAL_RETURN,
            number: proposed.refusal,
            by: &proposed.by,
            amount: proposed.amount.0,
            act: Act::Decline,
            danger: true,
        }))
    }
}

/// Who was the first, and who must act now.
pub(super) fn waits(screen: &Screen<'_>, title: &str, by: &PersonPage, more: Markup) -> Markup {
    let words = screen.words();
    let who = if screen.is_viewer(by) { "desk-second-not-you" } else { "desk-second-other" };
    notice(
        Tone::Amber,
        &words.say_with(title, &[("by", by.name.as_str().into())]),
        html! { (more) p { (words.say(who)) } },
    )
}

/// What the second of two people may do.
struct Second<'a> {
    confirm: Edit,
    send_back: Edit,
    number: u32,
    by: &'a PersonPage,
    amount: Money,
    act: Act,
    danger: bool,
}

fn second(screen: &Screen<'_>, second: &Second<'_>) -> Markup {
    let words = screen.words();
    if !screen.viewer.may(second.confirm.action) {
        return html! {};
    }
    let other = !screen.is_viewer(second.by);
    let within = may_as_much(screen, second.act, second.amount);
    let about = second.number.to_string();
    let word = second.confirm.word;
    let look = if second.danger { "button-danger" } else { "button-main" };
    html! {
        @if other && !within { p { (words.say("desk-above-limit")) } }
        div.desk-line {
            @if other && within {
                (confirm(&screen.term("desk-edit", word), second.danger, html! {
                    form method="post" action={ "/desk/claims/" (screen.claim) "/" (word) } {
                        (screen.marks(second.confirm))
                        (hidden("number", &about))
                        p { (screen.term("desk-note", word)) }
                        button.button.(look) type="submit" { (screen.term("desk-yes", word)) }
                    }
                }))
            }
            (screen.offer(second.send_back, &about))
        }
        @if screen.edits(second.send_back, &about) {
            (screen.form(second.send_back, &about, html! {
                (screen.field("reason", "desk-return-reason").hint("desk-return-hint").area(&screen.value("reason", "")))
            }))
        }
    }
}

fn may_as_much(screen: &Screen<'_>, act: Act, amount: Money) -> bool {
    let limit = screen.viewer.principal().and_then(|principal| screen.app.limit(principal, act));
    limit.is_some_and(|limit| amount <= limit)
}

/// The reserve, where a person of authority has to agree to it.
pub(super) fn reserve(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let asked = screen.staff.tasks.iter().any(|task| task.kind == "agree-reserve" && task.done_at.is_none());
    let Some(adjudication) = screen.page.adjudication.as_ref().filter(|_| asked) else { return html! {} };
    let total = adjudication.total.0;
    let may = screen.viewer.may(RESERVE.action) && may_as_much(screen, Act::Reserve, total);
    html! {
        (notice(Tone::Amber, &words.say_with("desk-reserve-waits", &[("amount", total.into())]), html! {
            @if !may { p { (words.say("desk-reserve-other")) } }
        }))
        @if may {
            (confirm(&words.say_with("desk-reserve-agree", &[("amount", total.into())]), false, html! {
                form method="post" action={ "/desk/claims/" (screen.claim) "/" (RESERVE.word) } {
                    (screen.marks(RESERVE))
                    (hidden("adjudication", &adjudication.number.to_string()))
                    p { (screen.term("desk-note", RESERVE.word)) }
                    button.button.button-main type="submit" { (screen.term("desk-yes", RESERVE.word)) }
                }
            }))
        }
    }
}

/// Whether the notice of the refusal went out, and how.
pub(super) fn service(screen: &Screen<'_>, declined: &DeclinedPage) -> Markup {
    let words = screen.words();
    if let (Some(way), Some(at)) = (&declined.served, declined.served_at) {
        return html! {
            p.desk-line {
                (badge(Tone::Green, "circle-check", &words.say("desk-served")))
                span { (screen.term("service", way)) }
                span.note { (when(words, at.0, screen.now())) }
            }
        };
    }
    let due =
        screen.staff.clocks.iter().find(|clock| clock.code == "refusal-letter").map(|clock| clock.due.0);
    html! {
        (notice(Tone::Amber, &words.say("desk-not-served"), html! {
            @if let Some(due) = due {
                p { (words.say_with("desk-serve-by", &[("until", words.moment(due).into())])) }
            }
        }))
        @if screen.edits(REFUSAL_SERVICE, "") {
            (screen.form(REFUSAL_SERVICE, "", html! {
                p { (words.say("desk-service-note")) }
                (screen.field("way", "desk-service-way").select(
                    &choices_or(words, "desk-choose", "service", Service::BY_STAFF.map(Service::word)), &screen.value("way", ""),
                ))
            }))
        } @else {
            p { (screen.offer(REFUSAL_SERVICE, "")) }
        }
    }
}

/// The number of what was seen; the page sends it along.
pub(super) fn seen(sent: &Sent, name: &str) -> Result<u32, Problem> {
    let number = sent.form.text(name).parse();
    number.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "problem.malformed"))
}

/// `POST /desk/claims/{claim}/refusal-confirmation`
pub(crate) async fn confirm_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let number = seen(&sent, "number")?;
    let done = app.confirm_refusal(&sent.asked, &claim, number).await.map_err(Stop::from);
    answer(&app, &claim, &sent, REFUSAL_CONFIRMATION, "", done).await
}

/// `POST /desk/claims/{claim}/refusal-return`
pub(crate) async fn return_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let number = seen(&sent, "about")?;
    let mut read = Reading::of(&sent);
    let reason = read.needed("reason", "desk-return-reason");
    let done = async { Ok(app.return_refusal(&sent.asked, &claim, number, &read.whole(reason)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, REFUSAL_RETURN, &number.to_string(), done).await
}

/// `POST /desk/claims/{claim}/refusal-service`
pub(crate) async fn serve_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let way = read.word::<Service>("way", "desk-service-way").filter(|way| Service::BY_STAFF.contains(way));
    let done = async { Ok(app.serve_refusal(&sent.asked, &claim, read.whole(way)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, REFUSAL_SERVICE, "", done).await
}

/// `POST /desk/claims/{claim}/assessment-confirmation`
pub(crate) async fn confirm_assessment(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let number = seen(&sent, "number")?;
    let done = app.confirm_assessment(&sent.asked, &claim, number).await.map_err(Stop::from);
    answer(&app, &claim, &sent, ASSESSMENT_CONFIRMATION, "", done).await
}

/// `POST /desk/claims/{claim}/assessment-return`
pub(crate) async fn return_assessment(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let number = seen(&sent, "about")?;
    let mut read = Reading::of(&sent);
    let reason = read.needed("reason", "desk-return-reason");
    let done = async { Ok(app.return_assessment(&sent.asked, &claim, number, &read.whole(reason)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, ASSESSMENT_RETURN, &number.to_string(), done).await
}

/// `POST /desk/claims/{claim}/reserve`
pub(crate) async fn agree_reserve(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let adjudication = seen(&sent, "adjudication")?;
    let done = app.agree_reserve(&sent.asked, &claim, adjudication).await.map_err(Stop::from);
    answer(&app, &claim, &sent, RESERVE, "", done).await
}
