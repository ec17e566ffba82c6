//! Money that the bank sent back, and money that comes back.

use app::{App, FoundWas, Receipt};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lexicon::{ClaimId, PaymentId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::bodies::{Nothing, id, moment, money, word};
use super::read::Post;
use crate::Problem;

/// A recovery that arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptBody {
    /// Who gave it back: `from` of one of the claim's recoveries.
    #[schema(example = "payee")]
    pub from: String,
    /// For what: `cover` of the same recovery.
    #[schema(example = "overpaid.own-damage.A.A.property")]
    pub cover: String,
    /// How much, not more than is still expected.
    #[schema(example = "1300.00")]
    pub amount: String,
    /// The bank's own number of the incoming payment; one number is booked once.
    #[schema(example = "B20260601-000004")]
    pub bank_reference: String,
    /// When it arrived, with offset.
    #[schema(example = "2026-06-01T00:00:00+08:00")]
    pub arrived_at: String,
}

/// What a payment was of which only the bank knew, as after a restore.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingBody {
    /// `paid` where it paid what is owed on this claim; `set-aside` where it came back or belongs elsewhere.
    #[schema(example = "paid")]
    pub is: String,
    /// What it paid: one of `exposures` of the found payment; not needed where that has only one.
    #[schema(example = "own-damage.A.A.property")]
    pub exposure: Option<String>,
    /// Why it counts for nothing here; needed with `set-aside`.
    pub reason: Option<String>,
}

/// What such a payment was.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Finding {
    Paid,
    SetAside,
}

/// Orders once more a payment that the bank rejected, to the account that is known.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/payments/{payment}/retry", tag = "desk",
    params(("claim" = String, Path), ("payment" = String, Path)), request_body = Nothing,
    responses((status = 204, description = "Done"), (status = 422, description = "Refused")))]
pub(crate) async fn retry(
    State(app): State<App>,
    Path((claim, payment)): Path<(ClaimId, PaymentId)>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.pay_again(&post.asked, &claim, &payment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what a payment was of which only the bank knew: from then on it counts as paid, or for nothing. Above the amount from which
/// payments take two, it holds once a second person says the same.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/payments/{payment}/finding", tag = "desk",
    params(("claim" = String, Path), ("payment" = String, Path)), request_body = FindingBody,
    responses((status = 204, description = "Done"), (status = 422, description = "Refused")))]
pub(crate) async fn explain_found(
    State(app): State<App>,
    Path((claim, payment)): Path<(ClaimId, PaymentId)>,
    post: Post<FindingBody>,
) -> Result<StatusCode, Problem> {
    let FindingBody { is, exposure, reason } = post.body;
    let was = match word(&is, "is")? {
        Finding::Paid => FoundWas::Paid { exposure: exposure.map(|text| id(&text, "exposure")).transpose()? },
        Finding::SetAside => FoundWas::SetAside { reason: reason.unwrap_or_default() },
    };
    app.explain_found(&post.asked, &claim, &payment, &was).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Books a recovery that arrived.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/recoveries", tag = "desk", params(("claim" = String, Path)),
    request_body = ReceiptBody, responses((status = 204, description = "Done"), (status = 422, description = "Refused")))]
pub(crate) async fn receive(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ReceiptBody>,
) -> Result<StatusCode, Problem> {
    let body = post.body;
    let receipt = Receipt {
        amount: money(&body.amount, "amount")?,
        arrived_at: moment(&body.arrived_at, "arrived_at")?,
        from: body.from,
        cover: body.cover,
        bank_reference: body.bank_reference,
    };
    app.receive_recovery(&post.asked, &claim, &receipt).await?;
    Ok(StatusCode::NO_CONTENT)
}
