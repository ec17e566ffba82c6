//! The house's form with files: kind, size and forgery are checked before a handler sees a byte, and one file at a time is held
//! in memory.

use app::{Request as Asked, RequestKey};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{Method, StatusCode};
use sha2::{Digest, Sha256};

use crate::Problem;
use crate::form::Form;
use crate::request::{Sent, origin};

/// All of one form.
pub(crate) const FORM_BYTES_MAX: usize = 400 * 1024 * 1024;
/// A file as it left the phone.
const FILE_BYTES_MAX: usize = 60 * 1024 * 1024;
/// Files in one form.
const FILES_MAX: usize = 20;
/// Text beside the files.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// A form with files that came from our own page. Its text stands before its files.
pub(crate) struct Upload {
    /// Its text, who sent it, the request it makes.
    pub(crate) sent: Sent,
    first: Option<File>,
    parts: Multipart,
    given: usize,
}

/// One file of a form.
pub(crate) struct File {
    /// Its name on the sender's device, for telling files apart in the answer.
    pub(crate) name: String,
    /// What is in it; `None` where that is more than any photo has, so that the others are kept.
    pub(crate) bytes: Option<Vec<u8>>,
}

enum Part {
    Text(String, String),
    File(File),
}

impl Upload {
    /// The next file, in the order in which they were chosen, with the request that it makes: each file is done once under the
    /// form's key, however often the form arrives.
    pub(crate) async fn next(&mut self) -> Result<Option<(File, Asked)>, Problem> {
        let file = match self.first.take() {
            Some(file) => Some(file),
            None => self.read().await?,
        };
        let Some(file) = file else { return Ok(None) };
        self.given += 1;
        if self.given > FILES_MAX {
            return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let key = self.sent.asked.key.as_ref().map(|form| {
            let bytes = file.bytes.as_deref().unwrap_or_default();
            let request = Sha256::new().chain_update(form.request).chain_update(bytes).finalize().into();
            RequestKey { key: format!("{}.{}", form.key, self.given), request, ..form.clone() }
        });
        Ok(Some((file, Asked { key, ..self.sent.asked.clone() })))
    }

    async fn read(&mut self) -> Result<Option<File>, Problem> {
        while let Some(field) = self.parts.next_field().await.map_err(|wrong| refused(&wrong))? {
            if let Part::File(file) = part(field).await?
                && !file.is_nothing()
            {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }
}

impl File {
    /// An input without a chosen file sends an empty file without a name.
    fn is_nothing(&self) -> bool {
        self.name.is_empty() && self.bytes.as_ref().is_some_and(Vec::is_empty)
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Upload, Problem> {
        if request.method() != Method::POST {
            return Err(Problem::of_status(StatusCode::METHOD_NOT_ALLOWED));
        }
        let (viewer, route, address) = origin(&request)?;
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let mut fields = vec![];
        let mut first = None;
        let mut bytes = 0;
        while let Some(field) = parts.next_field().await.map_err(|wrong| refused(&wrong))? {
            // What proves where the form came from stands before its files: of a forged one no file is read.
            if field.file_name().is_some() && !Form::of(fields.clone()).is_from(&viewer) {
                return Err(forged());
            }
            match part(field).await? {
                Part::Text(name, value) => {
                    bytes += value.len();
                    if bytes > TEXT_BYTES_MAX {
                        return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
                    }
                    fields.push((name, value));
                }
                Part::File(file) if file.is_nothing() => {}
                Part::File(file) => {
                    first = Some(file);
                    break;
                }
            }
        }
        let form = Form::of(fields);
        if !form.is_from(&viewer) {
            return Err(forged());
        }
        Ok(Upload { sent: Sent::new(viewer, form, &route, &address)?, first, parts, given: 0 })
    }
}

async fn part(mut field: Field<'_>) -> Result<Part, Problem> {
    let name = field.name().unwrap_or_default().to_owned();
    let file = field.file_name().map(str::to_owned);
    let most = if file.is_some() { FILE_BYTES_MAX } else { TEXT_BYTES_MAX };
    let mut bytes = Some(vec![]);
    while let Some(chunk) = field.chunk().await.map_err(|wrong| refused(&wrong))? {
        match &mut bytes {
            Some(kept) if kept.len() + chunk.len() <= most => kept.extend_from_slice(&chunk),
            // The rest of it is read past.
            _ => bytes = None,
        }
    }
    match (file, bytes) {
        (Some(file), bytes) => Ok(Part::File(File { name: file, bytes })),
        (None, Some(text)) => {
            let text = String::from_utf8(text).map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?;
            Ok(Part::Text(name, text))
        }
        (None, None) => Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)),
    }
}

fn forged() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "problem.form-expired")
}

fn refused(wrong: &MultipartError) -> Problem {
    Problem::of_status(wrong.status())
}
