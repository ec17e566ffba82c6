//! Replays the whole journal and compares: versions, both chains, every view, the files.

use std::collections::{HashMap, HashSet};
use std::fmt;

use insight::view::{Row, Value, View};
use journal::chain::{Link, content, link, log_link};
use journal::{Hash, Recorded, StreamId, Unavailable};
use lexicon::BlobId;

use crate::fold::{Folding, Kept};

/// How many differences a report names; the rest are only counted.
const NAMED_MAX: usize = 100;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries of the journal.
    pub events: u64,
    /// Streams.
    pub streams: u64,
    /// Views compared with a fold from the first entry.
    pub views: u64,
    /// Files checked.
    pub blobs: u64,
    /// The first differences.
    pub differences: Vec<Difference>,
    /// How many there are in all.
    pub differences_total: u64,
}

/// Something that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The database itself is damaged.
    Database {
        /// What the database says.
        problem: String,
    },
    /// An entry cannot be read.
    Damaged {
        /// Its position.
        position: u64,
        /// What does not fit.
        problem: String,
    },
    /// An entry is not where the one before it ends.
    Position {
        /// The position that should be there.
        expected: u64,
        /// The position found.
        found: u64,
    },
    /// A stream has a gap.
    Version {
        /// The stream.
        stream: StreamId,
        /// The version that should be there.
        expected: u64,
        /// The version found.
        found: u64,
    },
    /// An entry does not have the hash that its content and the entry before it give.
    StreamChain {
        /// The stream.
        stream: StreamId,
        /// The version of the entry.
        version: u64,
        /// Its position.
        position: u64,
    },
    /// The log does not have the hash that its entries give.
    LogChain {
        /// The position of the link.
        position: u64,
    },
    /// A row of a view is not what the events give.
    Row {
        /// The view.
        view: &'static str,
        /// The key of the row; a key holds no personal text.
        key: String,
        /// What is wrong.
        problem: RowProblem,
    },
    /// A view cannot be folded from the journal.
    Fold {
        /// The view.
        view: &'static str,
        /// The position of the entry.
        position: u64,
        /// Why.
        problem: String,
    },
    /// A file is missing or altered.
    Blob {
        /// The file.
        id: BlobId,
        /// What is wrong.
        problem: String,
    },
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowProblem {
    /// The events give such a row; the view has none.
    Missing,
    /// The view has such a row; the events give none.
    Surplus,
    /// The column, the first of them, holds something else.
    Differs {
        /// Its name.
        column: &'static str,
    },
}

/// How far a verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is looked at: `database`, `streams`, `log`, `blobs`, or the name of a view.
    pub part: &'static str,
    /// How much of it is done.
    pub done: u64,
    /// Out of.
    pub total: u64,
}

/// What the verifier does with an entry, or with one that cannot be read.
pub(crate) type Each<'a> = dyn FnMut(Result<Recorded, Difference>) + 'a;

/// A store at one moment.
pub(crate) trait Snapshot {
    /// What the database says of itself, when it is damaged.
    fn integrity(&mut self) -> Result<Vec<String>, Unavailable>;
    /// Position of the last entry.
    fn head(&mut self) -> Result<u64, Unavailable>;
    /// Every entry in the order of the journal.
    fn by_position(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable>;
    /// Every entry, stream by stream, in the order of versions.
    fn by_stream(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable>;
    /// The kept links of the log, in order; the last is that of the head.
    fn links(&mut self) -> Result<Vec<(u64, Hash)>, Unavailable>;
    /// The views that serve, and how far each has heard.
    fn views(&mut self) -> Result<Vec<(&'static View, u64)>, Unavailable>;
    /// Every row of a view.
    fn rows(&mut self, view: &'static View, each: &mut dyn FnMut(Row)) -> Result<(), Unavailable>;
}

/// Verifies all but the files. Views are folded one after the other, so that only one is in memory.
pub(crate) fn verify(
    snapshot: &mut dyn Snapshot,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Unavailable> {
    let mut report = Report { events: snapshot.head()?, ..Report::default() };
    progress(Progress { part: "database", done: 0, total: 1 });
    for problem in snapshot.integrity()? {
        report.add(Difference::Database { problem });
    }
    check_streams(snapshot, &mut report, progress)?;
    check_log(snapshot, &mut report, progress)?;
    for (view, position) in snapshot.views()? {
        check_view(snapshot, view, position, &mut report, progress)?;
        report.views += 1;
    }
    Ok(report)
}

fn check_streams(
    snapshot: &mut dyn Snapshot,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Unavailable> {
    let mut ticks = Ticks { part: "streams", done: 0, total: report.events, progress };
    let mut before: Option<(StreamId, u64, Hash)> = None;
    snapshot.by_stream(&mut |entry| {
        ticks.tick();
        // The log pass names entries that cannot be read.
        let Ok(entry) = entry else { return };
        let (version, hash) = match &before {
            Some((stream, version, hash)) if *stream == entry.stream => (*version, *hash),
            _ => {
                report.streams += 1;
                (0, Hash::START)
            }
        };
        let (stream, position) = (entry.stream.clone(), entry.position);
        if entry.version != version + 1 {
            report.add(Difference::Version { stream, expected: version + 1, found: entry.version });
        } else if hash_of(&entry, hash) != entry.hash {
            report.add(Difference::StreamChain { stream, version: entry.version, position });
        }
        before = Some((entry.stream, entry.version, entry.hash));
    })
}

fn hash_of(entry: &Recorded, before: Hash) -> Hash {
    let Recorded { stream, version, name, shape, at, actor, caused_by, data, .. } = entry;
    let (version, shape, at, caused_by) = (*version, *shape, *at, *caused_by);
    link(before, content(Link { stream, version, name, shape, at, actor, caused_by, data }))
}

fn check_log(
    snapshot: &mut dyn Snapshot,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Unavailable> {
    let kept = snapshot.links()?;
    if report.events > 0 && kept.last().is_none_or(|(position, _)| *position != report.events) {
        report.add(Difference::LogChain { position: report.events });
    }
    let mut ticks = Ticks { part: "log", done: 0, total: report.events, progress };
    let mut kept = kept.into_iter().peekable();
    let (mut position, mut hash) = (0, Hash::START);
    snapshot.by_position(&mut |entry| {
        ticks.tick();
        let entry = match entry {
            Ok(entry) => entry,
            Err(damaged) => {
                position += 1;
                return report.add(damaged);
            }
        };
        position += 1;
        if entry.position != position {
            report.add(Difference::Position { expected: position, found: entry.position });
            position = entry.position;
        }
        hash = log_link(hash, entry.position, entry.hash);
        while let Some((_, expected)) = kept.next_if(|(at, _)| *at <= position) {
            if expected != hash {
                report.add(Difference::LogChain { position });
                // One difference is named once: the links after it stand on what is kept.
                hash = expected;
            }
        }
    })
}

fn check_view(
    snapshot: &mut dyn Snapshot,
    view: &'static View,
    until: u64,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Unavailable> {
    let mut ticks = Ticks { part: view.name, done: 0, total: report.events, progress };
    let mut folding = Folding::new(view, 0);
    let mut failed = None;
    snapshot.by_position(&mut |entry| {
        ticks.tick();
        let Ok(entry) = entry else { return };
        if failed.is_some() || entry.position > until || !folding.hears(&entry) {
            return;
        }
        if let Err(error) = folding.fold(&entry, &mut Nothing) {
            let (position, problem) = (entry.position, error.to_string());
            failed = Some(Difference::Fold { view: view.name, position, problem });
        }
        folding.agree();
    })?;
    if let Some(difference) = failed {
        report.add(difference);
        return Ok(());
    }
    let mut folded: HashMap<Vec<Value>, Row> =
        folding.changes().filter_map(|change| Some((change.key.to_vec(), change.after?.clone()))).collect();
    drop(folding);
    snapshot.rows(view, &mut |row| {
        let key = &row[..view.key];
        let problem = match folded.remove(key) {
            None => Some(RowProblem::Surplus),
            Some(expected) => {
                view.columns.iter().zip(expected.iter().zip(&row)).find_map(|(column, (a, b))| {
                    (a != b).then_some(RowProblem::Differs { column: column.name })
                })
            }
        };
        if let Some(problem) = problem {
            report.add(Difference::Row { view: view.name, key: spelled(key), problem });
        }
    })?;
    let mut missing: Vec<_> = folded.into_keys().collect();
    missing.sort();
    for key in missing {
        report.add(Difference::Row { view: view.name, key: spelled(&key), problem: RowProblem::Missing });
    }
    Ok(())
}

fn spelled(key: &[Value]) -> String {
    let words = key.iter().map(|value| match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Nothing is kept: a fold from the first entry.
pub(crate) struct Nothing;

impl Kept for Nothing {
    fn row(&mut self, _view: &'static View, _key: &[Value]) -> Result<Option<Row>, Unavailable> {
        Ok(None)
    }
}

impl Report {
    /// Whether everything is as it was recorded.
    pub fn is_sound(&self) -> bool {
        self.differences_total == 0
    }

    pub(crate) fn add(&mut self, difference: Difference) {
        self.differences_total += 1;
        if self.differences.len() < NAMED_MAX {
            self.differences.push(difference);
        }
    }

    /// Checks that each of `ids` is kept by `check`, once.
    pub(crate) fn check_blobs(
        &mut self,
        ids: &[BlobId],
        progress: &mut dyn FnMut(Progress),
        mut check: impl FnMut(&BlobId) -> Result<(), String>,
    ) {
        let mut seen = HashSet::new();
        let mut ticks = Ticks { part: "blobs", done: 0, total: ids.len() as u64, progress };
        for id in ids.iter().filter(|id| seen.insert(*id)) {
            ticks.tick();
            self.blobs += 1;
            if let Err(problem) = check(id) {
                self.add(Difference::Blob { id: id.clone(), problem });
            }
        }
    }
}

/// Tells progress now and then.
struct Ticks<'a> {
    part: &'static str,
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(Progress),
}

impl Ticks<'_> {
    fn tick(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(4_096) || self.done == self.total {
            (self.progress)(Progress { part: self.part, done: self.done, total: self.total });
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Database { problem } => write!(f, "database: {problem}"),
            Difference::Damaged { position, problem } => {
                write!(f, "entry {position} cannot be read: {problem}")
            }
            Difference::Position { expected, found } => {
                write!(f, "entry {expected} is missing; {found} follows")
            }
            Difference::Version { stream, expected, found } => {
                write!(f, "stream {stream}: version {expected} is missing; {found} follows")
            }
            Difference::StreamChain { stream, version, position } => {
                write!(f, "stream {stream}: version {version} (position {position}) does not have its hash")
            }
            Difference::LogChain { position } => {
                write!(f, "log: the link at {position} does not have its hash")
            }
            Difference::Row { view, key, problem } => write!(f, "view {view}: row {key} {problem}"),
            Difference::Fold { view, position, problem } => {
                write!(f, "view {view}: entry {position} cannot be folded: {problem}")
            }
            Difference::Blob { id, problem } => write!(f, "file {id}: {problem}"),
        }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowProblem::Missing => f.write_str("is missing"),
            RowProblem::Surplus => f.write_str("should not be there"),
            RowProblem::Differs { column } => write!(f, "differs in {column}"),
        }
    }
}
