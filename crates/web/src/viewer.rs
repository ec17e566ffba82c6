//! Who looks, in which language, and how they like to read.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::access::{Relation, may};
use app::words::{Lang, Words};
use app::{Present, Principal, Program, Scope};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lexicon::Moment;
use maud::{Markup, html};

use crate::components::hidden;
use crate::{Action, Insurer, Problem};

/// Everything a view needs to know about the one who looks.
#[derive(Clone)]
pub struct Viewer(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) lang: Lang,
    pub(crate) theme: Option<Theme>,
    pub(crate) elder: bool,
    pub(crate) present: Option<Present>,
    pub(crate) program: Option<Program>,
    pub(crate) form_token: String,
    pub(crate) fresh_key: String,
    pub(crate) request_id: String,
    pub(crate) address: String,
    pub(crate) json: bool,
    pub(crate) insurer: Arc<Insurer>,
    pub(crate) now: Moment,
}

/// A theme chosen by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of cookies and attributes.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme that a cookie names.
    pub fn named(text: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.code() == text)
    }
}

impl Viewer {
    pub(crate) fn new(inner: Inner) -> Viewer {
        Viewer(Arc::new(inner))
    }

    /// Their words.
    pub fn words(&self) -> &'static Words {
        Words::of(self.0.lang)
    }

    /// Their language.
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The theme they chose, if they did.
    pub fn theme(&self) -> Option<Theme> {
        self.0.theme
    }

    /// Whether they read the elder version.
    pub fn elder(&self) -> bool {
        self.0.elder
    }

    /// Who they are, if signed in or a program with a token.
    pub fn principal(&self) -> Option<&Principal> {
        let program = self.0.program.as_ref().map(|program| &program.principal);
        self.0.present.as_ref().map(|present| &present.principal).or(program)
    }

    /// To what the token of a program is narrowed, if it is.
    pub fn scopes(&self) -> Option<&BTreeSet<Scope>> {
        self.0.program.as_ref()?.scopes.as_deref()
    }

    /// Their session, if they are signed in.
    pub fn present(&self) -> Option<&Present> {
        self.0.present.as_ref()
    }

    /// Whether an address for `action` would let them in; pages offer nothing else.
    pub fn may(&self, action: Action) -> bool {
        may(self.principal(), action, Relation::Own)
    }

    /// The time of this request.
    pub fn now(&self) -> Moment {
        self.0.now
    }

    /// The mark of this request, as in the log.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Path and query of this request.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Whether a program asks, and wants JSON.
    pub fn wants_json(&self) -> bool {
        self.0.json
    }

    /// Whose pages they look at.
    pub fn insurer(&self) -> &Insurer {
        &self.0.insurer
    }

    /// What a form of theirs has to carry.
    pub(crate) fn form_token(&self) -> &str {
        &self.0.form_token
    }

    /// The hidden fields of every form: against forgery, against sending twice, against changing what has moved on.
    pub fn form_marks(&self, expected_version: Option<u64>) -> Markup {
        html! {
            (hidden("csrf", &self.0.form_token))
            (hidden("idempotency_key", &self.0.fresh_key))
            @if let Some(version) = expected_version { (hidden("expected_version", &version.to_string())) }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Viewer, Problem> {
        // The entry put it there; a router without the entry is a mistake of ours.
        parts.extensions.get::<Viewer>().cloned().ok_or_else(Problem::internal)
    }
}
