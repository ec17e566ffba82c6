//! Every figure that `/metrics` tells: its name, kind, labels and help, once.
//!
//! Names follow Prometheus: the unit last, base units, `_total` for what only grows. Labels have few values: routes, codes, teams,
//! stages, and never an id.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// What kind of figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only grows, until the process starts again.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often values lay below each bound.
    Histogram,
}

/// A figure.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    #[cfg_attr(not(test), expect(dead_code, reason = "read where it is held against the documentation"))]
    pub(crate) labels: &'static [&'static str],
    pub(crate) help: &'static str,
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Figure {
    Figure { name, kind: Kind::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Figure {
    Figure { name, kind: Kind::Gauge, labels, help }
}

const fn histogram(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Figure {
    Figure { name, kind: Kind::Histogram, labels, help }
}

pub(crate) const HTTP_REQUESTS: &str = "anpei_http_requests_total";
pub(crate) const HTTP_SECONDS: &str = "anpei_http_request_seconds";
pub(crate) const HTTP_ERRORS: &str = "anpei_http_errors_total";
pub(crate) const HTTP_UNDER_WAY: &str = "anpei_http_requests_under_way";
pub(crate) const FAULTS: &str = "anpei_faults_total";
pub(crate) const SLOW: &str = "anpei_slow_total";
pub(crate) const TRACE_SPANS: &str = "anpei_trace_spans_total";

/// Every figure, in the order of the documentation.
pub(crate) const FIGURES: &[Figure] = &[
    counter(HTTP_REQUESTS, &["method", "route", "status"], "Requests answered, by template of address"),
    histogram(HTTP_SECONDS, &["class"], "Time until a request was answered, by class of address"),
    counter(
        HTTP_ERRORS,
        &["class", "kind"],
        "Requests that were not done: refusal, conflict, unavailable or bug",
    ),
    gauge(HTTP_UNDER_WAY, &[], "Requests without an answer yet"),
    counter(FAULTS, &["kind"], "Warnings and errors in the log, by who must act: unavailable or bug"),
    histogram("anpei_store_commit_seconds", &[], "Time of a commit on disk; several appends share one"),
    histogram(
        "anpei_store_statement_seconds",
        &["statement"],
        "Time of a read from the store, by what is read",
    ),
    gauge("anpei_store_appends_waiting", &[], "Appends that the writer has not answered yet"),
    gauge("anpei_store_readers_busy", &[], "Connections that read now"),
    gauge("anpei_store_readers_max", &[], "Connections that may read at once"),
    gauge("anpei_store_bytes", &[], "Size of the data folder's databases, where the store is embedded"),
    gauge("anpei_disk_free_bytes", &[], "Room left on the disk of the data folder"),
    counter(
        SLOW,
        &["what"],
        "Statements and use cases that took longer than the settings allow, as told in the log",
    ),
    gauge("anpei_journal_head", &[], "Position of the last entry of the journal"),
    gauge("anpei_reactor_lag", &[], "Entries that have not been reacted to yet"),
    gauge("anpei_reactions_in_hand", &[], "Entries whose reactions are being worked on by this process"),
    gauge("anpei_round_age_seconds", &[], "Time since this process last finished a regular round"),
    gauge("anpei_views_lag", &[], "Entries that the slowest trailing view has not heard yet"),
    gauge("anpei_view_lag", &["view"], "Entries that a trailing view has not heard yet"),
    counter("anpei_erasures_total", &[], "Persons whose key was destroyed by this process"),
    gauge("anpei_sessions_open", &[], "Sessions that have not ended"),
    gauge("anpei_claims", &["stage"], "Claims, by stage"),
    gauge("anpei_tasks_open", &["team"], "Open tasks, by team"),
    gauge(
        "anpei_task_oldest_seconds",
        &["team"],
        "Age of the oldest open task of a team; 0 where there is none",
    ),
    gauge("anpei_clocks_at_risk", &["team"], "Open tasks that end within two hours"),
    gauge("anpei_clocks_overdue", &["team"], "Open tasks past their end"),
    gauge("anpei_payments", &["status"], "Payments, by status; `sent` has no answer of the bank yet"),
    gauge("anpei_payments_yuan", &["status"], "Amount of payments that have not arrived, by status"),
    counter("anpei_money_paid_yuan_total", &[], "Amount that arrived, since the journal began"),
    gauge(
        "anpei_bank_oldest_seconds",
        &["status"],
        "Time since the status of the oldest payment changed; 0 where there is none",
    ),
    gauge("anpei_messages_waiting", &[], "Messages that have not been handed over"),
    gauge("anpei_message_oldest_seconds", &[], "How long the message that is due longest is overdue"),
    counter("anpei_figures_unread_total", &[], "Times that the figures of the business could not be read"),
    counter(TRACE_SPANS, &["outcome"], "Spans for the trace collector: exported or dropped"),
    gauge("anpei_runtime_workers", &[], "Threads that run tasks"),
    gauge("anpei_runtime_tasks", &[], "Tasks that have not ended"),
    gauge("anpei_runtime_tasks_queued", &[], "Tasks that wait for a thread"),
    gauge(
        "anpei_runtime_blocking_threads",
        &[],
        "Threads kept for work that waits for the disk or computes long",
    ),
    gauge("anpei_build_info", &["version"], "1, with the version of this binary"),
    gauge("process_resident_memory_bytes", &[], "Memory of this process"),
    gauge("process_virtual_memory_bytes", &[], "Address space of this process"),
    gauge("process_open_fds", &[], "Open files and connections"),
    gauge("process_max_fds", &[], "Files and connections that may be open"),
    gauge("process_threads", &[], "Threads of this process"),
    counter("process_cpu_seconds_total", &[], "Time that processors spent on this process"),
    gauge("process_start_time_seconds", &[], "When this process started, in seconds since 1970"),
];

/// Upper bounds of answers in seconds, close together around what is promised: a page within 20 ms.
const ANSWERS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Upper bounds of what the store does in seconds: a row takes microseconds, a commit as long as the disk.
const STATEMENTS: [f64; 11] =
    [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.2, 1.0];

/// The figures of this process; there is one set, whoever asks.
pub(crate) fn figures() -> Result<PrometheusHandle> {
    static SET: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut set = SET.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = &*set {
        return Ok(known.clone());
    }
    let mut builder = PrometheusBuilder::new();
    for figure in FIGURES.iter().filter(|figure| figure.kind == Kind::Histogram) {
        let bounds: &[f64] = if figure.name == HTTP_SECONDS { &ANSWERS } else { &STATEMENTS };
        builder = builder.set_buckets_for_metric(Matcher::Full(figure.name.to_owned()), bounds)?;
    }
    let handle = builder.install_recorder()?;
    describe();
    Ok(set.insert(handle).clone())
}

/// Tells the recorder what each figure is; those that are counted by others begin at nothing.
fn describe() {
    for figure in FIGURES {
        match figure.kind {
            Kind::Counter => metrics::describe_counter!(figure.name, figure.help),
            Kind::Gauge => metrics::describe_gauge!(figure.name, figure.help),
            Kind::Histogram => metrics::describe_histogram!(figure.name, figure.help),
        }
    }
    metrics::counter!("anpei_erasures_total").increment(0);
    metrics::counter!("anpei_figures_unread_total").increment(0);
    for outcome in ["exported", "dropped"] {
        metrics::counter!(TRACE_SPANS, "outcome" => outcome).increment(0);
    }
    for what in ["statement", "use-case"] {
        metrics::counter!(SLOW, "what" => what).increment(0);
    }
    for kind in ["unavailable", "bug"] {
        metrics::counter!(FAULTS, "kind" => kind).increment(0);
    }
    metrics::gauge!("anpei_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}
