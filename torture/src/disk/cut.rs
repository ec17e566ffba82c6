//! What is found on a disk after the power was cut.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::tape::{Change, Step};
use crate::dice::Dice;

/// What a disk can be trusted to write at once.
const SECTOR: u64 = 512;

/// Whether the disk keeps its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syncs {
    /// What it says is durable is.
    Kept,
    /// It says so and does nothing, as `synchronous = OFF` does: proof that a test can find a loss.
    Ignored,
}

/// The files after a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(BTreeMap<String, Vec<u8>>);

/// What happens to changes that were not durable yet.
#[derive(Clone, Copy)]
enum Fate {
    /// All are gone.
    Lost,
    /// All are there, as after a process was killed.
    Kept,
    /// Each is there, gone or torn, so that later ones may be there without earlier ones.
    Mixed,
}

/// A file under way.
#[derive(Default)]
struct File {
    /// What is surely on disk; `None` where there is no such file.
    durable: Option<Vec<u8>>,
    /// What came since; and whether a sync has failed since then, so that no later one counts for it.
    pending: Vec<(Change, bool)>,
}

impl Image {
    pub(super) fn after(steps: &[Step], syncs: Syncs, dice: &mut Dice) -> Image {
        let mut files: BTreeMap<&str, File> = BTreeMap::new();
        for step in steps {
            let Step::Changed(name, change) = step else { continue };
            let file = files.entry(name).or_default();
            match change {
                Change::Sync if syncs == Syncs::Ignored => {}
                Change::Sync => {
                    let folder_too = file.syncs_folder(name);
                    file.sync(dice);
                    if folder_too {
                        files.values_mut().for_each(File::name_is_durable);
                    }
                }
                Change::SyncFailed => file.pending.iter_mut().for_each(|(_, forgotten)| *forgotten = true),
                Change::Delete { durable: true } if syncs == Syncs::Kept => *file = File::default(),
                change => file.pending.push((change.clone(), false)),
            }
        }
        let fate = [Fate::Lost, Fate::Kept, Fate::Mixed, Fate::Mixed][dice.below(4)];
        let left =
            files.into_iter().filter_map(|(name, file)| Some((name.to_owned(), file.left(fate, dice)?)));
        Image(left.collect())
    }

    /// Puts the files into a folder.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        self.0.iter().try_for_each(|(name, content)| fs::write(folder.join(name), content))
    }

    /// The content of a file.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

impl File {
    /// SQLite syncs the folder as well with the first sync of a log or journal that it may have made.
    fn syncs_folder(&self, name: &str) -> bool {
        let made = self.pending.iter().any(|(change, forgotten)| *change == Change::Create && !forgotten);
        made && (name.ends_with("-wal") || name.ends_with("-journal"))
    }

    /// Whether there is such a file is on disk, though not all that is in it.
    fn name_is_durable(&mut self) {
        let gone = self.pending.iter().rposition(|(change, _)| matches!(change, Change::Delete { .. }));
        if let Some(gone) = gone {
            self.pending.drain(..=gone);
            self.durable = None;
        }
        if self.durable.is_none() && self.pending.iter().any(|(change, _)| *change == Change::Create) {
            self.durable = Some(vec![]);
        }
    }

    fn sync(&mut self, dice: &mut Dice) {
        for (change, forgotten) in std::mem::take(&mut self.pending) {
            if !forgotten || dice.below(2) == 0 {
                apply(&mut self.durable, &change);
            }
        }
    }

    fn left(mut self, fate: Fate, dice: &mut Dice) -> Option<Vec<u8>> {
        for (change, _) in std::mem::take(&mut self.pending) {
            let kept = match fate {
                Fate::Lost => false,
                Fate::Kept => true,
                Fate::Mixed => dice.below(3) > 0,
            };
            match change {
                // What follows was done to another file of that name, which nobody finds.
                Change::Create | Change::Delete { .. }
                    if !kept && (self.durable.is_none() || change != Change::Create) =>
                {
                    break;
                }
                Change::Write { offset, bytes }
                    if kept && matches!(fate, Fate::Mixed) && dice.below(2) == 0 =>
                {
                    tear(&mut self.durable, offset, &bytes, dice);
                }
                change if kept => apply(&mut self.durable, &change),
                _ => {}
            }
        }
        self.durable
    }
}

/// Some of the sectors of a write.
fn tear(content: &mut Option<Vec<u8>>, offset: u64, bytes: &[u8], dice: &mut Dice) {
    let mut rest = bytes;
    let mut at = offset;
    while !rest.is_empty() {
        let length =
            usize::try_from(SECTOR - at % SECTOR).map_or(rest.len(), |length| length.min(rest.len()));
        let (sector, after) = rest.split_at(length);
        if dice.below(2) == 0 {
            apply(content, &Change::Write { offset: at, bytes: sector.to_vec() });
        }
        at += length as u64;
        rest = after;
    }
}

fn apply(content: &mut Option<Vec<u8>>, change: &Change) {
    let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    match change {
        Change::Create => drop(content.get_or_insert_default()),
        Change::Write { offset, bytes } => {
            let (content, start) = (content.get_or_insert_default(), place(*offset));
            if content.len() < start + bytes.len() {
                content.resize(start + bytes.len(), 0);
            }
            content[start..start + bytes.len()].copy_from_slice(bytes);
        }
        Change::Truncate { length } => content.get_or_insert_default().resize(place(*length), 0),
        Change::Delete { .. } => *content = None,
        Change::Sync | Change::SyncFailed => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(change: Change) -> Step {
        Step::Changed("file".into(), change)
    }

    fn write(offset: u64, fill: u8, length: usize) -> Step {
        step(Change::Write { offset, bytes: vec![fill; length] })
    }

    /// What cuts with many seeds leave of the file, each once.
    fn left(steps: &[Step], syncs: Syncs) -> Vec<Option<Vec<u8>>> {
        let found = (0..200).map(|seed| Image::after(steps, syncs, &mut Dice::new(seed)));
        let mut found: Vec<_> = found.map(|image| image.file("file").map(<[u8]>::to_vec)).collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn what_was_synced_is_there_and_of_the_rest_anything() {
        let synced = [step(Change::Create), write(0, 1, 4), step(Change::Sync)];
        assert_eq!(left(&synced, Syncs::Kept), [Some(vec![1; 4])]);
        assert!(left(&synced, Syncs::Ignored).contains(&None), "a disk that lies loses it");

        let mut more = synced.to_vec();
        more.extend([write(0, 2, 2), write(2, 3, 2)]);
        let expected = [[1, 1, 1, 1], [1, 1, 3, 3], [2, 2, 1, 1], [2, 2, 3, 3]];
        assert_eq!(left(&more, Syncs::Kept), expected.map(|content| Some(content.to_vec())));
    }

    #[test]
    fn a_write_is_torn_between_sectors_alone() {
        let steps = [step(Change::Create), step(Change::Sync), write(256, 1, 512)];
        let found = left(&steps, Syncs::Kept);
        let lengths: Vec<_> = found.iter().flatten().map(Vec::len).collect();
        assert_eq!(lengths.iter().filter(|length| ![0, 512, 768].contains(length)).count(), 0, "{lengths:?}");
        assert_eq!(found.len(), 4, "nothing, the first part, the second, both");
    }

    #[test]
    fn a_failed_sync_is_not_made_good_by_the_next() {
        let steps = [
            step(Change::Create),
            step(Change::Sync),
            write(0, 1, 1),
            step(Change::SyncFailed),
            step(Change::Sync),
        ];
        assert_eq!(left(&steps, Syncs::Kept), [Some(vec![]), Some(vec![1])]);
        let again = [&steps[..4], &[write(0, 1, 1), step(Change::Sync)]].concat();
        assert_eq!(left(&again, Syncs::Kept), [Some(vec![1])], "unless it is written again");
    }

    #[test]
    fn a_name_that_is_not_durable_may_be_gone_and_one_taken_away_may_be_back() {
        assert_eq!(left(&[step(Change::Create), write(0, 1, 1)], Syncs::Kept)[0], None);
        let gone = [
            step(Change::Create),
            write(0, 1, 1),
            step(Change::Sync),
            step(Change::Delete { durable: false }),
            step(Change::Create),
            write(0, 2, 1),
        ];
        let found = left(&gone, Syncs::Kept);
        assert_eq!(found, [None, Some(vec![]), Some(vec![1]), Some(vec![2])]);
        let beside = [
            Step::Changed("file-wal".into(), Change::Create),
            Step::Changed("file-wal".into(), Change::Sync),
        ];
        let folder = [&gone[..4], &beside].concat();
        assert_eq!(left(&folder, Syncs::Kept), [None], "the folder is synced with a new log");
        let surely = [&gone[..3], &[step(Change::Delete { durable: true })]].concat();
        assert_eq!(left(&surely, Syncs::Kept), [None]);
    }
}
