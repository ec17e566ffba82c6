//! Tables: dense rows at the desk, cards on a phone.

use maud::{Markup, html};

/// Which way a column leans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Words.
    #[default]
    Left,
    /// Figures.
    Right,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Its heading, which also names the cell on a phone.
    pub name: std::borrow::Cow<'a, str>,
    /// Which way it leans.
    pub side: Side,
}

/// A cell: its markup and, where it warns, a class.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it shows.
    pub shows: Markup,
    /// `late`, `soon`, `key`, or nothing.
    pub class: Option<&'static str>,
}

impl Cell {
    /// The cell that names its row.
    pub fn key(shows: Markup) -> Cell {
        Cell { shows, class: Some("key") }
    }
}

impl From<Markup> for Cell {
    fn from(shows: Markup) -> Cell {
        Cell { shows, class: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        html! { (text) }.into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        html! { (text) }.into()
    }
}

/// `rows` under `columns`; the caption is for those who do not see the heading above the table.
pub fn table(caption: &str, columns: &[Column<'_>], rows: &[Vec<Cell>]) -> Markup {
    framed("table table-cards", caption, columns, rows)
}

/// The same of a long list: on a phone its rows are short, two cells beside each other.
pub fn list_table(caption: &str, columns: &[Column<'_>], rows: &[Vec<Cell>]) -> Markup {
    framed("table table-cards table-list", caption, columns, rows)
}

fn framed(class: &str, caption: &str, columns: &[Column<'_>], rows: &[Vec<Cell>]) -> Markup {
    html! {
        div.table-frame {
            table.(class) {
                caption.unseen { (caption) }
                thead {
                    tr { @for column in columns { th scope="col" .right[column.side == Side::Right] { (column.name) } } }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (cell, column) in row.iter().zip(columns) {
                                td data-name=(column.name) class={
                                    @if column.side == Side::Right { "right money" }
                                    @if let Some(class) = cell.class { " " (class) }
                                } { (cell.shows) }
                            }
                        }
                    }
                }
            }
        }
    }
}
