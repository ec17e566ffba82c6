//! What was committed last, kept in memory: whoever follows the journal, or asks whether a stream has moved, is mostly answered
//! from here. The disk has everything and is asked for the rest.

use std::collections::{HashMap, VecDeque};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use journal::{Recorded, StreamId};

/// So many entries are kept.
const ENTRIES: usize = 8_192;
/// Of so many streams it is known where they stand.
const STREAMS: usize = 65_536;

#[derive(Default)]
pub(crate) struct Recent(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    /// The last entries of the journal, without a gap.
    entries: VecDeque<Recorded>,
    /// The last version of streams.
    versions: HashMap<StreamId, u64>,
}

impl Recent {
    /// `entries` are on disk, in their order; those that are kept already change nothing, and after a gap the memory begins anew.
    pub(crate) fn committed(&self, entries: impl Iterator<Item = Recorded>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            match kept.entries.back() {
                Some(last) if entry.position <= last.position => continue,
                // What stands between was committed elsewhere.
                Some(last) if entry.position > last.position + 1 => kept.entries.clear(),
                _ => {}
            }
            match kept.versions.get_mut(&entry.stream) {
                Some(version) => *version = entry.version,
                None => {
                    if kept.versions.len() >= STREAMS {
                        kept.versions.clear();
                    }
                    kept.versions.insert(entry.stream.clone(), entry.version);
                }
            }
            if kept.entries.len() >= ENTRIES {
                kept.entries.pop_front();
            }
            kept.entries.push_back(entry);
        }
    }

    /// More was committed than is told here: the disk is asked again.
    pub(crate) fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// Whether `stream` is known to stand at `version`.
    pub(crate) fn stands_at(&self, stream: &StreamId, version: u64) -> bool {
        self.kept().versions.get(stream) == Some(&version)
    }

    /// At most `limit` entries after `position`; `None` when they reach back further than what is kept.
    pub(crate) fn after(&self, position: u64, limit: usize) -> Option<Vec<Recorded>> {
        let kept = self.kept();
        let first = kept.entries.front()?.position;
        let skipped = usize::try_from((position + 1).checked_sub(first)?).ok()?;
        Some(kept.entries.iter().skip(skipped).take(limit).cloned().collect())
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use journal::{Actor, Hash};
    use lexicon::Moment;

    use super::*;

    fn entries(positions: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = Recorded> {
        positions.map(|position| Recorded {
            position,
            stream: "claim-a".parse().unwrap(),
            version: position,
            name: "Notified".into(),
            shape: 1,
            at: Moment::from_micros(0),
            actor: Actor::system("test"),
            caused_by: None,
            data: "{}".into(),
            hash: Hash::START,
            decoded: journal::Decoded::default(),
        })
    }

    #[test]
    fn nothing_is_left_out_between_the_disk_and_what_is_kept() {
        let recent = Recent::default();
        assert_eq!(recent.after(0, 10), None, "an empty memory knows nothing");
        recent.committed(entries(5..=9_000));
        let positions = |after, limit| {
            recent
                .after(after, limit)
                .map(|found| found.iter().map(|entry| entry.position).collect::<Vec<_>>())
        };
        let first = 9_000 - ENTRIES as u64 + 1;
        assert_eq!(positions(first - 2, 1), None, "the disk is asked for what was let go");
        assert_eq!(positions(first - 1, 2), Some(vec![first, first + 1]));
        assert_eq!(positions(8_998, 10), Some(vec![8_999, 9_000]));
        assert_eq!(positions(9_000, 10), Some(vec![]));
        assert_eq!(positions(9_500, 10), Some(vec![]));
    }

    #[test]
    fn a_stream_stands_where_it_was_committed_last() {
        let recent = Recent::default();
        let stream: StreamId = "claim-a".parse().unwrap();
        assert!(!recent.stands_at(&stream, 0), "what is not known is left to the disk");
        recent.committed(entries(1..=3));
        assert!(recent.stands_at(&stream, 3));
        assert!(!recent.stands_at(&stream, 2));
    }
}
