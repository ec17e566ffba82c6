//! The arithmetic as a question: what all policies would owe for an accident.

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::read::is_json;
use super::spec::{refer, told};
use crate::{Problem, Viewer};

/// The shapes of the question and of the answer.
const SCHEMAS: &str = include_str!("settle.schemas.json");

/// What all policies would owe for an accident. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/settle", tag = "settle", request_body(content = Object, content_type = "application/json"),
    responses((status = 200, description = "The statement", content_type = "application/json", body = Object)))]
pub(crate) async fn settle(viewer: Viewer, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    if !is_json(&headers) {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let json = |status, kind, text: String| {
        (status, [(CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
    };
    Ok(match app::settlement::run(&body, false, viewer.lang()) {
        Ok(statement) => json(StatusCode::OK, "application/json", statement),
        Err(problem) => json(StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json", problem),
    })
}

/// Puts the shapes of the question and of the answer into the description of the interface.
pub(super) fn describe(document: &mut Value) {
    let shapes: Map<String, Value> = serde_json::from_str(SCHEMAS).unwrap_or_default();
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.extend(shapes);
    }
    let operation = &mut document["paths"]["/api/v1/settle"]["post"];
    let of = |name| json!({ "application/json": { "schema": refer("schemas", name) } });
    operation["requestBody"]["content"] = of("Accident");
    operation["responses"]["200"]["content"] = of("Statement");
    operation["responses"]["422"] =
        told("SettleProblem", "The accident is refused, with the place that is wrong");
}
