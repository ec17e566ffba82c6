//! A store into a backup: what is new since the last time is added.

use std::fs;
use std::path::Path;

use journal::Hash;

use super::carry::{Source, Ticks, check_same_history};
use super::manifest::{Manifest, Part, hex, unhex_hash};
use super::segment::{self, Segments, Writing, answer_line};
use super::{CopyError, Original, keys};
use crate::blobs::Files;
use crate::lock::Lock;
use crate::verify::Progress;

/// What a backup consists of now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackedUp {
    /// Position of the last entry in it.
    pub head: u64,
    /// Entries added this time.
    pub entries: u64,
    /// Files added this time.
    pub files: u64,
    /// Files in it.
    pub files_total: u64,
    /// Wrapped keys beside it.
    pub keys: u64,
    /// Erased subjects on the list beside it.
    pub erased: u64,
    /// Files that the store lists and cannot give, with what is wrong with each.
    pub lost: Vec<(String, String)>,
}

/// Adds to the backup in `to` what is new in `from`, which may be in use; the wrapped keys and the list of the erased go to `keys_to`.
/// Everything is on disk and was read back when this answers. Blocks: call it off the async threads.
pub fn back_up(
    from: &Original,
    to: &Path,
    keys_to: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackedUp, CopyError> {
    fs::create_dir_all(to).map_err(|error| CopyError::file(to, &error))?;
    let _lock = Lock::take(to)?;
    let mut source = from.reading(None)?;
    let mut manifest = begun(to, source.id())?;
    // Before anything is written: the keys must not go over those of another store.
    if keys_to.join("keys.jsonl.gz").exists() {
        keys::read(keys_to, source.id())?;
    }
    check_same_history(&mut *source, to, manifest.tip(to)?)?;
    let head = source.head();
    let entries = head - manifest.head();
    add_entries(&mut *source, to, &mut manifest, progress)?;
    if head > manifest.whole_to {
        add_answers(&mut *source, to, &mut manifest)?;
    }
    manifest.checkpoints = source.checkpoints()?;
    let target = Files::folder(to.join("files"))?;
    let Carried { added: files, there: files_total, lost } = add_files(from.files(), &target, progress)?;
    let (keys, erased) = keys::write(keys_to, source.id(), &from.keys()?)?;
    (manifest.whole_to, manifest.files) = (head, files_total);
    manifest.write(to)?;
    Ok(BackedUp { head, entries, files, files_total, keys, erased, lost })
}

/// The backup in `folder`, or the beginning of one.
fn begun(folder: &Path, store: &[u8]) -> Result<Manifest, CopyError> {
    let Some(manifest) = Manifest::read(folder)? else {
        let wrong = |error| CopyError::file(folder, &error);
        for entry in fs::read_dir(folder).map_err(wrong)? {
            let name = entry.map_err(wrong)?.file_name();
            if name != "lock" && name != "manifest.making" {
                return Err(CopyError::NotEmpty { path: folder.into() });
            }
        }
        let manifest = Manifest::new(store);
        manifest.write(folder)?;
        return Ok(manifest);
    };
    if manifest.store != hex(store) {
        return Err(CopyError::OtherStore { path: folder.into() });
    }
    for part in manifest.segments.iter().chain(&manifest.answers) {
        segment::check_there(folder, part)?;
    }
    Ok(manifest)
}

impl Manifest {
    /// Where the journal in the backup ends.
    pub(super) fn tip(&self, folder: &Path) -> Result<(u64, Hash), CopyError> {
        let Some(last) = self.segments.last() else { return Ok((0, Hash::START)) };
        let log = last.log.as_deref().and_then(unhex_hash);
        let problem = "the hash of its log is malformed".to_owned();
        let log = log.ok_or_else(|| CopyError::Damaged { path: folder.join(&last.name), problem })?;
        Ok((last.to, Hash(log)))
    }
}

fn add_entries(
    source: &mut dyn Source,
    to: &Path,
    manifest: &mut Manifest,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), CopyError> {
    let ((position, log), head) = (manifest.tip(to)?, source.head());
    let mut segments = Segments::new(to, position, log);
    let mut ticks = Ticks { part: "entries", done: 0, total: head - position, progress };
    let mut add = |part: Option<Part>| match part {
        Some(part) => {
            manifest.segments.push(part);
            manifest.write(to)
        }
        None => Ok(()),
    };
    source.entries(position, &mut |entry| {
        ticks.tick();
        add(segments.take(&entry)?)?;
        Ok(true)
    })?;
    add(segments.end()?)?;
    let (position, log) = (segments.position, segments.log);
    match position == head && source.log_hash(head)? == log {
        true => Ok(()),
        false => Err(CopyError::Broken { position, problem: "the log does not have its hash there" }),
    }
}

fn add_answers(source: &mut dyn Source, to: &Path, manifest: &mut Manifest) -> Result<(), CopyError> {
    let (from, head) = (manifest.whole_to, source.head());
    let mut writing = Writing::start(to)?;
    source.answers(from, &mut |answer| {
        // One that was kept after the head answers an entry that this backup does not have.
        if answer.position <= head {
            writing.line(&answer_line(answer))?;
        }
        Ok(true)
    })?;
    if !writing.is_empty() {
        let part = writing.end("answers", (from, head), None)?;
        manifest.answers.push(part);
    }
    Ok(())
}

/// What became of files that were carried.
pub(crate) struct Carried {
    /// Files that were brought.
    pub(crate) added: u64,
    /// Files that the target has now.
    pub(crate) there: u64,
    /// Names of files that were not brought, and why.
    pub(crate) lost: Vec<(String, String)>,
}

/// Brings to `target` every file that it does not have.
pub(crate) fn add_files(
    source: &Files,
    target: &Files,
    progress: &mut dyn FnMut(Progress),
) -> Result<Carried, CopyError> {
    let there: std::collections::HashSet<_> = target.ids()?.into_iter().collect();
    let missing: Vec<_> = source.ids()?.into_iter().filter(|id| !there.contains(id)).collect();
    let mut ticks = Ticks { part: "files", done: 0, total: missing.len() as u64, progress };
    let (mut added, mut lost) = (0, vec![]);
    for id in missing {
        ticks.tick();
        match source.fetch(&id) {
            Ok(Some(bytes)) => {
                target.keep(&bytes)?;
                match target.fetch(&id)? {
                    Some(_) => added += 1,
                    None => lost.push((id.to_string(), "it did not arrive".to_owned())),
                }
            }
            Ok(None) => lost.push((id.to_string(), "it is missing".to_owned())),
            Err(problem) => lost.push((id.to_string(), problem.0)),
        }
    }
    Ok(Carried { added, there: there.len() as u64 + added, lost })
}
