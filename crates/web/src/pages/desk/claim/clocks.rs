//! The clocks of law, contract and service.

use app::pages::ClockPage;
use app::words::Words;
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
        Cell::key(html! { (screen.term("clock", &clock.code)) }),
        html! { span.desk-two-lines { span { (words.say(legal)) } @if clock.legal { span.note { (source(words, &clock.source)) } } } }.into(),
        html! { time datetime=(clock.due.0) { (words.moment(clock.due.0)) } }.into(),
        badge(tone, picture, &state).into(),
    ]
}

/// The articles that a clock stands on, as one cites them: `保险法 art. 23; …`.
fn source(words: &Words, source: &str) -> String {
    let cited = source.split("; ").map(|one| match one.split_once(" art. ") {
        Some((law, number)) => {
            words.say_with("desk-article", &[("law", law.into()), ("number", number.into())]).into_owned()
        }
        None => one.to_owned(),
    });
    cited.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use app::words::Lang;

    use super::*;

    #[test]
    fn articles_are_cited_as_one_does() {
        let text = "保险法 art. 23; 司法解释二 art. 15";
        assert_eq!(source(Words::of(Lang::Zh), text), "保险法第23条; 司法解释二第15条");
        assert_eq!(source(Words::of(Lang::En), text), text);
    }
}
