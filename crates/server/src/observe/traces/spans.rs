//! The layer that makes spans for export of the spans of `tracing`.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SpanData, SpanEvents, SpanLinks};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::export::Queue;
use super::fields::Fields;
use super::recent::Recent;

/// More links than these tell nothing.
const LINKS_MAX: usize = 32;

/// The layer.
pub(crate) struct Spans {
    queue: Queue,
    per_mille: u16,
    recent: Arc<Recent>,
}

/// What is kept of a span until it closes.
pub(super) struct Kept {
    pub(super) context: SpanContext,
    parent: SpanId,
    parent_is_remote: bool,
    began: SystemTime,
    /// When it was left last: a span closes only after those that it brought about, which may be much later.
    left: Option<SystemTime>,
    fields: Fields,
    links: Vec<SpanContext>,
    per_mille: u16,
}

impl Spans {
    pub(super) fn new(queue: Queue, per_mille: u16) -> Spans {
        Spans { queue, per_mille, recent: Arc::new(Recent::new()) }
    }
}

/// Spans that are told of: those of this product, as no other package knows what may leave.
pub(crate) fn is_told(metadata: &Metadata<'_>) -> bool {
    let package = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && matches!(package, "server" | "web" | "app" | "store" | "connectors")
}

impl Kept {
    fn new(parent: Option<&SpanContext>, fields: Fields, per_mille: u16) -> Kept {
        let ids = RandomIdGenerator::default();
        let (trace, sampled) = match parent {
            Some(parent) => (parent.trace_id(), parent.is_sampled()),
            None => {
                let trace = ids.new_trace_id();
                (trace, is_drawn(trace, per_mille))
            }
        };
        let flags = TraceFlags::default().with_sampled(sampled);
        Kept {
            context: SpanContext::new(trace, ids.new_span_id(), flags, false, TraceState::default()),
            parent: parent.map_or(SpanId::INVALID, SpanContext::span_id),
            parent_is_remote: parent.is_some_and(SpanContext::is_remote),
            began: SystemTime::now(),
            left: None,
            fields,
            links: vec![],
            per_mille,
        }
    }

    /// Goes on from `parent`, which another process named. It may ask for no more traces than we draw ourselves.
    pub(super) fn adopt(&mut self, parent: &SpanContext) {
        let sampled = parent.is_sampled() && is_drawn(parent.trace_id(), self.per_mille);
        let flags = TraceFlags::default().with_sampled(sampled);
        let span = self.context.span_id();
        self.context = SpanContext::new(parent.trace_id(), span, flags, false, TraceState::default());
        (self.parent, self.parent_is_remote) = (parent.span_id(), true);
    }

    fn into_data(self, name: &'static str) -> SpanData {
        static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
            InstrumentationScope::builder("anpei").with_version(env!("CARGO_PKG_VERSION")).build()
        });
        let Kept { context, parent, parent_is_remote, began, left, mut fields, links, .. } = self;
        let kind = match (name, fields.is_client) {
            ("request", _) => SpanKind::Server,
            (_, true) => SpanKind::Client,
            _ => SpanKind::Internal,
        };
        let status = match fields.failed.take() {
            Some(kind) => Status::error(kind),
            None => Status::Unset,
        };
        let mut data_links = SpanLinks::default();
        data_links.links = links.into_iter().map(Link::with_context).collect();
        SpanData {
            span_context: context,
            parent_span_id: parent,
            parent_span_is_remote: parent_is_remote,
            span_kind: kind,
            name: told_name(name, &fields),
            start_time: began,
            end_time: left.unwrap_or_else(SystemTime::now),
            attributes: fields.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: data_links,
            status,
            instrumentation_scope: SCOPE.clone(),
        }
    }
}

/// A request is called by what it asks, a reaction by what follows; all else by itself.
fn told_name(name: &'static str, fields: &Fields) -> Cow<'static, str> {
    let text = |exported| fields.text_of(exported);
    match name {
        "request" => match (text("http.request.method"), text("http.route")) {
            (Some(method), Some(route)) => format!("{method} {route}").into(),
            _ => name.into(),
        },
        "reaction" => text("anpei.reaction").map_or(name.into(), |then| format!("{name} {then}").into()),
        _ => name.into(),
    }
}

/// Whether `trace` is one of the share that is kept; every process answers alike.
fn is_drawn(trace: TraceId, per_mille: u16) -> bool {
    let bytes = trace.to_bytes();
    let low =
        u64::from_be_bytes([0, bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]]);
    low % 1_000 < u64::from(per_mille)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span
            .parent()
            .and_then(|parent| parent.extensions().get::<Kept>().map(|kept| kept.context.clone()));
        let parent = above.or_else(|| fields.cause.and_then(|cause| self.recent.of(cause)));
        span.extensions_mut().insert(Kept::new(parent.as_ref(), fields, self.per_mille));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut later = Fields::default();
        values.record(&mut later);
        let mut extensions = span.extensions_mut();
        let Some(kept) = extensions.get_mut::<Kept>() else { return };
        let recorded = later.position;
        kept.fields.and(later);
        if let Some(last) = recorded {
            let first = kept.fields.first.unwrap_or(last);
            self.recent.recorded(first, last, &kept.context);
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        let (Some(span), Some(before)) = (context.span(id), context.span(follows)) else { return };
        let before = before.extensions().get::<Kept>().map(|kept| kept.context.clone());
        let mut extensions = span.extensions_mut();
        if let (Some(kept), Some(before)) = (extensions.get_mut::<Kept>(), before)
            && kept.links.len() < LINKS_MAX
        {
            kept.links.push(before);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(kept) = span.extensions_mut().get_mut::<Kept>() {
            kept.left = Some(SystemTime::now());
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let kept = span.extensions_mut().remove::<Kept>();
        if let Some(kept) = kept.filter(|kept| kept.context.is_sampled()) {
            self.queue.put(kept.into_data(span.name()));
        }
    }
}
