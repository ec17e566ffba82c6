//! CloudEvents 1.0 in JSON, the structured mode.

use serde_json::{Map, Value};

/// One CloudEvent whose data are JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudEvent {
    /// Unique within its source.
    pub id: String,
    /// Where it happened, a URI reference.
    pub source: String,
    /// What kind of thing happened.
    pub kind: String,
    /// When, RFC 3339.
    pub time: String,
    /// What it is about, within the source.
    pub subject: Option<String>,
    /// Of what kind the data are.
    pub content_type: Option<String>,
    /// The URI of the data's schema.
    pub schema: Option<String>,
    /// Further attributes; names are lower case letters and digits.
    pub extensions: Vec<(&'static str, String)>,
    /// The data.
    pub data: Value,
}

impl CloudEvent {
    /// The media type of [`to_value`](CloudEvent::to_value).
    pub const MEDIA_TYPE: &'static str = "application/cloudevents+json";

    /// The document.
    pub fn to_value(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), value.into());
        put("specversion", "1.0");
        put("id", &self.id);
        put("source", &self.source);
        put("type", &self.kind);
        put("time", &self.time);
        for (name, value) in [
            ("subject", &self.subject),
            ("datacontenttype", &self.content_type),
            ("dataschema", &self.schema),
        ] {
            if let Some(value) = value {
                put(name, value);
            }
        }
        for (name, value) in &self.extensions {
            put(name, value);
        }
        fields.insert("data".to_owned(), self.data.clone());
        Value::Object(fields)
    }

    /// The document as it travels.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_value().to_string().into_bytes()
    }
}
