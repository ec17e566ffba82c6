//! Which accounts may follow which claims.

use claim::Event;
use journal::Recorded;
use lexicon::Moment;

use crate::view::{FoldError, Index, Kind, Rows, View};

crate::row! {
    /// An account that may follow a claim.
    pub struct FollowerRow {
        /// The account.
        account: String,
        /// The claim.
        claim: String,
        /// Since when.
        since: Moment,
    }
}

/// Which accounts may follow which claims.
pub static FOLLOWERS: View = View {
    name: "followers",
    version: 1,
    kind: Kind::Inline,
    categories: &["claim"],
    columns: FollowerRow::COLUMNS,
    key: 2,
    indexes: &[Index { name: "by_account", columns: &["account", "since"] }],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    // Three names out of many: the others are not worth reading.
    if !matches!(&*entry.name, "Notified" | "ReporterJoined" | "ReporterAdmitted") {
        return Ok(());
    }
    let account = match entry.decode()? {
        Event::Notified(notified) => notified.account,
        Event::ReporterJoined(joined) => joined.account,
        Event::ReporterAdmitted(admitted) => Some(admitted.account),
        _ => None,
    };
    let Some(account) = account else { return Ok(()) };
    let row =
        FollowerRow { account: account.to_string(), claim: entry.stream.id().to_owned(), since: entry.at };
    rows.put(row.write())
}
