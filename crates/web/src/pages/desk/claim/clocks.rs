//! The clocks of law, contract and service.

use app::pages::ClockPage;
use maud::{Markup, html};

use super::super::frame;
use super::Screen;
use crate::components::*;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let title = words.say("desk-tab-clocks");
    let columns = frame::columns(
        words,
        &[
            ("desk-clock-name", Side::Left),
            ("desk-clock-source", Side::Left),
            ("desk-due", Side::Left),
            ("desk-clock-state", Side::Left),
        ],
    );
    let rows: Vec<_> = screen.staff.clocks.iter().map(|clock| row(screen, clock)).collect();
    html! {
        section.desk-section {
            @if rows.is_empty() { p.note { (words.say("desk-clocks-none")) } } @else { (table(&title, &columns, &rows)) }
        }
    }
}

fn row(screen: &Screen<'_>, clock: &ClockPage) -> Vec<Cell> {
    let words = screen.words();
    let late = |at: lexicon::Moment| at > clock.due.0;
    let (tone, picture, state) = match clock.met_at {
        Some(met) if late(met.0) => {
            (Tone::Red, "circle-alert", words.say("desk-clock-met-late").into_owned())
        }
        Some(_) => (Tone::Green, "circle-check", words.say("desk-clock-met").into_owned()),
        None if clock.stopped => (Tone::Blue, "hourglass", words.say("desk-clock-stopped").into_owned()),
        None => {
            let left = clock.due.0.seconds_since(screen.now());
            let tone = if left < 0 { Tone::Red } else { Tone::Plain };
            (tone, "clock", words.left(left))
        }
    };
    let legal = if clock.legal { "clock-nature-legal" } else { "desk-clock-promise" };
    vec![
        Cell::key(html! { (screen.say("clock", &clock.code)) }),
        html! { span.desk-two-lines { span { (words.say(legal)) } span.note { (clock.source) } } }.into(),
        html! { time datetime=(clock.due.0) { (words.moment(clock.due.0)) } }.into(),
        badge(tone, picture, &state).into(),
    ]
}
