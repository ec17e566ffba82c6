//! Tabs and pages of a list, all of them links.

use app::words::Words;
use maud::{Markup, html};

use super::icon;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab<'a> {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: &'a str,
    /// How many entries stand behind it, if that is said.
    pub count: Option<u64>,
    /// Whether it is shown now.
    pub current: bool,
}

/// Tabs.
pub fn tabs(words: &Words, list: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(words.say("tabs-label")) {
            @for tab in list {
                a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                    (tab.name)
                    @if let Some(count) = tab.count { span.figures { (count) } }
                }
            }
        }
    }
}

/// Onwards and back to the start. Lists go forward by cursor, so there are no page numbers.
pub fn pager(words: &Words, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        @if first.is_some() || next.is_some() {
            nav.pager aria-label=(words.say("pager-label")) {
                @if let Some(href) = first { a.button.button-plain href=(href) rel="first" { (words.say("pager-first")) } }
                @if let Some(href) = next {
                    a.button href=(href) rel="next" { (words.say("pager-next")) (icon("chevron-right")) }
                }
            }
        }
    }
}
