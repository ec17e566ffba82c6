//! What a program sends, checked before a handler sees it.

use app::{Request as Asked, RequestKey};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, MatchedPath, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{Problem, Viewer};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key.
pub(super) const KEY_MAX: usize = 255;

/// A POST: who asks under which key, and a body of shape `T`.
pub(crate) struct Post<T> {
    pub(crate) asked: Asked,
    pub(crate) body: T,
}

/// A POST whose body is a file.
pub(crate) struct File {
    pub(crate) asked: Asked,
    pub(crate) bytes: Bytes,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Post<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Post<T>, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let (asked, bytes) = read(request, state).await?;
        // A list of values would pass for an object whose fields stand in that order.
        if bytes.trim_ascii_start().first().is_some_and(|first| *first == b'[') {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "problem.json").with("place", "1:1"));
        }
        let body = serde_json::from_slice(&bytes).map_err(|wrong| malformed(&wrong))?;
        Ok(Post { asked, body })
    }
}

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<File, Problem> {
        let (asked, bytes) = read(request, state).await?;
        Ok(File { asked, bytes })
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<(Asked, Bytes), Problem> {
    let viewer = request.extensions().get::<Viewer>().cloned().ok_or_else(Problem::internal)?;
    let principal = viewer.principal().cloned().ok_or_else(Problem::unauthorized)?;
    let key = key(request.headers())?;
    let expected_version = expected(request.headers())?;
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let address = request.uri().to_string();
    let bytes =
        Bytes::from_request(request, state).await.map_err(|refused| Problem::of_status(refused.status()))?;
    // The address is part of the request: the same body about another claim is another request.
    let mut hasher = Sha256::new();
    hasher.update((address.len() as u64).to_be_bytes());
    hasher.update(address.as_bytes());
    hasher.update(&bytes);
    let key = RequestKey { route: format!("POST {route}"), key, request: hasher.finalize().into() };
    Ok((Asked { principal, lang: viewer.lang(), key: Some(key), expected_version }, bytes))
}

/// What kind of body comes, without its parameters.
pub(super) fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

/// Whether a body of JSON comes.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    kind(headers).eq_ignore_ascii_case("application/json")
}

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let key =
        headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()).map(str::trim).unwrap_or_default();
    match key.len() {
        1..=KEY_MAX => Ok(key.to_owned()),
        _ => Err(Problem::new(StatusCode::BAD_REQUEST, "problem.missing-key")),
    }
}

/// The version that the program had seen; a change of something newer is refused.
fn expected(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(tag) = headers.get(IF_MATCH).and_then(|tag| tag.to_str().ok()) else { return Ok(None) };
    if tag.trim() == "*" {
        return Ok(None);
    }
    let version = tag.trim().trim_matches('"').parse();
    version.map(Some).map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "problem.if-match"))
}

/// What serde says names the field and what was expected, never a value that was sent.
fn malformed(wrong: &serde_json::Error) -> Problem {
    let place = format!("{}:{}", wrong.line(), wrong.column());
    let text = wrong.to_string();
    let problem = Problem::new(StatusCode::BAD_REQUEST, "problem.json").with("place", place);
    // `missing field `x`` and `unknown field `x`` name our own or the sender's member; it stands between the first two backquotes.
    let field = (text.starts_with("missing field") || text.starts_with("unknown field"))
        .then(|| text.split('`').nth(1).unwrap_or_default().chars().take(64).collect::<String>());
    match field {
        Some(field) if text.starts_with("missing") => problem.at(field, "form.refused.missing"),
        Some(field) => problem.at(field, "form.refused.unknown"),
        None => problem,
    }
}

/// An answer with the version of what it shows.
pub(crate) fn tagged<T: Serialize>(version: u64, body: &T) -> Response {
    let mut response = Json(body).into_response();
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Something new stands at `address`.
pub(crate) fn created<T: Serialize>(address: &str, body: &T) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let Ok(address) = HeaderValue::try_from(address) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}
