//! Pages and the JSON interface: sessions, forms, views in both languages.
//!
//! Start reading at [`router`]; every address stands in one table, [`routes`](mod@routes), with what it takes to use it.
//! A page is a handler with its view in `pages/`, drawn from [`components`]; whatever goes wrong is a [`Problem`], drawn once.
//!
//! # Invariants
//!
//! - No aggregate, no SQL, no sentence that is not in the catalogue.
//! - An address without a declared [`Action`] does not compile; who may do what is decided behind [`Gate`].
//! - No script or style inside a page, so that the content policy can refuse all of them.
//! - Every form works without JavaScript.

pub mod access;
mod admission;
mod api;
mod assets;
mod attempts;
pub mod components;
mod cookies;
mod entry;
pub mod form;
pub mod inside;
mod insurer;
mod live;
mod multipart;
mod pages;
mod preferences;
pub mod problem;
mod request;
mod routes;
pub mod shell;
pub mod viewer;

use std::sync::Arc;

use app::App;
use axum::extract::FromRef;

use crate::inside::{Inside, Unwatched};

pub use access::{Action, Gate};
pub use admission::{Admission, Limits};
pub use attempts::{Attempts, Peer};
pub use insurer::Insurer;
pub use problem::Problem;
pub use viewer::Viewer;

/// What every handler can reach.
#[derive(Clone)]
pub struct Web {
    /// The product.
    pub app: App,
    /// Who may come in, the time, randomness.
    pub gate: Arc<dyn Gate>,
    /// Whether people reach us through TLS: cookies are then bound to the host and never sent in the clear.
    pub tls: bool,
    /// Whose pages these are.
    pub insurer: Arc<Insurer>,
    /// How many are let in at once.
    pub admission: Arc<Admission>,
    /// How the process is doing.
    pub inside: Arc<dyn Inside>,
    /// Who showed tokens that are not heard.
    pub attempts: Arc<Attempts>,
}

impl Web {
    /// Pages and interface of `app`, reached through TLS or not.
    pub fn new(app: App, tls: bool) -> Web {
        Web {
            gate: Arc::new(app.clone()),
            app,
            tls,
            insurer: Arc::default(),
            admission: Arc::new(Admission::new(Limits::default())),
            inside: Arc::new(Unwatched),
            attempts: Arc::default(),
        }
    }

    /// The same, letting in as many at once as `limits` say.
    pub fn within(self, limits: Limits) -> Web {
        Web { admission: Arc::new(Admission::new(limits)), ..self }
    }

    /// The same as pages of `insurer`.
    pub fn of(self, insurer: Insurer) -> Web {
        Web { insurer: Arc::new(insurer), ..self }
    }
}

impl Web {
    /// The same, telling operators what `inside` says.
    pub fn telling(self, inside: Arc<dyn Inside>) -> Web {
        Web { inside, ..self }
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> App {
        web.app.clone()
    }
}

/// The whole of the web.
pub fn router(web: Web) -> axum::Router {
    routes::router(web)
}
