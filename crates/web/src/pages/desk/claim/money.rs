//! The money of a claim: where it goes, what the bank made of it, what comes back, what is set off.

use app::App;
use app::FoundWas;
use app::pages::{FoundPage, FoundStatedPage, RecoveryPage, RetryPage, SetOffPage};
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::{ClaimId, Money, PaymentId};
use maud::{Markup, html};

use super::super::{frame, payments};
use super::settlement::{account_form, known};
use super::{ACCOUNT, FINDING, RECOVERY, RETRY, Reading, Screen, answer};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

/// What was paid on an exposure and is owed no more; the books name it so.
const OVERPAID: &str = "overpaid.";
/// The choice that a payment paid nothing here.
const NOTHING: &str = "nothing";

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let retries = &screen.staff.retries;
    html! {
        @if !screen.staff.found.is_empty() {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-found")) } }
                p.note { (words.say("desk-found-note")) }
                ul.desk-reasons { @for one in &screen.staff.found { (found(screen, one)) } }
            }
        }
        section.desk-section {
            div.desk-section-head {
                h2 { (words.say("desk-payments")) }
                span.note { (words.say("desk-reserved")) " " span.money { (words.yuan(screen.staff.reserved.0)) } }
            }
            (accounts(screen))
            (ordered(screen))
            @for retry in retries.iter().filter(|retry| screen.edits(RETRY, &retry.payment)) { (retry_form(screen, retry)) }
        }
        @if !screen.staff.set_offs.is_empty() {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-set-offs")) } }
                ul.desk-reasons { @for one in &screen.staff.set_offs { (set_off(screen, one)) } }
            }
        }
        @if !screen.staff.recoveries.is_empty() {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-recoveries")) } }
                ul.desk-reasons { @for one in &screen.staff.recoveries { (recovery(screen, one)) } }
            }
        }
    }
}

fn found(screen: &Screen<'_>, one: &FoundPage) -> Markup {
    let words = screen.words();
    let waits = one.stated.as_ref().is_some_and(|stated| screen.is_viewer(&stated.by));
    html! {
        li {
            p.desk-owed {
                span { (words.say("desk-bank-number")) " " span.code { (one.bank_reference) } }
                strong.money { (words.money(one.amount.0)) }
            }
            p.note { (words.say("desk-payment")) " " span."code desk-reference" { (one.payment) } }
            @if let Some(stated) = &one.stated { (found_stated(screen, stated)) }
            @else if one.two { p.note { (words.say("desk-found-two")) } }
            @if screen.edits(FINDING, &one.payment) { (found_form(screen, one)) }
            @else if waits { p.note { (words.say("desk-found-waits")) } }
            @else { p { (screen.offer_small(FINDING, &one.payment)) } }
        }
    }
}

/// What the first of two people said.
fn found_stated(screen: &Screen<'_>, stated: &FoundStatedPage) -> Markup {
    let words = screen.words();
    let what = match &stated.exposure {
        Some(exposure) => exposure_name(screen, exposure),
        None => words.say("desk-found-nothing").into_owned(),
    };
    html! {
        p { (words.say_with("desk-found-stated", &[("by", stated.by.name.as_str().into()), ("what", what.into())]))
            @if let Some(reason) = &stated.reason { " " (reason) } }
    }
}

fn found_form(screen: &Screen<'_>, one: &FoundPage) -> Markup {
    let words = screen.words();
    let paid = one.exposures.iter().map(|exposure| {
        let name = exposure_name(screen, exposure);
        Choice::new(exposure, words.say_with("desk-found-paid", &[("what", name.into())]).into_owned())
    });
    let nothing = Choice::new(NOTHING, words.say("desk-found-nothing"));
    let mut choices: Vec<Choice<'_>> = paid.collect();
    choices.push(nothing.note(words.say("desk-found-nothing-note")));
    let said = one.stated.as_ref().map(|stated| stated.exposure.as_deref().unwrap_or(NOTHING));
    let meaning = screen.field("exposure", "desk-found-was");
    let chosen = screen.value("exposure", said.unwrap_or_default());
    screen.form_to(
        FINDING,
        &format!("/desk/claims/{}/payments/{}/finding", screen.claim, one.payment),
        &screen.term("desk-edit", FINDING.word),
        html! {
            (meaning.radios(&choices, &chosen))
            (screen.field("reason", "desk-found-reason").hint("desk-found-reason-hint").optional()
                .area(&screen.value("reason", "")))
        },
    )
}

/// An exposure in words: `车损险 A 京A12345`.
fn exposure_name(screen: &Screen<'_>, exposure: &str) -> String {
    match exposure.split('.').collect::<Vec<_>>()[..] {
        [cover, _, payee, bucket] => {
            let (cover, bucket) = (known(screen, "cover", cover), known(screen, "bucket", bucket));
            format!("{cover} · {} · {bucket}", screen.vehicle_name(payee))
        }
        _ => exposure.to_owned(),
    }
}

fn accounts(screen: &Screen<'_>) -> Markup {
    let (words, page) = (screen.words(), screen.page);
    let columns = frame::columns(
        words,
        &[("desk-payee", Side::Left), ("desk-account", Side::Left), ("desk-do", Side::Left)],
    );
    let rows: Vec<Vec<Cell>> = page
        .accounts
        .iter()
        .map(|account| {
            vec![
                Cell::key(html! { (screen.vehicle_name(&account.payee)) }),
                match &account.account {
                    Some(last) => html! { span.code { "···· " (last) } },
                    None => html! { span.note { (words.say("desk-account-none")) } },
                }
                .into(),
                screen.offer_small(ACCOUNT, &account.payee).into(),
            ]
        })
        .collect();
    html! {
        (table(&words.say("desk-accounts"), &columns, &rows))
        @for account in &page.accounts {
            @if screen.edits(ACCOUNT, &account.payee) { (account_form(screen, &account.payee)) }
        }
    }
}

fn ordered(screen: &Screen<'_>) -> Markup {
    let (words, page) = (screen.words(), screen.page);
    let mut columns = vec![
        ("desk-payment", Side::Left),
        ("desk-payee", Side::Left),
        ("desk-status", Side::Left),
        ("desk-amount", Side::Right),
    ];
    let again = !screen.staff.retries.is_empty() && screen.viewer.may(RETRY.action);
    if again {
        columns.push(("desk-do", Side::Left));
    }
    let columns = frame::columns(words, &columns);
    let rows: Vec<Vec<Cell>> = page
        .payments
        .iter()
        .map(|payment| {
            let mut row: Vec<Cell> = vec![
                Cell::key(html! { span."code desk-reference" { (payment.payment) } }),
                screen.vehicle_name(&payment.payee).into(),
                payments::status(words, &payment.status).into(),
                words.money(payment.amount.0).into(),
            ];
            if again {
                let offered = screen.staff.retries.iter().any(|retry| retry.payment == payment.payment);
                row.push(html! { @if offered { (screen.offer_small(RETRY, &payment.payment)) } }.into());
            }
            row
        })
        .collect();
    html! {
        @if rows.is_empty() { p.note { (words.say("desk-payments-none")) } }
        @else { (table(&words.say("desk-payments"), &columns, &rows)) }
    }
}

fn retry_form(screen: &Screen<'_>, retry: &RetryPage) -> Markup {
    let words = screen.words();
    screen.form_to(
        RETRY,
        &format!("/desk/claims/{}/payments/{}/retry", screen.claim, retry.payment),
        &screen.term("desk-edit", RETRY.word),
        html! {
            p { (words.say_with("desk-retry-what", &[
                ("amount", retry.amount.0.into()),
                ("code", retry.code.as_str().into()),
            ])) }
            p.note { (words.say("desk-retry-note")) }
        },
    )
}

fn set_off(screen: &Screen<'_>, one: &SetOffPage) -> Markup {
    let words = screen.words();
    let code = if one.taken { "desk-set-off-taken" } else { "desk-set-off-given" };
    let payee = screen.vehicle_name(&one.payee);
    html! {
        li {
            p.desk-owed {
                span { (words.say_with(code, &[("payee", payee.into()), ("cover", cover_of(screen, &one.exposure).into())])) }
                strong.money { (words.money(one.amount.0)) }
            }
            p.note {
                (cover_of(screen, &one.other_exposure)) " · "
                a.code href={ "/desk/claims/" (one.other_claim) "?tab=settlement" } { (one.other_claim) }
            }
        }
    }
}

fn recovery(screen: &Screen<'_>, one: &RecoveryPage) -> Markup {
    let words = screen.words();
    let about = format!("{}:{}", one.from, one.cover);
    html! {
        li {
            p.desk-owed {
                span { (recovery_name(screen, one)) }
                span.money { (words.money(one.expected.0)) }
            }
            p.note {
                (words.say("desk-received-so-far")) " " (words.money(one.received.0))
                @if one.set_off.0 > Money::ZERO { " · " (words.say("desk-set-off-so-far")) " " (words.money(one.set_off.0)) }
                " · " (words.say("desk-still-expected")) " " (words.money(one.left.0))
            }
            @for receipt in &one.receipts {
                p.note {
                    @if let Some(at) = receipt.arrived_at { (words.date(at.0)) " · " }
                    span.code { (receipt.bank_reference) } " · " (words.money(receipt.amount.0))
                }
            }
            @if one.left.0 > Money::ZERO {
                @if screen.edits(RECOVERY, &about) { (recovery_form(screen, one, &about)) }
                @else { p { (screen.offer_small(RECOVERY, &about)) } }
            }
        }
    }
}

fn recovery_form(screen: &Screen<'_>, one: &RecoveryPage, about: &str) -> Markup {
    let words = screen.words();
    let today: String = words.typed(screen.now()).chars().take(10).collect();
    screen.form(
        RECOVERY,
        about,
        html! {
            p { (recovery_name(screen, one)) }
            div.form-grid {
                (screen.field("amount", "desk-amount").money(&screen.value("amount", one.left.0.to_yuan())))
                (screen.field("arrived_at", "desk-arrived-on").text("date", &screen.value("arrived_at", today), Some("off")))
                (screen.field("bank_reference", "desk-bank-number").hint("desk-bank-number-hint")
                    .code(&screen.value("bank_reference", ""), Some("off")))
            }
        },
    )
}

/// From whom, and on what ground.
fn recovery_name(screen: &Screen<'_>, one: &RecoveryPage) -> String {
    let overpaid = one.cover.strip_prefix(OVERPAID);
    let payee = overpaid.and_then(|exposure| exposure.split('.').nth(2));
    match (overpaid, payee) {
        (Some(exposure), Some(payee)) => screen
            .words()
            .say_with(
                "desk-overpaid",
                &[("payee", screen.vehicle_name(payee).into()), ("cover", cover_of(screen, exposure).into())],
            )
            .into_owned(),
        _ => format!("{} · {}", screen.vehicle_name(&one.from), known(screen, "cover", &one.cover)),
    }
}

/// The cover of an exposure, with whose policy pays whom: `交强险 A → B`.
fn cover_of(screen: &Screen<'_>, exposure: &str) -> String {
    match exposure.split('.').collect::<Vec<_>>()[..] {
        [cover, payer, payee, ..] => format!("{} {payer} → {payee}", known(screen, "cover", cover)),
        _ => exposure.to_owned(),
    }
}

/// `POST /desk/claims/{claim}/payments/{payment}/retry`
pub(crate) async fn retry(
    State(app): State<App>,
    Path((claim, payment)): Path<(ClaimId, PaymentId)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = app.pay_again(&sent.asked, &claim, &payment).await.map_err(Into::into);
    answer(&app, &claim, &sent, RETRY, payment.as_str(), done).await
}

/// `POST /desk/claims/{claim}/payments/{payment}/finding`
pub(crate) async fn explain_found(
    State(app): State<App>,
    Path((claim, payment)): Path<(ClaimId, PaymentId)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let was = match read.text("exposure").as_str() {
        NOTHING => read.needed("reason", "desk-found-reason").map(|reason| FoundWas::SetAside { reason }),
        "" => {
            read.miss("exposure", "desk-found-was");
            None
        }
        _ => {
            read.id("exposure", "desk-found-was").map(|exposure| FoundWas::Paid { exposure: Some(exposure) })
        }
    };
    let done = async { Ok(app.explain_found(&sent.asked, &claim, &payment, &read.whole(was)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, FINDING, payment.as_str(), done).await
}

/// `POST /desk/claims/{claim}/recovery`
pub(crate) async fn receive(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let about = sent.form.text("about");
    let mut read = Reading::of(&sent);
    let amount = read.needed_money("amount", "desk-amount");
    let arrived_at = read.day("arrived_at", "desk-arrived-on");
    let bank_reference = read.needed("bank_reference", "desk-bank-number");
    let done = async {
        let ((amount, arrived_at), bank_reference) =
            read.whole(amount.zip(arrived_at).zip(bank_reference))?;
        let (from, cover) = about.split_once(':').unwrap_or_default();
        let (from, cover) = (from.to_owned(), cover.to_owned());
        let receipt = app::Receipt { from, cover, amount, bank_reference, arrived_at };
        Ok(app.receive_recovery(&sent.asked, &claim, &receipt).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, RECOVERY, about, done).await
}
