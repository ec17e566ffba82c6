//! Traces for OpenTelemetry: what `tracing` spans say, as spans of one trace across request, use case, commit, reaction and partner.
//!
//! A span is made of a listed few fields (`fields`) and handed to a queue that is never waited for (`export`).

mod export;
mod fields;
pub(crate) mod parent;
mod recent;
mod spans;

use std::time::Duration;

use anyhow::Result;
use opentelemetry::trace::SpanContext;
use tracing::Span;
use tracing_subscriber::Registry;
use tracing_subscriber::registry::LookupSpan;

pub(crate) use export::Export;
pub(crate) use spans::{Spans, is_told};

/// Where traces go.
#[derive(Clone, Debug, PartialEq)]
pub struct Traces {
    /// The address of the collector for OTLP over HTTP, with its path: `http://localhost:4318/v1/traces`.
    pub to: String,
    /// Of a thousand traces that begin here so many are kept.
    pub per_mille: u16,
}

/// How long the last spans may take to leave when the process ends.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// Starts exporting; `None` for the layer when nobody asked for traces.
pub(crate) fn start(traces: Option<&Traces>) -> Result<(Option<Spans>, Option<Export>)> {
    let Some(traces) = traces else { return Ok((None, None)) };
    let (queue, export) = export::start(&traces.to, LAST_SPANS)?;
    Ok((Some(Spans::new(queue, traces.per_mille)), Some(export)))
}

/// The span in hand, as a `traceparent` header for a partner; `None` where nobody asked for traces.
pub(crate) fn traceparent() -> Option<String> {
    let span = of(&Span::current())?;
    Some(parent::write(&span))
}

/// Lets `span`, which has no parent here, go on from the one that a caller named.
pub(crate) fn adopt(span: &Span, parent: &SpanContext) {
    with_kept(span, |kept| kept.adopt(parent));
}

/// The ids of `span`.
fn of(span: &Span) -> Option<SpanContext> {
    with_kept(span, |kept| kept.context.clone())
}

fn with_kept<T>(span: &Span, look: impl FnOnce(&mut spans::Kept) -> T) -> Option<T> {
    span.with_subscriber(|(id, dispatch)| {
        let span = dispatch.downcast_ref::<Registry>()?.span(id)?;
        // The log's own spans have nothing of ours.
        let mut extensions = span.extensions_mut();
        extensions.get_mut::<spans::Kept>().map(look)
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::SpanId;
    use tracing::{debug_span, info_span};
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    /// Runs `work` with `per_mille` traces kept; the spans that would leave.
    fn kept(per_mille: u16, work: impl FnOnce()) -> Vec<opentelemetry_sdk::trace::SpanData> {
        let (queue, mut spans) = export::Queue::pair();
        let subscriber = tracing_subscriber::registry().with(Spans::new(queue, per_mille));
        tracing::subscriber::with_default(subscriber, work);
        std::iter::from_fn(|| spans.try_recv().ok()).collect()
    }

    #[test]
    fn a_partner_is_told_the_span_in_hand_within_the_trace_of_the_caller() {
        let spans = kept(1_000, || {
            let request = info_span!("request", method = "POST", route = "/report");
            adopt(&request, &parent::read(CALLER).unwrap());
            let _entered = request.enter();
            let _asked =
                debug_span!("bank.pay", kind = "client", payment = "p-1", payee = "林知远").entered();
            let told = traceparent().unwrap();
            assert!(
                told.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && told.ends_with("-01"),
                "{told}"
            );
            assert_ne!(told, CALLER);
        });
        let [asked, request] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!(request.name, "POST /report");
        assert_eq!(request.parent_span_id, SpanId::from_hex("00f067aa0ba902b7").unwrap());
        assert_eq!(asked.parent_span_id, request.span_context.span_id());
        let names: Vec<&str> = asked.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        assert_eq!(names, ["anpei.payment"], "no other field leaves");
    }

    #[test]
    fn a_reaction_joins_the_trace_of_the_commit_and_an_older_one_begins_its_own() {
        let spans = kept(1_000, || {
            let append = debug_span!("append", first = 7_u64, position = tracing::field::Empty);
            append.record("position", 8_u64);
            drop(append);
            for cause in [8_u64, 6] {
                drop(debug_span!("reaction", cause, then = "pay"));
            }
        });
        let [append, known, unknown] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!(known.name, "reaction pay");
        assert_eq!(known.parent_span_id, append.span_context.span_id());
        assert_eq!(known.span_context.trace_id(), append.span_context.trace_id());
        assert_eq!(unknown.parent_span_id, SpanId::INVALID);
        assert_ne!(unknown.span_context.trace_id(), append.span_context.trace_id());
    }

    #[test]
    fn what_is_not_drawn_leaves_neither_here_nor_at_a_partner() {
        let spans = kept(0, || {
            let _entered = info_span!("request").entered();
            let _asked = debug_span!("bank.pay").entered();
            assert!(traceparent().unwrap().ends_with("-00"), "the partner keeps none of it either");
        });
        assert!(spans.is_empty());
        let unwanted = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        let spans = kept(1_000, || {
            let request = info_span!("request");
            adopt(&request, &parent::read(unwanted).unwrap());
        });
        assert!(spans.is_empty(), "the caller keeps none of it");
    }
}
