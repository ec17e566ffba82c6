//! The embedded store: one SQLite file, one thread that writes.

pub(crate) mod carry;
mod checkpoints;
mod entries;
mod pages;
mod readers;
mod rebuild;
pub(crate) mod schema;
mod sessions;
mod snapshot;
mod tables;
mod trailing;
mod work;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use app::ports::Session;
use insight::view::{Kind, Query, Row, Value, View};
use journal::{AppendError, Appended, Recorded, StoredAnswer, StreamId, Unavailable};
use lexicon::{AccountId, Moment};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::admit::Prepared;
use crate::declared::declaration;
use crate::group::{Answer, Queue, UnderWay};
use crate::recent::Recent;
use crate::serving::Serving;
use crate::vault::Keys;
use crate::{Load, OpenError};
use readers::Readers;
use tables::{Kept, Table};
use trailing::Follower;
use work::Work;
use writer::Writer;

/// Views are made anew before the store serves when the journal has at most so many entries; else while it serves.
const MADE_BEFORE_SERVING_MAX: u64 = 200_000;
/// A page of at most so many rows is read at once, without another thread.
const FEW: usize = 64;

/// The store as its callers see it.
pub(crate) struct Sqlite {
    shared: Arc<Shared>,
    readers: Arc<Readers>,
    queue: Sender<Work>,
}

/// The threads behind a store; they end when this is dropped.
pub(crate) struct Threads {
    store: Arc<Sqlite>,
    nudge: mpsc::SyncSender<()>,
    writer: Option<JoinHandle<()>>,
    others: Vec<JoinHandle<()>>,
}

/// What callers and threads share.
struct Shared {
    views: &'static [&'static View],
    tables: Vec<Table>,
    serving: Serving,
    head: watch::Sender<u64>,
    recent: Recent,
    keys: Arc<Keys>,
    /// Appends that were asked and not answered yet.
    under_way: AtomicUsize,
    stop: AtomicBool,
    rebuilding: Mutex<()>,
}

/// A database that was opened, its marks and its end looked at; nothing runs yet.
pub(crate) struct Opened {
    connection: Connection,
    /// Tells this store from every other.
    pub(crate) id: Vec<u8>,
    /// Position of the last entry.
    pub(crate) head: u64,
}

/// Opens the database at `path`, or makes it.
pub(crate) fn open(path: &Path) -> Result<Opened, OpenError> {
    let connection = schema::open_to_write(path, None)?;
    schema::check_whole(&connection, path)?;
    let read = || {
        let id = schema::id(&connection)?;
        let sql = "SELECT position, hash FROM tip";
        let tip = rusqlite::OptionalExtension::optional(
            connection.query_row(sql, [], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?))),
        )?;
        Ok((id, tip, snapshot::last(&connection)?))
    };
    let (id, tip, last) = read().map_err(|error| OpenError::of_database(path, &error))?;
    let head = last.map_or(0, |(position, _)| position);
    if tip.map_or(0, |(position, _)| position) != head {
        let problem = "the log does not end where the journal ends".to_owned();
        return Err(OpenError::Corrupt { path: path.into(), problem });
    }
    Ok(Opened { connection, id, head })
}

impl Opened {
    /// Starts the threads; makes the views that are new or changed.
    pub(crate) fn start(
        self,
        path: &Path,
        views: &'static [&'static View],
        keys: Arc<Keys>,
    ) -> Result<(Arc<Sqlite>, Threads), OpenError> {
        let wrong = |error| OpenError::of_database(path, &error);
        let stale = settle_views(&self.connection, views, self.head).map_err(wrong)?;
        let shared = Arc::new(Shared {
            views,
            tables: views.iter().map(|view| Table::serving(view)).collect(),
            serving: Serving::new(views, &stale),
            head: watch::Sender::new(0),
            recent: Recent::default(),
            keys,
            under_way: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            rebuilding: Mutex::new(()),
        });
        for (place, view) in views.iter().enumerate() {
            if let Some(kept) = Kept::of(&self.connection, view).map_err(wrong)? {
                shared.serving.told(place, kept.position);
            }
        }
        let ((queue, work), (nudge, nudges)) = (mpsc::channel(), mpsc::sync_channel(1));
        let writer = Writer::new(self.connection, shared.clone(), nudge.clone()).map_err(wrong)?;
        let store = Arc::new(Sqlite { shared, readers: Readers::new(path.into()), queue });
        let unstarted = |problem: String| OpenError::Database { path: path.into(), problem };
        let spawned = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = thread::Builder::new().name(name.into());
            thread.spawn(run).map_err(|error| unstarted(error.to_string()))
        };
        let writer = spawned("store-writer", Box::new(move || writer.run(Queue::new(work))))?;
        let mut threads = Threads { store: store.clone(), nudge, writer: Some(writer), others: vec![] };
        if self.head <= MADE_BEFORE_SERVING_MAX {
            for place in stale {
                let made = store.rebuild(place, true, &mut |_, _| ());
                made.map_err(|Unavailable(problem)| unstarted(problem))?;
            }
        } else if !stale.is_empty() {
            let maker = store.clone();
            threads.others.push(spawned("store-maker", Box::new(move || maker.make(&stale)))?);
        }
        if views.iter().any(|view| view.kind == Kind::Trailing) {
            let follower = Follower::new(store.clone()).map_err(|Unavailable(problem)| unstarted(problem))?;
            threads.others.push(spawned("store-follower", Box::new(move || follower.run(&nudges)))?);
        }
        Ok((store, threads))
    }
}

/// Drops tables of views that are no longer declared; makes empty ones in an empty store; says which are to be made anew.
fn settle_views(
    connection: &Connection,
    views: &'static [&'static View],
    head: u64,
) -> rusqlite::Result<Vec<usize>> {
    let transaction = connection.unchecked_transaction()?;
    let mut statement = transaction.prepare("SELECT name FROM views")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names.iter().filter(|name| views.iter().all(|view| view.name != **name)) {
        transaction.execute_batch(&format!(
            "DROP TABLE IF EXISTS view_{name}; DROP TABLE IF EXISTS making_{name};"
        ))?;
        transaction.execute("DELETE FROM views WHERE name = ?1", [name])?;
    }
    let mut stale = vec![];
    for (place, view) in views.iter().enumerate() {
        let kept = Kept::of(&transaction, view)?;
        if kept.as_ref().is_some_and(|kept| kept.declaration == declaration(view)) {
            continue;
        }
        if head == 0 {
            let making = kept.map_or(0, |kept| kept.making) + 1;
            transaction.execute_batch(&format!("DROP TABLE IF EXISTS view_{}", view.name))?;
            Table::serving(view).create(&transaction, making)?;
            Kept { declaration: declaration(view), making, position: 0 }.keep(&transaction, view)?;
        } else {
            stale.push(place);
        }
    }
    drop(statement);
    transaction.commit()?;
    Ok(stale)
}

impl Sqlite {
    pub(crate) fn head(&self) -> watch::Receiver<u64> {
        self.shared.head.subscribe()
    }

    pub(crate) async fn append(&self, append: Prepared) -> Result<Appended, AppendError> {
        let (to, answer) = oneshot::channel();
        let _counted = UnderWay::new(&self.shared.under_way);
        self.queue.send(Work::Append(Box::new(append), to)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    pub(crate) async fn stream(&self, stream: &StreamId, version: u64) -> Result<Vec<Recorded>, Unavailable> {
        if self.shared.recent.stands_at(stream, version) {
            return Ok(vec![]);
        }
        self.readers.here(|connection| entries::of_stream(connection, stream, version)).await
    }

    pub(crate) async fn read(&self, position: u64, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        match self.shared.recent.after(position, limit) {
            Some(entries) => Ok(entries),
            None => self.readers.aside(move |connection| entries::after(connection, position, limit)).await,
        }
    }

    pub(crate) async fn answer(&self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable> {
        self.readers.here(|connection| entries::answer(connection, scope, key)).await
    }

    pub(crate) async fn row(&self, view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        let place = self.shared.serving.check(view)?;
        self.readers.here(|connection| self.shared.tables[place].row(connection, key)).await
    }

    pub(crate) async fn page(&self, query: Query) -> Result<Vec<Row>, Unavailable> {
        self.shared.serving.check(query.view)?;
        if query.limit <= FEW {
            return self.readers.here(|connection| pages::page(connection, &query)).await;
        }
        self.readers.aside(move |connection| pages::page(connection, &query)).await
    }

    pub(crate) async fn count(&self, query: Query) -> Result<u64, Unavailable> {
        self.shared.serving.check(query.view)?;
        self.readers.aside(move |connection| pages::count(connection, &query)).await
    }

    pub(crate) async fn reached(&self, name: &str) -> Result<u64, Unavailable> {
        self.readers.here(|connection| checkpoints::reached(connection, name)).await
    }

    pub(crate) async fn reach(&self, name: &str, position: u64) -> Result<(), Unavailable> {
        let name = name.to_owned();
        self.changed(move |connection| checkpoints::reach(connection, &name, position)).await
    }

    pub(crate) async fn keep_session(&self, session: Session) -> Result<(), Unavailable> {
        self.changed(move |connection| sessions::keep(connection, &session)).await
    }

    pub(crate) async fn find_session(&self, token_hash: &str) -> Result<Option<Session>, Unavailable> {
        self.readers.here(|connection| sessions::find(connection, token_hash)).await
    }

    pub(crate) async fn end_session(&self, token_hash: &str) -> Result<(), Unavailable> {
        let token_hash = token_hash.to_owned();
        self.changed(move |connection| sessions::end(connection, &token_hash)).await
    }

    pub(crate) async fn end_sessions_of(&self, account: &AccountId) -> Result<(), Unavailable> {
        let account = account.clone();
        self.changed(move |connection| sessions::end_all(connection, &account)).await
    }

    pub(crate) async fn sweep_sessions(&self, moment: Moment) -> Result<(), Unavailable> {
        self.changed(move |connection| sessions::sweep(connection, moment)).await
    }

    /// How far each trailing view is behind.
    pub(crate) fn lags(&self) -> Vec<(&'static str, u64)> {
        self.shared.serving.lags(*self.shared.head.borrow())
    }

    pub(crate) fn load(&self) -> Load {
        let (readers_busy, readers_max) = self.readers.busy();
        Load { appends_waiting: self.shared.under_way() as u64, readers_busy, readers_max }
    }

    pub(crate) async fn count_sessions(&self, moment: Moment) -> Result<u64, Unavailable> {
        self.readers.here(|connection| sessions::count(connection, moment)).await
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
            if let Err(problem) = self.rebuild(place, false, &mut |_, _| ()) {
                tracing::error!(view, %problem, "the view could not be made");
            }
        }
    }

    /// Writes `change` in the next commit and waits for it.
    async fn changed(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), Unavailable> {
        let (to, answer) = oneshot::channel();
        // Whoever asked may be gone; the change stays.
        let told = Box::new(|result| drop(to.send(result)));
        self.queue.send(Work::Change(Box::new(change), told)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// The same for the store's own threads.
    fn change(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), Unavailable> {
        self.wait_for(|told| Work::Change(Box::new(change), told))
    }

    fn serve(&self, made: rebuild::Made) -> Result<(), Unavailable> {
        self.wait_for(|told| Work::Serve(Box::new(made), told))
    }

    fn wait_for(&self, work: impl FnOnce(Answer) -> Work) -> Result<(), Unavailable> {
        let (to, answer) = mpsc::sync_channel(1);
        let told = Box::new(move |result| drop(to.send(result)));
        self.queue.send(work(told)).map_err(|_| closed())?;
        answer.recv().map_err(|_| closed())?
    }
}

impl Shared {
    fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.store.shared.stop.store(true, Ordering::Release);
        // A full channel means that the follower is awake already; a thread that panicked has said so itself.
        let _ = self.nudge.try_send(());
        self.others.drain(..).for_each(|thread| drop(thread.join()));
        let _ = self.store.queue.send(Work::Close);
        self.writer.take().map(JoinHandle::join);
    }
}

fn closed() -> Unavailable {
    Unavailable("the store is closed".into())
}

fn unavailable(error: rusqlite::Error) -> Unavailable {
    Unavailable(error.to_string())
}
