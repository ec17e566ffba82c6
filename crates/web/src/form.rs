//! The house's form: size, kind and forgery are checked before a handler sees a field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::{Problem, Viewer};

/// The fields of a form that came from our own page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// The text of `name`, without blanks around it; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The text of `name` as it was typed, blanks and all: a password.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// All values of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The word of a closed set that `name` holds, if it is one.
    pub fn word<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text: StrDeserializer<'_, serde::de::value::Error> = self.text(name).into_deserializer();
        T::deserialize(text).ok()
    }

    /// The key under which this sending is done once, however often it arrives.
    pub fn idempotency_key(&self) -> Result<&str, Problem> {
        match self.text("idempotency_key") {
            "" => Err(Problem::new(StatusCode::BAD_REQUEST, "problem.malformed")),
            key => Ok(key),
        }
    }

    /// The version that the page showed; a change of something newer is refused.
    pub fn expected_version(&self) -> Result<u64, Problem> {
        self.text("expected_version")
            .parse()
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "problem.malformed"))
    }

    /// A form of fields that were read elsewhere.
    pub(crate) fn of(fields: Vec<(String, String)>) -> Form {
        Form { fields }
    }

    /// Every field as it was sent.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads `a=b&c=d`.
    pub(crate) fn parse(body: &str) -> Form {
        let pairs = body.split('&').filter(|pair| !pair.is_empty());
        let fields = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Form { fields: fields.map(|(name, value)| (decoded(name), decoded(value))).collect() }
    }

    /// Whether it carries what the viewer's own forms carry.
    pub(crate) fn is_from(&self, viewer: &Viewer) -> bool {
        let (sent, own) = (self.text("csrf").as_bytes(), viewer.form_token().as_bytes());
        // Every byte is looked at, so that the time taken tells nothing.
        sent.len() == own.len()
            && sent.iter().zip(own).fold(0, |unlike, (one, other)| unlike | (one ^ other)) == 0
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Form, Problem> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if request.method() != Method::POST || !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let viewer = request.extensions().get::<Viewer>().cloned().ok_or_else(Problem::internal)?;
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|refused| Problem::of_status(refused.status()))?;
        let text = str::from_utf8(&body).map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?;
        let form = Form::parse(text);
        if form.is_from(&viewer) {
            Ok(form)
        } else {
            Err(Problem::new(StatusCode::FORBIDDEN, "problem.form-expired"))
        }
    }
}

/// `%E4%BA%AC+A` → `京 A`; what is no text becomes the replacement character.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let escaped = text.get(place + 1..place + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[place], escaped) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                place += 3;
                continue;
            }
            (b'+', _) => plain.push(b' '),
            (byte, _) => plain.push(byte),
        }
        place += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let form = Form::parse("plate=%E4%BA%AC+A%2D12345&part=hood&part=roof&note=&odd=%zz%4&lone");
        assert_eq!(form.text("plate"), "京 A-12345");
        assert_eq!(form.all("part").collect::<Vec<_>>(), ["hood", "roof"]);
        assert_eq!((form.text("note"), form.text("lone"), form.text("absent")), ("", "", ""));
        assert_eq!(form.text("odd"), "%zz%4");
        assert!(form.idempotency_key().is_err());
    }
}
