//! What operators see of a running process: figures for Prometheus, and one log line per request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Instrument;

const REQUESTS: &str = "anpei_http_requests_total";
const SECONDS: &str = "anpei_http_request_seconds";

/// Upper bounds in seconds, close together around what is promised: a page within 20 ms.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Requests that have no answer yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// The figures of this process; there is one set, whoever asks.
pub(crate) fn figures() -> Result<PrometheusHandle> {
    static FIGURES: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut figures = FIGURES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = &*figures {
        return Ok(known.clone());
    }
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)?;
    Ok(figures.insert(builder.install_recorder()?).clone())
}

/// Around every request: counts it, times it, and writes its line.
pub(crate) async fn request(State(under_way): State<UnderWay>, request: Request, next: Next) -> Response {
    let _counted = Counted::new(under_way);
    // The template, never the address itself: an address may name a claim or hold a link's token.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method(request.method());
    let began = Instant::now();
    // The entry of the web gives the mark of the request, so that every line written inside carries it.
    let span = tracing::info_span!("request", id = tracing::field::Empty, method, route);
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let _entered = span.enter();
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(status, milliseconds, "answered");
    } else {
        tracing::info!(status, milliseconds, "answered");
    }
    count(method, route, status, took);
    response
}

fn count(method: &'static str, route: String, status: u16, took: Duration) {
    let status = status.to_string();
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!(SECONDS, "method" => method, "route" => route).record(took.as_secs_f64());
}

/// Methods are counted by name; a made-up one gets no row of its own.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts a request as under way until it is dropped, also when its client left.
struct Counted(UnderWay);

impl Counted {
    fn new(under_way: UnderWay) -> Counted {
        under_way.0.fetch_add(1, Ordering::SeqCst);
        Counted(under_way)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
