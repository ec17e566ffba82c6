//! How this process is doing, for `/debug`: the same that the figures tell, with the same limits as the alerts.

use std::time::SystemTime;

use insight::view::Query;
use insight::{MESSAGES, MONEY, TASKS};
use journal::{BoxFuture, Journal};
use lexicon::Moment;
use tokio::runtime::Handle;
use web::inside::{Fault, Follower, Gauge, Grade, Inside, Setting, State, Turn, Value};

use super::faults;
use super::gather::{REACTOR, Watched};
use super::machine::{self, Machine};

/// From here on somebody should look, and from there on act, as in `ops/prometheus/alerts.yml`.
const APPENDS: (u64, u64) = (200, 2_000);
const LAG: (u64, u64) = (1_000, 10_000);
const ROUND_SECONDS: (u64, u64) = (30, 120);
const BANK_WAITING: (u64, u64) = (500, 5_000);
const MESSAGES_WAITING: (u64, u64) = (500, 5_000);
/// Of the files that may be open, in hundredths.
const FILES_PERCENT: (u64, u64) = (70, 90);
/// Room on the disk, where less is graver.
const DISK_BYTES: (u64, u64) = (5 << 30, 1 << 30);

/// What `/debug` looks at.
pub(crate) struct Workings {
    watched: Watched,
    settings: Vec<Setting>,
}

impl Workings {
    /// Of what is `watched`, with what is set.
    pub(crate) fn new(watched: Watched, settings: Vec<Setting>) -> Workings {
        Workings { watched, settings }
    }
}

impl Inside for Workings {
    fn look(&self) -> BoxFuture<'_, State> {
        Box::pin(async move {
            let Watched { app, store, .. } = &self.watched;
            let head = *store.head().borrow();
            let turns = app.signs().turns().into_iter();
            State {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                began: Some(moment(machine::began())),
                gauges: self.gauges().await,
                followers: self.followers(head).await,
                head,
                turns: turns.map(|(name, since)| Turn { name: name.to_owned(), since }).collect(),
                faults: faults::RECENT.last().into_iter().map(told).collect(),
                settings: self.settings.clone(),
            }
        })
    }
}

impl Workings {
    async fn gauges(&self) -> Vec<Gauge> {
        let Watched { app, store, data, under_way } = &self.watched;
        let (load, machine, runtime) = (store.load(), Machine::look(), Handle::current().metrics());
        let count = |code, value| gauge(code, Value::Count(value));
        let mut gauges = vec![
            count("requests", under_way.count() as u64),
            count("appends", load.appends_waiting).graded(APPENDS),
            Gauge { most: Some(Value::Count(load.readers_max)), ..count("readers", load.readers_busy) },
            count("reactions", app.signs().in_hand()),
        ];
        if let Some(at) = app.signs().round_at() {
            let age = app.now().seconds_since(at).max(0).unsigned_abs();
            gauges.push(gauge("round", Value::Seconds(age)).graded(ROUND_SECONDS));
        }
        for (code, query, limits) in [
            ("bank-ordered", Query::of(&MONEY, "by_status", 1).equal("ordered"), Some(BANK_WAITING)),
            ("bank-sent", Query::of(&MONEY, "by_status", 1).equal("sent"), Some(BANK_WAITING)),
            ("messages", Query::of(&MESSAGES, "by_due", 1), Some(MESSAGES_WAITING)),
            ("tasks", Query::of(&TASKS, "by_due", 1).equal(1), None),
        ] {
            // What cannot be read now stands among the faults.
            let Ok(waiting) = app.ports().views.count(query).await else { continue };
            let counted = count(code, waiting);
            gauges.push(limits.map_or_else(|| counted.clone(), |limits| counted.clone().graded(limits)));
        }
        if let Ok(Some(sessions)) = store.sessions_open(app.now()).await {
            gauges.push(count("sessions", sessions));
        }
        if let Some(threads) = machine::blocking_threads(runtime.num_workers()) {
            gauges.push(count("blocking", threads));
        }
        if let Some(bytes) = machine.resident_bytes {
            gauges.push(gauge("memory", Value::Bytes(bytes)));
        }
        if let (Some(open), Some(most)) = (machine.open_files, machine.files_max) {
            let percent = open * 100 / most.max(1);
            let grade = above(percent, FILES_PERCENT);
            gauges.push(Gauge { most: Some(Value::Count(most)), grade, ..count("files", open) });
        }
        gauges.push(gauge("store", Value::Bytes(machine::database_bytes(data))));
        if let Some(free) = machine::free_bytes(data) {
            let grade = match free {
                free if free < DISK_BYTES.1 => Grade::Act,
                free if free < DISK_BYTES.0 => Grade::Look,
                _ => Grade::Well,
            };
            gauges.push(Gauge { grade, ..gauge("disk", Value::Bytes(free)) });
        }
        gauges
    }

    async fn followers(&self, head: u64) -> Vec<Follower> {
        let Watched { app, store, .. } = &self.watched;
        let follower = |name: &str, lag| Follower { name: name.to_owned(), lag, grade: above(lag, LAG) };
        let reached = app.ports().checkpoints.reached(REACTOR).await;
        let reactor = reached.map(|reached| follower(REACTOR, head.saturating_sub(reached)));
        let views = store.lags().into_iter().map(|(view, lag)| follower(view, lag));
        reactor.into_iter().chain(views).collect()
    }
}

fn gauge(code: &'static str, value: Value) -> Gauge {
    Gauge { code, value, most: None, grade: Grade::Well }
}

/// Gives a figure its grade.
trait Graded {
    fn graded(self, limits: (u64, u64)) -> Gauge;
}

impl Graded for Gauge {
    fn graded(self, limits: (u64, u64)) -> Gauge {
        let (Value::Count(value) | Value::Bytes(value) | Value::Seconds(value)) = self.value;
        Gauge { grade: above(value, limits), ..self }
    }
}

fn above(value: u64, (look, act): (u64, u64)) -> Grade {
    match value {
        value if value >= act => Grade::Act,
        value if value >= look => Grade::Look,
        _ => Grade::Well,
    }
}

fn told(fault: faults::Fault) -> Fault {
    let faults::Fault { kind, at, code, place, times } = fault;
    Fault { kind: kind.word(), at: moment(at), code, place, times }
}

fn moment(at: SystemTime) -> Moment {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
