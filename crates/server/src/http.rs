//! The addresses for operators, beside those of `web`: alive, ready, figures.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use journal::{Journal, Unavailable};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio::time::timeout;

use crate::observe::{self, Gather, REACTOR, Watched};

/// With more entries than this not reacted to, claims stand still and others should answer.
const LAG_MAX: u64 = 10_000;
/// A store that takes longer than this to answer does not serve.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// Every address of the process.
pub(crate) fn router(watched: Watched, pages: Router, figures: PrometheusHandle) -> Router {
    let under_way = watched.under_way.clone();
    let operators = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(watched.clone());
    let figures = Router::new().route("/metrics", get(figures_now)).with_state(Gather::new(watched, figures));
    operators.merge(figures).merge(pages).layer(from_fn_with_state(under_way, observe::request))
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
    let asked = timeout(ANSWER_MAX, asked).await;
    let asked = asked.unwrap_or_else(|_| Err(Unavailable("the store does not answer".to_owned())));
    let (status, body) = match asked {
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

/// The figures as Prometheus reads them.
async fn figures_now(State(gather): State<Gather>) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], gather.text().await).into_response()
}
