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
        html! { span.desk-two-lines { span { (words.say(legal)) } span.note { (source(words, &clock.source)) } } }.into(),
        html! { time datetime=(clock.due.0) { (words.due(clock.due.0)) } }.into(),
        badge(tone, picture, &state).into(),
    ]
}

/// What a clock stands on, as one cites it in the language of the page: `保险法第23条`. A source is the code of its name and, where
/// it has articles, the article; several stand with `; ` between.
fn source(words: &Words, source: &str) -> String {
    let name = |code: &str| frame::term(words, "clock-source", code);
    let cited = source.split("; ").map(|one| match one.split_once(" art. ") {
        Some((law, number)) => {
            let args = [("law", name(law).into()), ("number", number.into())];
            words.say_with("desk-article", &args).into_owned()
        }
        None => name(one),
    });
    cited.collect::<Vec<_>>().join(&words.say("desk-and-source"))
}

#[cfg(test)]
mod tests {
    use app::words::Lang;

    use super::*;

    #[test]
    fn sources_are_cited_in_the_language_of_the_page() {
        for (text, zh, en) in [
            (
                "insurance-law art. 23; judicial-interpretation-2 art. 15",
                "保险法第23条；保险法司法解释二第15条",
                "Insurance Law art. 23; Judicial Interpretation II on it art. 15",
            ),
            ("insurer-own", "本公司规定", "our own rule"),
        ] {
            assert_eq!(source(Words::of(Lang::Zh), text), zh);
            assert_eq!(source(Words::of(Lang::En), text), en);
        }
    }
}
