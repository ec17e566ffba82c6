//! Claims of the program that asks.

use app::claims::Channel;
use app::pages::{ClaimPage, CustomerHome, PartChoice};
use app::{Accepted, App, Taken};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use lexicon::ClaimId;

use super::bodies::{
    AccountBody, DamageBody, FileQuery, Nothing, NoticeBody, Page, RatingBody, TextBody, picks,
};
use super::read::{File, Post, created, tagged};
use crate::{Problem, Viewer};

/// Gives notice of an accident. The same accident notified twice is one claim.
#[utoipa::path(post, path = "/api/v1/claims", tag = "claims", request_body = NoticeBody,
    responses((status = 201, description = "Taken; `joined` when the accident was known", body = TakenBody,
        headers(("Location" = String, description = "Where the claim stands")))))]
pub(crate) async fn notify(State(app): State<App>, post: Post<NoticeBody>) -> Result<Response, Problem> {
    let notice = post.body.into_notice(Channel::Api)?;
    let Taken { claim, joined } = app.take_notice(&post.asked, notice).await?;
    let address = format!("/api/v1/claims/{claim}");
    Ok(created(&address, &TakenBody { claim: claim.to_string(), joined }))
}

/// What a notice led to.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TakenBody {
    /// The claim.
    claim: String,
    /// Whether the accident was known.
    joined: bool,
}

/// A file that was accepted.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct AcceptedBody {
    /// Its number within the claim.
    evidence: u32,
}

/// Own claims, the latest first.
#[utoipa::path(get, path = "/api/v1/claims", tag = "claims", params(Page),
    responses((status = 200, body = CustomerHome)))]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(page): Query<Page>,
) -> Result<Json<CustomerHome>, Problem> {
    let account = viewer
        .principal()
        .and_then(|principal| principal.account.as_ref())
        .ok_or_else(Problem::unauthorized)?;
    Ok(Json(app.customer_home(account, page.cursor.as_deref()).await?))
}

/// One own claim; its `ETag` may come back as `If-Match`.
#[utoipa::path(get, path = "/api/v1/claims/{claim}", tag = "claims", params(("claim" = String, Path)),
    responses((status = 200, body = ClaimPage, headers(("ETag" = String, description = "The claim's version, for `If-Match`")))))]
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Response, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    Ok(tagged(page.version, &page))
}

/// The parts that can be picked, with what the price table proposes.
#[utoipa::path(get, path = "/api/v1/claims/{claim}/parts", tag = "claims", params(("claim" = String, Path)),
    responses((status = 200, body = Vec<PartChoice>)))]
pub(crate) async fn parts(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
) -> Result<Json<Vec<PartChoice>>, Problem> {
    Ok(Json(app.part_choices(&claim).await?))
}

/// Adds a paper or photo: the body is the file as it left the camera, JPEG or PNG, at most 60 MB.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/evidence", tag = "claims", params(("claim" = String, Path), FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AcceptedBody, headers(("Location" = String, description = "The claim")))))]
pub(crate) async fn evidence(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    Query(query): Query<FileQuery>,
    file: File,
) -> Result<Response, Problem> {
    let Accepted { evidence } =
        app.add_evidence(&file.asked, &claim, &query.kind, None, file.bytes.into()).await?;
    Ok(created(&format!("/api/v1/claims/{claim}"), &AcceptedBody { evidence }))
}

/// Picks damage on the drawing. A small clear claim is then assessed from the price table without a person.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/damage", tag = "claims", params(("claim" = String, Path)), request_body = DamageBody,
    responses((status = 204, description = "Done")))]
pub(crate) async fn damage(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<DamageBody>,
) -> Result<StatusCode, Problem> {
    app.propose_damage(&post.asked, &claim, picks(post.body.picks)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses where to pay the claim's own vehicle.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/account", tag = "claims", params(("claim" = String, Path)), request_body = AccountBody,
    responses((status = 204, description = "Done")))]
pub(crate) async fn account(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AccountBody>,
) -> Result<StatusCode, Problem> {
    let account = post.body.account()?;
    app.choose_account(&post.asked, &claim, None, &account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a person; a claim that has ended is opened again.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/person", tag = "claims", params(("claim" = String, Path)), request_body = TextBody,
    responses((status = 204, description = "Done")))]
pub(crate) async fn person(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<TextBody>,
) -> Result<StatusCode, Problem> {
    app.ask_person(&post.asked, &claim, &post.body.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the claim back.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/withdrawal", tag = "claims", params(("claim" = String, Path)), request_body = Nothing,
    responses((status = 204, description = "Done")))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.withdraw(&post.asked, &claim).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rates the handling, once, after the end.
#[utoipa::path(post, path = "/api/v1/claims/{claim}/rating", tag = "claims", params(("claim" = String, Path)), request_body = RatingBody,
    responses((status = 204, description = "Done")))]
pub(crate) async fn rate(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<RatingBody>,
) -> Result<StatusCode, Problem> {
    app.rate(&post.asked, &claim, post.body.stars, &post.body.comment).await?;
    Ok(StatusCode::NO_CONTENT)
}
