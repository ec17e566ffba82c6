//! A named confirmation: the first tap unfolds it, the second one does it.

use maud::{Markup, html};

/// `ask` unfolds `form`, which says what will happen and holds the button that does it.
pub fn confirm(ask: &str, danger: bool, form: Markup) -> Markup {
    html! {
        details.confirm {
            summary.button { (ask) }
            div.confirm-sheet.confirm-danger[danger] { (form) }
        }
    }
}
