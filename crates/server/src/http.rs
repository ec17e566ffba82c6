//! The addresses for operators, beside those of `web`: alive, ready, figures.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use insight::TASKS;
use insight::view::{Query, Views};
use journal::{Journal, Unavailable};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use store::Store;

use crate::observe::{self, UnderWay};

/// With more entries than this not reacted to, claims stand still and others should answer.
const LAG_MAX: u64 = 10_000;
/// The reactor keeps how far it has come under this name.
const REACTOR: &str = "reactor";

/// What the operators' addresses look at.
#[derive(Clone)]
struct Watched {
    app: app::App,
    store: Store,
    figures: PrometheusHandle,
}

/// Every address of the process.
pub(crate) fn router(
    app: &app::App,
    store: &Store,
    pages: Router,
    figures: PrometheusHandle,
    under_way: UnderWay,
) -> Router {
    let watched = Watched { app: app.clone(), store: store.clone(), figures };
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures_now))
        .with_state(watched)
        .merge(pages)
        .layer(from_fn_with_state(under_way, observe::request))
}

/// Whether requests should come here: the journal takes what is written, and the reactor is not far behind.
async fn ready(State(watched): State<Watched>) -> Response {
    let head = *watched.store.head().borrow();
    let checkpoints = &watched.app.ports().checkpoints;
    // Writing is the only proof that the disk takes writes.
    let asked = async {
        checkpoints.reach("readiness", head).await?;
        Ok::<_, Unavailable>(head.saturating_sub(checkpoints.reached(REACTOR).await?))
    };
    let (status, body) = match asked.await {
        Err(problem) => {
            tracing::error!(%problem, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "ready": false, "because": "journal" }))
        }
        Ok(lag) if lag > LAG_MAX => {
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "ready": false, "because": "reactor", "lag": lag }))
        }
        Ok(lag) => (StatusCode::OK, json!({ "ready": true, "lag": lag })),
    };
    (status, [(CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

/// The figures as Prometheus reads them; what is known elsewhere is looked up now.
async fn figures_now(State(watched): State<Watched>) -> Response {
    let head = *watched.store.head().borrow();
    gauge("anpei_journal_head", head);
    gauge("anpei_views_lag", watched.store.trailing_lag());
    if let Ok(reached) = watched.app.ports().checkpoints.reached(REACTOR).await {
        gauge("anpei_reactor_lag", head.saturating_sub(reached));
    }
    if let Ok(open) = watched.store.count(Query::of(&TASKS, "by_due", 1).equal(1)).await {
        gauge("anpei_tasks_open", open);
    }
    if let Some(bytes) = resident_bytes() {
        gauge("process_resident_memory_bytes", bytes);
    }
    watched.figures.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], watched.figures.render()).into_response()
}

#[expect(clippy::cast_precision_loss, reason = "figures for charts; exact below 2^53")]
fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(value as f64);
}

/// Memory of this process, as Linux tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024)
}
