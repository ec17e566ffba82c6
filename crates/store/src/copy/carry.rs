//! From a source to a target, entry by entry.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use journal::chain::{self, Link, log_link};
use journal::{Hash, Recorded, StreamId};

use super::CopyError;
use crate::admit::Standing;
use crate::verify::Progress;

/// Entries written in one commit.
const BATCH: usize = 4_096;
/// Of so many streams it is remembered where they stand.
const STREAMS_REMEMBERED: usize = 262_144;
/// Every so many positions a link of the log is kept.
const LINK_STEP: u64 = 256;

/// An answer kept for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Position of the last entry when it was kept.
    pub(crate) position: u64,
    pub(crate) scope: String,
    pub(crate) key: String,
    pub(crate) request: [u8; 32],
    pub(crate) answer: String,
}

/// Takes what is carried; `false` when nothing more is wanted.
pub(crate) type Take<'a, T> = dyn FnMut(T) -> Result<bool, CopyError> + 'a;

/// A store, or a copy of one, at one moment.
pub(crate) trait Source {
    /// Tells the store from every other.
    fn id(&self) -> &[u8];
    /// Position of its last entry.
    fn head(&self) -> u64;
    /// The hash of the log at `position`, which is at most the head.
    fn log_hash(&mut self, position: u64) -> Result<Hash, CopyError>;
    /// The entries after `after`, in order, up to the head.
    fn entries(&mut self, after: u64, take: &mut Take<'_, Recorded>) -> Result<(), CopyError>;
    /// The answers that were kept at position `from` or later, in any order; some may have been kept after the head.
    fn answers(&mut self, from: u64, take: &mut Take<'_, Answered>) -> Result<(), CopyError>;
    /// How far followers of the journal have come.
    fn checkpoints(&mut self) -> Result<Vec<(String, u64)>, CopyError>;
}

/// A store in the making.
pub(crate) trait Target {
    /// How the operator knows it.
    fn place(&self) -> PathBuf;
    /// Position of its last entry, and the hash of its log there.
    fn tip(&mut self) -> Result<(u64, Hash), CopyError>;
    /// Up to which position every answer is there.
    fn answered(&mut self) -> Result<u64, CopyError>;
    /// Where `stream` stands in it.
    fn standing(&mut self, stream: &StreamId) -> Result<Standing, CopyError>;
    /// Writes `batch` in one commit. An answer that is there already stays.
    fn write(&mut self, batch: &Batch) -> Result<(), CopyError>;
    /// Writes `batch` and lets the store be opened from now on.
    fn finish(&mut self, batch: &Batch, checkpoints: &[(String, u64)]) -> Result<(), CopyError>;
}

/// What is written in one commit.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) entries: Vec<Recorded>,
    pub(crate) answers: Vec<Answered>,
    /// Links of the log to keep.
    pub(crate) links: Vec<(u64, Hash)>,
    /// Where the log ends after it.
    pub(crate) position: u64,
    pub(crate) tip: Hash,
    /// Up to which position every answer is there now, where that changes.
    pub(crate) answered: Option<u64>,
}

/// Continues a target, and refuses what does not.
pub(crate) struct Continuing<'a> {
    target: &'a mut dyn Target,
    batch: Batch,
    streams: HashMap<StreamId, Standing>,
}

impl<'a> Continuing<'a> {
    pub(crate) fn new(target: &'a mut dyn Target) -> Result<Continuing<'a>, CopyError> {
        let (position, tip) = target.tip()?;
        let batch = Batch { entries: vec![], answers: vec![], links: vec![], position, tip, answered: None };
        Ok(Continuing { target, batch, streams: HashMap::new() })
    }

    /// Position of the last entry.
    pub(crate) fn position(&self) -> u64 {
        self.batch.position
    }

    /// Takes an answer; one that belongs to a later entry is passed over.
    pub(crate) fn answer(&mut self, answer: Answered) -> Result<(), CopyError> {
        if answer.position <= self.batch.position {
            self.batch.answers.push(answer);
        }
        self.write_when_many()
    }

    /// Every answer up to the last entry was taken.
    pub(crate) fn all_answered(&mut self) -> Result<(), CopyError> {
        self.batch.answered = Some(self.batch.position);
        self.target.write(&self.batch)?;
        self.written();
        Ok(())
    }

    /// Where `stream` stands, what waits to be written included.
    pub(crate) fn standing(&mut self, stream: &StreamId) -> Result<Standing, CopyError> {
        match self.streams.get(stream) {
            Some(standing) => Ok(*standing),
            None => self.target.standing(stream),
        }
    }

    /// Takes the entry behind the last one.
    pub(crate) fn entry(&mut self, entry: Recorded) -> Result<(), CopyError> {
        let broken = |problem| CopyError::Broken { position: entry.position, problem };
        if entry.position != self.batch.position + 1 {
            return Err(broken("an entry is missing before it"));
        }
        let before = self.standing(&entry.stream)?;
        if entry.version != before.version + 1 {
            return Err(broken("its stream does not stand there"));
        }
        if hash_of(&entry, before.hash) != entry.hash {
            return Err(broken("it does not have its hash"));
        }
        self.batch.position = entry.position;
        self.batch.tip = log_link(self.batch.tip, entry.position, entry.hash);
        if entry.position.is_multiple_of(LINK_STEP) {
            self.batch.links.push((entry.position, self.batch.tip));
        }
        self.streams.insert(entry.stream.clone(), Standing { version: entry.version, hash: entry.hash });
        self.batch.entries.push(entry);
        self.write_when_many()
    }

    fn write_when_many(&mut self) -> Result<(), CopyError> {
        match self.batch.entries.len() + self.batch.answers.len() >= BATCH {
            true => self.write(),
            false => Ok(()),
        }
    }

    /// Writes what waits.
    fn write(&mut self) -> Result<(), CopyError> {
        if !self.batch.entries.is_empty() || !self.batch.answers.is_empty() {
            self.target.write(&self.batch)?;
            self.written();
        }
        Ok(())
    }

    /// Writes what waits and lets the target be opened.
    pub(crate) fn finish(mut self, checkpoints: &[(String, u64)]) -> Result<(u64, Hash), CopyError> {
        self.target.finish(&self.batch, checkpoints)?;
        self.written();
        Ok((self.batch.position, self.batch.tip))
    }

    fn written(&mut self) {
        self.batch.entries.clear();
        self.batch.answers.clear();
        self.batch.links.clear();
        self.batch.answered = None;
        if self.streams.len() > STREAMS_REMEMBERED {
            self.streams.clear();
        }
    }
}

/// The hash of `entry` on top of the entry before it in its stream.
pub(crate) fn hash_of(entry: &Recorded, before: Hash) -> Hash {
    let Recorded { stream, version, name, shape, at, actor, caused_by, data, .. } = entry;
    let (version, shape, at, caused_by) = (*version, *shape, *at, *caused_by);
    chain::link(before, chain::content(Link { stream, version, name, shape, at, actor, caused_by, data }))
}

/// Refuses a `target` that does not hold the beginning of `source`.
pub(crate) fn check_same_history(
    source: &mut dyn Source,
    place: &Path,
    (position, hash): (u64, Hash),
) -> Result<(), CopyError> {
    if position <= source.head() && source.log_hash(position)? == hash {
        return Ok(());
    }
    Err(CopyError::OtherHistory { path: place.into(), position })
}

/// Tells progress now and then.
pub(crate) struct Ticks<'a> {
    pub(crate) part: &'static str,
    pub(crate) done: u64,
    pub(crate) total: u64,
    pub(crate) progress: &'a mut dyn FnMut(Progress),
}

impl Ticks<'_> {
    pub(crate) fn tick(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(1_024) || self.done == self.total {
            (self.progress)(Progress { part: self.part, done: self.done, total: self.total });
        }
    }
}
