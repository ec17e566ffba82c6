//! The one thread that writes. It takes what waits, up to a cap, into one commit.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, mpsc};
use std::time::Instant;

use insight::view::{FoldError, Kind, Row, Value, View};
use journal::chain::log_link;
use journal::{AppendError, Appended, Hash, Recorded, StoredAnswer, StreamId, Unavailable};
use rusqlite::{Connection, OptionalExtension, params};

use super::rebuild::Made;
use super::tables::Table;
use super::work::Work;
use super::{Shared, entries, unavailable};
use crate::admit::{Admitted, Ground, Prepared, Standing};
use crate::fold::{Folding, Kept};
use crate::group::{Outcomes, Queue};

/// Every so many positions a link of the log is kept.
const LINK_STEP: u64 = 256;
/// Of so many streams the writer remembers where they stand.
const STREAMS_REMEMBERED: usize = 65_536;

/// Of so many rows of each inline view the writer remembers the content.
const ROWS_REMEMBERED: usize = 8_192;

/// What the writer does after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    GoOn,
    Close,
}

pub(super) struct Writer {
    connection: Connection,
    shared: Arc<Shared>,
    ground: Remembered,
    inline: Vec<Inline>,
    position: u64,
    tip: Hash,
    /// Whether what is remembered agrees with the disk; not so between a failed commit and reading again.
    recalled: bool,
    /// Entries of the commit under way.
    written: Vec<Recorded>,
    /// Told after each commit.
    nudge: mpsc::SyncSender<()>,
}

/// An inline view and its place among all views.
struct Inline {
    place: usize,
    folding: Folding,
    table: Table,
    /// Whether it is folded: it is not while its first table is in the making.
    serving: bool,
}

/// What the writer remembers of the journal; all of it can be read again.
#[derive(Default)]
struct Remembered {
    streams: HashMap<StreamId, Standing>,
    last_of: HashMap<String, u64>,
    touched: HashSet<String>,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        shared: Arc<Shared>,
        nudge: mpsc::SyncSender<()>,
    ) -> rusqlite::Result<Writer> {
        let inline = shared.views.iter().enumerate().filter(|(_, view)| view.kind == Kind::Inline);
        let inline = inline.map(|(place, view)| Inline {
            place,
            folding: Folding::new(view, ROWS_REMEMBERED),
            table: Table::serving(view),
            serving: shared.serving.serves(place),
        });
        let inline = inline.collect();
        let ground = Remembered::default();
        let mut writer = Writer {
            connection,
            shared,
            ground,
            inline,
            position: 0,
            tip: Hash::START,
            recalled: false,
            written: vec![],
            nudge,
        };
        writer.recall()?;
        writer.shared.head.send_replace(writer.position);
        Ok(writer)
    }

    /// Serves until it is closed.
    pub(super) fn run(mut self, mut queue: Queue<Work>) {
        while let Some(first) = queue.first().filter(|work| !matches!(work, Work::Close)) {
            if self.group(first, &mut queue) == Then::Close {
                break;
            }
        }
        // A clean end leaves one file: the write-ahead log is empty.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// One commit: `first` and what waits behind it.
    fn group(&mut self, first: Work, queue: &mut Queue<Work>) -> Then {
        let (before, mut outcomes, mut served) = (self.position, Outcomes::default(), Vec::new());
        let (filled, then) = self.fill(first, queue, &mut outcomes, &mut served);
        let start = Instant::now();
        let done = filled.and_then(|()| self.commit(before));
        match &done {
            Ok(()) => {
                served.into_iter().for_each(|place| self.shared.serving.start(place));
                if self.position > before {
                    self.shared.recent.committed(self.written.drain(..));
                    self.shared.head.send_replace(self.position);
                    // A full channel means that the follower is awake already.
                    let _ = self.nudge.try_send(());
                }
            }
            Err(problem) => {
                tracing::error!(%problem, "a commit failed; nothing of it was kept");
                self.back_out();
            }
        }
        queue.committed(start.elapsed(), self.shared.under_way());
        outcomes.tell(&done);
        if done.is_ok() {
            self.inline.iter_mut().for_each(|inline| inline.folding.settle());
        }
        then
    }

    fn fill(
        &mut self,
        first: Work,
        queue: &mut Queue<Work>,
        outcomes: &mut Outcomes,
        served: &mut Vec<usize>,
    ) -> (Result<(), Unavailable>, Then) {
        let mut done = self.begin().map_err(unavailable);
        let (mut next, mut deadline) = (Some(first), None);
        while let Some(work) = next {
            match work {
                Work::Append(append, to) => {
                    let appended = done.clone().map_err(Refused::Commit).and_then(|()| self.append(*append));
                    outcomes.appended(
                        to,
                        match appended {
                            Ok(appended) => Ok(appended),
                            Err(Refused::Append(error)) => Err(error),
                            Err(Refused::Commit(problem)) => {
                                done = Err(problem.clone());
                                Err(problem.into())
                            }
                        },
                    );
                }
                Work::Change(change, answer) => {
                    outcomes.changed(answer);
                    done = done.and_then(|()| change(&self.connection).map_err(unavailable));
                }
                Work::Serve(made, answer) => {
                    outcomes.changed(answer);
                    served.push(made.place);
                    done = done.and_then(|()| self.serve(*made));
                }
                Work::Close => return (done, Then::Close),
            }
            next = done.is_ok().then(|| queue.next(outcomes.len(), &mut deadline)).flatten();
        }
        (done, Then::GoOn)
    }

    fn begin(&mut self) -> rusqlite::Result<()> {
        if !self.recalled {
            self.recall()?;
        }
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(())
    }

    /// Checks, folds and writes one append; a refused one leaves nothing.
    fn append(&mut self, append: Prepared) -> Result<Appended, Refused> {
        let mut ground = OnDisk { connection: &self.connection, remembered: &mut self.ground };
        let (entries, asked) = match append.admit(&mut ground, self.position + 1) {
            Ok(Admitted::Replay(answer)) => return Ok(Appended::Replayed { answer }),
            Ok(Admitted::Record(entries, asked)) => (entries, asked),
            Err(error) => return Err(Refused::Append(error)),
        };
        self.fold(&entries)?;
        for entry in &entries {
            entries::insert(&self.connection, entry).map_err(unavailable)?;
            self.position = entry.position;
            self.tip = log_link(self.tip, entry.position, entry.hash);
            if self.position.is_multiple_of(LINK_STEP) {
                let sql = "INSERT INTO links (position, hash) VALUES (?1, ?2)";
                let link = params![self.position, &self.tip.0[..]];
                let mut statement = self.connection.prepare_cached(sql).map_err(unavailable)?;
                statement.execute(link).map_err(unavailable)?;
            }
            self.ground.recorded(entry);
        }
        if let Some(asked) = &asked {
            entries::keep_answer(&self.connection, asked, self.position).map_err(unavailable)?;
        }
        self.written.extend(entries);
        Ok(Appended::Recorded { position: self.position })
    }

    /// Folds `entries` into every inline view that serves, or into none.
    fn fold(&mut self, entries: &[Recorded]) -> Result<(), Refused> {
        let folded = entries.iter().try_for_each(|entry| {
            self.inline.iter_mut().try_for_each(|inline| {
                if !inline.serving || !inline.folding.hears(entry) {
                    return Ok(());
                }
                let mut rows = KeptRows { connection: &self.connection, table: &inline.table };
                inline.folding.fold(entry, &mut rows)
            })
        });
        for inline in &mut self.inline {
            match folded {
                Ok(()) => inline.folding.agree(),
                Err(_) => inline.folding.take_back(),
            }
        }
        folded.map_err(|error: FoldError| Refused::Append(Unavailable(error.to_string()).into()))
    }

    fn commit(&mut self, before: u64) -> Result<(), Unavailable> {
        if self.position > before {
            self.write_rest().map_err(unavailable)?;
        }
        // An event is acknowledged only when the keys that seal it are on disk.
        self.shared.keys.flush().map_err(|error| Unavailable(error.to_string()))?;
        let mut statement = self.connection.prepare_cached("COMMIT").map_err(unavailable)?;
        statement.execute([]).map_err(unavailable)?;
        Ok(())
    }

    /// What is written once per commit: changed rows of views, last positions of categories, the tip of the log.
    fn write_rest(&mut self) -> rusqlite::Result<()> {
        for inline in &self.inline {
            for change in inline.folding.changes() {
                inline.table.write(&self.connection, &change)?;
            }
        }
        let sql = "INSERT OR REPLACE INTO categories (category, position) VALUES (?1, ?2)";
        for category in self.ground.touched.drain() {
            let position = self.ground.last_of[&category];
            self.connection.prepare_cached(sql)?.execute(params![category, position])?;
        }
        let sql = "INSERT OR REPLACE INTO tip (one, position, hash) VALUES (1, ?1, ?2)";
        self.connection.prepare_cached(sql)?.execute(params![self.position, &self.tip.0[..]])?;
        Ok(())
    }

    /// After a failed commit: what is on disk is the truth.
    fn back_out(&mut self) {
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        for inline in &mut self.inline {
            inline.folding.forget();
            inline.serving = self.shared.serving.serves(inline.place);
        }
        self.written.clear();
        self.recalled = false;
        if let Err(error) = self.recall() {
            tracing::error!(%error, "the journal cannot be read after a failed commit");
        }
    }

    /// Reads where the journal stands.
    fn recall(&mut self) -> rusqlite::Result<()> {
        self.ground.forget();
        let tip = self
            .connection
            .query_row("SELECT position, hash FROM tip", [], |row| Ok((row.get(0)?, Hash(row.get(1)?))));
        (self.position, self.tip) = tip.optional()?.unwrap_or((0, Hash::START));
        let mut statement = self.connection.prepare_cached("SELECT category, position FROM categories")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.ground.last_of = rows.collect::<Result<_, _>>()?;
        self.recalled = true;
        Ok(())
    }

    /// The made table hears what this commit recorded so far, and serves from here on.
    fn serve(&mut self, made: Made) -> Result<(), Unavailable> {
        let place = made.place;
        made.finish(&self.connection, self.position)?;
        if let Some(inline) = self.inline.iter_mut().find(|inline| inline.place == place) {
            inline.folding.forget();
            inline.serving = true;
        }
        Ok(())
    }
}

/// Why an append was not recorded.
enum Refused {
    /// It alone.
    Append(AppendError),
    /// With all others of its commit.
    Commit(Unavailable),
}

impl From<Unavailable> for Refused {
    fn from(problem: Unavailable) -> Refused {
        Refused::Commit(problem)
    }
}

impl Remembered {
    fn remember(&mut self, stream: &StreamId, standing: Standing) {
        match self.streams.get_mut(stream) {
            Some(known) => *known = standing,
            None => {
                if self.streams.len() >= STREAMS_REMEMBERED {
                    self.streams.clear();
                }
                self.streams.insert(stream.clone(), standing);
            }
        }
    }

    fn recorded(&mut self, entry: &Recorded) {
        let standing = Standing { version: entry.version, hash: entry.hash };
        self.remember(&entry.stream, standing);
        let category = entry.stream.category();
        match self.last_of.get_mut(category) {
            Some(last) => *last = entry.position,
            None => drop(self.last_of.insert(category.to_owned(), entry.position)),
        }
        if !self.touched.contains(category) {
            self.touched.insert(category.to_owned());
        }
    }

    fn forget(&mut self) {
        self.streams.clear();
        self.last_of.clear();
        self.touched.clear();
    }
}

/// The ground of the checks: what the writer remembers, else what stands in the database.
struct OnDisk<'a> {
    connection: &'a Connection,
    remembered: &'a mut Remembered,
}

impl Ground for OnDisk<'_> {
    fn answer(&mut self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable> {
        entries::answer(self.connection, scope, key).map_err(unavailable)
    }

    fn standing(&mut self, stream: &StreamId) -> Result<Standing, Unavailable> {
        if let Some(standing) = self.remembered.streams.get(stream) {
            return Ok(*standing);
        }
        let standing = entries::standing(self.connection, stream).map_err(unavailable)?;
        if standing != Standing::START {
            self.remembered.remember(stream, standing);
        }
        Ok(standing)
    }

    fn last_of(&mut self, category: &str) -> Result<u64, Unavailable> {
        Ok(self.remembered.last_of.get(category).copied().unwrap_or(0))
    }
}

/// The rows of one table, for its fold.
pub(super) struct KeptRows<'a> {
    pub(super) connection: &'a Connection,
    pub(super) table: &'a Table,
}

impl Kept for KeptRows<'_> {
    fn row(&mut self, _view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        self.table.row(self.connection, key).map_err(unavailable)
    }
}
