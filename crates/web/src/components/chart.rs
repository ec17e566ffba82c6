//! Figures of the manager: six numbers, and how long claims wait and are worked on in every stage.

use app::words::Words;
use maud::{Markup, html};

/// A number with its name and trend; it opens the claims behind it.
#[derive(Clone, Debug)]
pub struct Number<'a> {
    /// What is counted.
    pub name: std::borrow::Cow<'a, str>,
    /// The figure with its unit.
    pub value: String,
    /// How it moved, in words.
    pub trend: Option<String>,
    /// The claims behind it.
    pub href: String,
}

/// A stage: time waited and time worked, in seconds.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The stage.
    pub name: String,
    /// Time waited.
    pub wait: i64,
    /// Time worked.
    pub touch: i64,
    /// The claims behind it.
    pub href: String,
}

/// Names of the two kinds of time, said by the page.
pub type Kinds<'a> = (&'a str, &'a str);

/// Numbers in a row.
pub fn numbers(list: &[Number<'_>]) -> Markup {
    html! {
        ul.numbers {
            @for number in list {
                li {
                    a.number href=(number.href) {
                        span.number-name { (number.name) }
                        span."number-value money" { (number.value) }
                        @if let Some(trend) = &number.trend { span.number-trend { (trend) } }
                    }
                }
            }
        }
    }
}

/// Stages as bars, waiting pale and work full, beside their figures.
pub fn flow(words: &Words, title: &str, kinds: Kinds<'_>, bars: &[Bar]) -> Markup {
    const FULL: i64 = 1000;
    let longest = bars.iter().map(|bar| bar.wait + bar.touch).max().unwrap_or(0).max(1);
    let length = |seconds: i64| FULL * seconds / longest;
    let key = |class: &str| {
        html! { svg.flow-key viewBox="0 0 12 12" aria-hidden="true" { rect.(class) width="12" height="12" {} } }
    };
    html! {
        div."table-frame flow" {
            table.table {
                caption.unseen { (title) }
                thead {
                    tr {
                        th scope="col" colspan="2" { (title) }
                        th.right scope="col" { (key("wait")) (kinds.0) }
                        th.right scope="col" { (key("touch")) (kinds.1) }
                    }
                }
                tbody {
                    @for bar in bars {
                        tr {
                            th scope="row" { a href=(bar.href) { (bar.name) } }
                            td.bar {
                                svg viewBox={ "0 0 " (FULL) " 10" } preserveAspectRatio="none" aria-hidden="true" {
                                    rect.wait width=(length(bar.wait)) height="10" {}
                                    rect.touch x=(length(bar.wait)) width=(length(bar.touch).max(3)) height="10" {}
                                }
                            }
                            td.right { (words.span(bar.wait)) }
                            td.right { (words.span(bar.touch)) }
                        }
                    }
                }
            }
        }
    }
}
