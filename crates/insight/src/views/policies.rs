//! Policies by what they are found by.

use journal::Recorded;
use lexicon::Moment;
use register::{Content, Event};

use super::{id, sealed};
use crate::view::{FoldError, Index, Kind, Rows, View};

crate::row! {
    /// A policy.
    pub struct PolicyRow {
        /// Its number.
        policy: String,
        /// The plate, sealed.
        plate: String,
        /// Keyed hash of the plate.
        plate_hash: String,
        /// Keyed hash of the holder's phone.
        phone_hash: String,
        /// Keyed hash of the holder's own number.
        holder_hash: String,
        /// First instant of cover.
        starts_at: Moment,
        /// First instant without cover again.
        ends_at: Moment,
    }
}

/// Policies by what they are found by.
pub static POLICIES: View = View {
    name: "policies",
    version: 1,
    kind: Kind::Inline,
    categories: &["policy"],
    columns: PolicyRow::COLUMNS,
    key: 1,
    indexes: &[
        Index { name: "by_plate", columns: &["plate_hash", "starts_at"] },
        Index { name: "by_phone", columns: &["phone_hash", "starts_at"] },
        Index { name: "by_holder", columns: &["holder_hash", "starts_at"] },
    ],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    match entry.decode()? {
        Event::PolicyRegistered(registered) => put(entry, rows, &registered.content),
        Event::PolicyAmended(amended) => put(entry, rows, &amended.content),
        Event::PolicyCancelled(cancelled) => {
            let Some(row) = rows.get(&[id(entry)])? else { return Ok(()) };
            let mut row = PolicyRow::read(&POLICIES, &row)?;
            row.ends_at = row.ends_at.min(cancelled.effective_at);
            rows.put(row.write())
        }
    }
}

fn put(entry: &Recorded, rows: &mut dyn Rows, content: &Content) -> Result<(), FoldError> {
    let row = PolicyRow {
        policy: entry.stream.id().to_owned(),
        plate: sealed(&content.vehicle.plate)?,
        plate_hash: content.keys.plate.as_str().to_owned(),
        phone_hash: content.keys.phone.as_str().to_owned(),
        holder_hash: content.keys.holder.as_str().to_owned(),
        starts_at: content.starts_at,
        ends_at: content.ends_at,
    };
    rows.put(row.write())
}
