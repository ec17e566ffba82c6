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
use crate::{Action, Problem, Web, api, assets, entry, live, pages, preferences};

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
    let mut routes = interface();
    routes.extend(customer());
    routes.extend(vec![
        get("/assets/{file}", Action::Anyone, assets::serve),
        post("/preferences", Action::Anyone, preferences::keep),
        get("/claims/{claim}/live", Action::OwnClaim, live::claim),
        get("/design", Action::Anyone, pages::design::parts),
        get("/design/{screen}", Action::Anyone, pages::design::screen),
    ]);
    routes
}

/// What customers use, and everybody who comes in.
fn customer() -> Vec<Route> {
    use pages::sign_in;
    vec![
        get("/sign-in", Action::Anyone, sign_in::show),
        post("/sign-in", Action::Anyone, sign_in::sign_in),
        post("/sign-out", Action::Anyone, sign_in::sign_out),
        get("/enter/{token}", Action::Anyone, sign_in::invited),
        post("/enter/{token}", Action::Anyone, sign_in::enter),
    ]
}

/// What programs use.
fn interface() -> Vec<Route> {
    let own = Action::OwnClaim;
    let handle = Action::HandleClaim;
    vec![
        get("/api/v1/openapi.json", Action::Anyone, api::openapi),
        post("/api/v1/settle", Action::SignedIn, api::settle),
        post("/api/v1/claims", Action::Report, api::notify),
        get("/api/v1/claims", own, api::list),
        get("/api/v1/claims/{claim}", own, api::show),
        get("/api/v1/claims/{claim}/parts", own, api::parts),
        files("/api/v1/claims/{claim}/evidence", own, api::evidence),
        post("/api/v1/claims/{claim}/damage", own, api::damage),
        post("/api/v1/claims/{claim}/account", own, api::account),
        post("/api/v1/claims/{claim}/person", own, api::person),
        post("/api/v1/claims/{claim}/withdrawal", own, api::withdraw),
        post("/api/v1/claims/{claim}/rating", own, api::rate),
        get("/api/v1/desk/work", Action::ReadClaims, api::work),
        get("/api/v1/desk/search", Action::ReadClaims, api::search),
        get("/api/v1/desk/overview", Action::Overview, api::overview),
        get("/api/v1/desk/payments", Action::Payments, api::payments),
        get("/api/v1/desk/claims/{claim}", Action::ReadClaims, api::desk_show),
        post("/api/v1/desk/claims/{claim}/inspection", Action::Inspect, api::inspect),
        post("/api/v1/desk/claims/{claim}/assessment", Action::Assess, api::assess),
        post("/api/v1/desk/claims/{claim}/fault", handle, api::fault),
        post("/api/v1/desk/claims/{claim}/loss", handle, api::loss),
        post("/api/v1/desk/claims/{claim}/waiver", handle, api::waive),
        post("/api/v1/desk/claims/{claim}/terms", handle, api::terms),
        post("/api/v1/desk/claims/{claim}/victims", handle, api::victim),
        post("/api/v1/desk/claims/{claim}/correction", handle, api::correct),
        post("/api/v1/desk/claims/{claim}/vehicles", handle, api::add_vehicle),
        post("/api/v1/desk/claims/{claim}/self-claim", handle, api::self_claim),
        post("/api/v1/desk/claims/{claim}/policy", handle, api::policy),
        post("/api/v1/desk/claims/{claim}/account", handle, api::payee),
        post("/api/v1/desk/claims/{claim}/approval", Action::Decide, api::approve),
        post("/api/v1/desk/claims/{claim}/refusal", Action::Decide, api::decline),
        post("/api/v1/desk/claims/{claim}/referral", handle, api::refer),
        post("/api/v1/desk/claims/{claim}/closure", Action::Decide, api::close),
        post("/api/v1/desk/claims/{claim}/reopening", Action::Decide, api::reopen),
        post("/api/v1/desk/claims/{claim}/notes", handle, api::note),
        post("/api/v1/desk/claims/{claim}/tasks/{task}/assignment", handle, api::assign),
        post("/api/v1/desk/claims/{claim}/tasks/{task}/done", handle, api::finish),
        files("/api/v1/policies/import", Action::Policies, api::import),
    ]
}

/// An address that takes a file as it left a phone.
fn files<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    let route = post(path, action, handler);
    Route { handler: route.handler.layer(DefaultBodyLimit::max(api::FILE_BYTES_MAX)), ..route }
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
