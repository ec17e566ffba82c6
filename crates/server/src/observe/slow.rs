//! Use cases that take long, one log line each: which, how long, for which request or entry. Never with what.

use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::figures::SLOW;

/// The layer.
pub(crate) struct Slow {
    from: Duration,
}

/// When a use case began.
struct Began(Instant);

/// The mark of a request, once it is known.
struct Mark(String);

impl Slow {
    /// Tells of use cases that take `from` or longer.
    pub(crate) fn new(from: Duration) -> Slow {
        Slow { from }
    }
}

/// Spans that are timed: use cases and pages of `app`, and the request around them for its mark.
pub(crate) fn is_timed(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && (is_use_case(metadata) || metadata.name() == "request")
}

fn is_use_case(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("app::use_cases") || metadata.target().starts_with("app::pages")
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Slow {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|_| is_use_case(attributes.metadata())) else { return };
        span.extensions_mut().insert(Began(Instant::now()));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| span.name() == "request") else { return };
        let mut mark = Mark(String::new());
        values.record(&mut mark);
        if !mark.0.is_empty() {
            span.extensions_mut().replace(mark);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(took) = span.extensions().get::<Began>().map(|began| began.0.elapsed()) else { return };
        if took < self.from {
            return;
        }
        metrics::counter!(SLOW, "what" => "use-case").increment(1);
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (use_case, request) = (span.name(), mark(&span));
        tracing::warn!(target: "slow", use_case, request, milliseconds, "a use case took long");
    }
}

/// The mark of the request that `span` belongs to; nothing for work in the background.
fn mark<S: for<'a> LookupSpan<'a>>(span: &SpanRef<'_, S>) -> String {
    let marks = span.scope().find_map(|above| Some(above.extensions().get::<Mark>()?.0.clone()));
    marks.unwrap_or_default()
}

impl Visit for Mark {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "id" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}
