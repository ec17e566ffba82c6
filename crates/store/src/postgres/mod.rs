//! The store on PostgreSQL, which several nodes may serve at once. See docs/decisions/0010-postgresql-one-order.md.
//!
//! # Invariants
//!
//! - **One order**: who commits entries holds the one row of `log`, so positions have no gap and none is seen before those below it.
//! - **Nobody is told "not recorded" while it may be**: a commit without an answer is looked up under that lock.
//! - **A remembered key is used only while it is known to be no older than a moment**; an erasure waits for that moment.

pub(crate) mod carry;
mod commit;
mod doubt;
mod entries;
mod failure;
mod ground;
mod leases;
mod link;
mod making;
mod migrate;
mod open;
mod pages;
mod readers;
mod sessions;
mod snapshot;
mod tables;
mod text;
mod trailing;
mod url;
mod vault;
mod watch;
mod writer;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use insight::view::{Kind, Query, Row, Value, View};
use journal::{AppendError, Appended, Recorded, StoredAnswer, StreamId, Unavailable};
use tokio::sync::{oneshot, watch as channel};

use crate::admit::Prepared;
use crate::group::UnderWay;
use crate::recent::Recent;
use crate::serving::Serving;
use crate::store::Load;
use crate::vault::Keys;
use link::{Connector, parameters};
use open::Drivers;
use readers::Readers;
use tables::Table;
use writer::Work;

pub use migrate::{Kind as MigrationKind, Migration};
pub(crate) use open::{migrate, open};
pub use url::{BadDatabaseUrl, DatabaseUrl};
pub(crate) use vault::SharedKeys;

/// Nodes tell each other here how far the log goes.
const HEAD_CHANNEL: &str = "anpei_head";
/// And here that a subject was erased.
const ERASED_CHANNEL: &str = "anpei_erased";

/// The store as its callers see it.
pub(crate) struct Postgres {
    shared: Arc<Shared>,
    readers: Arc<Readers>,
    queue: Sender<Work>,
    nudge: mpsc::SyncSender<()>,
}

/// What runs behind a store; it ends when this is dropped.
pub(crate) struct Running {
    store: Arc<Postgres>,
    writer: Option<JoinHandle<()>>,
    others: Vec<JoinHandle<()>>,
    _drivers: Drivers,
}

/// What callers and threads share.
struct Shared {
    connector: Connector,
    views: &'static [&'static View],
    tables: Vec<Arc<Table>>,
    serving: Serving,
    head: channel::Sender<u64>,
    recent: Recent,
    keys: Arc<Keys>,
    /// Appends that were asked and not answered yet.
    under_way: AtomicUsize,
    stop: AtomicBool,
    rebuilding: Mutex<()>,
}

impl Postgres {
    pub(crate) fn head(&self) -> channel::Receiver<u64> {
        self.shared.head.subscribe()
    }

    pub(crate) async fn append(&self, append: Prepared) -> Result<Appended, AppendError> {
        let (to, answer) = oneshot::channel();
        let _counted = UnderWay::new(&self.shared.under_way);
        self.queue.send(Work::Append(Box::new(append), to)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Read from the primary, whatever is remembered: another node may have gone on.
    pub(crate) async fn stream(&self, stream: &StreamId, version: u64) -> Result<Vec<Recorded>, Unavailable> {
        let (name, after) = (text::kept(stream.as_str()), entries::int(version));
        entries::entries(&self.readers.query(entries::OF_STREAM, &[&name, &after]).await?)
    }

    pub(crate) async fn read(&self, position: u64, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        match self.shared.recent.after(position, limit) {
            Some(entries) => Ok(entries),
            None => {
                let (after, limit) = (entries::int(position), entries::int(limit as u64));
                entries::entries(&self.readers.query(entries::BY_POSITION, &[&after, &limit]).await?)
            }
        }
    }

    pub(crate) async fn answer(&self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable> {
        let rows = self.readers.query(entries::ANSWER, &[&text::kept(scope), &text::kept(key)]).await?;
        rows.first().map(|row| entries::stored(row).map(|(_, answer)| answer)).transpose()
    }

    pub(crate) async fn row(&self, view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        let table = self.shared.table(view)?;
        let keys = [key.to_vec()];
        let rows = self.readers.query(table.select(), &parameters(&table.cells(&keys))).await?;
        rows.first().map(|row| tables::read_row(view, row)).transpose().map_err(link::unavailable)
    }

    pub(crate) async fn page(&self, query: Query) -> Result<Vec<Row>, Unavailable> {
        let table = self.shared.table(query.view)?;
        let Some(asked) = pages::page(table, &query) else { return Ok(vec![]) };
        let rows = self.readers.query(&asked.sql, &parameters(&asked.values)).await?;
        let read = |row| tables::read_row(query.view, row).map_err(link::unavailable);
        rows.iter().map(read).collect()
    }

    pub(crate) async fn count(&self, query: Query) -> Result<u64, Unavailable> {
        let table = self.shared.table(query.view)?;
        let asked = pages::count(table, &query);
        let rows = self.readers.query(&asked.sql, &parameters(&asked.values)).await?;
        rows.first().map_or(Ok(0), |row| entries::unsigned(row, 0)).map_err(link::unavailable)
    }

    /// How far each trailing view is behind.
    pub(crate) fn lags(&self) -> Vec<(&'static str, u64)> {
        self.shared.serving.lags(self.shared.head())
    }

    pub(crate) fn load(&self) -> Load {
        let (readers_busy, readers_max) = self.readers.busy();
        Load { appends_waiting: self.shared.under_way() as u64, readers_busy, readers_max }
    }

    /// The place of `view` among the declared.
    pub(crate) fn place_of(&self, name: &str) -> Result<usize, Unavailable> {
        self.shared.serving.place_of(name)
    }

    /// Makes the tables of the views at `places`, while the store serves.
    fn make(&self, places: &[usize]) {
        for &place in places {
            let view = self.shared.views[place].name;
            tracing::info!(view, "making the view anew; it does not serve until that is done");
            if let Err(problem) = self.rebuild(place, true, &mut |_, _| ()) {
                tracing::error!(view, %problem, "the view could not be made");
            }
        }
    }
}

impl Shared {
    fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// The log goes as far as `position`, and what is remembered of it too.
    fn reached(&self, position: u64) {
        self.head.send_if_modified(|head| {
            let moved = *head < position;
            *head = position.max(*head);
            moved
        });
    }

    fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// The tables of the inline views that serve.
    fn inline_forms(&self) -> impl Iterator<Item = &String> {
        let places = (0..self.views.len()).filter(|&place| self.views[place].kind == Kind::Inline);
        places.filter(|&place| self.serving.serves(place)).map(|place| &self.tables[place].form)
    }

    /// The table of `view`, when it serves.
    fn table(&self, view: &View) -> Result<&Table, Unavailable> {
        self.serving.check(view).map(|place| &*self.tables[place])
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.store.shared.stop.store(true, Ordering::Release);
        // A full channel means that the follower is awake already; a thread that panicked has said so itself.
        let _ = self.store.nudge.try_send(());
        let _ = self.store.queue.send(Work::Close);
        self.others.drain(..).for_each(|thread| drop(thread.join()));
        self.writer.take().map(JoinHandle::join);
    }
}

fn closed() -> Unavailable {
    Unavailable("the store is closed".into())
}
