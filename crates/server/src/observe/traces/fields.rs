//! What of a span may leave the process: a closed list of fields, and of their values only what looks like an id or a code.
//!
//! A name, a plate or a telephone number has no field here; were one put into a listed field by mistake, its letters would keep it
//! inside unless it were plain digits.

use std::fmt;

use opentelemetry::{KeyValue, Value};
use tracing::field::{Field, Visit};

/// Fields of spans, and the names under which they are exported.
const EXPORTED: &[(&str, &str)] = &[
    ("method", "http.request.method"),
    ("route", "http.route"),
    ("answered", "http.response.status_code"),
    ("id", "anpei.request"),
    ("claim", "anpei.claim"),
    ("incident", "anpei.incident"),
    ("payment", "anpei.payment"),
    ("then", "anpei.reaction"),
    ("cause", "anpei.cause"),
    ("first", "anpei.position.first"),
    ("position", "anpei.position"),
    ("view", "anpei.view"),
    ("statement", "anpei.statement"),
    ("rows", "anpei.rows"),
    ("group", "anpei.group"),
    ("answer", "anpei.answer"),
    ("channel", "anpei.channel"),
    ("failed", "error.type"),
];

/// Longer values are no code.
const LENGTH_MAX: usize = 96;

/// The fields of one span.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) attributes: Vec<KeyValue>,
    /// The entry that this work reacts to.
    pub(super) cause: Option<u64>,
    /// The first and the last entry that it recorded.
    pub(super) first: Option<u64>,
    pub(super) position: Option<u64>,
    /// Somebody outside does the work, and we wait.
    pub(super) is_client: bool,
    pub(super) failed: Option<String>,
}

impl Fields {
    fn keep(&mut self, field: &Field, value: impl Into<Value>) {
        let Some((_, exported)) = EXPORTED.iter().find(|(name, _)| *name == field.name()) else { return };
        self.attributes.push(KeyValue::new(*exported, value));
    }

    fn text(&mut self, field: &Field, text: &str) {
        if !is_code(text) {
            return;
        }
        match field.name() {
            "kind" => self.is_client = text == "client",
            "failed" => self.failed = Some(text.to_owned()),
            _ => {}
        }
        self.keep(field, text.to_owned());
    }

    /// The text of an exported field.
    pub(super) fn text_of(&self, exported: &str) -> Option<String> {
        let known = self.attributes.iter().find(|attribute| attribute.key.as_str() == exported)?;
        Some(known.value.as_str().into_owned())
    }

    /// What was recorded later stands beside, or in the place of, what was known.
    pub(super) fn and(&mut self, later: Fields) {
        self.attributes.retain(|known| later.attributes.iter().all(|attribute| attribute.key != known.key));
        self.attributes.extend(later.attributes);
        self.cause = later.cause.or(self.cause);
        self.first = later.first.or(self.first);
        self.position = later.position.or(self.position);
        self.is_client |= later.is_client;
        self.failed = later.failed.or(self.failed.take());
    }
}

/// Ids, codes, routes: plain letters and digits with a few marks.
fn is_code(text: &str) -> bool {
    text.len() <= LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:{}+".contains(&byte))
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "cause" => self.cause = Some(value),
            "first" => self.first = Some(value),
            "position" => self.position = Some(value),
            _ => {}
        }
        self.keep(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // A listed field alone is written out.
        if EXPORTED.iter().any(|(name, _)| *name == field.name()) {
            self.text(field, &format!("{value:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_codes_leave_and_nothing_else() {
        for (text, leaves) in [
            ("01J9ZK3T8Q0R4V6W8X0Y2Z4A6B", true),
            ("/claims/{claim}/photos", true),
            ("picture.refused.heic", true),
            ("京A12345", false),
            ("林知远", false),
            ("Lin Zhiyuan", false),
            ("lin@example.com", false),
            (&"a".repeat(LENGTH_MAX + 1), false),
        ] {
            assert_eq!(is_code(text), leaves, "{text}");
        }
    }
}
