//! `/desk/webhooks`: addresses of other systems, and what they have not taken.

use std::collections::BTreeSet;

use app::outside::TYPES;
use app::pages::{DeliveryEntry, EndpointEntry};
use app::{App, Failure, NewEndpoint, Registered};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{ROWS, frame, work};
use crate::components::*;
use crate::form::Form;
use crate::request::Sent;
use crate::shell::Desk;
use crate::{Problem, Viewer};

const HERE: &str = "/desk/webhooks";

/// Which messages, from where on, and what was just done.
#[derive(Default, Deserialize)]
pub(crate) struct Webhooks {
    which: Option<String>,
    cursor: Option<String>,
    done: Option<String>,
}

/// `GET /desk/webhooks`
pub(crate) async fn webhooks(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Webhooks>,
) -> Result<Markup, Problem> {
    page(&app, &viewer, &asked, &Form::default(), &Mistakes::new(), None).await
}

/// `POST /desk/webhooks`: registers an address; its secret is shown on this answer alone.
pub(crate) async fn register_webhook(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let types: BTreeSet<String> = sent.form.all("types").map(str::to_owned).collect();
    let new = NewEndpoint { url: sent.form.text("url").to_owned(), types };
    match app.register_endpoint(&sent.asked, &new).await {
        Ok(registered) => told(&app, &sent, registered).await,
        Err(failure) => {
            let mut mistakes = Mistakes::new();
            match failure {
                Failure::KeyReused => mistakes.note("url", sent.words().say("desk.refused.sent-twice")),
                failure => sent.keep(failure, "url", &mut mistakes)?,
            }
            let page = page(&app, &sent.viewer, &Webhooks::default(), &sent.form, &mistakes, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /desk/webhooks/{endpoint}/rotation`: another secret, shown on this answer alone.
pub(crate) async fn rotate_webhook(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let registered = app.rotate_secret(&sent.asked, &endpoint).await?;
    told(&app, &sent, registered).await
}

/// `POST /desk/webhooks/{endpoint}/switch`: tells an address again, or nothing more.
pub(crate) async fn switch_webhook(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    sent: Sent,
) -> Result<Redirect, Problem> {
    let enabled = sent.form.text("enabled") == "1";
    app.enable_endpoint(&sent.asked, &endpoint, enabled).await?;
    let word = if enabled { "webhook-on" } else { "webhook-off" };
    Ok(Redirect::to(&format!("{HERE}?done={word}")))
}

/// `POST /desk/webhooks/{endpoint}/replay`: sends a dead letter again, or all of an address.
pub(crate) async fn replay_webhook(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    sent: Sent,
) -> Result<Redirect, Problem> {
    let event = Some(sent.form.text("event")).filter(|event| !event.is_empty());
    app.replay(&sent.asked, &endpoint, event).await?;
    Ok(Redirect::to(&format!("{HERE}?done=webhook-replay")))
}

async fn told(app: &App, sent: &Sent, registered: Registered) -> Result<Response, Problem> {
    let (asked, form, mistakes) = (Webhooks::default(), Form::default(), Mistakes::new());
    let page = page(app, &sent.viewer, &asked, &form, &mistakes, Some(registered)).await?;
    Ok(page.into_response())
}

async fn page(
    app: &App,
    viewer: &Viewer,
    asked: &Webhooks,
    form: &Form,
    mistakes: &Mistakes,
    registered: Option<Registered>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let principal = viewer.principal().ok_or_else(Problem::unauthorized)?;
    let which = asked.which.as_deref().unwrap_or("dead");
    let names = [("dead", words.say("desk-webhook-dead")), ("waiting", words.say("desk-webhook-waiting"))];
    if !names.iter().any(|(word, _)| *word == which) {
        return Err(Problem::not_found());
    }
    let endpoints = app.endpoints_page(principal, None, ROWS).await?.endpoints;
    let list = app.all_deliveries_page(which, asked.cursor.as_deref(), ROWS).await?;
    let mut tab_list = vec![];
    for (word, name) in &names {
        tab_list.push(Tab {
            href: format!("{HERE}?which={word}"),
            name,
            count: Some(app.deliveries_count(word).await?),
            current: *word == which,
        });
    }
    let title = words.say("nav-webhooks");
    let columns = frame::columns(
        words,
        &[
            ("desk-changed", Side::Left),
            ("desk-webhook-event", Side::Left),
            ("desk-claim", Side::Left),
            ("desk-webhook-address", Side::Left),
            ("desk-attempts", Side::Right),
            ("desk-webhook-answer", Side::Left),
            ("desk-webhook-why", Side::Left),
            ("desk-do", Side::Left),
        ],
    );
    let rows: Vec<_> = list.deliveries.iter().map(|entry| delivery(viewer, &endpoints, entry)).collect();
    let (first, next) =
        work::pages(&format!("{HERE}?which={which}"), asked.cursor.as_deref(), list.next.as_deref());
    Ok(frame::page(
        viewer,
        Desk { title: &title, here: HERE, ..Desk::default() },
        asked.done.as_deref(),
        html! {
            div.stack {
                @if let Some(registered) = &registered { (secret_once(viewer, registered)) }
                details.desk-fold open[!mistakes.is_empty()] {
                    summary data-key="n" { (icon("plus")) (words.say("desk-webhook-register")) }
                    (register_form(viewer, form, mistakes))
                }
                section.stack aria-labelledby="addresses" {
                    h2 #addresses { (words.say("desk-webhook-addresses")) }
                    @if endpoints.is_empty() { (empty("send", &words.say("desk-webhook-none"), None)) }
                    @else { (addresses(viewer, &endpoints)) }
                }
                section aria-labelledby="letters" {
                    h2 #letters { (words.say("desk-webhook-letters")) }
                    p."note desk-hint" { (words.say("desk-webhook-hint")) }
                    div.filters { (tabs(words, &tab_list)) }
                    @if rows.is_empty() { (empty("circle-check", &words.say("desk-webhook-empty"), None)) }
                    @else { (list_table(&words.say("desk-webhook-letters"), &columns, &rows)) }
                    (pager(words, first.as_deref(), next.as_deref()))
                }
            }
        },
    ))
}

/// The secret on the one page that shows it.
fn secret_once(viewer: &Viewer, registered: &Registered) -> Markup {
    let words = viewer.words();
    html! {
        div role="status" {
            (notice(Tone::Green, &words.say("desk-webhook-secret-made"), html! {
                p { (words.say("desk-webhook-secret-once")) }
                p { input."input input-link" type="text" readonly value=(registered.secret)
                    aria-label=(words.say("desk-webhook-secret")); }
            }))
        }
    }
}

fn addresses(viewer: &Viewer, endpoints: &[EndpointEntry]) -> Markup {
    let words = viewer.words();
    let columns = frame::columns(
        words,
        &[
            ("desk-webhook-address", Side::Left),
            ("desk-webhook-told", Side::Left),
            ("desk-status", Side::Left),
            ("desk-webhook-waiting", Side::Right),
            ("desk-webhook-dead", Side::Right),
            ("desk-webhook-since", Side::Left),
            ("desk-do", Side::Left),
        ],
    );
    let rows: Vec<_> = endpoints.iter().map(|entry| address(viewer, entry)).collect();
    list_table(&words.say("desk-webhook-addresses"), &columns, &rows)
}

fn address(viewer: &Viewer, entry: &EndpointEntry) -> Vec<Cell> {
    let words = viewer.words();
    let status = match entry.ended.as_deref() {
        None => badge(Tone::Green, "circle-check", &words.say("desk-webhook-is-on")),
        Some(ended) => badge(
            if ended == "asked" { Tone::Plain } else { Tone::Red },
            if ended == "asked" { "circle-x" } else { "circle-alert" },
            &frame::term(words, "webhook-ended", ended),
        ),
    };
    let told = html! {
        (frame::term(words, "webhook-sees", &entry.sees))
        @if !entry.types.is_empty() {
            " · " (words.say_with("desk-webhook-types-chosen", &[("count", (entry.types.len() as i64).into())]))
        }
    };
    vec![
        Cell::key(html! { span."code desk-reference" { (entry.url) } }),
        told.into(),
        status.into(),
        entry.waiting.to_string().into(),
        entry.dead.to_string().into(),
        when(words, entry.registered_at.0, viewer.now()).into(),
        html! {
            div.buttons {
                @if entry.ended.is_none() && entry.dead > 0 {
                    (button(viewer, entry, "replay", None, "desk-webhook-replay-all"))
                }
                @if entry.ended.is_none() {
                    (button(viewer, entry, "switch", Some(("enabled", "0")), "desk-webhook-turn-off"))
                } @else {
                    (button(viewer, entry, "switch", Some(("enabled", "1")), "desk-webhook-turn-on"))
                }
                (button(viewer, entry, "rotation", None, "desk-webhook-rotate"))
            }
        }
        .into(),
    ]
}

/// A small button that asks one thing of an address.
fn button(
    viewer: &Viewer,
    entry: &EndpointEntry,
    what: &str,
    field: Option<(&str, &str)>,
    code: &str,
) -> Markup {
    html! {
        form method="post" action={ (HERE) "/" (entry.endpoint) "/" (what) } {
            (viewer.form_marks(None))
            @if let Some((name, value)) = field { (hidden(name, value)) }
            button."button button-small" type="submit" { (viewer.words().say(code)) span.unseen { " " (entry.url) } }
        }
    }
}

fn delivery(viewer: &Viewer, endpoints: &[EndpointEntry], entry: &DeliveryEntry) -> Vec<Cell> {
    let words = viewer.words();
    let endpoint = endpoints.iter().find(|endpoint| endpoint.endpoint == entry.endpoint);
    let url = endpoint.map_or(entry.endpoint.as_str(), |endpoint| endpoint.url.as_str());
    let on = endpoint.is_none_or(|endpoint| endpoint.enabled);
    let answer = html! {
        div.desk-two-lines {
            @match (&entry.answer, entry.answer_status) {
                (_, Some(status)) => span.figures { (words.say_with("desk-webhook-status", &[("status", status.to_string().into())])) },
                (Some(answer), None) => (frame::term(words, "webhook-answer", answer)),
                (None, None) => span.note { (words.say("desk-webhook-not-tried")) },
            }
            @if let Some(text) = &entry.answer_text { div."note webhook-text" { (text) } }
        }
    };
    let why = html! {
        @match (&entry.why, entry.due) {
            (Some(why), _) => (badge(Tone::Red, "circle-alert", &frame::term(words, "webhook-why", why))),
            (None, Some(due)) => (when(words, due.0, viewer.now())),
            (None, None) => span.note { (words.say("desk-webhook-behind")) },
        }
    };
    vec![
        when(words, entry.changed_at.0, viewer.now()).into(),
        Cell::key(html! { span title=(entry.event) { (kind(viewer, &entry.r#type)) } }),
        html! { span.code { (entry.claim) } }.into(),
        html! { span."code desk-reference" { (url) } }.into(),
        entry.attempts.to_string().into(),
        answer.into(),
        why.into(),
        html! {
            @if entry.status == "dead" && on {
                form method="post" action={ (HERE) "/" (entry.endpoint) "/replay" } {
                    (viewer.form_marks(None))
                    (hidden("event", &entry.event))
                    button."button button-small" type="submit" {
                        (words.say("desk-webhook-replay")) span.unseen { " " (entry.event) }
                    }
                }
            }
        }
        .into(),
    ]
}

/// A type in words, without the domain and the version that programs go by.
fn kind(viewer: &Viewer, name: &str) -> String {
    let short = name.trim_start_matches("cn.anpei.");
    let short = short.rsplit_once(".v").map_or(short, |(short, _)| short);
    frame::term(viewer.words(), "webhook-type", &short.replace('.', "-"))
}

fn register_form(viewer: &Viewer, form: &Form, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let kinds: Vec<Choice<'_>> =
        TYPES.iter().map(|one| Choice::new(one.name, kind(viewer, one.name))).collect();
    let chosen: Vec<&str> = form.all("types").collect();
    html! {
        form.desk-form method="post" action=(HERE) novalidate {
            (summary(words, mistakes))
            (viewer.form_marks(None))
            (Field::new(words, "url", "desk-webhook-address").hint("desk-webhook-address-hint").checked(mistakes)
                .text("url", form.text("url"), Some("off")))
            div.desk-roles {
                (Field::new(words, "types", "desk-webhook-types").hint("desk-webhook-types-hint").checked(mistakes)
                    .checkboxes(&kinds, &chosen))
            }
            div.buttons { button.button.button-main type="submit" { (words.say("desk-webhook-register")) } }
        }
    }
}
