//! The interface's own description, and the arithmetic as a question.

use axum::Json;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::{claims, desk, money, seconds};
use crate::Viewer;

#[derive(OpenApi)]
#[openapi(
    info(title = "Anpei", description = "Motor claims from first notice to paid. Errors are RFC 9457 problem documents."),
    paths(
        claims::notify, claims::list, claims::show, claims::parts, claims::evidence, claims::damage, claims::account, claims::person,
        claims::withdraw, claims::rate, desk::show, desk::work, desk::search, desk::overview, desk::payments, desk::inspect, desk::assess,
        desk::fault, desk::loss, desk::waive, desk::terms, desk::victim, desk::correct, desk::add_vehicle, desk::self_claim, desk::policy,
        desk::payee, money::retry, money::receive, desk::approve, desk::decline, desk::refer, desk::close, desk::reopen,
        desk::note, desk::assign, desk::finish,
        seconds::confirm_assessment, seconds::return_assessment, seconds::agree_reserve, seconds::confirm_refusal,
        seconds::return_refusal, seconds::serve_refusal, desk::import, settle
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Spec;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        openapi.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// `GET /api/v1/openapi.json`
pub(crate) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Spec::openapi())
}

/// What all policies would owe for an accident. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/settle", tag = "settle", request_body(content = Object, content_type = "application/json"),
    responses((status = 200, description = "The statement", content_type = "application/json"), (status = 422, description = "Refused input")))]
pub(crate) async fn settle(viewer: Viewer, body: Bytes) -> Response {
    let json = |status, kind, text: String| {
        (status, [(CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
    };
    match app::settlement::run(&body, false, viewer.lang()) {
        Ok(statement) => json(StatusCode::OK, "application/json", statement),
        Err(problem) => json(StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json", problem),
    }
}
