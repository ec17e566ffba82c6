//! What goes wrong, told once: as a page for people, as a problem document (RFC 9457) for programs, with the same code.

use std::borrow::Cow;

use app::Failure;
use app::words::Arg;
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Serialize;

use crate::Viewer;
use crate::components::{calls, icon};
use crate::shell::{self, Customer};

/// A problem: its status, its code, the variables of its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    args: Vec<(&'static str, Arg<'static>)>,
    /// Wrong fields, each with the code of what is wrong.
    fields: Vec<(String, String)>,
    retry_after_seconds: Option<u32>,
}

/// Left on an answer for whoever counts them: the code of the problem that it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told(pub Cow<'static, str>);

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: Cow<'a, str>,
    status: u16,
    detail: Cow<'a, str>,
    instance: String,
    code: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
}

#[derive(Serialize)]
struct FieldError<'a> {
    field: &'a str,
    code: &'a str,
    detail: Cow<'a, str>,
}

impl Problem {
    /// A problem with a code of the catalogue.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>) -> Problem {
        Problem { status, code: code.into(), args: Vec::new(), fields: Vec::new(), retry_after_seconds: None }
    }

    /// With a variable of its sentence.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg<'static>>) -> Problem {
        self.args.push((name, value.into()));
        self
    }

    /// With what is wrong at a field.
    pub fn at(mut self, field: impl Into<String>, code: impl Into<String>) -> Problem {
        self.fields.push((field.into(), code.into()));
        self
    }

    /// Nothing stands at this address, or nothing that this viewer may know of.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "problem.not-found")
    }

    /// Signed in, but not allowed.
    pub fn forbidden() -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "problem.forbidden")
    }

    /// Not signed in.
    pub fn unauthorized() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "problem.unauthorized")
    }

    /// Our own mistake.
    pub fn internal() -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem.internal")
    }

    /// The operator has to act; asking again later may help.
    pub fn unavailable() -> Problem {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "problem.unavailable");
        Problem { retry_after_seconds: Some(10), ..problem }
    }

    /// Too many ask at once; nothing of this request was looked at.
    pub fn busy() -> Problem {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "problem.busy");
        Problem { retry_after_seconds: Some(10), ..problem }
    }

    /// Too many attempts; the next one is heard after `seconds`.
    pub fn too_many(seconds: u32) -> Problem {
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "problem.too-many");
        Problem { retry_after_seconds: Some(seconds), ..problem }
    }

    /// What the status alone says, for answers that the web server itself gave.
    pub(crate) fn of_status(status: StatusCode) -> Problem {
        let code = match status {
            StatusCode::NOT_FOUND => "problem.not-found",
            StatusCode::METHOD_NOT_ALLOWED => "problem.method-not-allowed",
            StatusCode::PAYLOAD_TOO_LARGE => "problem.too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "problem.media-type",
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "problem.timeout",
            StatusCode::SERVICE_UNAVAILABLE => return Problem::unavailable(),
            status if status.is_server_error() => "problem.internal",
            _ => "problem.malformed",
        };
        Problem::new(status, code)
    }

    /// The same to a request that named the version it had seen: what it asked for did not fail, its condition did.
    pub(crate) fn conditional(self) -> Problem {
        match self.status {
            StatusCode::CONFLICT => Problem { status: StatusCode::PRECONDITION_FAILED, ..self },
            _ => self,
        }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The answer to `viewer`.
    pub(crate) fn draw(&self, viewer: &Viewer) -> Response {
        let mut response = if viewer.wants_json() {
            let kind = [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
            (self.status, kind, Json(self.document(viewer))).into_response()
        } else {
            (self.status, self.page(viewer)).into_response()
        };
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Told(self.code.clone()));
        response
    }

    fn document<'a>(&'a self, viewer: &Viewer) -> Document<'a> {
        let words = viewer.words();
        Document {
            r#type: format!("urn:anpei:problem:{}", self.code),
            title: words.say(self.title()),
            status: self.status.as_u16(),
            detail: words.say_with(&self.code, &self.args),
            instance: format!("urn:anpei:request:{}", viewer.request_id()),
            code: &self.code,
            errors: self
                .fields
                .iter()
                .map(|(field, code)| FieldError { field, code, detail: words.say_with(code, &self.args) })
                .collect(),
        }
    }

    fn page(&self, viewer: &Viewer) -> Markup {
        let words = viewer.words();
        let title = words.say(self.title());
        let customer = Customer { title: &title, ..Customer::default() };
        shell::customer(
            viewer,
            customer,
            html! {
                div.stack {
                    h1 { (title) }
                    p { (words.say_with(&self.code, &self.args)) }
                    @if !self.fields.is_empty() {
                        ul.plain-list { @for (_, code) in &self.fields { li { (words.say_with(code, &self.args)) } } }
                    }
                    p.note { (words.say(self.safe())) }
                    p { a.button href="/" { (icon("house")) (words.say("problem-home")) } }
                    (calls(words, viewer.insurer()))
                    p.note { (words.say_with("problem-request", &[("id", viewer.request_id().into())])) }
                }
            },
        )
    }

    const fn title(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "problem-title-unauthorized",
            403 => "problem-title-forbidden",
            404 => "problem-title-not-found",
            409 | 412 | 428 => "problem-title-conflict",
            429 | 503 => "problem-title-later",
            500.. => "problem-title-internal",
            _ => "problem-title-refused",
        }
    }

    /// What is safe: nothing was changed by a request that ends in a problem, except that ours may not know it at a 5xx.
    fn safe(&self) -> &'static str {
        if self.status.is_server_error() && self.code != "problem.busy" {
            "problem-safe-unknown"
        } else {
            "problem-safe-unchanged"
        }
    }
}

/// The entry draws it, in the viewer's language and form.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        match failure {
            Failure::Refused(refused) => {
                let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refused.word.clone());
                for (name, value) in refused.values {
                    problem = problem.with(name, Arg::told(name, value));
                }
                match refused.field {
                    Some(field) => problem.at(field, refused.word),
                    None => problem,
                }
            }
            Failure::NotFound => Problem::not_found(),
            Failure::Denied => Problem::forbidden(),
            Failure::Conflict => Problem::new(StatusCode::CONFLICT, "problem.conflict"),
            Failure::KeyReused => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "problem.key-reused"),
            Failure::Unavailable(why) => {
                tracing::error!(why, "unavailable");
                Problem::unavailable()
            }
        }
    }
}
