//! `/desk/payments`: what was ordered from the bank, and what became of it.

use app::App;
use app::pages::PaymentRow;
use app::words::Words;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::{ROWS, frame, work};
use crate::components::*;
use crate::shell::Desk;
use crate::{Action, Problem, Viewer};

/// Which payments, and from where on.
#[derive(Deserialize)]
pub(crate) struct Payments {
    which: Option<String>,
    cursor: Option<String>,
}

/// A payment's status as a word with its colour.
pub(super) fn status(words: &Words, status: &str) -> Markup {
    let (tone, picture) = match status {
        "confirmed" => (Tone::Green, "circle-check"),
        "rejected" => (Tone::Red, "circle-alert"),
        "sent" => (Tone::Blue, "landmark"),
        "ordered" => (Tone::Amber, "hourglass"),
        _ => (Tone::Plain, "circle-x"),
    };
    badge(tone, picture, &frame::term(words, "payment-status", status))
}

/// `GET /desk/payments`
pub(crate) async fn payments(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Payments>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let which = asked.which.as_deref().unwrap_or("sent");
    let found = app.payments_page(which, asked.cursor.as_deref(), ROWS).await?;
    let Some((which, _)) = found.counts.iter().find(|(status, _)| *status == which) else {
        return Err(Problem::not_found());
    };
    let title = words.say("nav-payments");
    let names: Vec<String> =
        found.counts.iter().map(|(status, _)| frame::term(words, "payment-status", status)).collect();
    let tab_list: Vec<Tab<'_>> = found
        .counts
        .iter()
        .zip(&names)
        .map(|((status, count), name)| Tab {
            href: format!("/desk/payments?which={status}"),
            name,
            count: Some(*count),
            current: status == which,
        })
        .collect();
    let columns = frame::columns(
        words,
        &[
            ("desk-changed", Side::Left),
            ("desk-claim", Side::Left),
            ("desk-payment", Side::Left),
            ("desk-payee", Side::Left),
            ("desk-status", Side::Left),
            ("desk-attempts", Side::Right),
            ("desk-bank-says", Side::Left),
            ("desk-amount", Side::Right),
        ],
    );
    let rows: Vec<_> = found.rows.iter().map(|row| row_of(&viewer, row)).collect();
    let base = format!("/desk/payments?which={which}");
    let (first, next) = work::pages(&base, asked.cursor.as_deref(), found.next.as_deref());
    Ok(frame::page(
        &viewer,
        Desk { title: &title, here: "/desk/payments", ..Desk::default() },
        None,
        html! {
            div.filters { (tabs(words, &tab_list)) }
            p."note desk-hint" { (words.say("desk-payments-hint")) }
            @if rows.is_empty() { (empty("banknote", &words.say("desk-payments-empty"), None)) }
            @else { (list_table(&title, &columns, &rows)) }
            (pager(words, first.as_deref(), next.as_deref()))
        },
    ))
}

fn row_of(viewer: &Viewer, row: &PaymentRow) -> Vec<Cell> {
    let words = viewer.words();
    vec![
        when(words, row.changed_at.0, viewer.now()).into(),
        Cell::key(html! {
            @if viewer.may(Action::ReadClaims) {
                a.code href={ "/desk/claims/" (row.claim) "?tab=settlement" } { (row.claim) }
            } @else { span.code { (row.claim) } }
        }),
        html! { span."code desk-reference" { (row.payment) } }.into(),
        payee(row).into(),
        status(words, &row.status).into(),
        row.attempts.to_string().into(),
        row.bank
            .as_deref()
            .map_or_else(|| html! {}, |bank| html! { span."code desk-reference" { (bank) } })
            .into(),
        words.money(row.amount.0).into(),
    ]
}

/// Who receives: the plate, or what else there is of them.
fn payee(row: &PaymentRow) -> Markup {
    html! {
        @match &row.payee_plate {
            Some(plate) => span.code { (plate) },
            None => span { (row.payee) },
        }
    }
}
