//! What the figures of the manager's page count, one row each: a figure opens exactly the rows that it stands for.

use claim::Event;
use journal::Recorded;
use lexicon::{Moment, Money};

use super::flow::{day, measured};
use crate::view::{FoldError, Index, Kind, Rows, View};

crate::row! {
    /// Something that was counted.
    pub struct CountedRow {
        /// Position of the entry that it stands in.
        position: u64,
        /// What it counts as: the word of a [`Measure`](crate::Measure).
        measure: String,
        /// Days since 1970 in the insurer's zone.
        day: i64,
        /// The claim.
        claim: String,
        /// When.
        at: Moment,
        /// Its amount, where it has one.
        amount: Option<Money>,
    }
}

/// What the figures count.
pub static COUNTED: View = View {
    name: "counted",
    version: 1,
    kind: Kind::Trailing,
    categories: &["claim"],
    columns: CountedRow::COLUMNS,
    key: 1,
    indexes: &[Index { name: "by_measure", columns: &["measure", "day"] }],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event: Event = entry.decode()?;
    let Some((measure, amount)) = measured(&event) else { return Ok(()) };
    let row = CountedRow {
        position: entry.position,
        measure: measure.word().to_owned(),
        day: day(entry.at),
        claim: entry.stream.id().to_owned(),
        at: entry.at,
        amount,
    };
    rows.put(row.write())
}
