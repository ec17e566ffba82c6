//! The door of `settle`: an accident as JSON in, what every policy owes as JSON or plain words out.
//!
//! Text becomes types in [`parse`] and nowhere else; `coverage` computes; [`render`] and [`explain`] put the answer into words.
//!
//! # Invariants
//!
//! - Of several mistakes the first in document order is reported, with its code and place.
//! - A rule that needs no text (shares above 1, two drivers) holds in `coverage` too: here it also gets its place.

mod explain;
mod parse;
mod problem;
mod reader;
mod render;
mod says;

use coverage::settle;
pub(crate) use says::{sentence, sentence_as};

pub use explain::explain;
pub use parse::parse;
pub use problem::{Code, Problem};
pub use render::render;

use crate::words::Lang;

/// Reads an accident and answers with its statement, as JSON or, with `in_words`, as plain text; refused input yields the
/// RFC 9457 problem as JSON.
pub fn run(input: &[u8], in_words: bool, lang: Lang) -> Result<String, String> {
    let answer = || {
        let accident = parse(input)?;
        let statement = settle(&accident).map_err(Problem::from)?;
        Ok(if in_words { explain(&statement, &accident, lang) } else { render(&statement, &accident, lang) })
    };
    answer().map_err(|problem: Problem| problem.to_json(lang))
}
