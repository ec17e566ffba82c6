//! The house's form with files: kind, size and forgery are checked before a handler sees a byte.

use app::{Request as Asked, RequestKey};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{Method, StatusCode};

use crate::Problem;
use crate::form::Form;
use crate::request::{Sent, origin};

/// A file as it left the phone.
pub(crate) const FILE_BYTES_MAX: usize = 60 * 1024 * 1024;
/// All files of one form. The body is held in memory while it is checked, so this bounds what one request may take.
pub(crate) const FORM_BYTES_MAX: usize = 120 * 1024 * 1024;
/// Files in one form.
const FILES_MAX: usize = 20;
/// Text beside the files.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// A form with files that came from our own page.
pub(crate) struct Upload {
    /// Its text, who sent it, the request it makes.
    pub(crate) sent: Sent,
    /// Its files, in the order in which they were chosen.
    pub(crate) files: Vec<File>,
}

/// One file of a form.
pub(crate) struct File {
    /// Its name on the sender's device, for telling files apart on the answer.
    pub(crate) name: String,
    /// What is in it; an error where it is too large, so that the others are kept.
    pub(crate) bytes: Result<Vec<u8>, TooLarge>,
}

/// A file is larger than any photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Upload {
    /// The request of the file at `place`: each file is a request of its own under the form's key, so that a repeat adds none twice.
    pub(crate) fn asked(&self, place: usize, bytes: &[u8]) -> Asked {
        use sha2::{Digest, Sha256};
        let asked = &self.sent.asked;
        let key = asked.key.as_ref().map(|form| {
            let request = Sha256::new().chain_update(form.request).chain_update(bytes).finalize();
            RequestKey { key: format!("{}.{place}", form.key), request: request.into(), ..form.clone() }
        });
        Asked { key, ..asked.clone() }
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
        let (mut fields, mut files) = (vec![], vec![]);
        let mut text_bytes = 0;
        while let Some(mut part) = parts.next_field().await.map_err(|wrong| refused(&wrong))? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file) = part.file_name().map(str::to_owned) else {
                let mut value = vec![];
                while let Some(chunk) = part.chunk().await.map_err(|wrong| refused(&wrong))? {
                    text_bytes += chunk.len();
                    if text_bytes > TEXT_BYTES_MAX {
                        return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
                    }
                    value.extend_from_slice(&chunk);
                }
                let value =
                    String::from_utf8(value).map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?;
                fields.push((name, value));
                continue;
            };
            // The fields that prove where the form came from stand before its files: nothing of a forged one is read.
            if files.is_empty() && !Form::of(fields.clone()).is_from(&viewer) {
                return Err(Problem::new(StatusCode::FORBIDDEN, "problem.form-expired"));
            }
            let mut bytes = Ok(vec![]);
            while let Some(chunk) = part.chunk().await.map_err(|wrong| refused(&wrong))? {
                match &mut bytes {
                    Ok(kept) if kept.len() + chunk.len() <= FILE_BYTES_MAX => kept.extend_from_slice(&chunk),
                    _ => bytes = Err(TooLarge),
                }
            }
            // A file input that was left empty arrives as an empty file without a name.
            if !(file.is_empty() && bytes == Ok(vec![])) {
                files.push(File { name: file, bytes });
            }
            if files.len() > FILES_MAX {
                return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
            }
        }
        let form = Form::of(fields);
        if !form.is_from(&viewer) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "problem.form-expired"));
        }
        Ok(Upload { sent: Sent::new(viewer, form, &route, &address)?, files })
    }
}

fn refused(wrong: &axum::extract::multipart::MultipartError) -> Problem {
    Problem::of_status(wrong.status())
}
