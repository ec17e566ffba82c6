//! Messages that are still to be sent.

use customer::Event;
use journal::Recorded;
use lexicon::Moment;

use super::id;
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// A message that is still to be sent. One that arrived, or was given up, has no row.
    pub struct MessageRow {
        /// The claim.
        claim: String,
        /// Its id.
        message: String,
        /// When it is due.
        due: Moment,
    }
}

/// Messages that are still to be sent.
pub static MESSAGES: View = View {
    name: "messages",
    version: 1,
    kind: Kind::Inline,
    categories: &["contact"],
    columns: MessageRow::COLUMNS,
    key: 2,
    indexes: &[Index { name: "by_due", columns: &["due"] }],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let due = |message: String, due| MessageRow { claim: entry.stream.id().to_owned(), message, due }.write();
    match entry.decode()? {
        Event::MessageQueued(queued) => rows.put(due(queued.id, entry.at)),
        Event::MessageFailed(failed) => rows.put(due(failed.id, failed.retry_at)),
        Event::MessageSent(sent) => rows.remove(&[id(entry), Value::from(sent.id)]),
        Event::MessageGivenUp(given_up) => rows.remove(&[id(entry), Value::from(given_up.id)]),
    }
}
