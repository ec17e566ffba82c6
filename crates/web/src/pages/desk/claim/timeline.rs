//! What happened, the latest first.

use app::pages::TimelinePage;
use maud::{Markup, html};

use super::Screen;
use crate::components::*;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    // The same by the same, one after the other, is one line: six photos of one evening.
    let same = |one: &TimelinePage, other: &TimelinePage| {
        one.event == other.event && one.by == other.by && one.amount.is_none() && other.amount.is_none()
    };
    let point = |run: &[TimelinePage]| {
        let last = &run[run.len() - 1];
        let staff = format!("timeline-staff-{}", last.event);
        let code = if words.knows(&staff) { staff } else { format!("timeline-{}", last.event) };
        let mut what = words.say(&code).into_owned();
        if run.len() > 1 {
            what = format!("{what} × {}", run.len());
        }
        let when = html! {
            (when(words, last.at.0, screen.now())) " · " (screen.term("actor", &last.by))
            @if let Some(amount) = last.amount { " · " span.money { (words.yuan(amount.0)) } }
        };
        Point { step: Step::Done, what, when: Some(when), more: None }
    };
    let points: Vec<Point> = screen.page.timeline.chunk_by(same).rev().map(point).collect();
    html! { section.desk-section { (timeline(words, &points)) } }
}
