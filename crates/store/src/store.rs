//! The store as one type, and the ports it fills.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::ports::{Blobs, Checkpoints, Lease, Leases, Session, Sessions};
use insight::view::{Query, Row, Value, View, Views};
use journal::{
    Append, AppendError, Appended, BoxFuture, Journal, Recorded, StoredAnswer, StreamId, Unavailable,
};
use lexicon::{AccountId, BlobId, KeyedHash, Moment, SubjectId, Vault, VaultError};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::admit::Prepared;
use crate::blobs::Files;
use crate::leases::OwnLeases;
use crate::lock::Lock;
use crate::memory::Memory;
use crate::postgres::{self, DatabaseUrl, Migration, Postgres, Running};
use crate::sqlite::{self, Sqlite, Threads};
use crate::vault::{Keys, MasterKey};
use crate::verify::{self, Progress, Report};
use crate::{Difference, OpenError};

/// What a store on disk is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder; it must exist. With a database it holds the master key and the files, and nodes may share it.
    pub folder: PathBuf,
    /// The PostgreSQL database of journal, views and keys; without one they are in the folder.
    pub database: Option<DatabaseUrl>,
    /// Every view that will be read.
    pub views: &'static [&'static View],
    /// Where the master key comes from.
    pub master_key: MasterKey,
}

/// What a store has to do at a moment; all 0 for one in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Appends that were asked and not answered yet.
    pub appends_waiting: u64,
    /// Connections that read now.
    pub readers_busy: u64,
    /// Connections that may read at once.
    pub readers_max: u64,
}

/// A store. Clones share it; the last one dropped closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// In the order in which it is closed: the threads end, then the folder is let go.
struct Inner {
    backend: Backend,
    files: Files,
    keys: Arc<Keys>,
    leases: OwnLeases,
}

/// Where the journal and all that is made of it are kept.
enum Backend {
    Sqlite { sqlite: Arc<Sqlite>, _threads: Threads, _lock: Lock },
    Postgres { postgres: Arc<Postgres>, _running: Running },
    Memory { memory: Box<Memory> },
}

impl Store {
    /// Opens the store in a folder, or makes a new one there.
    pub fn open(config: Config) -> Result<Store, OpenError> {
        let Config { folder, database, views, master_key } = config;
        if !folder.is_dir() {
            return Err(OpenError::Missing { folder });
        }
        if let Some(database) = database {
            let opened = postgres::open(&database)?;
            let (id, new, shared) = (opened.id.clone(), opened.head == 0, opened.keys());
            let keys = Arc::new(Keys::open_shared(&folder, &id, &master_key, new, shared)?);
            let files = Files::of_store(&folder, true)?;
            let (postgres, running) = opened.start(views, keys.clone())?;
            let backend = Backend::Postgres { postgres, _running: running };
            return Ok(Store(Arc::new(Inner { backend, files, keys, leases: OwnLeases::default() })));
        }
        let lock = Lock::take(&folder)?;
        let path = folder.join("journal.db");
        if !path.exists() && folder.join("vault.db").exists() {
            return Err(OpenError::Parted { path: folder.join("vault.db") });
        }
        let opened = sqlite::open(&path)?;
        let keys = Arc::new(Keys::open(&folder, &opened.id, &master_key, opened.head == 0)?);
        let files = Files::of_store(&folder, true)?;
        let (sqlite, threads) = opened.start(&path, views, keys.clone())?;
        let backend = Backend::Sqlite { sqlite, _threads: threads, _lock: lock };
        Ok(Store(Arc::new(Inner { backend, files, keys, leases: OwnLeases::default() })))
    }

    /// The steps of the schema of `database`, and which of them it has. Unless it is only to `check`, those that are due are taken
    /// first: with `contract` those too that end older releases, and the tables of views that `views` does not name are dropped.
    pub fn migrate(
        database: &DatabaseUrl,
        views: &'static [&'static View],
        check: bool,
        contract: bool,
    ) -> Result<Vec<Migration>, OpenError> {
        postgres::migrate(database, views, check, contract)
    }

    /// A store in memory, with the same semantics.
    pub fn memory(views: &'static [&'static View]) -> Store {
        let backend = Backend::Memory { memory: Box::new(Memory::new(views)) };
        let (files, keys) = (Files::memory(), Arc::new(Keys::memory()));
        Store(Arc::new(Inner { backend, files, keys, leases: OwnLeases::default() }))
    }

    /// Destroys the key of `subject`: what is sealed under it opens to `Erased` from now on, and no new key is made for it. Blocks for
    /// a write to disk.
    pub fn erase(&self, subject: &SubjectId) -> Result<(), VaultError> {
        self.0.keys.erase(subject)?;
        metrics::counter!("anpei_erasures_total").increment(1);
        Ok(())
    }

    /// How many entries the slowest trailing view is behind.
    pub fn trailing_lag(&self) -> u64 {
        self.lags().into_iter().map(|(_, lag)| lag).max().unwrap_or(0)
    }

    /// How many entries each trailing view is behind, by its name.
    pub fn lags(&self) -> Vec<(&'static str, u64)> {
        match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => sqlite.lags(),
            Backend::Postgres { postgres, .. } => postgres.lags(),
            Backend::Memory { memory, .. } => memory.lags(),
        }
    }

    /// What the store has to do now.
    pub fn load(&self) -> Load {
        match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => sqlite.load(),
            Backend::Postgres { postgres, .. } => postgres.load(),
            _ => Load::default(),
        }
    }

    /// How many sessions end after `moment`; `None` where the backend does not count them.
    pub async fn sessions_open(&self, moment: Moment) -> Result<Option<u64>, Unavailable> {
        match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => sqlite.count_sessions(moment).await.map(Some),
            Backend::Postgres { postgres, .. } => postgres.count_sessions(moment).await.map(Some),
            _ => Ok(None),
        }
    }

    /// Folds the view called `view` anew from the first entry while the store serves, then puts the new table in place of the old.
    /// `progress` hears how many entries of how many are done. Blocks: call it off the async threads.
    pub fn rebuild(&self, view: &str, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Unavailable> {
        match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => sqlite.rebuild(sqlite.place_of(view)?, false, progress),
            Backend::Postgres { postgres, .. } => postgres.rebuild(postgres.place_of(view)?, false, progress),
            Backend::Memory { memory, .. } => memory.rebuild(view, progress),
        }
    }

    /// Replays the journal and compares it with all that was made of it; checks that the files in `blobs` are kept unaltered.
    /// Blocks: call it off the async threads.
    pub fn verify(
        &self,
        blobs: &[BlobId],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, Unavailable> {
        let mut report = match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => {
                sqlite.with_snapshot(|snapshot| verify::verify(snapshot, progress))??
            }
            Backend::Postgres { postgres, .. } => {
                postgres.with_snapshot(|snapshot| verify::verify(snapshot, progress))??
            }
            Backend::Memory { memory, .. } => {
                memory.with_snapshot(|snapshot| verify::verify(snapshot, progress))?
            }
        };
        for problem in self.0.keys.problems().map_err(|error| Unavailable(error.to_string()))? {
            report.add(Difference::Database { problem });
        }
        report.check_blobs(blobs, progress, |id| match self.0.files.fetch(id) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err("it is missing".to_owned()),
            Err(Unavailable(problem)) => Err(problem),
        });
        Ok(report)
    }
}

impl Journal for Store {
    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, AppendError>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.append(Prepared::new(append)).await,
                Backend::Postgres { postgres, .. } => postgres.append(Prepared::new(append)).await,
                Backend::Memory { memory, .. } => memory.append(Prepared::new(append)),
            }
        })
    }

    fn stream<'a>(
        &'a self,
        stream: &'a StreamId,
        version: u64,
    ) -> BoxFuture<'a, Result<Vec<Recorded>, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.stream(stream, version).await,
                Backend::Postgres { postgres, .. } => postgres.stream(stream, version).await,
                Backend::Memory { memory, .. } => Ok(memory.stream(stream, version)),
            }
        })
    }

    fn read(&self, position: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.read(position, limit).await,
                Backend::Postgres { postgres, .. } => postgres.read(position, limit).await,
                Backend::Memory { memory, .. } => Ok(memory.read(position, limit)),
            }
        })
    }

    fn answer<'a>(
        &'a self,
        scope: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.answer(scope, key).await,
                Backend::Postgres { postgres, .. } => postgres.answer(scope, key).await,
                Backend::Memory { memory, .. } => Ok(memory.answer(scope, key)),
            }
        })
    }

    fn head(&self) -> watch::Receiver<u64> {
        match &self.0.backend {
            Backend::Sqlite { sqlite, .. } => sqlite.head(),
            Backend::Postgres { postgres, .. } => postgres.head(),
            Backend::Memory { memory, .. } => memory.head(),
        }
    }
}

impl Views for Store {
    fn get<'a>(
        &'a self,
        view: &'static View,
        key: Vec<Value>,
    ) -> BoxFuture<'a, Result<Option<Row>, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.row(view, &key).await,
                Backend::Postgres { postgres, .. } => postgres.row(view, &key).await,
                Backend::Memory { memory, .. } => memory.row(view, &key),
            }
        })
    }

    fn page(&self, query: Query) -> BoxFuture<'_, Result<Vec<Row>, Unavailable>> {
        Box::pin(async move {
            check(&query)?;
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.page(query).await,
                Backend::Postgres { postgres, .. } => postgres.page(query).await,
                Backend::Memory { memory, .. } => memory.page(&query),
            }
        })
    }

    fn count(&self, query: Query) -> BoxFuture<'_, Result<u64, Unavailable>> {
        Box::pin(async move {
            check(&query)?;
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.count(query).await,
                Backend::Postgres { postgres, .. } => postgres.count(query).await,
                Backend::Memory { memory, .. } => memory.count(&query),
            }
        })
    }
}

/// Whether the values of `query` fit its order of columns.
fn check(query: &Query) -> Result<(), Unavailable> {
    let order = query.view.order(query.index).len();
    let asked = query.equal.len() + usize::from(query.between.is_some());
    let after = query.after.as_ref().map_or(order, Vec::len);
    match asked <= order && after == order {
        true => Ok(()),
        false => Err(Unavailable(format!("a query of view {} does not fit its index", query.view.name))),
    }
}

impl Sessions for Store {
    fn keep(&self, session: Session) -> BoxFuture<'_, Result<(), Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.keep_session(session).await,
                Backend::Postgres { postgres, .. } => postgres.keep_session(session).await,
                Backend::Memory { memory, .. } => {
                    memory.keep_session(session);
                    Ok(())
                }
            }
        })
    }

    fn find<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<Option<Session>, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.find_session(token_hash).await,
                Backend::Postgres { postgres, .. } => postgres.find_session(token_hash).await,
                Backend::Memory { memory, .. } => Ok(memory.find_session(token_hash)),
            }
        })
    }

    fn end<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.end_session(token_hash).await,
                Backend::Postgres { postgres, .. } => postgres.end_session(token_hash).await,
                Backend::Memory { memory, .. } => {
                    memory.end_session(token_hash);
                    Ok(())
                }
            }
        })
    }

    fn end_all<'a>(&'a self, account: &'a AccountId) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.end_sessions_of(account).await,
                Backend::Postgres { postgres, .. } => postgres.end_sessions_of(account).await,
                Backend::Memory { memory, .. } => {
                    memory.end_sessions_of(account);
                    Ok(())
                }
            }
        })
    }

    fn sweep(&self, moment: Moment) -> BoxFuture<'_, Result<(), Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.sweep_sessions(moment).await,
                Backend::Postgres { postgres, .. } => postgres.sweep_sessions(moment).await,
                Backend::Memory { memory, .. } => {
                    memory.sweep_sessions(moment);
                    Ok(())
                }
            }
        })
    }
}

impl Checkpoints for Store {
    fn reached<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.reached(name).await,
                Backend::Postgres { postgres, .. } => postgres.reached(name).await,
                Backend::Memory { memory, .. } => Ok(memory.reached(name)),
            }
        })
    }

    fn reach<'a>(&'a self, name: &'a str, position: u64) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            match &self.0.backend {
                Backend::Sqlite { sqlite, .. } => sqlite.reach(name, position).await,
                Backend::Postgres { postgres, .. } => postgres.reach(name, position).await,
                Backend::Memory { memory, .. } => {
                    memory.reach(name, position);
                    Ok(())
                }
            }
        })
    }
}

impl Store {
    fn leases(&self) -> &dyn Leases {
        match &self.0.backend {
            Backend::Sqlite { .. } | Backend::Memory { .. } => &self.0.leases,
            Backend::Postgres { postgres, .. } => &**postgres,
        }
    }
}

impl Leases for Store {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        time: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
        self.leases().take(name, holder, time)
    }

    fn renew<'a>(
        &'a self,
        name: &'a str,
        lease: Lease,
        time: Duration,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        self.leases().renew(name, lease, time)
    }

    fn holds<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
        self.leases().holds(name, lease)
    }

    fn give_back<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
        self.leases().give_back(name, lease)
    }
}

impl Blobs for Store {
    fn keep(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<BlobId, Unavailable>> {
        Box::pin(self.with_files(move |inner| {
            // A file is acknowledged only when the key that seals it is on disk.
            inner.keys.flush().map_err(|error| Unavailable(error.to_string()))?;
            inner.files.keep(&bytes)
        }))
    }

    fn fetch<'a>(&'a self, id: &'a BlobId) -> BoxFuture<'a, Result<Option<Vec<u8>>, Unavailable>> {
        let id = id.clone();
        Box::pin(self.with_files(move |inner| inner.files.fetch(&id)))
    }
}

impl Store {
    /// Works with the files, on a thread that may wait where they are not in memory.
    async fn with_files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Unavailable> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let inner = self.0.clone();
        match inner.files {
            Files::Memory(_) => work(&inner),
            _ => aside(move || work(&inner)).await,
        }
    }
}

/// Runs `work` on a thread that may wait for the disk.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unavailable> + Send + 'static,
) -> Result<T, Unavailable> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.map_err(|error| Unavailable(error.to_string()))?,
        Err(_) => work(),
    }
}

impl Vault for Store {
    fn seal(&self, subject: &SubjectId, plain: &[u8]) -> Result<String, VaultError> {
        self.0.keys.seal(subject, plain)
    }

    fn open(&self, subject: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError> {
        Vault::open(&*self.0.keys, subject, sealed)
    }

    fn seal_bytes(&self, subject: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.keys.seal_bytes(subject, plain)
    }

    fn open_bytes(&self, subject: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        self.0.keys.open_bytes(subject, sealed)
    }

    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash {
        self.0.keys.keyed_hash(purpose, plain)
    }
}
