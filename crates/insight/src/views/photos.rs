//! Which files stand in which claims, by keyed hash: how a photo used twice is found.

use claim::Event;
use journal::Recorded;
use lexicon::Moment;

use crate::view::{FoldError, Kind, Rows, View};

crate::row! {
    /// A file in a claim.
    pub struct PhotoRow {
        /// Keyed hash of its bytes.
        fingerprint: String,
        /// The claim.
        claim: String,
        /// Its number within the claim.
        evidence: u64,
        /// When it came.
        at: Moment,
    }
}

/// Which files stand in which claims.
pub static PHOTOS: View = View {
    name: "photos",
    version: 1,
    kind: Kind::Inline,
    categories: &["claim"],
    columns: PhotoRow::COLUMNS,
    key: 3,
    indexes: &[crate::view::Index { name: "by_fingerprint", columns: &["fingerprint"] }],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    if &*entry.name != "EvidenceAccepted" {
        return Ok(());
    }
    let Event::EvidenceAccepted(accepted) = entry.decode()? else { return Ok(()) };
    let row = PhotoRow {
        fingerprint: accepted.fingerprint.as_str().to_owned(),
        claim: entry.stream.id().to_owned(),
        evidence: u64::from(accepted.evidence),
        at: entry.at,
    };
    rows.put(row.write())
}
