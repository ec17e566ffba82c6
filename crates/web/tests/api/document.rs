//! The description by itself, against the rules of OpenAPI 3.1.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::validator;
use crate::house::House;

/// Calls `look` with every value below `value`, and where it stands.
fn walk<'a>(value: &'a Value, place: &str, look: &mut impl FnMut(&str, &'a Value)) {
    look(place, value);
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                walk(value, &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), look);
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                walk(value, &format!("{place}/{number}"), look);
            }
        }
        _ => {}
    }
}

fn text<'a>(value: &'a Value, what: &str) -> &'a str {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("{what} lacks its text"))
}

#[tokio::test]
async fn it_is_a_whole_document() {
    let House { contract, .. } = House::open().await;
    let document = &contract.document;
    assert!(text(&document["openapi"], "openapi").starts_with("3.1."), "{}", document["openapi"]);
    text(&document["info"]["title"], "info.title");
    text(&document["info"]["version"], "info.version");
    for name in document.as_object().unwrap().keys() {
        let known = ["openapi", "info", "paths", "components", "tags", "security", "servers", "externalDocs"];
        assert!(known.contains(&name.as_str()), "{name} stands at the top");
    }
    walk(document, "", &mut |place, value| {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            assert!(
                to.strip_prefix('#').is_some_and(|to| document.pointer(to).is_some()),
                "{place} refers to {to}"
            );
        }
    });
}

#[tokio::test]
async fn every_operation_is_described_in_full() {
    let House { contract, .. } = House::open().await;
    let tags: Vec<&str> =
        contract.document["tags"].as_array().unwrap().iter().map(|tag| text(&tag["name"], "a tag")).collect();
    let mut ids = BTreeSet::new();
    for (name, said) in contract.operations() {
        assert!(ids.insert(text(&said["operationId"], &name).to_owned()), "{name}: its id is used twice");
        text(&said["summary"], &name);
        for tag in said["tags"].as_array().unwrap() {
            assert!(tags.contains(&tag.as_str().unwrap()), "{name}: {tag}");
        }
        let (method, path) = name.split_once(' ').unwrap();
        let parameters: Vec<&Value> =
            said["parameters"].as_array().unwrap().iter().map(|given| contract.resolved(given)).collect();
        let at = |place: &str| -> BTreeSet<&str> {
            let there = parameters.iter().filter(|given| given["in"] == place);
            there.map(|given| text(&given["name"], &name)).collect()
        };
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(at("path"), in_path, "{name}");
        for given in &parameters {
            assert!(given["schema"].is_object(), "{name}: {given}");
            assert!(given["in"] != "path" || given["required"] == true, "{name}: {given}");
        }
        // What nothing is kept of needs no key.
        let keyed = method == "POST" && path != "/api/v1/settle";
        assert_eq!(at("header").contains("Idempotency-Key"), keyed, "{name}");
        assert_eq!(at("header").contains("If-Match"), !said["responses"]["412"].is_null(), "{name}");
        assert_eq!(said.get("requestBody").is_some(), method == "POST", "{name}");
        let answers = said["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        for (status, answer) in answers {
            let answer = contract.resolved(answer);
            text(&answer["description"], &format!("{name} {status}"));
            assert!(
                status == "default" || status.parse().is_ok_and(|status: u16| (200..600).contains(&status))
            );
            let problem = &answer["content"]["application/problem+json"]["schema"];
            assert_eq!(
                problem.is_object(),
                !status.starts_with('2'),
                "{name} {status}: a problem is a document"
            );
        }
        let open = ["/api/v1/openapi.json", "/api/v1/asyncapi.json", "/api/v1/events"].contains(&path);
        assert_eq!(answers.contains_key("401"), !open, "{name}");
        let schemes = &contract.document["components"]["securitySchemes"];
        for (scheme, _) in contract.document["security"][0].as_object().unwrap() {
            assert!(schemes[scheme].is_object(), "{scheme}");
        }
    }
}

#[tokio::test]
async fn every_schema_is_one_and_every_example_is_of_it() {
    let House { contract, .. } = House::open().await;
    let document = &contract.document;
    let mut examples = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        walk(schema, name, &mut |place, value| {
            // A schema that joins others could not be held to the last field.
            assert!(value.get("allOf").is_none() && value.get("anyOf").is_none(), "{place} joins schemas");
            let listed = value.get("examples").and_then(Value::as_array).into_iter().flatten();
            for example in listed.chain(value.get("example")) {
                examples += 1;
                contract.fits(value, example).unwrap_or_else(|wrong| panic!("{place}: {example}: {wrong}"));
            }
        });
        validator(
            &serde_json::json!({ "components": document["components"], "$ref": format!("#/components/schemas/{name}") }),
        );
    }
    assert!(examples > 10, "{examples} examples");
}

#[tokio::test]
async fn nothing_is_described_that_nobody_refers_to() {
    let House { contract, .. } = House::open().await;
    let mut referred = BTreeSet::new();
    walk(&contract.document, "", &mut |_, value| {
        referred.extend(value.get("$ref").and_then(Value::as_str));
    });
    for kind in ["schemas", "responses", "parameters"] {
        for name in contract.document["components"][kind].as_object().unwrap().keys() {
            let place = format!("#/components/{kind}/{name}");
            assert!(referred.contains(place.as_str()), "{place}");
        }
    }
}
