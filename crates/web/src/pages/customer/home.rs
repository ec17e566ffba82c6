//! `/`: what to do after an accident; for customers their claims.

use app::App;
use app::pages::{ClaimCard, CustomerHome};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{BallWords, is_over, plate_or};
use crate::access::Action;
use crate::components::{Tone, all_calls, badge, ball_small, empty, icon, notice, pager};
use crate::pages::sign_in::home_of;
use crate::request::account;
use crate::shell::{self, Customer};
use crate::{Problem, Viewer};

/// Which page of the list.
#[derive(Deserialize)]
pub(crate) struct Page {
    cursor: Option<String>,
    #[serde(default)]
    reported: String,
}

/// `GET /`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    if let Some(home) = home_of(&viewer) {
        return Ok(Redirect::to(home).into_response());
    }
    let main = if viewer.may(Action::Report) {
        let home = app.customer_home(account(&viewer)?, page.cursor.as_deref()).await?;
        own(&viewer, &home, &page)
    } else {
        visitor(&viewer)
    };
    let title = viewer.words().say("home-title");
    // A report that came back as known clears its draft here.
    let frame = Customer { title: &title, scripts: &["report.js"], ..Customer::default() };
    Ok(shell::customer(&viewer, frame, main).into_response())
}

fn visitor(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        div.stack {
            h1 { (words.say("home-head")) }
            ol.first-steps {
                @for step in ["home-step-safe", "home-step-hurt", "home-step-photos"] { li { (words.say(step)) } }
            }
            (entrance(viewer))
            (all_calls(words, viewer.insurer()))
            a."button button-wide" href="/sign-in" { (icon("log-in")) (words.say("home-sign-in")) }
            @if viewer.present().is_some() { (leave(viewer)) }
        }
    }
}

fn own(viewer: &Viewer, home: &CustomerHome, page: &Page) -> Markup {
    let words = viewer.words();
    let (over, open): (Vec<_>, Vec<_>) = home.claims.iter().partition(|card| is_over(&card.stage));
    html! {
        div.stack {
            @if page.reported == "joined" {
                (notice(Tone::Green, &words.say("home-joined"), html! { p { (words.say("home-joined-note")) } }))
            }
            h1 { (words.say("home-head")) }
            (entrance(viewer))
            (all_calls(words, viewer.insurer()))
            @if !open.is_empty() {
                section.stack { h2 { (words.say("home-open")) } ul.rows { @for card in open { li { (open_row(viewer, card)) } } } }
            }
            @if !over.is_empty() {
                section.stack { h2 { (words.say("home-over")) } ul.rows { @for card in over { li { (over_row(viewer, card)) } } } }
            }
            @if home.claims.is_empty() {
                section { (empty("file-text", &words.say("home-empty"), None)) }
            }
            @let next = home.next.as_ref().map(|cursor| format!("/?cursor={cursor}"));
            (pager(words, page.cursor.as_ref().map(|_| "/"), next.as_deref()))
            (leave(viewer))
        }
    }
}

fn entrance(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        a.entrance href="/report" {
            (icon("car-front")) (words.say("home-report"))
            span.note { (words.say("home-effort")) } (icon("arrow-right"))
        }
    }
}

fn open_row(viewer: &Viewer, card: &ClaimCard) -> Markup {
    let words = viewer.words();
    let ball = BallWords::of(viewer, &card.ball);
    row(viewer, card, ball_small(words, ball.ball()))
}

fn over_row(viewer: &Viewer, card: &ClaimCard) -> Markup {
    let words = viewer.words();
    let (tone, picture) = match card.stage.as_str() {
        "closed" => (Tone::Green, "circle-check"),
        _ => (Tone::Plain, "circle"),
    };
    let ball = BallWords::of(viewer, &card.ball);
    row(
        viewer,
        card,
        html! {
            span."ball ball-small" {
                (badge(tone, picture, &words.say(&format!("stage-customer-{}", card.stage))))
                @if !card.paid.0.is_zero() { span.money { (words.say_with("home-paid", &[("amount", card.paid.0.into())])) } }
                @if card.ball.holder != "nobody" { span.ball-until { (ball.what) } }
            }
        },
    )
}

fn row(viewer: &Viewer, card: &ClaimCard, state: Markup) -> Markup {
    let words = viewer.words();
    let day = words.day(card.occurred_at.0, viewer.now());
    html! {
        a.row href={ "/claims/" (card.claim) } {
            span.row-text {
                span.row-title { span.code { (plate_or(words, &card.plate)) } " " (words.say_with("home-accident", &[("day", day.into())])) }
                (state)
            }
            (icon("chevron-right"))
        }
    }
}

fn leave(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let name = viewer.present().map_or("", |present| &present.name);
    html! {
        form.leave method="post" action="/sign-out" {
            (viewer.form_marks(None))
            span.leave-name { (words.say_with("home-signed-in", &[("name", name.into())])) }
            button."button button-plain" type="submit" { (words.say("shell-sign-out")) }
        }
    }
}
