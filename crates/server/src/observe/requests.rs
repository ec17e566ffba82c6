//! Around every request: its span, its figures, its log line.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use web::problem::Told;

use super::faults::{self, Kind};
use super::figures::{HTTP_ERRORS, HTTP_REQUESTS, HTTP_SECONDS};
use super::traces::{self, parent};

/// Requests that have no answer yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Counts it, times it, and writes its line.
pub(crate) async fn request(State(under_way): State<UnderWay>, request: Request, next: Next) -> Response {
    let _counted = Counted::new(under_way);
    // The template, never the address itself: an address may name a claim or hold a link's token.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method(request.method());
    let named = request.headers().get(parent::HEADER).and_then(|header| parent::read(header.to_str().ok()?));
    let began = Instant::now();
    // The entry of the web gives the mark of the request, so that every line written inside carries it.
    let span = tracing::info_span!(
        "request",
        id = tracing::field::Empty,
        method,
        route,
        answered = tracing::field::Empty,
        failed = tracing::field::Empty
    );
    if let Some(parent) = named {
        traces::adopt(&span, &parent);
    }
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    span.record("answered", status);
    let _entered = span.enter();
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(status, milliseconds, "answered");
    } else {
        tracing::info!(status, milliseconds, "answered");
    }
    let class = class(method, &route);
    if let Some(kind) = Kind::of_status(status) {
        if status >= 500 {
            span.record("failed", kind.word());
        }
        metrics::counter!(HTTP_ERRORS, "class" => class, "kind" => kind.word()).increment(1);
        let told = response.extensions().get::<Told>().map_or("-", |told| &told.0);
        faults::RECENT.note(kind, told, &route);
    }
    count(class, method, route, status, took);
    response
}

fn count(class: &'static str, method: &'static str, route: String, status: u16, took: Duration) {
    let status = status.to_string();
    metrics::counter!(HTTP_REQUESTS, "method" => method, "route" => route, "status" => status).increment(1);
    metrics::histogram!(HTTP_SECONDS, "class" => class).record(took.as_secs_f64());
}

/// Addresses whose times may be compared. What waits for a phone to send pictures is no page, and what stays open no answer.
fn class(method: &str, route: &str) -> &'static str {
    let files = ["/photos", "/evidence", "/import"].iter().any(|end| route.ends_with(end));
    match route {
        _ if method == "POST" && files => "upload",
        _ if route.ends_with("/live") => "live",
        "none" => "none",
        "/healthz" | "/readyz" | "/metrics" => "operator",
        _ if route.starts_with("/api/") => "api",
        _ if route.starts_with("/assets/") => "asset",
        _ if route.starts_with("/desk") || route.starts_with("/debug") => "desk",
        _ => "customer",
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_fall_into_few_classes() {
        for (method, route, expected) in [
            ("GET", "/claims/{claim}", "customer"),
            ("GET", "/claims/{claim}/photos", "customer"),
            ("POST", "/claims/{claim}/photos", "upload"),
            ("POST", "/api/v1/claims/{claim}/evidence", "upload"),
            ("POST", "/api/v1/claims", "api"),
            ("GET", "/desk/claims/{claim}/live", "live"),
            ("GET", "/desk/claims/{claim}", "desk"),
            ("GET", "/debug", "desk"),
            ("GET", "/assets/{file}", "asset"),
            ("GET", "/metrics", "operator"),
            ("GET", "none", "none"),
        ] {
            assert_eq!(class(method, route), expected, "{method} {route}");
        }
    }
}
