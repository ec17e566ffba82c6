//! Opening a database: what is there, what is missing, and what runs behind the store.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;

use futures::executor::block_on;
use insight::view::{Kind, View};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch as channel;

use super::carry::check_whole;
use super::failure::Failure;
use super::link::{Connector, Link, Purpose};
use super::migrate::{self, Migration};
use super::readers::Readers;
use super::tables::Table;
use super::trailing::Follower;
use super::url::DatabaseUrl;
use super::vault::SharedKeys;
use super::writer::Writer;
use super::{Postgres, Running, Shared, making, watch};
use crate::OpenError;
use crate::recent::Recent;
use crate::serving::Serving;
use crate::vault::Keys;

/// The oldest server that serves.
const SERVER_MIN: i32 = 150_000;
/// Views are made anew before the store serves when the journal has at most so many entries; else while it serves.
const MADE_BEFORE_SERVING_MAX: u64 = 200_000;
/// Threads that drive the connections of a node.
const DRIVERS: usize = 2;

/// The threads that drive the connections.
pub(super) struct Drivers(Option<Runtime>);

/// A database that was opened; nothing runs yet. Others who open it wait until this is started or dropped.
pub(crate) struct Opened {
    drivers: Drivers,
    connector: Connector,
    link: Link,
    /// Tells this store from every other.
    pub(crate) id: Vec<u8>,
    /// Position of the last entry.
    pub(crate) head: u64,
}

/// Opens the database at `url`, and takes the steps of the schema that are due.
pub(crate) fn open(url: &DatabaseUrl) -> Result<Opened, OpenError> {
    let wrong = |failure: Failure| failure.of(url);
    let opened = connect(url).map_err(wrong)?;
    block_on(migrate::apply(&opened.link.client, false)).map_err(wrong)?;
    check_whole(&opened.link, url).map_err(wrong)?;
    identify(opened).map_err(wrong)
}

/// Takes the steps that are due, with `contract` those too that end older releases, and drops the tables of views that `views` does
/// not declare; without `contract` and with `check` it only looks. Says how the schema stands.
pub(crate) fn migrate(
    url: &DatabaseUrl,
    views: &'static [&'static View],
    check: bool,
    contract: bool,
) -> Result<Vec<Migration>, OpenError> {
    let work = || {
        let Opened { link, drivers, .. } = connect(url)?;
        let state = block_on(async {
            if !check {
                migrate::apply(&link.client, contract).await?;
                if contract {
                    drop_left(&link, views).await?;
                }
            }
            migrate::state(&link.client).await
        });
        drop(drivers);
        state
    };
    work().map_err(|failure: Failure| failure.of(url))
}

/// Drops the tables that only releases before declared.
async fn drop_left(link: &Link, views: &'static [&'static View]) -> Result<(), Failure> {
    let forms: Vec<String> = views.iter().map(|view| Table::serving(view).form).collect();
    let left = link.query("SELECT form FROM views WHERE form <> ALL ($1)", &[&forms]).await?;
    for row in left {
        let form: &str = row.get(0);
        tracing::info!(form, "dropping the table of a view that is not declared any more");
        link.client
            .batch_execute(&format!("BEGIN; SELECT FROM log FOR UPDATE; DROP TABLE IF EXISTS {form}"))
            .await?;
        link.execute("DELETE FROM views WHERE form = $1", &[&form]).await?;
        link.client.batch_execute("UPDATE log SET making = making + 1; COMMIT").await?;
    }
    Ok(())
}

/// Connects, and waits for others who open the same database.
pub(super) fn connect(url: &DatabaseUrl) -> Result<Opened, Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(DRIVERS)
        .thread_name("store-postgres")
        .enable_all()
        .build()
        .map_err(|error| Failure::Other(error.to_string()))?;
    let drivers = Drivers(Some(runtime));
    let connector = Connector::new(url, drivers.handle()).map_err(Failure::Other)?;
    let link = connector.link_now(Purpose::Long)?;
    block_on(async {
        let sql = "SELECT current_setting('server_version_num')::integer, current_setting('server_version')";
        let row = link.client.query_one(sql, &[]).await?;
        if row.get::<_, i32>(0) < SERVER_MIN {
            return Err(Failure::Old { version: row.get(1) });
        }
        link.execute("SELECT pg_advisory_lock($1)", &[&migrate::LOCK]).await?;
        Ok(())
    })?;
    Ok(Opened { drivers, connector, link, id: vec![], head: 0 })
}

impl Drivers {
    fn handle(&self) -> Handle {
        self.0.as_ref().expect("it is taken only when this is dropped").handle().clone()
    }
}

/// A store, or one that could not be opened, may be dropped where nothing may wait.
impl Drop for Drivers {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Reads which store it is, and whether its log ends where its journal ends.
fn identify(mut opened: Opened) -> Result<Opened, Failure> {
    let sql = "SELECT meta.value, log.head, (SELECT coalesce(max(position), 0) FROM events)
        FROM meta, log WHERE meta.name = 'store'";
    let row = block_on(opened.link.client.query_one(sql, &[]))?;
    let (head, last): (i64, i64) = (row.get(1), row.get(2));
    if head != last {
        let problem = "the log does not end where the journal ends; restore it from a backup".to_owned();
        return Err(Failure::Other(problem));
    }
    opened.id = row.get(0);
    opened.head = head.unsigned_abs();
    Ok(opened)
}

impl Opened {
    /// The connection, and what drives it.
    pub(super) fn parts(self) -> (Drivers, Link) {
        (self.drivers, self.link)
    }

    /// Where the vault keeps its keys.
    pub(crate) fn keys(&self) -> SharedKeys {
        SharedKeys::new(self.connector.clone())
    }

    /// Starts what runs behind a store; makes the views that are new or changed.
    pub(crate) fn start(
        self,
        views: &'static [&'static View],
        keys: Arc<Keys>,
    ) -> Result<(Arc<Postgres>, Running), OpenError> {
        let url = self.connector.url().clone();
        self.try_start(views, keys).map_err(|failure| failure.of(&url))
    }

    fn try_start(
        self,
        views: &'static [&'static View],
        keys: Arc<Keys>,
    ) -> Result<(Arc<Postgres>, Running), Failure> {
        let Opened { drivers, connector, link, head, .. } = self;
        let tables: Vec<Arc<Table>> = views.iter().map(|view| Arc::new(Table::serving(view))).collect();
        let (stale, heard) = block_on(settle_views(&link, views, &tables, head))?;
        // Others may open it now.
        drop(link);
        let ((queue, work), (nudge, nudges)) = (mpsc::channel(), mpsc::sync_channel(1));
        let serving = Serving::new(views, &stale);
        for (place, position) in heard.into_iter().enumerate() {
            serving.told(place, position);
        }
        let shared = Arc::new(Shared {
            serving,
            connector: connector.clone(),
            views,
            tables,
            head: channel::Sender::new(head),
            recent: Recent::default(),
            keys,
            under_way: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            rebuilding: Mutex::new(()),
        });
        let writer = Writer::new(shared.clone(), work, nudge.clone());
        let store = Arc::new(Postgres { shared, readers: Readers::new(connector), queue, nudge });
        drivers.handle().spawn(watch::watch(store.clone()));
        let spawned = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = thread::Builder::new().name(name.into());
            thread.spawn(run).map_err(|error| Failure::Other(error.to_string()))
        };
        let writer = spawned("store-writer", Box::new(move || writer.run()))?;
        let mut running =
            Running { store: store.clone(), writer: Some(writer), others: vec![], _drivers: drivers };
        if head <= MADE_BEFORE_SERVING_MAX {
            for place in stale {
                store.rebuild(place, true, &mut |_, _| ())?;
            }
        } else if !stale.is_empty() {
            let maker = store.clone();
            running.others.push(spawned("store-maker", Box::new(move || maker.make(&stale)))?);
        }
        if views.iter().any(|view| view.kind == Kind::Trailing) {
            let follower = Follower::new(store.clone());
            running.others.push(spawned("store-follower", Box::new(move || follower.run(&nudges)))?);
        }
        Ok((store, running))
    }
}

/// Makes empty tables in an empty store; says which views are to be made anew, and how far each has heard.
async fn settle_views(
    link: &Link,
    views: &'static [&'static View],
    tables: &[Arc<Table>],
    head: u64,
) -> Result<(Vec<usize>, Vec<u64>), Failure> {
    if head == 0 {
        let declared: Vec<_> = views.iter().copied().zip(tables.iter().map(|table| &**table)).collect();
        making::make_empty(link, &declared).await?;
    }
    let (mut stale, mut heard) = (vec![], vec![]);
    for (place, (view, table)) in views.iter().zip(tables).enumerate() {
        let rows = link.query("SELECT position FROM views WHERE form = $1", &[&table.form]).await?;
        heard.push(rows.first().map_or(Ok(0), |row| super::entries::unsigned(row, 0))?);
        if !making::is_near(link, view, &table.form).await? {
            stale.push(place);
        }
    }
    Ok((stale, heard))
}
