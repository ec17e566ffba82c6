//! A live store to another place.

use super::carry::{Continuing, Ticks, check_same_history};
use super::{CopyError, Original, backup, keep_keys, name_of, target};
use crate::blobs::Files;
use crate::lock::Lock;
use crate::verify::Progress;
use crate::{Config, OpenError};

/// How far a move is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Position of the last entry at the new place.
    pub head: u64,
    /// Entries brought over this time.
    pub entries: u64,
    /// Whether all of it is there, and the old place is closed.
    pub whole: bool,
}

/// What the note on the target says while it is in the making.
const ORDER: &str = "move";

/// Brings over to the place that `config` names what is new in `from`. When nobody serves `from` any more, the rest is brought over, the
/// old place is closed with a note of where it went, and the new one can be opened: `whole` says so. Else run it again. Blocks.
pub fn transfer(
    from: &Original,
    config: &Config,
    progress: &mut dyn FnMut(Progress),
) -> Result<Moved, CopyError> {
    // Taken before the journal is read: what is read then is all there will ever be.
    let closing = match from.lock() {
        Ok(lock) => Some(lock),
        Err(OpenError::Locked { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let to = name_of(config);
    let mut source = from.reading(Some(&to))?;
    // Another folder is held like the first one.
    let elsewhere = config.folder != *from.folder();
    let _lock = if elsewhere { Some(Lock::take(&config.folder)?) } else { None };
    let mut target = match target(config, source.id(), ORDER) {
        // Killed between the last two lines of an earlier run.
        Err(CopyError::Whole { .. }) => return Ok(Moved { head: source.head(), entries: 0, whole: true }),
        target => target?,
    };
    check_same_history(&mut *source, &target.place(), target.tip()?)?;
    let answered = target.answered()?;
    let mut continuing = Continuing::new(&mut *target)?;
    let before = continuing.position();
    let mut ticks = Ticks { part: "entries", done: before, total: source.head(), progress };
    source.entries(before, &mut |entry| {
        ticks.tick();
        continuing.entry(entry).map(|()| true)
    })?;
    source.answers(answered, &mut |answer| continuing.answer(answer).map(|()| true))?;
    continuing.all_answered()?;
    let (head, entries) = (continuing.position(), continuing.position() - before);
    if elsewhere {
        let files = Files::folder(config.folder.join("blobs"))?;
        let lost = backup::add_files(from.files(), &files, progress)?.lost;
        if let Some((id, problem)) = lost.into_iter().next() {
            return Err(CopyError::LostFile { id, problem });
        }
    }
    if closing.is_none() {
        return Ok(Moved { head, entries, whole: false });
    }
    keep_keys(config, source.id(), &from.keys()?)?;
    let checkpoints = source.checkpoints()?;
    // Closed before the other opens: the two are never served at once.
    from.note_moved(Some(&to))?;
    continuing.finish(&checkpoints)?;
    Ok(Moved { head, entries, whole: true })
}
