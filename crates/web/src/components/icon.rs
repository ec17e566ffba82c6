//! Icons from the shipped sprite.

use maud::{Markup, html};

use crate::assets;

/// An icon beside a word. It says nothing of its own to a screen reader.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" focusable="false" { use href={ (assets::path("icons.svg")) "#" (name) } {} }
    }
}
