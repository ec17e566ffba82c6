//! Second reporters: admitted to a claim, or turned away.

use app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lexicon::ClaimId;
use serde::Serialize;
use utoipa::ToSchema;

use super::bodies::Nothing;
use super::read::Post;
use crate::Problem;

/// A second reporter who was admitted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdmittedBody {
    /// The account that follows the claim from now on.
    #[schema(example = "u5c1d0b7a9e3f4c2d8b6a1e0f")]
    pub account: String,
    /// The path of a one-time link for setting a password, where the account was opened for them; told once.
    pub link: Option<String>,
}

/// Admits a second reporter: their account follows the claim from now on. Without one, it is opened by their phone number.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/reporters/{reporter}/admission", tag = "desk",
    params(("claim" = String, Path), ("reporter" = u32, Path)), request_body = Nothing,
    responses((status = 200, body = AdmittedBody), (status = 422, description = "Refused")))]
pub(crate) async fn admit(
    State(app): State<App>,
    Path((claim, reporter)): Path<(ClaimId, u32)>,
    post: Post<Nothing>,
) -> Result<Json<AdmittedBody>, Problem> {
    let admitted = app.admit_reporter(&post.asked, &claim, reporter).await?;
    let link = admitted.link.map(|token| format!("/enter/{token}"));
    Ok(Json(AdmittedBody { account: admitted.account.to_string(), link }))
}

/// Turns a second reporter away: they may not follow the claim.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/reporters/{reporter}/turning-away", tag = "desk",
    params(("claim" = String, Path), ("reporter" = u32, Path)), request_body = Nothing,
    responses((status = 204, description = "Done"), (status = 422, description = "Refused")))]
pub(crate) async fn turn_away(
    State(app): State<App>,
    Path((claim, reporter)): Path<(ClaimId, u32)>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.turn_away_reporter(&post.asked, &claim, reporter).await?;
    Ok(StatusCode::NO_CONTENT)
}
