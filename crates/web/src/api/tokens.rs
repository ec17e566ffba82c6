//! Tokens of programs: issued, listed, revoked.

use app::pages::TokensPage;
use app::{App, NewToken, Scope};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use lexicon::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{Nothing, Page, refused};
use super::read::{Post, created};
use crate::Problem;

const ROWS: usize = 50;
const DAY_SECONDS: i64 = 86_400;
/// Ten years: nobody should have to think of a token for longer.
const DAYS_MAX: u16 = 3_660;

/// A token to issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenBody {
    /// The account that it acts for.
    #[schema(example = "u5c1d0b7a9e3f4c2d8b6a1e0f")]
    pub account: String,
    /// What it is for, in words that name no person.
    #[schema(example = "workshop, test system")]
    pub label: String,
    /// For how many days it is heard, 1 to 3660.
    #[schema(example = 90)]
    pub days: u16,
    /// To what it is narrowed: `claims:read`, `claims:write`, `payments:read`, `payments:write`, `overview:read`, `policies:write`,
    /// `webhooks:read`, `webhooks:write`, `accounts:read`, `accounts:write`; all that the account may when left out.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

/// A token that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuedBody {
    /// The token; told on this answer alone.
    #[schema(example = "anpei_5c1d0b7a9e3f4c2d8b6a1e0f5c1d0b7a9e3f4c2d8b6a1e0f5c1d0b7a9e3f4c2d")]
    pub token: String,
}

/// Tokens that were not revoked, the latest first, with when they were last used; with `which` those of that account.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "tokens", tag = "tokens", params(Page),
    responses((status = 200, body = TokensPage)))]
pub(crate) async fn list(
    State(app): State<App>,
    Query(page): Query<Page>,
) -> Result<Json<TokensPage>, Problem> {
    let account = page.which.as_deref().map(account).transpose()?;
    Ok(Json(app.tokens_page(account.as_ref(), page.cursor.as_deref(), ROWS).await?))
}

/// Issues a token. Only its hash is kept: a repeat of the request is refused, and another one is issued instead.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "issue_token", tag = "tokens", request_body = TokenBody,
    responses((status = 201, body = IssuedBody, headers(("Location" = String, description = "Where tokens are listed")))))]
pub(crate) async fn issue(State(app): State<App>, post: Post<TokenBody>) -> Result<Response, Problem> {
    let body = post.body;
    if !(1..=DAYS_MAX).contains(&body.days) {
        return Err(refused("token.refused.days", "days").into());
    }
    let scopes = body.scopes.map(|words| {
        let scope =
            |word: &String| Scope::from_word(word).ok_or_else(|| refused("token.refused.scope", "scopes"));
        words.iter().map(scope).collect::<Result<_, _>>()
    });
    let new = NewToken {
        label: body.label,
        valid_seconds: i64::from(body.days) * DAY_SECONDS,
        scopes: scopes.transpose()?,
    };
    let token = app.issue_token(&post.asked, &account(&body.account)?, &new).await?;
    Ok(created("/api/v1/tokens", &IssuedBody { token }))
}

/// Revokes a token: it is heard no more.
#[utoipa::path(post, path = "/api/v1/tokens/{token}/revocation", operation_id = "revoke_token", tag = "tokens",
    params(("token" = String, Path)), request_body = Nothing, responses((status = 204, description = "Done")))]
pub(crate) async fn revoke(
    State(app): State<App>,
    Path(token): Path<String>,
    post: Post<Nothing>,
) -> Result<StatusCode, Problem> {
    app.revoke_token(&post.asked, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn account(text: &str) -> Result<AccountId, app::Failure> {
    text.parse().map_err(|_| refused("token.refused.account", "account"))
}
