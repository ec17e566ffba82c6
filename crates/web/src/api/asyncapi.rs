//! What others are told, described: AsyncAPI 3.0 from the registry of public event types.

use std::sync::LazyLock;

use app::outside::{CloudEvent, OutsideType, TYPES};
use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(document().to_string()));

/// The description of what others are told: AsyncAPI 3.0.
#[utoipa::path(get, path = "/api/v1/asyncapi.json", tag = "interface", security(()),
    responses((status = 200, description = "AsyncAPI 3.0", content_type = "application/json", body = Object)))]
pub(crate) async fn asyncapi() -> Response {
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (kind, DOCUMENT.clone()).into_response()
}

/// The name of the channel that stands for every registered address.
const WEBHOOK: &str = "webhook";

fn document() -> Value {
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    let mut schemas = Map::new();
    let mut all = Map::new();
    for kind in TYPES.iter() {
        let name = kind.name;
        all.insert(name.to_owned(), refer(&["components", "messages", name]));
        channels.insert(
            name.to_owned(),
            json!({ "address": kind.subject(), "title": kind.summary,
                "servers": [refer(&["servers", "nats"])],
                "messages": { name: refer(&["components", "messages", name]) } }),
        );
        operations.insert(
            format!("publish.{name}"),
            json!({ "action": "send", "channel": refer(&["channels", name]), "summary": kind.summary,
                "messages": [refer(&["channels", name, "messages", name])] }),
        );
        messages.insert(name.to_owned(), message(kind));
        schemas.insert(name.to_owned(), envelope(kind));
        let mut data = kind.schema();
        if let Some(fields) = data.as_object_mut() {
            fields.remove("$id");
        }
        schemas.insert(data_name(kind), data);
    }
    let each = |name: &String| refer(&["channels", WEBHOOK, "messages", name]);
    operations.insert(
        "deliver".to_owned(),
        json!({ "action": "send", "channel": refer(&["channels", WEBHOOK]),
            "summary": "Each registered address is called with what it is told, signed by Standard Webhooks.",
            "messages": all.keys().map(each).collect::<Vec<_>>() }),
    );
    channels.insert(
        WEBHOOK.to_owned(),
        json!({ "address": null, "title": "Webhooks",
            "description": "A POST to the address that was registered. Messages of one claim come in their order as long as the \
                receiver takes them; each may come more than once, under the same webhook-id.",
            "messages": all }),
    );
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Anpei", "version": env!("CARGO_PKG_VERSION"),
            "description": "What other systems are told: CloudEvents 1.0 in JSON, by webhooks and by NATS JetStream.",
            "externalDocs": { "description": "The JSON interface, OpenAPI 3.1", "url": "/api/v1/openapi.json" } },
        "defaultContentType": CloudEvent::MEDIA_TYPE,
        "servers": { "nats": { "host": "nats.example.com:4222", "protocol": "nats",
            "description": "The operator's own server, where one is set. Nats-Msg-Id is the CloudEvent's id." } },
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    })
}

fn message(kind: &OutsideType) -> Value {
    json!({
        "name": kind.name, "title": kind.summary, "contentType": CloudEvent::MEDIA_TYPE,
        "payload": refer(&["components", "schemas", kind.name]),
        "examples": [{ "name": "made-up", "payload": example(kind) }],
    })
}

/// The CloudEvent around the data of `kind`.
fn envelope(kind: &OutsideType) -> Value {
    let text = |description: &str| json!({ "type": "string", "minLength": 1, "description": description });
    json!({
        "type": "object", "description": kind.summary,
        "required": ["specversion", "id", "source", "type", "time", "subject", "datacontenttype", "dataschema", "sequence",
            "partitionkey", "data"],
        "properties": {
            "specversion": { "type": "string", "const": "1.0" },
            "id": text("The same whenever it is told; one and the same fact has one id"),
            "source": { "type": "string", "format": "uri-reference", "minLength": 1, "description": "The system that tells" },
            "type": { "type": "string", "const": kind.name },
            "time": { "type": "string", "format": "date-time", "description": "When it was recorded" },
            "subject": text("The claim"),
            "datacontenttype": { "type": "string", "const": "application/json" },
            "dataschema": { "type": "string", "const": kind.schema_id() },
            "sequence": { "type": "string", "pattern": "^[0-9]{20}$",
                "description": "Its place in all that happened; places sort as text" },
            "partitionkey": text("What keeps its order: the claim"),
            "data": refer(&["components", "schemas", &data_name(kind)]),
        },
    })
}

fn example(kind: &OutsideType) -> Value {
    let data = kind.example();
    let claim = data["claim"].as_str().unwrap_or_default().to_owned();
    CloudEvent {
        id: format!("claim-{claim}-3"),
        source: "urn:anpei".to_owned(),
        kind: kind.name.to_owned(),
        time: "2026-05-02T06:41:07Z".to_owned(),
        subject: Some(claim.clone()),
        content_type: Some("application/json".to_owned()),
        schema: Some(kind.schema_id()),
        extensions: vec![("sequence", format!("{:020}", 1_042)), ("partitionkey", claim)],
        data,
    }
    .to_value()
}

fn data_name(kind: &OutsideType) -> String {
    format!("{}.data", kind.name)
}

/// A reference to a place in this document. Our names need no escaping.
fn refer(place: &[&str]) -> Value {
    json!({ "$ref": format!("#/{}", place.join("/")) })
}
