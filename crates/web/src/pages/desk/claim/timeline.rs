//! What happened, the latest first.

use maud::{Markup, html};

use super::Screen;
use crate::components::*;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let point = |entry: &app::pages::TimelinePage| {
        let staff = format!("timeline-staff-{}", entry.event);
        let code = if words.knows(&staff) { staff } else { format!("timeline-{}", entry.event) };
        Point {
            step: Step::Done,
            what: words.say(&code).into_owned(),
            when: Some(when(words, entry.at.0, screen.now())),
            more: Some(html! {
                p.note {
                    (screen.say("actor", &entry.by))
                    @if let Some(amount) = entry.amount { " · " span.money { (words.yuan(amount.0)) } }
                }
            }),
        }
    };
    let points: Vec<Point> = screen.page.timeline.iter().rev().map(point).collect();
    html! { section.desk-section { (timeline(words, &points)) } }
}
