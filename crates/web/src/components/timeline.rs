//! What has been, what is, what comes.

use app::words::Words;
use maud::{Markup, html};

use super::icon;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It happened.
    Done,
    /// It is under way.
    Now,
    /// It comes later.
    Next,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where it stands.
    pub step: Step,
    /// What it is.
    pub what: String,
    /// When, as markup with the exact time.
    pub when: Option<Markup>,
    /// More about it.
    pub more: Option<Markup>,
}

impl Step {
    const fn look(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Step::Done => ("done", "circle-check", "timeline-done"),
            Step::Now => ("now", "circle-dot", "timeline-now"),
            Step::Next => ("next", "circle", "timeline-next"),
        }
    }
}

/// Steps downwards, the oldest first.
pub fn timeline(words: &Words, points: &[Point]) -> Markup {
    html! {
        ol.timeline aria-label=(words.say("timeline-label")) {
            @for point in points {
                @let (class, picture, state) = point.step.look();
                li.(class) aria-current=[(point.step == Step::Now).then_some("step")] {
                    (icon(picture))
                    div {
                        p.timeline-what { span.unseen { (words.say(state)) " " } (point.what) }
                        @if let Some(when) = &point.when { p.timeline-when { (when) } }
                        @if let Some(more) = &point.more { (more) }
                    }
                }
            }
        }
    }
}
