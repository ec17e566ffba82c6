//! A form sent by somebody who is signed in, as a request to the product.
//!
//! A handler of a page takes [`Sent`]; what the product refuses goes back to the form by [`Sent::keep`].

use app::words::{Arg, Words};
use app::{Failure, Refused, Request as Asked, RequestKey};
use axum::extract::{FromRequest, MatchedPath, Request};
use lexicon::AccountId;
use sha2::{Digest, Sha256};

use crate::components::Mistakes;
use crate::form::Form;
use crate::{Problem, Viewer};

/// Longest idempotency key.
const KEY_MAX: usize = 64;
/// What differs between two sendings of the same form.
const MARKS: [&str; 2] = ["csrf", "idempotency_key"];

/// A form that came from our own page, with who sent it and the request that it makes.
#[derive(Clone)]
pub(crate) struct Sent {
    /// Who sent it.
    pub(crate) viewer: Viewer,
    /// What was filled in.
    pub(crate) form: Form,
    /// As the product takes it: under the form's key, at the version that the page showed where it carries one.
    pub(crate) asked: Asked,
}

impl Sent {
    /// The request that `form` makes, sent by `viewer` to `address` of `route`.
    pub(crate) fn new(viewer: Viewer, form: Form, route: &str, address: &str) -> Result<Sent, Problem> {
        let principal = viewer.principal().cloned().ok_or_else(Problem::unauthorized)?;
        let key = form.idempotency_key()?;
        if key.len() > KEY_MAX {
            return Err(Problem::of_status(axum::http::StatusCode::BAD_REQUEST));
        }
        let key = RequestKey {
            route: format!("POST {route}"),
            key: key.to_owned(),
            request: fingerprint(address, &form),
        };
        let expected_version = match form.text("expected_version") {
            "" => None,
            _ => Some(form.expected_version()?),
        };
        let asked = Asked { principal, lang: viewer.lang(), key: Some(key), expected_version };
        Ok(Sent { viewer, form, asked })
    }

    /// The words of who sent it.
    pub(crate) fn words(&self) -> &'static Words {
        self.viewer.words()
    }

    /// Puts what the product refused at the field that it is about, else at `otherwise`, so that the form comes back with it.
    /// Any other failure is a page of its own.
    pub(crate) fn keep(
        &self,
        failure: Failure,
        otherwise: &str,
        mistakes: &mut Mistakes,
    ) -> Result<(), Problem> {
        match failure {
            Failure::Refused(refused) => {
                mistakes.note(refused.field.unwrap_or(otherwise), sentence(self.words(), &refused));
                Ok(())
            }
            failure => Err(failure.into()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Sent, Problem> {
        let (viewer, route, address) = origin(&request)?;
        let form = Form::from_request(request, state).await?;
        Sent::new(viewer, form, &route, &address)
    }
}

/// Who asks, the route and the address of `request`.
pub(crate) fn origin(request: &Request) -> Result<(Viewer, String, String), Problem> {
    let viewer = request.extensions().get::<Viewer>().cloned().ok_or_else(Problem::internal)?;
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    Ok((viewer, route, request.uri().to_string()))
}

/// The account of who looks; the table of addresses lets nobody without one near a page that asks.
pub(crate) fn account(viewer: &Viewer) -> Result<&AccountId, Problem> {
    viewer.principal().and_then(|principal| principal.account.as_ref()).ok_or_else(Problem::unauthorized)
}

/// A refusal in words.
pub(crate) fn sentence(words: &Words, refused: &Refused) -> String {
    let values = refused.values.iter().map(|(name, value)| (*name, Arg::told(name, value.as_str())));
    words.say_with(&refused.word, &values.collect::<Vec<_>>()).into_owned()
}

/// The address is part of the request: the same form about another claim is another request.
fn fingerprint(address: &str, form: &Form) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    add(address);
    for (name, value) in form.fields().filter(|(name, _)| !MARKS.contains(name)) {
        add(name);
        add(value);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_is_the_same_request_and_another_is_not() {
        let print = |address: &str, body: &str| fingerprint(address, &Form::parse(body));
        let first = print("/claims/A1/person", "csrf=one&idempotency_key=k&message=hello");
        assert_eq!(first, print("/claims/A1/person", "csrf=two&idempotency_key=l&message=hello"));
        for (address, body) in [
            ("/claims/A2/person", "message=hello"),
            ("/claims/A1/person", "message=hullo"),
            ("/claims/A1/person", "message=hello&stars=5"),
            ("/claims/A1/person", "messagehello="),
        ] {
            assert_ne!(first, print(address, body), "{address} {body}");
        }
    }
}
