//! The description of the interface as a judge of what is sent and answered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};

/// An answer with all that is judged.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null where there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The description, and what was seen of it so far.
pub struct Contract {
    pub document: Value,
    seen: Mutex<BTreeSet<String>>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// From the document as it is served.
    pub fn of(document: Value) -> Contract {
        Contract { document, seen: Mutex::default(), validators: Mutex::default() }
    }

    /// Every operation: `POST /api/v1/claims` and what is said of it.
    pub fn operations(&self) -> BTreeMap<String, &Value> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods.iter().map(move |(method, said)| (format!("{} {path}", method.to_uppercase()), said))
        });
        operations.collect()
    }

    pub fn operation(&self, operation: &str) -> &Value {
        self.operations().remove(operation).unwrap_or_else(|| panic!("{operation} is not described"))
    }

    /// What `value` stands for, when it refers to something.
    pub fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(place) => {
                let place = place.strip_prefix('#').expect("a place in this document");
                self.document.pointer(place).unwrap_or_else(|| panic!("nothing stands at {place}"))
            }
            None => value,
        }
    }

    /// Every pair of an operation and a status that is promised, beside `default`.
    pub fn promised(&self) -> BTreeSet<String> {
        let operations = self.operations();
        let pairs = operations.iter().flat_map(|(operation, said)| {
            let statuses = said["responses"].as_object().unwrap().keys();
            statuses.filter(|status| *status != "default").map(move |status| format!("{operation} {status}"))
        });
        pairs.collect()
    }

    /// The pairs that were seen.
    pub fn seen(&self) -> BTreeSet<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Asserts that `answer` to `operation` is one that is described, to the last field.
    #[track_caller]
    pub fn judge(&self, operation: &str, answer: &Answer) {
        let status = answer.status.as_str();
        let text = String::from_utf8_lossy(&answer.body);
        let described = &self.operation(operation)["responses"][status];
        assert!(!described.is_null(), "{operation} is not said to answer {status}: {text}");
        let described = self.resolved(described);
        for (name, header) in described["headers"].as_object().into_iter().flatten() {
            let value = answer.header(name);
            assert!(!value.is_empty(), "{operation} {status} lacks {name}");
            let value = match header["schema"]["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().unwrap_or_else(|_| panic!("{name}: {value}"))),
                _ => json!(value),
            };
            self.hold(&header["schema"], &value, &format!("{operation} {status} {name}"));
        }
        match described["content"].as_object() {
            None => assert!(answer.body.is_empty(), "{operation} {status} is said to have no body: {text}"),
            Some(content) => {
                let kind = answer.header("content-type");
                let body = content.get(kind);
                let body = body.unwrap_or_else(|| panic!("{operation} {status} is not said to be {kind}"));
                self.hold(&body["schema"], &answer.json(), &format!("{operation} {status}"));
            }
        }
        self.seen.lock().unwrap().insert(format!("{operation} {status}"));
    }

    /// The shape of what `operation` takes as JSON, if it does.
    pub fn asks(&self, operation: &str) -> Option<&Value> {
        let body = &self.operation(operation)["requestBody"]["content"]["application/json"]["schema"];
        (!body.is_null()).then(|| self.resolved(body))
    }

    /// Whether `operation` is said to take `body`.
    pub fn takes(&self, operation: &str, body: &Value) -> Result<(), String> {
        let schema = &self.operation(operation)["requestBody"]["content"]["application/json"]["schema"];
        self.fits(schema, body)
    }

    #[track_caller]
    fn hold(&self, schema: &Value, value: &Value, what: &str) {
        if let Err(wrong) = self.fits(schema, value) {
            panic!("{what} is not as described: {wrong}\n{value:#}");
        }
    }

    /// Whether `value` is of `schema`, to the last field.
    pub fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let wrong: Vec<String> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let known = self.validators.lock().unwrap().get(&schema.to_string()).cloned();
        known.unwrap_or_else(|| {
            let mut closed = json!({ "components": self.document["components"], "allOf": [schema] });
            close(&mut closed);
            let made = Arc::new(validator(&closed));
            self.validators.lock().unwrap().insert(schema.to_string(), made.clone());
            made
        })
    }
}

/// A validator of JSON Schema 2020-12, formats included.
pub fn validator(schema: &Value) -> Validator {
    let options =
        jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    options.build(schema).unwrap_or_else(|wrong| panic!("not a schema: {wrong}\n{schema:#}"))
}

/// Lets no object have a field that is not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.get("properties").is_some_and(Value::is_object)
                && !fields.contains_key("additionalProperties")
            {
                fields.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}
