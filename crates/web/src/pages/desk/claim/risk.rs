//! What gave rise to a closer look. Never shown to the customer.

use maud::{Markup, html};

use super::{REFERRAL, Screen};
use crate::components::*;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let warnings = &screen.staff.warnings;
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-warnings")) } (screen.offer(REFERRAL, "")) }
            @if warnings.is_empty() && !screen.page.person_asked { p.note { (words.say("desk-warnings-none")) } }
            @if screen.page.person_asked {
                (notice(Tone::Blue, &words.say("desk-person-asked"), html! {}))
            }
            @for warning in warnings {
                (notice(Tone::Amber, &screen.term("warning", warning), html! {
                    p.note { (words.say("desk-warning-note")) }
                }))
            }
        }
    }
}
