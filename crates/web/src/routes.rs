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

use crate::admission::Way;
use crate::viewer::Viewer;
use crate::{Action, Problem, Web, api, assets, entry, live, multipart, pages, preferences};

/// Forms are small; an address that takes files says so itself.
const FORM_BYTES_MAX: usize = 256 * 1024;
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);
/// Photos come over slow connections.
const UPLOAD_TIME_MAX: Duration = Duration::from_secs(600);

/// One row of the table.
pub(crate) struct Route {
    /// Method.
    pub(crate) method: Method,
    /// Address.
    pub(crate) path: &'static str,
    /// What it is for.
    pub(crate) action: Action,
    time_max: Duration,
    bytes_max: usize,
    handler: MethodRouter<Web>,
}

/// The table.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = interface();
    routes.extend(customer());
    routes.extend(staff());
    routes.extend(vec![
        get("/assets/{file}", Action::Anyone, assets::serve),
        post("/preferences", Action::Anyone, preferences::keep),
        get("/claims/{claim}/live", Action::OwnClaim, live::claim),
        get("/debug", Action::Operate, pages::debug::debug),
        get("/debug/live", Action::Operate, pages::debug::live),
        get("/design", Action::Anyone, pages::design::parts),
        get("/design/{screen}", Action::Anyone, pages::design::screen),
    ]);
    routes
}

/// What customers use, and everybody who comes in.
fn customer() -> Vec<Route> {
    use pages::{customer, sign_in};
    let own = Action::OwnClaim;
    vec![
        get("/", Action::Anyone, customer::home),
        get("/report", Action::Report, customer::report),
        post("/report", Action::Report, customer::take_report),
        get("/claims/{claim}", own, customer::progress),
        get("/claims/{claim}/progress", own, customer::progress_parts),
        get("/claims/{claim}/photos", own, customer::photos),
        upload("/claims/{claim}/photos", own, customer::take_photos),
        get("/claims/{claim}/photos/{number}", own, customer::photo),
        get("/claims/{claim}/damage", own, customer::damage),
        post("/claims/{claim}/damage", own, customer::take_damage),
        get("/claims/{claim}/account", own, customer::account),
        post("/claims/{claim}/account", own, customer::take_account),
        get("/claims/{claim}/person", own, customer::person),
        post("/claims/{claim}/person", own, customer::ask_person),
        get("/claims/{claim}/withdraw", own, customer::withdraw),
        post("/claims/{claim}/withdraw", own, customer::take_back),
        get("/claims/{claim}/rate", own, customer::rating),
        post("/claims/{claim}/rate", own, customer::rate),
        get("/sign-in", Action::Anyone, sign_in::show),
        post("/sign-in", Action::Anyone, sign_in::sign_in),
        post("/sign-out", Action::Anyone, sign_in::sign_out),
        get("/enter/{token}", Action::Anyone, sign_in::invited),
        post("/enter/{token}", Action::Anyone, sign_in::enter),
    ]
}

/// What staff use.
fn staff() -> Vec<Route> {
    use pages::desk;
    let (read, handle, decide) = (Action::ReadClaims, Action::HandleClaim, Action::Decide);
    vec![
        get("/desk", read, desk::work),
        get("/desk/search", read, desk::search),
        get("/desk/claims", read, desk::claims),
        get("/desk/report", Action::ReportForCaller, desk::report),
        post("/desk/report", Action::ReportForCaller, desk::take_report),
        get("/desk/overview", Action::Overview, desk::overview),
        get("/desk/overview/{figure}", Action::Overview, desk::counted),
        get("/desk/payments", Action::Payments, desk::payments),
        get("/desk/accounts", Action::Accounts, desk::accounts),
        post("/desk/accounts", Action::Accounts, desk::open_account),
        post("/desk/accounts/{account}/link", Action::Accounts, desk::invite),
        get("/desk/webhooks", Action::Accounts, desk::webhooks),
        post("/desk/webhooks", Action::Accounts, desk::register_webhook),
        post("/desk/webhooks/{endpoint}/replay", Action::Accounts, desk::replay_webhook),
        post("/desk/webhooks/{endpoint}/switch", Action::Accounts, desk::switch_webhook),
        post("/desk/webhooks/{endpoint}/rotation", Action::Accounts, desk::rotate_webhook),
        get("/desk/claims/{claim}", read, desk::show),
        get("/desk/claims/{claim}/live", read, live::claim),
        get("/desk/claims/{claim}/photos/{number}", read, pages::customer::photo),
        upload("/desk/claims/{claim}/evidence", handle, desk::upload),
        post("/desk/claims/{claim}/inspection", Action::Inspect, desk::inspect),
        post("/desk/claims/{claim}/assessment", Action::Assess, desk::assess),
        post("/desk/claims/{claim}/fault", handle, desk::fault),
        post("/desk/claims/{claim}/loss", handle, desk::loss),
        post("/desk/claims/{claim}/waiver", handle, desk::waive),
        post("/desk/claims/{claim}/terms", handle, desk::terms),
        post("/desk/claims/{claim}/victims", handle, desk::victim),
        post("/desk/claims/{claim}/correction", handle, desk::correct),
        post("/desk/claims/{claim}/vehicles", handle, desk::add_vehicle),
        post("/desk/claims/{claim}/self-claim", handle, desk::self_claim),
        post("/desk/claims/{claim}/policy", handle, desk::policy),
        post("/desk/claims/{claim}/reporters/{reporter}/admission", Action::AdmitReporters, desk::admit),
        post(
            "/desk/claims/{claim}/reporters/{reporter}/turning-away",
            Action::AdmitReporters,
            desk::turn_away,
        ),
        post("/desk/claims/{claim}/account", handle, desk::account),
        post("/desk/claims/{claim}/payments/{payment}/retry", Action::MoveMoney, desk::retry),
        post("/desk/claims/{claim}/payments/{payment}/finding", Action::MoveMoney, desk::explain_found),
        post("/desk/claims/{claim}/recovery", Action::MoveMoney, desk::receive),
        post("/desk/claims/{claim}/approval", decide, desk::approve),
        post("/desk/claims/{claim}/refusal", decide, desk::decline),
        post("/desk/claims/{claim}/refusal-confirmation", decide, desk::confirm_refusal),
        post("/desk/claims/{claim}/refusal-return", decide, desk::return_refusal),
        post("/desk/claims/{claim}/refusal-service", handle, desk::serve_refusal),
        post("/desk/claims/{claim}/assessment-confirmation", Action::Assess, desk::confirm_assessment),
        post("/desk/claims/{claim}/assessment-return", Action::Assess, desk::return_assessment),
        post("/desk/claims/{claim}/reserve", decide, desk::agree_reserve),
        post("/desk/claims/{claim}/referral", handle, desk::refer),
        post("/desk/claims/{claim}/closure", decide, desk::close),
        post("/desk/claims/{claim}/reopening", decide, desk::reopen),
        post("/desk/claims/{claim}/notes", handle, desk::note),
        post("/desk/claims/{claim}/tasks/{task}/assignment", handle, desk::assign),
        post("/desk/claims/{claim}/tasks/{task}/done", handle, desk::finish),
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
        post(
            "/api/v1/desk/claims/{claim}/reporters/{reporter}/admission",
            Action::AdmitReporters,
            api::admit,
        ),
        post(
            "/api/v1/desk/claims/{claim}/reporters/{reporter}/turning-away",
            Action::AdmitReporters,
            api::turn_away,
        ),
        post("/api/v1/desk/claims/{claim}/account", handle, api::payee),
        post("/api/v1/desk/claims/{claim}/payments/{payment}/retry", Action::MoveMoney, api::retry),
        post("/api/v1/desk/claims/{claim}/payments/{payment}/finding", Action::MoveMoney, api::explain_found),
        post("/api/v1/desk/claims/{claim}/recoveries", Action::MoveMoney, api::receive),
        post("/api/v1/desk/claims/{claim}/approval", Action::Decide, api::approve),
        post("/api/v1/desk/claims/{claim}/refusal", Action::Decide, api::decline),
        post("/api/v1/desk/claims/{claim}/refusal-confirmation", Action::Decide, api::confirm_refusal),
        post("/api/v1/desk/claims/{claim}/refusal-return", Action::Decide, api::return_refusal),
        post("/api/v1/desk/claims/{claim}/refusal-service", handle, api::serve_refusal),
        post("/api/v1/desk/claims/{claim}/assessment-confirmation", Action::Assess, api::confirm_assessment),
        post("/api/v1/desk/claims/{claim}/assessment-return", Action::Assess, api::return_assessment),
        post("/api/v1/desk/claims/{claim}/reserve", Action::Decide, api::agree_reserve),
        post("/api/v1/desk/claims/{claim}/referral", handle, api::refer),
        post("/api/v1/desk/claims/{claim}/closure", Action::Decide, api::close),
        post("/api/v1/desk/claims/{claim}/reopening", Action::Decide, api::reopen),
        post("/api/v1/desk/claims/{claim}/notes", handle, api::note),
        post("/api/v1/desk/claims/{claim}/tasks/{task}/assignment", handle, api::assign),
        post("/api/v1/desk/claims/{claim}/tasks/{task}/done", handle, api::finish),
        files("/api/v1/policies/import", Action::Policies, api::import),
        get("/api/v1/asyncapi.json", Action::Anyone, api::asyncapi),
        get("/api/v1/events", Action::Anyone, api::event_types),
        get("/api/v1/webhooks", Action::Webhooks, api::webhooks),
        post("/api/v1/webhooks", Action::Webhooks, api::register),
        get("/api/v1/webhooks/{endpoint}", Action::Webhooks, api::webhook),
        post("/api/v1/webhooks/{endpoint}/rotation", Action::Webhooks, api::rotate),
        post("/api/v1/webhooks/{endpoint}/enabling", Action::Webhooks, api::enable_webhook),
        post("/api/v1/webhooks/{endpoint}/disabling", Action::Webhooks, api::disable_webhook),
        get("/api/v1/webhooks/{endpoint}/deliveries", Action::Webhooks, api::deliveries),
        post("/api/v1/webhooks/{endpoint}/replay", Action::Webhooks, api::replay),
        get("/api/v1/tokens", Action::Accounts, api::tokens),
        post("/api/v1/tokens", Action::Accounts, api::issue_token),
        post("/api/v1/tokens/{token}/revocation", Action::Accounts, api::revoke_token),
    ]
}

/// An address that takes a file as it left a phone.
fn files<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    large(post(path, action, handler), api::FILE_BYTES_MAX)
}

/// An address that takes a form with files.
fn upload<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    large(post(path, action, handler), multipart::FORM_BYTES_MAX)
}

fn large(route: Route, bytes_max: usize) -> Route {
    let handler = route.handler.layer(DefaultBodyLimit::max(bytes_max));
    Route { handler, time_max: UPLOAD_TIME_MAX, bytes_max, ..route }
}

fn get<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    let handler = on(MethodFilter::GET, handler);
    Route { method: Method::GET, path, action, time_max: ANSWER_TIME_MAX, bytes_max: FORM_BYTES_MAX, handler }
}

fn post<H, T>(path: &'static str, action: Action, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    let handler = on(MethodFilter::POST, handler);
    Route {
        method: Method::POST,
        path,
        action,
        time_max: ANSWER_TIME_MAX,
        bytes_max: FORM_BYTES_MAX,
        handler,
    }
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
        let (admission, bytes_max) = (web.admission.clone(), route.bytes_max);
        let way = Way::to(route.path, bytes_max > FORM_BYTES_MAX);
        let in_turn = from_fn(move |request, next| {
            let admission = admission.clone();
            async move { admission.pass(way, bytes_max, request, next).await }
        });
        let in_time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, route.time_max);
        let handler: MethodRouter<Web> = route.handler.layer(admit);
        let handler: MethodRouter<Web> = handler.layer(in_turn);
        router = router.route(route.path, handler.layer(in_time));
    }
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::of_status(StatusCode::METHOD_NOT_ALLOWED) })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::internal().into_response() }))
        .layer(from_fn_with_state(web.clone(), entry::enter))
        .layer(CompressionLayer::new())
        .with_state(web)
}
