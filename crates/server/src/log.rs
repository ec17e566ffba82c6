//! Log lines on stderr. Codes, ids and routes only: no name, number, plate or text of a person.

use std::io;

use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::LogFormat;
use crate::observe::faults::{Noting, is_noted};
use crate::observe::slow::{Slow, is_timed};
use crate::observe::traces::{Spans, is_told};
use crate::observe::{Observe, ports};

/// Starts logging, with what else follows the same lines: slow ones, the last faults, traces. A second start in one process changes
/// nothing.
pub(crate) fn start(level: &str, format: LogFormat, observe: &Observe, spans: Option<Spans>) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    // A line names its request, whatever else it is written in.
    let filter = filter.and(filter_fn(|metadata| !metadata.is_span() || metadata.name() == "request"));
    let lines = fmt::layer().with_writer(io::stderr).with_target(true);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Json => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .with_filter(filter),
        ),
        LogFormat::Text => Box::new(lines.with_ansi(false).compact().with_filter(filter)),
    };
    ports::tell_slow_from(observe.slow_statement);
    let started = tracing_subscriber::registry()
        .with(lines)
        .with(Slow::new(observe.slow_use_case).with_filter(filter_fn(is_timed)))
        .with(Noting.with_filter(filter_fn(is_noted)))
        .with(spans.map(|spans| spans.with_filter(filter_fn(is_told))))
        .try_init();
    // Only a second start fails.
    let _ = started;
}
