//! The published test vectors, where `ANPEI_DATA` names the folder that holds them.

use std::path::PathBuf;

use app::outside::{CloudEvent, Secret};
use serde_json::Value;

/// The file of the published data, or a word on stderr that the test was passed by.
#[expect(clippy::disallowed_macros, reason = "a test that is passed by says so")]
fn published(path: &str) -> Option<String> {
    let Some(data) = std::env::var_os("ANPEI_DATA").map(PathBuf::from) else {
        eprintln!("passed by: ANPEI_DATA names no folder with the published {path}");
        return None;
    };
    Some(std::fs::read_to_string(data.join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}")))
}

#[test]
fn a_message_is_signed_as_standard_webhooks_publishes() {
    let Some(text) = published("peers/standard-webhooks/vector.json") else { return };
    let vector: Value = serde_json::from_str(&text).unwrap();
    let of = |name: &str| vector[name].as_str().unwrap();
    let secret = Secret::parse(of("secret")).unwrap();
    assert_eq!(secret.reveal(), of("secret"));
    let signed = secret.sign(of("id"), vector["timestamp"].as_i64().unwrap(), of("payload").as_bytes());
    assert_eq!(signed, of("signature"));
    assert_ne!(secret.sign(of("id"), 1_614_265_331, of("payload").as_bytes()), of("signature"));
}

/// The structured message of the HTTP binding's conformance feature is what we would write of the same attributes.
#[test]
fn an_event_is_written_as_the_cloudevents_conformance_has_it() {
    let Some(text) = published("peers/cloudevents/features/http-protocol-binding.feature") else { return };
    let structured = text.split("Structured content mode").nth(1).expect("the scenario");
    let request = structured.split("\"\"\"").nth(1).expect("its request");
    let document: Value = serde_json::from_str(&request[request.find('{').unwrap()..]).unwrap();
    let written = CloudEvent {
        id: "1234-1234-1234".to_owned(),
        source: "/mycontext/subcontext".to_owned(),
        kind: "com.example.someevent".to_owned(),
        time: "2018-04-05T03:56:24Z".to_owned(),
        subject: None,
        content_type: Some("application/json".to_owned()),
        schema: None,
        extensions: vec![],
        data: serde_json::json!({ "message": "Hello World!" }),
    };
    assert_eq!(serde_json::from_slice::<Value>(&written.to_bytes()).unwrap(), document);
    assert!(structured.contains(CloudEvent::MEDIA_TYPE));
}

/// What the conformance suite's own sender takes for an event: these attributes, with extensions beside them.
#[test]
fn extensions_stand_beside_the_attributes_as_the_conformance_has_them() {
    let Some(text) = published("peers/cloudevents/yaml/v1.yaml") else { return };
    let attribute = |name: &str| {
        let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap_or_else(|| panic!("{name}")).trim().to_owned()
    };
    assert_eq!(attribute("specversion"), "1.0");
    let written = CloudEvent {
        id: attribute("id"),
        source: attribute("source"),
        kind: attribute("type"),
        time: attribute("time"),
        subject: None,
        content_type: None,
        schema: None,
        extensions: vec![("comexampleextension1", "value".to_owned())],
        data: serde_json::json!({ "world": "hello" }),
    }
    .to_value();
    for name in ["specversion", "id", "source", "type", "time"] {
        assert_eq!(written[name], attribute(name), "{name}");
    }
    assert_eq!(
        format!("\"{}\"", written["comexampleextension1"].as_str().unwrap()),
        attribute("comexampleextension1 ")
    );
    assert_eq!(written["data"]["world"], "hello");
}
