//! Being told of what happens: addresses, their secrets, what they have not taken.

use app::pages::{DeliveriesPage, EndpointEntry, EndpointsPage, EventType};
use app::{App, NewEndpoint, Principal, Registered};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{Nothing, Page, refused};
use super::read::{Post, created};
use crate::{Problem, Viewer};

const ROWS: usize = 50;

/// An address to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointBody {
    /// Where messages go, under https and public.
    #[schema(example = "https://hooks.example.com/anpei")]
    pub url: String,
    /// Of what it is told, by type; of everything when left out.
    #[serde(default)]
    pub types: Option<Vec<String>>,
}

/// An address and the secret of its signatures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretBody {
    /// The address's id.
    #[schema(example = "e7c1d0b7a9e3f4c2d8b6a1e0")]
    pub endpoint: String,
    /// What its messages are signed with; told on this answer and its repeats alone.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

/// What is to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayBody {
    /// The dead letter's `event`; all of the address when left out.
    #[serde(default)]
    pub event: Option<String>,
}

/// What is sent again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayedBody {
    /// How many messages.
    pub replayed: u64,
}

fn principal(viewer: &Viewer) -> Result<&Principal, Problem> {
    viewer.principal().ok_or_else(Problem::unauthorized)
}

fn told(registered: Registered) -> SecretBody {
    SecretBody { endpoint: registered.endpoint, secret: registered.secret }
}

/// Every public event type, with the JSON Schema of its data.
#[utoipa::path(get, path = "/api/v1/events", tag = "webhooks", security(()),
    responses((status = 200, body = Vec<EventType>)))]
pub(crate) async fn event_types() -> Json<Vec<EventType>> {
    Json(EventType::all())
}

/// Addresses that are told of what happens: own ones, or for an administrator all; the latest first.
#[utoipa::path(get, path = "/api/v1/webhooks", operation_id = "webhooks", tag = "webhooks", params(Page),
    responses((status = 200, body = EndpointsPage)))]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(page): Query<Page>,
) -> Result<Json<EndpointsPage>, Problem> {
    Ok(Json(app.endpoints_page(principal(&viewer)?, page.cursor.as_deref(), ROWS).await?))
}

/// Registers an address. A program is told of its own claims, an administrator of all, from now on.
#[utoipa::path(post, path = "/api/v1/webhooks", operation_id = "register_webhook", tag = "webhooks", request_body = EndpointBody,
    responses((status = 201, body = SecretBody, headers(("Location" = String, description = "Where the address stands")))))]
pub(crate) async fn register(State(app): State<App>, post: Post<EndpointBody>) -> Result<Response, Problem> {
    let types = post.body.types.unwrap_or_default().into_iter().collect();
    let registered = app.register_endpoint(&post.asked, &NewEndpoint { url: post.body.url, types }).await?;
    Ok(created(&format!("/api/v1/webhooks/{}", registered.endpoint), &told(registered)))
}

/// One address.
#[utoipa::path(get, path = "/api/v1/webhooks/{endpoint}", operation_id = "webhook", tag = "webhooks",
    params(("endpoint" = String, Path)), responses((status = 200, body = EndpointEntry)))]
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(endpoint): Path<String>,
) -> Result<Json<EndpointEntry>, Problem> {
    Ok(Json(app.endpoint_page(principal(&viewer)?, &endpoint).await?))
}

/// Replaces the secret. For a day messages are signed with the old one as well.
#[utoipa::path(post, path = "/api/v1/webhooks/{endpoint}/rotation", operation_id = "rotate_webhook_secret", tag = "webhooks",
    params(("endpoint" = String, Path)), request_body = Nothing, responses((status = 200, body = SecretBody)))]
pub(crate) async fn rotate(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    post: Post<Nothing>,
) -> Result<Json<SecretBody>, Problem> {
    Ok(Json(told(app.rotate_secret(&post.asked, &endpoint).await?)))
}

/// Tells the address again, from where it stopped.
#[utoipa::path(post, path = "/api/v1/webhooks/{endpoint}/enabling", operation_id = "enable_webhook", tag = "webhooks",
    params(("endpoint" = String, Path)), request_body = Nothing, responses((status = 204, description = "Done")))]
pub(crate) async fn enable(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.enable_endpoint(&post.asked, &endpoint, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells the address nothing more. What it has not been told is kept for when it is enabled again.
#[utoipa::path(post, path = "/api/v1/webhooks/{endpoint}/disabling", operation_id = "disable_webhook", tag = "webhooks",
    params(("endpoint" = String, Path)), request_body = Nothing, responses((status = 204, description = "Done")))]
pub(crate) async fn disable(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.enable_endpoint(&post.asked, &endpoint, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Messages to the address that are dead letters, or with `which=waiting` those that are to be tried again.
#[utoipa::path(get, path = "/api/v1/webhooks/{endpoint}/deliveries", operation_id = "webhook_deliveries", tag = "webhooks",
    params(("endpoint" = String, Path), Page), responses((status = 200, body = DeliveriesPage)))]
pub(crate) async fn deliveries(
    State(app): State<App>,
    viewer: Viewer,
    Path(endpoint): Path<String>,
    Query(page): Query<Page>,
) -> Result<Json<DeliveriesPage>, Problem> {
    let which = page.which.as_deref().unwrap_or("dead");
    if !["dead", "waiting"].contains(&which) {
        return Err(refused("form.refused.word", "which").into());
    }
    let principal = principal(&viewer)?;
    Ok(Json(app.deliveries_page(principal, &endpoint, which, page.cursor.as_deref(), ROWS).await?))
}

/// Sends a dead letter again, or all of the address.
#[utoipa::path(post, path = "/api/v1/webhooks/{endpoint}/replay", operation_id = "replay_webhook", tag = "webhooks",
    params(("endpoint" = String, Path)), request_body = ReplayBody, responses((status = 200, body = ReplayedBody)))]
pub(crate) async fn replay(
    State(app): State<App>,
    Path(endpoint): Path<String>,
    post: Post<ReplayBody>,
) -> Result<Json<ReplayedBody>, Problem> {
    let replayed = app.replay(&post.asked, &endpoint, post.body.event.as_deref()).await?;
    Ok(Json(ReplayedBody { replayed }))
}
