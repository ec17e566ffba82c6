//! `/debug`: how this process is doing, for operators. It only looks, and keeps itself current.

use std::convert::Infallible;
use std::time::Duration;

use app::words::{Arg, Words};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, stream};
use maud::{Markup, html};

use super::desk::frame;
use crate::components::*;
use crate::inside::{self, Fault, Gauge, Grade, Value};
use crate::shell::Desk;
use crate::{Viewer, Web};

/// How often the page looks again.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// `GET /debug`
pub(crate) async fn debug(State(web): State<Web>, viewer: Viewer) -> Markup {
    let state = web.inside.look().await;
    let words = viewer.words();
    let title = words.say("nav-debug");
    frame::page(
        &viewer,
        Desk { title: &title, here: "/debug", scripts: &["live.js"], ..Desk::default() },
        None,
        html! { div #debug.stack data-live="/debug/live" { (view(&viewer, &state)) } },
    )
}

/// `GET /debug/live`: says every few seconds that there may be something new.
pub(crate) async fn live() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ticks = stream::unfold(0_u64, |tick| async move {
        tokio::time::sleep(LOOK_EVERY).await;
        Some((Ok(Event::default().event("changed").data(tick.to_string())), tick + 1))
    });
    Sse::new(ticks).keep_alive(KeepAlive::default())
}

fn view(viewer: &Viewer, state: &inside::State) -> Markup {
    let words = viewer.words();
    html! {
        p.desk-line.desk-lead {
            (lead(words, state))
            span.note {
                (words.say("debug-version")) " " span.code { (state.version) }
                @if let Some(began) = state.began {
                    " · " (words.say("debug-began")) " " (when(words, began, viewer.now()))
                }
            }
        }
        section.stack { h2 { (words.say("debug-gauges")) } (gauges(words, &state.gauges)) }
        section.stack {
            h2 { (words.say("debug-followers")) }
            p.note { (words.say_with("debug-head", &[("position", number(state.head))])) }
            (followers(words, state))
        }
        section.stack { h2 { (words.say("debug-turns")) } (turns(viewer, state)) }
        section.stack { h2 { (words.say("debug-faults")) } (faults(viewer, &state.faults)) }
        section.stack { h2 { (words.say("debug-settings")) } (settings(words, state)) }
    }
}

/// Whether anything wants somebody, first of all.
fn lead(words: &Words, state: &inside::State) -> Markup {
    let grades = state.gauges.iter().map(|gauge| gauge.grade);
    let grades = grades.chain(state.followers.iter().map(|follower| follower.grade));
    let (mut look, mut act) = (0, 0);
    for grade in grades {
        look += i64::from(grade == Grade::Look);
        act += i64::from(grade == Grade::Act);
    }
    let said = |code: &str, count: i64| words.say_with(code, &[("count", count.into())]).into_owned();
    match (act, look) {
        (0, 0) => badge(Tone::Green, "circle-check", &words.say("debug-well")),
        (0, look) => badge(Tone::Amber, "triangle-alert", &said("debug-look", look)),
        (act, _) => badge(Tone::Red, "circle-alert", &said("debug-act", act)),
    }
}

fn gauges(words: &Words, gauges: &[Gauge]) -> Markup {
    let columns = frame::columns(
        words,
        &[("debug-what", Side::Left), ("debug-now", Side::Right), ("debug-grade", Side::Left)],
    );
    let rows: Vec<_> = gauges
        .iter()
        .map(|gauge| {
            vec![
                Cell::key(html! { (words.say(&format!("debug-gauge-{}", gauge.code))) }),
                match gauge.most {
                    Some(most) => format!("{} / {}", told(words, gauge.value), told(words, most)).into(),
                    None => told(words, gauge.value).into(),
                },
                grade(words, gauge.grade).into(),
            ]
        })
        .collect();
    list_table(&words.say("debug-gauges"), &columns, &rows)
}

fn followers(words: &Words, state: &inside::State) -> Markup {
    let columns = frame::columns(
        words,
        &[("debug-follower", Side::Left), ("debug-lag", Side::Right), ("debug-grade", Side::Left)],
    );
    let rows: Vec<_> = state
        .followers
        .iter()
        .map(|follower| {
            vec![
                Cell::key(html! { span.code { (follower.name) } }),
                follower.lag.to_string().into(),
                grade(words, follower.grade).into(),
            ]
        })
        .collect();
    list_table(&words.say("debug-followers"), &columns, &rows)
}

fn turns(viewer: &Viewer, state: &inside::State) -> Markup {
    let words = viewer.words();
    let columns = frame::columns(words, &[("debug-turn", Side::Left), ("debug-holder", Side::Left)]);
    let rows: Vec<_> = state
        .turns
        .iter()
        .map(|turn| {
            let holder = match turn.since {
                Some(since) => html! { (words.say("debug-here")) " · " (when(words, since, viewer.now())) },
                None => html! { (words.say("debug-elsewhere")) },
            };
            vec![Cell::key(html! { span.code { (turn.name) } }), holder.into()]
        })
        .collect();
    list_table(&words.say("debug-turns"), &columns, &rows)
}

fn faults(viewer: &Viewer, faults: &[Fault]) -> Markup {
    let words = viewer.words();
    if faults.is_empty() {
        return empty("circle-check", &words.say("debug-faults-none"), None);
    }
    let columns = frame::columns(
        words,
        &[
            ("debug-kind", Side::Left),
            ("debug-code", Side::Left),
            ("debug-place", Side::Left),
            ("debug-times", Side::Right),
            ("debug-at", Side::Left),
        ],
    );
    let rows: Vec<_> = faults
        .iter()
        .map(|fault| {
            let (tone, picture) = match fault.kind {
                "bug" => (Tone::Red, "circle-alert"),
                "unavailable" => (Tone::Amber, "triangle-alert"),
                "conflict" => (Tone::Blue, "refresh-cw"),
                _ => (Tone::Plain, "circle-x"),
            };
            vec![
                badge(tone, picture, &frame::term(words, "debug-kind", fault.kind)).into(),
                Cell::key(html! { span."code debug-code" { (fault.code) } }),
                html! { span."code debug-code" { (fault.place) } }.into(),
                fault.times.to_string().into(),
                when(words, fault.at, viewer.now()).into(),
            ]
        })
        .collect();
    table(&words.say("debug-faults"), &columns, &rows)
}

fn settings(words: &Words, state: &inside::State) -> Markup {
    let columns = frame::columns(words, &[("debug-setting", Side::Left), ("debug-value", Side::Left)]);
    let rows: Vec<_> = state
        .settings
        .iter()
        .map(|setting| {
            let value = match &setting.value {
                Some(value) => html! { span."code debug-code" { (value) } },
                None => html! { (words.say("debug-unset")) },
            };
            vec![Cell::key(html! { span.code { (setting.name) } }), value.into()]
        })
        .collect();
    list_table(&words.say("debug-settings"), &columns, &rows)
}

fn grade(words: &Words, grade: Grade) -> Markup {
    match grade {
        Grade::Well => badge(Tone::Green, "circle-check", &words.say("debug-grade-well")),
        Grade::Look => badge(Tone::Amber, "triangle-alert", &words.say("debug-grade-look")),
        Grade::Act => badge(Tone::Red, "circle-alert", &words.say("debug-grade-act")),
    }
}

fn number(count: u64) -> Arg<'static> {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// A figure with its unit, in as few digits as tell something.
fn told(words: &Words, value: Value) -> String {
    match value {
        Value::Count(count) => count.to_string(),
        Value::Seconds(seconds) if seconds < 120 => {
            words.say_with("debug-seconds", &[("count", number(seconds))]).into_owned()
        }
        Value::Seconds(seconds) => words.span(i64::try_from(seconds).unwrap_or(i64::MAX)),
        Value::Bytes(bytes) => {
            let steps = ["B", "KiB", "MiB", "GiB", "TiB"];
            let step = (bytes.max(1).ilog2() / 10).min(4);
            let tenths = (u128::from(bytes) * 10) >> (10 * step);
            let unit = steps[step as usize];
            if step == 0 {
                format!("{bytes} {unit}")
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use app::words::Lang;

    use super::*;

    #[test]
    fn room_is_told_in_a_unit_that_fits() {
        for (bytes, said) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_024, "1.0 KiB"),
            (1_600, "1.5 KiB"),
            (5 << 20, "5.0 MiB"),
            (3 << 40, "3.0 TiB"),
            (u64::MAX, "16777215.9 TiB"),
        ] {
            assert_eq!(told(Words::of(Lang::En), Value::Bytes(bytes)), said);
        }
    }
}
