//! What the second of two people does, and the notice of a refusal, for programs.

use app::App;
use app::claims::Service;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lexicon::ClaimId;

use super::bodies::{AdjudicationBody, ConfirmationBody, ReturnBody, ServiceBody, refused, word};
use super::read::Post;
use crate::Problem;

const DONE: StatusCode = StatusCode::NO_CONTENT;

type Done = Result<StatusCode, Problem>;

/// Confirms, as the second assessor, what the first put forward.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/assessment-confirmation", tag = "desk", params(("claim" = String, Path)),
    request_body = ConfirmationBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn confirm_assessment(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ConfirmationBody>,
) -> Done {
    app.confirm_assessment(&post.asked, &claim, post.body.number).await?;
    Ok(DONE)
}

/// Sends back what the first assessor put forward.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/assessment-return", tag = "desk", params(("claim" = String, Path)),
    request_body = ReturnBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn return_assessment(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ReturnBody>,
) -> Done {
    app.return_assessment(&post.asked, &claim, post.body.number, &post.body.reason).await?;
    Ok(DONE)
}

/// Agrees to reserve what the last adjudication says.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/reserve", tag = "desk", params(("claim" = String, Path)),
    request_body = AdjudicationBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn agree_reserve(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AdjudicationBody>,
) -> Done {
    app.agree_reserve(&post.asked, &claim, post.body.adjudication).await?;
    Ok(DONE)
}

/// Declines, as the second person, what the first proposed.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/refusal-confirmation", tag = "desk", params(("claim" = String, Path)),
    request_body = ConfirmationBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn confirm_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ConfirmationBody>,
) -> Done {
    app.confirm_refusal(&post.asked, &claim, post.body.number).await?;
    Ok(DONE)
}

/// Sends a proposal to decline back.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/refusal-return", tag = "desk", params(("claim" = String, Path)),
    request_body = ReturnBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn return_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ReturnBody>,
) -> Done {
    app.return_refusal(&post.asked, &claim, post.body.number, &post.body.reason).await?;
    Ok(DONE)
}

/// Records that the notice of a refusal was served.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/refusal-service", tag = "desk", params(("claim" = String, Path)),
    request_body = ServiceBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn serve_refusal(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ServiceBody>,
) -> Done {
    let way = word(&post.body.way, "way")?;
    if !Service::BY_STAFF.contains(&way) {
        return Err(refused("form.refused.word", "way").into());
    }
    app.serve_refusal(&post.asked, &claim, way).await?;
    Ok(DONE)
}
