//! Every address, with what it is for. There is no other way to add one.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawPathParams};
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use lexicon::BadId;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::viewer::Viewer;
use crate::{Action, Problem, Web, assets, entry, live, pages, preferences};

/// Forms are small; an address that takes files says so itself.
const FORM_BYTES_MAX: usize = 256 * 1024;
const ANSWER_SECONDS_MAX: u64 = 30;

/// One row of the table.
pub(crate) struct Route {
    /// Method.
    pub(crate) method: Method,
    /// Address.
    pub(crate) path: &'static str,
    /// What it is for.
    pub(crate) action: Action,
    handler: MethodRouter<Web>,
}

/// The table.
pub(crate) fn all() -> Vec<Route> {
    vec![
        get("/assets/{file}", Action::Anyone, assets::serve),
        post("/preferences", Action::Anyone, preferences::keep),
        get("/claims/{claim}/live", Action::OwnClaim, live::claim),
        get("/design", Action::Anyone, pages::design::parts),
        get("/design/{screen}", Action::Anyone, pages::design::screen),
    ]
}

fn get<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    Route { method: Method::GET, path, action, handler: on(MethodFilter::GET, handler) }
}

fn post<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    Route { method: Method::POST, path, action, handler: on(MethodFilter::POST, handler) }
}

pub(crate) fn router(web: Web) -> Router {
    let mut router = Router::new();
    for route in all() {
        let action = route.action;
        let gate = web.clone();
        let admit = from_fn(move |viewer: Viewer, path: RawPathParams, request, next| {
            // By the table's convention `{claim}` is the only name under which an address carries a claim.
            let named = path.iter().find(|(name, _)| *name == "claim").map(|(_, id)| id.parse());
            let gate = gate.clone();
            async move {
                match named.transpose() {
                    Ok(claim) => entry::admit(gate, action, viewer, claim, request, next).await,
                    Err(BadId) => Problem::not_found().into_response(),
                }
            }
        });
        tracing::debug!(method = %route.method, path = route.path, ?action, "route");
        router = router.route(route.path, route.handler.layer(admit));
    }
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::of_status(StatusCode::METHOD_NOT_ALLOWED) })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(ANSWER_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::internal().into_response() }))
        .layer(from_fn_with_state(web.clone(), entry::enter))
        .layer(CompressionLayer::new())
        .with_state(web)
}
