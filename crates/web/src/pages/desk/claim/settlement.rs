//! What is owed and why, the decision, the payments.

use app::App;
use app::claims::{Act, ReopenCause, Team};
use app::pages::{AdjudicationPage, OwedPage};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::{ClaimId, Money};
use maud::{Markup, html};

use super::super::frame;
use super::super::reading::Stop;
use super::assessment::limit_line;
use super::{
    ACCOUNT, APPROVAL, CLOSURE, REFERRAL, REFUSAL, REOPENING, Reading, Screen, answer, choices, choices_or,
    money, seconds,
};
use crate::Problem;
use crate::api::bodies::AccountBody;
use crate::components::*;
use crate::request::Sent;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let adjudication = screen.page.adjudication.as_ref();
    html! {
        (decision(screen, adjudication))
        @match adjudication {
            Some(adjudication) => {
                (owed(screen, adjudication))
                (because(screen, adjudication))
            },
            None => p.note { (words.say("desk-not-adjudicated")) },
        }
        (money::view(screen))
    }
}

fn is_over(screen: &Screen<'_>) -> bool {
    matches!(screen.page.stage.as_str(), "closed" | "declined" | "withdrawn")
}

/// Whether what was computed last waits for somebody's decision.
fn is_open(screen: &Screen<'_>, adjudication: &AdjudicationPage) -> bool {
    let approved = screen.page.approved.as_ref();
    let same = approved.is_some_and(|approved| approved.total == adjudication.total);
    !is_over(screen) && (!same || screen.page.stage == "adjudicating")
}

fn decision(screen: &Screen<'_>, adjudication: Option<&AdjudicationPage>) -> Markup {
    let (words, page) = (screen.words(), screen.page);
    let over = is_over(screen);
    let proposed = screen.staff.refusal_proposed.as_ref();
    let may_decline = !over && page.approved.is_none() && proposed.is_none();
    html! {
        section.desk-section #decision {
            div.desk-section-head {
                h2 { (words.say("desk-decision")) }
                @if may_decline { (screen.offer(REFUSAL, "")) }
                @if !over { (screen.offer(REFERRAL, "")) (screen.offer(CLOSURE, "")) }
                @if over { (screen.offer(REOPENING, "")) }
            }
            @if let Some(proposed) = proposed { (seconds::refusal(screen, proposed)) }
            @else if let Some(adjudication) = adjudication.filter(|adjudication| is_open(screen, adjudication)) {
                (seconds::reserve(screen))
                (open_decision(screen, adjudication))
            }
            @if let Some(approved) = &page.approved {
                p.desk-line {
                    @let again = adjudication.is_some_and(|adjudication| is_open(screen, adjudication));
                    (badge(Tone::Green, "circle-check", &words.say(if again { "desk-approved-before" } else { "desk-approved" })))
                    strong.money { (words.yuan(approved.total.0)) }
                    span.note {
                        (words.say(if approved.automatic { "desk-by-rule" } else { "desk-by-people" })) " · "
                        (when(words, approved.at.0, screen.now()))
                    }
                }
            }
            @if let Some(declined) = &page.declined {
                (notice(Tone::Red, &words.say_with("desk-declined", &[("by", names(words, &declined.by).into())]), html! {
                    p { (words.say("desk-clause")) " " (declined.clause) }
                    p { @match &declined.reason { Some(reason) => (reason), None => (words.say("desk-erased")) } }
                    p.note { (when(words, declined.at.0, screen.now())) }
                }))
                (seconds::service(screen, declined))
            }
            (forms(screen))
        }
    }
}

fn open_decision(screen: &Screen<'_>, adjudication: &AdjudicationPage) -> Markup {
    let words = screen.words();
    let total = adjudication.total.0;
    let verdict = adjudication.verdict.as_deref().unwrap_or("refer");
    let (tone, picture) = match verdict {
        "approve" => (Tone::Green, "circle-check"),
        "ask" => (Tone::Amber, "hourglass"),
        _ => (Tone::Blue, "user-check"),
    };
    let limit = screen.viewer.principal().and_then(|principal| screen.app.limit(principal, Act::Approve));
    let four_eyes = four_eyes(screen, Act::Approve);
    let within = limit.is_some_and(|limit| total <= limit);
    html! {
        p.desk-line {
            (badge(tone, picture, &words.say_with("desk-verdict", &[("verdict", screen.term("verdict", verdict).into())])))
            strong.money { (words.yuan(total)) }
        }
        @if screen.viewer.may(APPROVAL.action) {
            @match limit {
                Some(limit) => (limit_line(screen, "desk-limit-approve", limit)),
                None => p.note { (words.say("desk-limit-nothing")) },
            }
            @if total > four_eyes { p.note { (words.say_with("desk-four-eyes", &[("amount", four_eyes.into())])) } }
            @if let Some(first) = &screen.staff.first_approval {
                (seconds::waits(screen, "desk-approval-waits", first, html! {}))
            }
            @let own = screen.staff.first_approval.as_ref().is_some_and(|first| screen.is_viewer(first));
            @if !screen.staff.first_assessments.is_empty() { p { (words.say("desk-assessment-first")) } }
            @else if own {}
            @else if within && total > Money::ZERO { (approve_form(screen, adjudication, total > four_eyes)) }
            @else if total > Money::ZERO { p { (words.say("desk-above-limit")) } }
            @else { p { (words.say("desk-nothing-owed")) } }
        }
    }
}

/// Above what two people must agree.
fn four_eyes(screen: &Screen<'_>, act: Act) -> Money {
    let tables = screen.app.tables();
    tables.authority.four_eyes_above(act, tables.day(screen.now()))
}

fn approve_form(screen: &Screen<'_>, adjudication: &AdjudicationPage, two: bool) -> Markup {
    let (words, total) = (screen.words(), adjudication.total.0);
    let consequence = match (two, screen.staff.first_approval.is_some()) {
        (true, false) => "desk-approve-first",
        _ => "desk-approve-note",
    };
    let ask = words.say_with("desk-approve", &[("amount", total.into())]);
    confirm(
        &ask,
        false,
        html! {
            form method="post" action={ "/desk/claims/" (screen.claim) "/approval" } {
                (screen.marks(APPROVAL))
                (hidden("adjudication", &adjudication.number.to_string()))
                p { (words.say_with(consequence, &[("amount", total.into())])) }
                p.note { (words.capitals(total)) }
                button.button.button-main type="submit" { (words.say("desk-approve-yes")) }
            }
        },
    )
}

fn forms(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    html! {
        @if screen.edits(REFUSAL, "") {
            (screen.form(REFUSAL, "", html! {
                p { (words.say("desk-refusal-note")) }
                p.note { (words.say_with("desk-four-eyes", &[("amount", four_eyes(screen, Act::Decline).into())])) }
                (screen.field("clause", "desk-clause").hint("desk-clause-hint").text("text", &screen.value("clause", ""), Some("off")))
                (screen.field("reason", "desk-reason").hint("desk-reason-hint").area(&screen.value("reason", "")))
            }))
        }
        @if screen.edits(REFERRAL, "") {
            (screen.form(REFERRAL, "", html! {
                (screen.field("team", "desk-team").select(
                    &choices_or(words, "desk-choose", "team", Team::ALL.map(Team::word)), &screen.value("team", ""),
                ))
            }))
        }
        @if screen.edits(CLOSURE, "") {
            (screen.form(CLOSURE, "", html! { p { (words.say("desk-closure-note")) } }))
        }
        @if screen.edits(REOPENING, "") {
            (screen.form(REOPENING, "", html! {
                (screen.field("cause", "desk-reopen-cause").select(
                    &choices(words, "reopen", ["supplement", "dispute", "correction"]), &screen.value("cause", ""),
                ))
                (screen.field("reason", "desk-reason").area(&screen.value("reason", "")))
            }))
        }
    }
}

fn owed(screen: &Screen<'_>, adjudication: &AdjudicationPage) -> Markup {
    let words = screen.words();
    let line = |owed: &OwedPage| {
        html! {
            li {
                p.desk-owed {
                    span {
                        strong { (known(screen, "cover", &owed.cover)) } " "
                        (words.say_with("desk-owed-from-to", &[
                            ("payer", screen.vehicle_name(&owed.payer).into()),
                            ("payee", screen.vehicle_name(&owed.payee).into()),
                        ]))
                        " · " (known(screen, "bucket", &owed.bucket))
                    }
                    strong.money { (words.money(owed.amount.0)) }
                }
                @if !owed.steps.is_empty() { ol."sentence-list note" { @for step in &owed.steps { li { (step) } } } }
            }
        }
    };
    html! {
        section.desk-section {
            div.desk-section-head {
                h2 { (words.say("desk-owed")) }
                span.note { (words.say_with("desk-adjudication-number", &[("number", i64::from(adjudication.number).into())]))
                    " · " (when(words, adjudication.at.0, screen.now())) }
            }
            @if adjudication.owed.is_empty() { p.note { (words.say("desk-nothing-owed")) } }
            ul.desk-owed-list { @for one in &adjudication.owed { (line(one)) } }
            (pairs_money(words, &[], (&words.say("desk-owed-total"), adjudication.total.0)))
        }
    }
}

fn because(screen: &Screen<'_>, adjudication: &AdjudicationPage) -> Markup {
    let words = screen.words();
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-because")) } }
            ul.desk-reasons {
                @for because in &adjudication.because {
                    li {
                        p { (words.say_with(&because.rule, &frame::told(&because.values))) }
                        p."note code" { (because.rule) " " (because.version) }
                    }
                }
            }
        }
    }
}

/// The word of a set that may hold others too.
pub(super) fn known(screen: &Screen<'_>, kind: &str, word: &str) -> String {
    let code = format!("{kind}-{word}");
    if screen.words().knows(&code) { screen.words().say(&code).into_owned() } else { word.to_owned() }
}

pub(super) fn account_form(screen: &Screen<'_>, payee: &str) -> Markup {
    screen.form(
        ACCOUNT,
        payee,
        html! {
            p { (screen.vehicle_name(payee)) }
            div.form-grid {
                (screen.field("account_name", "desk-account-name").text("text", &screen.value("account_name", ""), Some("off")))
                (screen.field("number", "desk-account-number").code(&screen.value("number", ""), Some("off")))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/account`
pub(crate) async fn account(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    let mut read = Reading::of(&sent);
    let name = read.needed("account_name", "desk-account-name").unwrap_or_default();
    let body = AccountBody { name, number: read.text("number"), payee: None };
    let account = read.take("number", body.account());
    let done = async {
        let account = read.whole(account)?;
        let payee = (!about.is_empty()).then(|| app::claims::PartyId::from_text(about));
        Ok(app.choose_account(&sent.asked, &claim, payee, &account).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, ACCOUNT, about, done).await
}

/// `POST /desk/claims/{claim}/approval`
pub(crate) async fn approve(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let adjudication = seconds::seen(&sent, "adjudication")?;
    let done = app.approve(&sent.asked, &claim, adjudication).await.map_err(Stop::from);
    answer(&app, &claim, &sent, APPROVAL, "", done).await
}

/// `POST /desk/claims/{claim}/refusal`
pub(crate) async fn decline(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let (clause, reason) = (read.needed("clause", "desk-clause"), read.needed("reason", "desk-reason"));
    let done = async {
        let (clause, reason) = read.whole(clause.zip(reason))?;
        Ok(app.decline(&sent.asked, &claim, &clause, &reason).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, REFUSAL, "", done).await
}

/// `POST /desk/claims/{claim}/referral`
pub(crate) async fn refer(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let team = read.word::<Team>("team", "desk-team");
    let done = async { Ok(app.refer(&sent.asked, &claim, read.whole(team)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, REFERRAL, "", done).await
}

/// `POST /desk/claims/{claim}/closure`
pub(crate) async fn close(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = app.close(&sent.asked, &claim).await.map_err(Stop::from);
    answer(&app, &claim, &sent, CLOSURE, "", done).await
}

/// `POST /desk/claims/{claim}/reopening`
pub(crate) async fn reopen(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let (cause, reason) =
        (read.word::<ReopenCause>("cause", "desk-reopen-cause"), read.needed("reason", "desk-reason"));
    let done = async {
        let (cause, reason) = read.whole(cause.zip(reason))?;
        Ok(app.reopen(&sent.asked, &claim, cause, &reason).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, REOPENING, "", done).await
}
