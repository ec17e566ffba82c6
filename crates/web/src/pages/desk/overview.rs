//! `/desk/overview`: six figures with their trend, and where claims wait; `/desk/overview/{figure}`: what a figure counts.

use app::App;
use app::pages::{CountedItem, DayPoint, Figure, Overview, StageBar};
use app::words::Words;
use axum::extract::{Path, Query, State};
use lexicon::Moment;
use maud::{Markup, html};
use serde::Deserialize;

use super::{ROWS, frame, work};
use crate::components::*;
use crate::shell::Desk;
use crate::{Problem, Viewer};

/// How many days are looked at.
const DAYS: i64 = 30;
const DAY_SECONDS: i64 = 86_400;

/// `GET /desk/overview`
pub(crate) async fn overview(State(app): State<App>, viewer: Viewer) -> Result<Markup, Problem> {
    let words = viewer.words();
    let overview = app.overview(DAYS).await?;
    let title = words.say("nav-overview");
    let due = words.say_with("desk-due-soon", &[("count", figure_arg(overview.due_soon))]);
    let open = words.say_with("desk-open-tasks", &[("count", figure_arg(overview.open_tasks))]);
    Ok(frame::page(
        &viewer,
        Desk { title: &title, here: "/desk/overview", ..Desk::default() },
        None,
        html! {
            div.stack {
                p.desk-line.desk-lead {
                    a href="/desk?which=soon" {
                        @if overview.due_soon > 0 { (badge(Tone::Amber, "timer", &due)) } @else { (badge(Tone::Green, "circle-check", &due)) }
                    }
                    a href="/desk?which=all" { (open) }
                    span.note { (words.say_with("desk-overview-span", &[("count", overview.days.into())])) }
                }
                ul.numbers.desk-numbers { @for figure in &overview.figures { li { (tile(words, figure)) } } }
                (stages_picture(words, &overview.stages))
                (by_day(words, &overview))
            }
        },
    ))
}

fn figure_arg(count: u64) -> app::words::Arg<'static> {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// From where on.
#[derive(Deserialize)]
pub(crate) struct From {
    cursor: Option<String>,
}

/// `GET /desk/overview/{figure}`
pub(crate) async fn counted(
    State(app): State<App>,
    viewer: Viewer,
    Path(figure): Path<String>,
    Query(from): Query<From>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let code = format!("figure.{figure}");
    let Some(found) = app.counted(&code, DAYS, from.cursor.as_deref(), ROWS).await? else {
        return Err(Problem::not_found());
    };
    let title = words.say(found.code);
    let columns = frame::columns(
        words,
        &[
            ("desk-counted-at", Side::Left),
            ("desk-severity", Side::Left),
            ("desk-claim", Side::Left),
            ("desk-plate", Side::Left),
            ("desk-stage", Side::Left),
            ("desk-amount", Side::Right),
        ],
    );
    let rows: Vec<_> = found.items.iter().map(|item| row(&viewer, item)).collect();
    let (first, next) = work::pages(&behind(found.code), from.cursor.as_deref(), found.next.as_deref());
    let count = [("count", figure_arg(found.count)), ("days", DAYS.into())];
    Ok(frame::page(
        &viewer,
        Desk { title: &title, here: "/desk/overview", ..Desk::default() },
        None,
        html! {
            div.stack {
                p.desk-line.desk-lead {
                    a href="/desk/overview" { (words.say("nav-overview")) }
                    span.note { (words.say_with("desk-counted-span", &count)) }
                }
                @if rows.is_empty() { (empty("file-text", &words.say("desk-counted-empty"), None)) }
                @else { (list_table(&title, &columns, &rows)) }
                (pager(words, first.as_deref(), next.as_deref()))
            }
        },
    ))
}

fn row(viewer: &Viewer, item: &CountedItem) -> Vec<Cell> {
    let words = viewer.words();
    vec![
        when(words, item.at.0, viewer.now()).into(),
        work::grade(viewer, item.severity.as_deref()).into(),
        Cell::key(html! { a.code href={ "/desk/claims/" (item.claim) } { (item.claim) } }),
        html! { span.code { (item.plate) } }.into(),
        frame::term(words, "stage", &item.stage).into(),
        item.amount.map_or_else(String::new, |amount| words.money(amount.0)).into(),
    ]
}

/// Exactly what a figure counts.
fn behind(code: &str) -> String {
    format!("/desk/overview/{}", code.trim_start_matches("figure."))
}

fn tile(words: &Words, figure: &Figure) -> Markup {
    html! {
        a.number href=(behind(figure.code)) {
            span.number-name { (words.say(figure.code)) }
            span."number-value money" { (words.say_with("desk-figure", &[("count", figure.count.into())])) }
            span.number-trend { (moved(words, figure.count, figure.before)) }
            (bars(&figure.trend))
            @if let Some(amount) = figure.amount { span."number-trend money" { (words.yuan(amount.0)) } }
            @if let Some(seconds) = figure.mean_seconds {
                span.number-trend { (words.say_with("desk-mean", &[("span", words.span(seconds).into())])) }
            }
        }
    }
}

/// How a figure moved against the span before.
fn moved(words: &Words, count: i64, before: i64) -> String {
    let change = count - before;
    let args = [("count", change.abs().into()), ("before", before.into())];
    let code = match change {
        0 => "desk-trend-same",
        1.. => "desk-trend-more",
        _ => "desk-trend-less",
    };
    words.say_with(code, &args).into_owned()
}

/// A bar for each day; the table beneath has the same figures for those who do not see them.
fn bars(trend: &[DayPoint]) -> Markup {
    const HEIGHT: i64 = 24;
    let most = trend.iter().map(|day| day.count).max().unwrap_or(0).max(1);
    html! {
        svg.desk-trend viewBox={ "0 0 " (trend.len() * 4) " " (HEIGHT) } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (place, day) in trend.iter().enumerate() {
                @let height = (HEIGHT * day.count / most).max(i64::from(day.count > 0));
                rect x=(place * 4) y=(HEIGHT - height) width="3" height=(height) {}
            }
            line x1="0" x2=(trend.len() * 4) y1=(HEIGHT) y2=(HEIGHT) {}
        }
    }
}

/// The stages as bars: how many claims are in each now, and how long claims stayed there.
fn stages_picture(words: &Words, stages: &[StageBar]) -> Markup {
    const FULL: u64 = 1000;
    let open: Vec<&StageBar> = stages.iter().filter(|bar| bar.stage != "closed").collect();
    let title = words.say("desk-flow");
    let most = open.iter().map(|bar| bar.now).max().unwrap_or(0).max(1);
    html! {
        section.stack {
            h2 { (title) }
            div."table-frame flow" {
                table.table {
                    caption.unseen { (title) }
                    thead {
                        tr {
                            th scope="col" { (words.say("desk-stage")) }
                            td {}
                            th.right scope="col" { (words.say("desk-flow-now")) }
                            th.right scope="col" { (words.say("desk-flow-mean")) }
                            th.right.desk-wide scope="col" { (words.say("desk-flow-left")) }
                        }
                    }
                    tbody {
                        @for bar in open {
                            tr {
                                th scope="row" { a href={ "/desk/claims?stage=" (bar.stage) } { (frame::term(words, "stage", bar.stage)) } }
                                td.bar {
                                    svg viewBox={ "0 0 " (FULL) " 10" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                                        rect.touch width=((FULL * bar.now / most).max(3 * bar.now.min(1))) height="10" {}
                                    }
                                }
                                td.right { (bar.now) }
                                td.right { @match bar.mean_seconds { Some(seconds) => (words.span(seconds)), None => "—" } }
                                td.right.desk-wide { (bar.left) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn by_day(words: &Words, overview: &Overview) -> Markup {
    let title = words.say("desk-by-day");
    let days = overview.figures.first().map_or(&[][..], |figure| &figure.trend);
    html! {
        details.desk-fold {
            summary { (title) span.icon-turns { (icon("chevron-down")) } }
            div.table-frame {
                table.table {
                    caption.unseen { (title) }
                    thead {
                        tr {
                            th scope="col" { (words.say("desk-day")) }
                            @for figure in &overview.figures { th.right scope="col" { (words.say(figure.code)) } }
                        }
                    }
                    tbody {
                        @for (place, day) in days.iter().enumerate().rev() {
                            tr {
                                th scope="row" { (words.date(Moment::from_micros(day.day * DAY_SECONDS * 1_000_000))) }
                                @for figure in &overview.figures {
                                    td.right { (figure.trend.get(place).map_or(0, |point| point.count)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
