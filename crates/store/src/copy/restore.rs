//! A backup into a store, at a new place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use journal::{Actor, Decoded, Hash, NewEvent, Recorded, StreamId};
use lexicon::Moment;

use super::carry::{Continuing, Source, Target, Ticks, check_same_history, hash_of};
use super::cut::{Cut, Until};
use super::manifest::{Manifest, unhex};
use super::segment::{self, AnswerLine, EntryLine};
use super::{Answered, Carried, CopyError, Take, backup, keep_keys, keys, target};
use crate::blobs::Files;
use crate::lock::Lock;
use crate::vault::{WrappedKeys, carry};
use crate::verify::Progress;
use crate::{Config, OpenError};

/// What a restored store is told as its last entry: that it was restored. Written in the commit that lets it be opened.
pub struct LastWord<'a> {
    /// The stream.
    pub stream: StreamId,
    /// The event, by position and time of the last entry that was restored.
    pub event: &'a dyn Fn(u64, Moment) -> NewEvent,
    /// Who restores.
    pub actor: Actor,
    /// When.
    pub at: Moment,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Position of the last entry that was recorded before.
    pub head: u64,
    /// When it was recorded.
    pub last_at: Moment,
    /// Position of the last entry in the backup.
    pub backup_head: u64,
    /// Files.
    pub files: u64,
    /// Wrapped keys.
    pub keys: u64,
    /// Subjects that are erased, by the newest list.
    pub erased: u64,
}

/// Makes a store at the place that `config` names out of the `backup` and its keys in `keys_from`; whoever stands on any list in `erased`
/// is erased there too. The place must be empty, or hold what an earlier run of the same restore left. Views are folded when the
/// store is opened. Blocks: call it off the async threads.
pub fn restore(
    (backup, keys_from): (&Path, &Path),
    erased: &[PathBuf],
    config: &Config,
    until: Until,
    last_word: &LastWord<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Restored, CopyError> {
    let mut source = Backup::open(backup)?;
    let keys = keys_of(&source, keys_from, erased)?;
    source.check(until, progress)?;
    let folder = &config.folder;
    fs::create_dir_all(folder).map_err(|error| CopyError::file(folder, &error))?;
    check_master(&keys, config)?;
    check_empty(folder, config.database.is_some())?;
    let _lock = Lock::take(folder)?;
    let mut target = target(config, source.id(), &format!("restore {until:?}"))?;
    check_same_history(&mut source, folder, target.tip()?)?;
    keep_keys(config, source.id(), &keys)?;
    let files = Files::folder(folder.join("blobs"))?;
    let Carried { there: files, lost, .. } =
        backup::add_files(&Files::to_read(backup.join("files")), &files, progress)?;
    if let Some((id, problem)) = lost.into_iter().next() {
        return Err(CopyError::LostFile { id, problem });
    }
    let (head, last_at) = bring(&mut source, &mut *target, until, last_word, progress)?;
    let (keys, erased) = (keys.wrapped.len() as u64, keys.erased.len() as u64);
    Ok(Restored { head, last_at, backup_head: source.head(), files, keys, erased })
}

/// The keys for `backup`, without those of anyone who was erased by any list.
fn keys_of(backup: &Backup, folder: &Path, lists: &[PathBuf]) -> Result<WrappedKeys, CopyError> {
    let keys::Keys { check, mut wrapped, mut erased } = keys::read(folder, backup.id())?;
    for list in lists {
        erased.extend(keys::read_erased(list, backup.id())?);
    }
    wrapped.retain(|(subject, _)| !erased.contains(subject));
    Ok(WrappedKeys { check, wrapped, erased: erased.into_iter().collect() })
}

fn check_master(keys: &WrappedKeys, config: &Config) -> Result<(), CopyError> {
    if carry::check_of(&config.master_key, &config.folder)? == keys.check {
        return Ok(());
    }
    let problem = "it is not the one that the keys of this backup were wrapped with".to_owned();
    Err(OpenError::MasterKey { problem }.into())
}

/// Whether nothing is in `folder` but a master key, or what an earlier run left.
fn check_empty(folder: &Path, files_alone: bool) -> Result<(), CopyError> {
    let wrong = |error| CopyError::file(folder, &error);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        names.insert(entry.map_err(wrong)?.file_name().to_string_lossy().into_owned());
    }
    // A journal tells by itself whether it is one in the making.
    let known = |name: &String| match name.as_str() {
        "lock" | "master.key" => true,
        // A database tells it too.
        "blobs" => files_alone,
        _ => false,
    };
    match names.contains("journal.db") || names.iter().all(known) {
        true => Ok(()),
        false => Err(CopyError::NotEmpty { path: folder.into() }),
    }
}

/// Brings the journal over; the last word closes it.
fn bring(
    source: &mut Backup,
    target: &mut dyn Target,
    until: Until,
    last_word: &LastWord<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(u64, Moment), CopyError> {
    let mut continuing = Continuing::new(target)?;
    let (mut cut, from) = (Cut::at(until), continuing.position());
    let mut ticks = Ticks { part: "entries", done: from, total: source.head(), progress };
    source.entries(from, &mut |entry| {
        ticks.tick();
        cut.hear(entry, &mut |entry| continuing.entry(entry))
    })?;
    cut.end(&mut |entry| continuing.entry(entry))?;
    let head = continuing.position();
    let last_at = match head {
        0 => return Err(CopyError::NothingLeft),
        head => source.at(head)?,
    };
    source.answers(0, &mut |answer| continuing.answer(answer).map(|()| true))?;
    let standing = continuing.standing(&last_word.stream)?;
    let event = (last_word.event)(head, last_at);
    let mut entry = Recorded {
        position: head + 1,
        stream: last_word.stream.clone(),
        version: standing.version + 1,
        name: event.name.into(),
        shape: event.shape,
        at: last_word.at,
        actor: last_word.actor.clone(),
        caused_by: None,
        data: event.data.into(),
        hash: Hash::START,
        decoded: Decoded::default(),
    };
    entry.hash = hash_of(&entry, standing.hash);
    continuing.entry(entry)?;
    let mut checkpoints = source.checkpoints()?;
    checkpoints.iter_mut().for_each(|(_, position)| *position = head.min(*position));
    continuing.finish(&checkpoints)?;
    Ok((head, last_at))
}

/// A backup as a source, up to where it is whole.
struct Backup {
    folder: PathBuf,
    manifest: Manifest,
    id: Vec<u8>,
}

impl Backup {
    fn open(folder: &Path) -> Result<Backup, CopyError> {
        let none = || CopyError::NoBackup { path: folder.into() };
        let manifest = Manifest::read(folder)?.filter(|manifest| manifest.whole_to > 0).ok_or_else(none)?;
        let path = folder.join("manifest.json");
        let damaged = |problem: &str| CopyError::Damaged { path: path.clone(), problem: problem.to_owned() };
        let id = unhex(&manifest.store).ok_or_else(|| damaged("the name of its store is malformed"))?;
        if manifest.head() < manifest.whole_to {
            return Err(damaged("a part of the journal is not on it"));
        }
        Ok(Backup { folder: folder.into(), manifest, id })
    }

    /// Checks that everything is as it was written, so that nothing is begun that cannot be ended.
    fn check(&self, until: Until, progress: &mut dyn FnMut(Progress)) -> Result<(), CopyError> {
        if let Until::Position(asked) = until
            && asked > self.head()
        {
            return Err(CopyError::Beyond { head: self.head(), asked });
        }
        let parts = self.manifest.segments.len() + self.manifest.answers.len();
        let mut ticks = Ticks { part: "backup", done: 0, total: parts as u64, progress };
        for part in self.manifest.segments.iter().chain(&self.manifest.answers) {
            segment::check(&self.folder, part)?;
            ticks.tick();
        }
        let files = Files::to_read(self.folder.join("files")).ids()?.len() as u64;
        if files < self.manifest.files {
            let problem =
                format!("{} of its {} files are missing", self.manifest.files - files, self.manifest.files);
            return Err(CopyError::Damaged { path: self.folder.join("files"), problem });
        }
        Ok(())
    }

    /// When the entry at `position` was recorded.
    fn at(&mut self, position: u64) -> Result<Moment, CopyError> {
        let mut found = None;
        self.entries(position - 1, &mut |entry| {
            found = Some(entry.at);
            Ok(false)
        })?;
        found.ok_or(CopyError::Broken { position, problem: "it is missing" })
    }
}

impl Source for Backup {
    fn id(&self) -> &[u8] {
        &self.id
    }

    fn head(&self) -> u64 {
        self.manifest.whole_to
    }

    fn log_hash(&mut self, position: u64) -> Result<Hash, CopyError> {
        let before = self.manifest.segments.iter().take_while(|part| part.to <= position).count();
        let start = Manifest { segments: self.manifest.segments[..before].to_vec(), ..self.manifest.clone() };
        let (at, mut hash) = start.tip(&self.folder)?;
        if at < position {
            self.entries(at, &mut |entry| {
                hash = journal::chain::log_link(hash, entry.position, entry.hash);
                Ok(entry.position < position)
            })?;
        }
        Ok(hash)
    }

    fn entries(&mut self, after: u64, take: &mut Take<'_, Recorded>) -> Result<(), CopyError> {
        let head = self.head();
        for part in self.manifest.segments.iter().filter(|part| part.to > after && part.from <= head) {
            let on = segment::each(&self.folder, part, EntryLine::read, &mut |entry: Recorded| match entry
                .position
                > after
                && entry.position <= head
            {
                true => take(entry),
                false => Ok(true),
            })?;
            if !on {
                break;
            }
        }
        Ok(())
    }

    fn answers(&mut self, from: u64, take: &mut Take<'_, Answered>) -> Result<(), CopyError> {
        for part in self.manifest.answers.iter().filter(|part| part.to >= from) {
            if !segment::each(&self.folder, part, AnswerLine::read, take)? {
                break;
            }
        }
        Ok(())
    }

    fn checkpoints(&mut self) -> Result<Vec<(String, u64)>, CopyError> {
        Ok(self.manifest.checkpoints.clone())
    }
}
