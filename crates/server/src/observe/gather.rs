//! The figures that are looked up when somebody reads `/metrics`: this process's own each time, those of the business at most once in
//! a while, from indexed views.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use app::App;
use app::work::Reactor;
use claim::Stage;
use insight::view::{Query, Value};
use insight::{CLAIMS, FLOW, FlowRow, MESSAGES, MONEY, Measure, MessageRow, MoneyRow, TASKS, TaskRow};
use journal::{Journal, Unavailable};
use lexicon::{Moment, Money};
use metrics_exporter_prometheus::PrometheusHandle;
use rulebook::Team;
use store::Store;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::figures::HTTP_UNDER_WAY;
use super::machine::{self, Machine};
use super::requests::UnderWay;

/// The business is looked at this often at the most, however many read.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A clock that ends within this is at risk.
const AT_RISK_SECONDS: i64 = 2 * 3600;
/// Amounts of payments under way are summed over so many at the most.
const PAYMENTS_MAX: usize = 1_000;
/// Rows of a measure: a day each, and so more years than a store has.
const DAYS_MAX: usize = 40_000;
/// Statuses of a payment.
pub(super) const STATUSES: [&str; 4] = ["ordered", "sent", "confirmed", "rejected"];
/// The reactor keeps how far it has come under this name.
pub(crate) const REACTOR: &str = Reactor::CHECKPOINT;

/// What is looked at.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) app: App,
    pub(crate) store: Store,
    /// The data folder.
    pub(crate) data: PathBuf,
    pub(crate) under_way: UnderWay,
}

/// Looks, and tells Prometheus.
#[derive(Clone)]
pub(crate) struct Gather {
    watched: Watched,
    figures: PrometheusHandle,
    business_at: Arc<Mutex<Option<Instant>>>,
}

impl Gather {
    /// Of what is `watched`.
    pub(crate) fn new(watched: Watched, figures: PrometheusHandle) -> Gather {
        Gather { watched, figures, business_at: Arc::default() }
    }

    /// Every figure as text, as Prometheus reads it.
    pub(crate) async fn text(&self) -> String {
        self.process();
        self.followers().await;
        let mut looked = self.business_at.lock().await;
        if looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
            if let Err(Unavailable(problem)) = self.watched.business().await {
                metrics::counter!("anpei_figures_unread_total").increment(1);
                tracing::warn!(problem, "the figures of the business cannot be read");
            }
            *looked = Some(Instant::now());
        }
        drop(looked);
        self.figures.run_upkeep();
        self.figures.render()
    }

    fn process(&self) {
        gauge(HTTP_UNDER_WAY, self.watched.under_way.count() as u64);
        let told = Machine::look();
        for (name, value) in [
            ("process_resident_memory_bytes", told.resident_bytes),
            ("process_virtual_memory_bytes", told.virtual_bytes),
            ("process_threads", told.threads),
            ("process_open_fds", told.open_files),
            ("process_max_fds", told.files_max),
            ("anpei_disk_free_bytes", machine::free_bytes(&self.watched.data)),
            ("anpei_store_bytes", Some(machine::database_bytes(&self.watched.data))),
        ] {
            if let Some(value) = value {
                gauge(name, value);
            }
        }
        metrics::counter!("process_cpu_seconds_total").absolute(told.cpu_seconds.unwrap_or_default());
        let began = machine::began().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        gauge("process_start_time_seconds", began.as_secs());
        let runtime = Handle::current().metrics();
        gauge("anpei_runtime_workers", runtime.num_workers() as u64);
        gauge("anpei_runtime_tasks", runtime.num_alive_tasks() as u64);
        gauge("anpei_runtime_tasks_queued", runtime.global_queue_depth() as u64);
        if let Some(threads) = machine::blocking_threads(runtime.num_workers()) {
            gauge("anpei_runtime_blocking_threads", threads);
        }
        let load = self.watched.store.load();
        gauge("anpei_store_appends_waiting", load.appends_waiting);
        gauge("anpei_store_readers_busy", load.readers_busy);
        gauge("anpei_store_readers_max", load.readers_max);
    }

    /// How far those who follow the journal are behind.
    async fn followers(&self) {
        let Watched { app, store, .. } = &self.watched;
        let head = *store.head().borrow();
        gauge("anpei_journal_head", head);
        gauge("anpei_views_lag", store.trailing_lag());
        for (view, lag) in store.lags() {
            metrics::gauge!("anpei_view_lag", "view" => view).set(precise(lag));
        }
        if let Ok(reached) = app.ports().checkpoints.reached(REACTOR).await {
            gauge("anpei_reactor_lag", head.saturating_sub(reached));
        }
        gauge("anpei_reactions_in_hand", app.signs().in_hand());
        // A process that makes no rounds says nothing of them: the alert asks for the youngest.
        if let Some(at) = app.signs().round_at() {
            gauge("anpei_round_age_seconds", app.now().seconds_since(at).max(0).unsigned_abs());
        }
        if let Ok(Some(sessions)) = store.sessions_open(app.now()).await {
            gauge("anpei_sessions_open", sessions);
        }
    }
}

impl Watched {
    async fn business(&self) -> Result<(), Unavailable> {
        let now = self.app.now();
        for stage in Stage::WAY.into_iter().chain([Stage::Declined, Stage::Withdrawn]) {
            let claims = self.count(Query::of(&CLAIMS, "by_stage", 1).equal(stage.word())).await?;
            metrics::gauge!("anpei_claims", "stage" => stage.word()).set(precise(claims));
        }
        for team in Team::ALL {
            self.team(team.word(), now).await?;
        }
        self.money(now).await?;
        let waiting = Query::of(&MESSAGES, "by_due", 1);
        gauge("anpei_messages_waiting", self.count(waiting.clone()).await?);
        let rows = self.app.ports().views.page(waiting).await?;
        let oldest = rows.first().and_then(|row| MessageRow::read(&MESSAGES, row).ok()).map(|row| row.due);
        gauge("anpei_message_oldest_seconds", age(oldest, now));
        Ok(())
    }

    async fn team(&self, team: &'static str, now: Moment) -> Result<(), Unavailable> {
        let open = |index| Query::of(&TASKS, index, 1).equal(1).equal(team);
        let rows = self.app.ports().views.page(open("by_age")).await?;
        let oldest = rows.first().and_then(|row| TaskRow::read(&TASKS, row).ok()).map(|row| row.opened_at);
        let soon = now.plus_seconds(AT_RISK_SECONDS);
        let overdue = self.count(open("by_team").between(Value::Integer(i64::MIN), now)).await?;
        let at_risk = self.count(open("by_team").between(now, soon)).await?;
        for (name, value) in [
            ("anpei_tasks_open", self.count(open("by_team")).await?),
            ("anpei_task_oldest_seconds", age(oldest, now)),
            ("anpei_clocks_overdue", overdue),
            ("anpei_clocks_at_risk", at_risk),
        ] {
            metrics::gauge!(name, "team" => team).set(precise(value));
        }
        Ok(())
    }

    async fn money(&self, now: Moment) -> Result<(), Unavailable> {
        for status in STATUSES {
            let of = |limit| Query::of(&MONEY, "by_status", limit).equal(status);
            let payments = self.count(of(1)).await?;
            metrics::gauge!("anpei_payments", "status" => status).set(precise(payments));
            if status == "confirmed" {
                continue;
            }
            let rows = self.app.ports().views.page(of(PAYMENTS_MAX)).await?;
            let rows: Vec<MoneyRow> =
                rows.iter().filter_map(|row| MoneyRow::read(&MONEY, row).ok()).collect();
            let amount: Money = rows.iter().map(|row| row.ordered).sum();
            metrics::gauge!("anpei_payments_yuan", "status" => status).set(yuan(amount));
            if matches!(status, "ordered" | "sent") {
                let oldest = age(rows.first().map(|row| row.changed_at), now);
                metrics::gauge!("anpei_bank_oldest_seconds", "status" => status).set(precise(oldest));
            }
        }
        let paid = Query::of(&FLOW, "by_name", DAYS_MAX).equal(Measure::Paid.word());
        let rows = self.app.ports().views.page(paid).await?;
        let paid: Money =
            rows.iter().filter_map(|row| FlowRow::read(&FLOW, row).ok()).map(|row| row.amount).sum();
        let paid = u64::try_from(paid.fen() / 100).unwrap_or_default();
        metrics::counter!("anpei_money_paid_yuan_total").absolute(paid);
        Ok(())
    }

    async fn count(&self, query: Query) -> Result<u64, Unavailable> {
        self.app.ports().views.count(query).await
    }
}

/// Seconds since `then`; 0 where there is none.
fn age(then: Option<Moment>, now: Moment) -> u64 {
    then.map_or(0, |then| now.seconds_since(then).max(0).unsigned_abs())
}

fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(precise(value));
}

#[expect(clippy::cast_precision_loss, reason = "figures for charts; exact below 2^53")]
fn precise(value: u64) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "figures for charts; the books count in fen")]
fn yuan(amount: Money) -> f64 {
    amount.fen() as f64 / 100.0
}
