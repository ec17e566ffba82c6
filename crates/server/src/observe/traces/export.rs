//! Spans on their way to the collector: a bounded queue, and one thread that empties it.
//!
//! Whoever ends a span waits for nothing: where the collector is away or slow the queue fills, and what finds no room is counted and
//! let go.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::observe::figures;

/// So many spans wait at the most.
const WAITING_MAX: usize = 8_192;
/// Spans of one request to the collector.
const BATCH: usize = 512;
/// How long spans are gathered.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the collector may take.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// That it does not answer is said this often.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Where ended spans are put.
#[derive(Clone)]
pub(super) struct Queue(Sender<SpanData>);

impl Queue {
    /// A queue, and what arrives at its other end.
    #[cfg(test)]
    pub(super) fn pair() -> (Queue, Receiver<SpanData>) {
        let (queue, spans) = mpsc::channel(WAITING_MAX);
        (Queue(queue), spans)
    }

    /// Puts `span` there if there is room.
    pub(super) fn put(&self, span: SpanData) {
        if self.0.try_send(span).is_err() {
            count("dropped", 1);
        }
    }
}

/// The export while it runs; dropped, it sends what is left and ends.
pub(crate) struct Export {
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Export {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Release);
        // A thread that panicked has said so itself.
        self.thread.take().map(JoinHandle::join);
    }
}

/// Starts exporting to the collector at `to`; the last spans have `last` to leave.
pub(super) fn start(to: &str, last: Duration) -> Result<(Queue, Export)> {
    let (queue, spans) = mpsc::channel(WAITING_MAX);
    let ending = Arc::new(AtomicBool::new(false));
    let exporter = exporter(to)?;
    let until = ending.clone();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => runtime.block_on(export(exporter, spans, &until, last)),
            Err(problem) => tracing::error!(%problem, "traces cannot be exported"),
        }
    };
    let thread = thread::Builder::new().name("traces".into()).spawn(run)?;
    Ok((Queue(queue), Export { ending, thread: Some(thread) }))
}

fn exporter(to: &str) -> Result<SpanExporter> {
    // Another part of the process may have chosen the same provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(ANSWER_MAX).build()?;
    let exporter = SpanExporter::builder().with_http().with_http_client(Client(client));
    let exporter = exporter.with_endpoint(to).with_timeout(ANSWER_MAX).build();
    let mut exporter = exporter.map_err(|problem| anyhow!("{problem}")).context("traces-to")?;
    exporter.set_resource(
        &Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "anpei"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build(),
    );
    Ok(exporter)
}

async fn export(exporter: SpanExporter, mut spans: Receiver<SpanData>, ending: &AtomicBool, last: Duration) {
    let mut said: Option<Instant> = None;
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let is_last = ending.load(Ordering::Acquire);
        while batch.len() < BATCH
            && let Ok(span) = spans.try_recv()
        {
            batch.push(span);
        }
        if batch.is_empty() {
            if is_last {
                return;
            }
            tokio::time::sleep(PAUSE / 10).await;
            // A while is gathered, so that a request to the collector is worth its cost.
            for _ in 1..10 {
                if spans.len() >= BATCH || ending.load(Ordering::Acquire) {
                    break;
                }
                tokio::time::sleep(PAUSE / 10).await;
            }
            continue;
        }
        let count_of = batch.len() as u64;
        let patience = if is_last { last } else { ANSWER_MAX };
        let sent = tokio::time::timeout(patience, exporter.export(std::mem::take(&mut batch))).await;
        let problem = match sent {
            Ok(Ok(())) => {
                count("exported", count_of);
                continue;
            }
            Ok(Err(problem)) => problem.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        count("dropped", count_of);
        if said.is_none_or(|at| at.elapsed() >= SAID_EVERY) {
            tracing::warn!(problem, "traces do not reach their collector; they are let go");
            said = Some(Instant::now());
        }
        if is_last {
            return;
        }
    }
}

fn count(outcome: &'static str, spans: u64) {
    metrics::counter!(figures::TRACE_SPANS, "outcome" => outcome).increment(spans);
}

/// The client by which the exporter speaks.
struct Client(reqwest::Client);

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl HttpClient for Client {
    fn send_bytes<'life, 'out>(
        &'life self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'out>>
    where
        'life: 'out,
        Self: 'out,
    {
        Box::pin(async move {
            let mut answer = self.0.execute(request.try_into()?).await?;
            let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
            let mut told = Response::new(answer.bytes().await?);
            (*told.status_mut(), *told.headers_mut()) = (status, headers);
            Ok(told)
        })
    }
}
