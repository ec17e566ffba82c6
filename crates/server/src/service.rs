//! A process that serves: listens, answers, works in the background, and ends in good order.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use app::App;
use app::words::{Lang, Words};
use app::work::{Reactor, Rounds};
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use web::inside::Setting;
use web::{Insurer, Limits, Web};

use crate::doors::Doors;
use crate::observe::figures::figures;
use crate::observe::{UnderWay, Watched, Workings};
use crate::{connections, http};

/// After the last answer began, so much longer for its bytes to leave.
const LAST_BYTES: Duration = Duration::from_millis(200);

/// Work in the background, until it is ended.
pub(crate) struct Work {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Work {
    /// Starts the reactor and the rounds. They work when it is their turn: among processes on one store, one at a time has it.
    pub(crate) fn start(app: &App, node: &str) -> Work {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(Reactor::new(app.clone()).named(node).run(stopped.clone()));
        tasks.spawn(Rounds::new(app.clone()).named(node).run(stopped));
        Work { stop, tasks }
    }

    /// Tells other systems as well, as `doors` says.
    pub(crate) async fn telling(mut self, app: &App, node: &str, doors: &Doors) -> Result<Work> {
        self.tasks.spawn(doors.deliverer(app)?.named(node).run(self.stop.subscribe()));
        if let Some(outbox) = doors.outbox(app).await? {
            self.tasks.spawn(outbox.named(node).run(self.stop.subscribe()));
        }
        Ok(self)
    }

    /// Tells it to stop and waits until it has. What is in hand is finished by the next start.
    pub(crate) async fn end(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What operators are shown beside what runs: the data folder, and what is set.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) data: PathBuf,
    pub(crate) settings: Vec<Setting>,
    /// How many are let in at once.
    pub(crate) limits: Limits,
}

/// Listens at `address`.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("{address} is in use by another program; choose another address with --listen (port 0 takes a free one)")
        }
        ErrorKind::PermissionDenied => {
            anyhow!("{address} may not be listened at by this user; ports below 1024 need a privilege")
        }
        ErrorKind::AddrNotAvailable => anyhow!("{address} is no address of this machine"),
        _ => anyhow!("{address} cannot be listened at: {error}"),
    })
}

/// Answers requests for pages and JSON until the process is told to stop; those under way may finish for as long as `stop_after`.
/// `base` is how people reach us, `insurer` whose pages they find.
pub(crate) async fn answer(
    app: &App,
    store: &Store,
    listener: TcpListener,
    base: &str,
    insurer: Insurer,
    stop_after: Duration,
    shown: Shown,
) -> Result<()> {
    // The sentences are read before the first visitor waits for them.
    for lang in Lang::ALL {
        Words::of(lang);
    }
    let under_way = UnderWay::default();
    let Shown { data, settings, limits } = shown;
    let watched = Watched { app: app.clone(), store: store.clone(), data, under_way: under_way.clone() };
    let inside = Arc::new(Workings::new(watched.clone(), settings));
    let web = Web::new(app.clone(), base.starts_with("https://")).of(insurer).telling(inside).within(limits);
    let router = http::router(watched, web::router(web), figures()?);
    tracing::info!(address = %listener.local_addr()?, base, "serving");
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(connections::serve(listener, router, stopped));
    told_to_stop().await?;
    tracing::info!("stopping: no new requests");
    stop.send_replace(true);
    tokio::select! {
        ended = serving => ended.context("the listener broke")?,
        // Live pages hold their connection as long as they are open; they come back by themselves.
        () = async {
            while under_way.count() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(LAST_BYTES).await;
        } => {}
        () = tokio::time::sleep(stop_after) => tracing::warn!(left = under_way.count(), "requests were cut off"),
    }
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
