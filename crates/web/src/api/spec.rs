//! The interface's own description.
//!
//! What an operation takes and gives stands beside its handler. What all of them have in common (keys, preconditions, problems) is
//! written once, here, and follows from the method and the address, so that a new operation cannot forget it.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{asyncapi, claims, desk, money, reporters, seconds, settle, tokens, webhooks};

#[derive(OpenApi)]
#[openapi(
    info(title = "Anpei", description = "Motor claims from first notice to paid. Errors are RFC 9457 problem documents."),
    paths(
        openapi, settle::settle, claims::notify, claims::list, claims::show, claims::parts, claims::evidence, claims::damage,
        claims::account, claims::person, claims::withdraw, claims::rate, desk::show, desk::work, desk::search, desk::overview,
        desk::payments, desk::inspect, desk::assess, desk::fault, desk::loss, desk::waive, desk::terms, desk::victim,
        desk::correct, desk::add_vehicle, desk::self_claim, desk::policy, desk::payee, money::retry, money::receive, money::explain_found,
        reporters::admit, reporters::turn_away, desk::approve, desk::decline, desk::refer, desk::close, desk::reopen,
        seconds::confirm_assessment, seconds::return_assessment, seconds::agree_reserve, seconds::confirm_refusal,
        seconds::return_refusal, seconds::serve_refusal, desk::note, desk::assign, desk::finish, desk::import,
        asyncapi::asyncapi, webhooks::event_types, webhooks::list, webhooks::register, webhooks::show, webhooks::rotate,
        webhooks::enable, webhooks::disable, webhooks::deliveries, webhooks::replay, tokens::list, tokens::issue, tokens::revoke
    ),
    tags(
        (name = "claims", description = "Claims of the program that asks"),
        (name = "desk", description = "What staff do"),
        (name = "settle", description = "The arithmetic as a question"),
        (name = "webhooks", description = "Being told of what happens"),
        (name = "tokens", description = "What programs show instead of a password"),
        (name = "interface", description = "The interface itself")
    )
)]
struct Spec;

/// What can go wrong, told once: status, name, description.
const PROBLEMS: [(u16, &str, &str); 9] = [
    (
        400,
        "Malformed",
        "The request is not as described: no or too long a key, no JSON, an unknown or missing field",
    ),
    (401, "NoToken", "No token, or one that is not heard"),
    (403, "NotAllowed", "The token's account may not do this"),
    (404, "NotFound", "There is no such thing, or none that this token may know of"),
    (412, "MovedOn", "The claim is not at the version of `If-Match`; nothing was changed"),
    (413, "TooLarge", "The body is too large"),
    (415, "WrongKind", "The body is not of a kind that is taken here"),
    (
        422,
        "Refused",
        "Refused, with the reason; nothing was changed. Also a key that was used for another request",
    ),
    (
        503,
        "Unavailable",
        "The operator has to act; the same request with the same key may be sent again later",
    ),
];

/// About the accident, which other claims may have moved on, about money, or about nothing that a version could stand for.
const WITHOUT_VERSION: [&str; 12] = [
    "/evidence",
    "/fault",
    "/loss",
    "/waiver",
    "/terms",
    "/victims",
    "/correction",
    "/vehicles",
    "/self-claim",
    "/retry",
    "/recoveries",
    "/finding",
];

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(document().to_string()));

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "interface", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
pub(crate) async fn openapi() -> Response {
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (kind, DOCUMENT.clone()).into_response()
}

fn document() -> Value {
    let mut document = serde_json::to_value(Spec::openapi()).unwrap_or_default();
    document["security"] = json!([{ "bearer": [] }]);
    let components = &mut document["components"];
    components["securitySchemes"] = json!({ "bearer": { "type": "http", "scheme": "bearer" } });
    components["schemas"]["Problem"] = problem();
    components["responses"] = PROBLEMS
        .iter()
        .map(|(status, name, description)| {
            let mut answer = told("Problem", description);
            if *status == 503 {
                answer["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" }, "required": true,
                    "description": "Seconds after which it may be worth trying" } });
            }
            ((*name).to_owned(), answer)
        })
        .chain([("Problem".to_owned(), told("Problem", "Any other problem"))])
        .collect();
    components["parameters"] = json!({
        "IdempotencyKey": { "name": "Idempotency-Key", "in": "header", "required": true,
            "schema": { "type": "string", "minLength": 1, "maxLength": super::read::KEY_MAX },
            "description": "Chosen by the client, new for every request; a repeat with the same key gets the first answer" },
        "IfMatch": { "name": "If-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "example": "\"7\"",
            "description": "The `ETag` under which the claim was read: it is changed only if it has not moved on since" },
    });
    settle::describe(&mut document);
    for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    document
}

/// What `operation` has in common with all others.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let posts = method == "post";
    let about_claim = path.contains("{claim}");
    let about_one = about_claim || path.contains("{endpoint}") || path.contains("{token}");
    let open = operation["security"] == json!([{}]);
    let computes = path.ends_with("/settle");
    let of_version = posts && about_claim && !WITHOUT_VERSION.iter().any(|end| path.ends_with(end));
    let file = operation["requestBody"]["content"].get("application/octet-stream").is_some();
    let given = operation["parameters"].as_array().cloned().unwrap_or_default();
    let asks = given.iter().any(|parameter| parameter["in"] == "query" || parameter["name"] == "task");
    let pages = given.iter().any(|parameter| parameter["name"] == "cursor");
    let applies = |status: u16| match status {
        400 => (posts && !computes) || asks,
        401 => !open,
        403 => !open && !about_claim && !computes,
        404 => about_one,
        412 => of_version,
        413 => posts,
        415 => posts && !file,
        // Of the settlement it is a document of its own.
        422 => (posts && !computes) || pages,
        _ => true,
    };
    for (status, name, _) in PROBLEMS.iter().filter(|(status, ..)| applies(*status)) {
        operation["responses"][status.to_string()] = refer("responses", name);
    }
    // What an operation declares beside, such as an authority that is missing, is told in the same way.
    for (status, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
        let name = PROBLEMS.iter().find(|(known, ..)| known.to_string() == *status).map(|(_, name, _)| *name);
        if let (Some(name), None, None) = (name, answer.get("content"), answer.get("$ref")) {
            *answer = refer("responses", name);
        }
    }
    let summary = operation["summary"].clone();
    for answer in operation["responses"].as_object_mut().into_iter().flat_map(|answers| answers.values_mut())
    {
        if answer.get("$ref").is_none() && answer.get("description").is_none() {
            answer["description"] = summary.clone();
        }
    }
    operation["responses"]["default"] = refer("responses", "Problem");
    let mut parameters = given;
    if posts && !computes {
        parameters.push(refer("parameters", "IdempotencyKey"));
    }
    if of_version {
        parameters.push(refer("parameters", "IfMatch"));
    }
    operation["parameters"] = parameters.into();
}

pub(super) fn refer(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// An answer that is a problem document of `schema`.
pub(super) fn told(schema: &str, description: &str) -> Value {
    json!({ "description": description,
        "content": { "application/problem+json": { "schema": refer("schemas", schema) } } })
}

fn problem() -> Value {
    json!({
        "type": "object", "description": "What went wrong (RFC 9457)",
        "required": ["type", "title", "status", "detail", "instance", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "`urn:anpei:problem:` and the code" },
            "title": { "type": "string", "minLength": 1, "description": "What kind of problem, in the language asked for" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The status of the answer" },
            "detail": { "type": "string", "minLength": 1, "description": "What happened and what to do, in the language asked for" },
            "instance": { "type": "string", "format": "uri", "description": "`urn:anpei:request:` and the mark of the request, as in the log" },
            "code": { "type": "string", "minLength": 1, "description": "The stable code of the sentence" },
            "errors": { "type": "array", "minItems": 1, "description": "What is wrong with single fields", "items": {
                "type": "object", "required": ["field", "code", "detail"], "additionalProperties": false,
                "properties": { "field": { "type": "string" }, "code": { "type": "string" }, "detail": { "type": "string" } } } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_describes_every_address_of_the_interface_and_no_other() {
        let document = document();
        let described = document["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        let table = crate::routes::all()
            .into_iter()
            .filter(|route| route.path.starts_with("/api/"))
            .map(|route| format!("{} {}", route.method, route.path));
        let (mut described, mut table): (Vec<_>, Vec<_>) = (described.collect(), table.collect());
        described.sort();
        table.sort();
        assert_eq!(described, table);
    }
}
