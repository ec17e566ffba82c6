//! Tokens of programs: issued, narrowed, listed, revoked, and noted when they are used.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::{Account, Command, Scope};
use insight::view::{Query, Value};
use insight::{TOKENS, TokenRow};
use lexicon::{AccountId, Moment};

use super::accounts::{hash_of, principal_of};
use crate::app::App;
use crate::failure::{Failure, Refused};
use crate::ports::Session;
use crate::principal::{Principal, Request};

/// A use is noted at most this often.
const USE_SECONDS: i64 = 60;
/// A label has at most so many characters.
const LABEL_MAX: usize = 80;
/// So much of its hash names a token: enough that no two have the same.
const ID_LENGTH: usize = 16;
/// Uses are kept among the sessions, under what no session's token can hash to.
const USES: &str = "token.";

/// A token to issue.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in words that name no person.
    pub label: String,
    /// For how long it is heard.
    pub valid_seconds: i64,
    /// To what it is narrowed; everything that the account may where nothing is said.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// A program that shows a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Who it is.
    pub principal: Principal,
    /// To what its token is narrowed, if it is.
    pub scopes: Option<Arc<BTreeSet<Scope>>>,
}

/// A token as those who keep them see it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnownToken {
    /// Its row.
    pub(crate) row: TokenRow,
    /// When it was last used, to within a minute.
    pub(crate) used_at: Option<Moment>,
}

impl NewToken {
    /// A token that is not narrowed.
    pub fn whole(label: &str, valid_seconds: i64) -> NewToken {
        NewToken { label: label.to_owned(), valid_seconds, scopes: None }
    }
}

impl App {
    /// A token for a program, shown once. A repeat of the request is refused, for only a hash was kept.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn issue_token(
        &self,
        request: &Request,
        account: &AccountId,
        new: &NewToken,
    ) -> Result<String, Failure> {
        let request = &request.unversioned();
        let label = new.label.trim();
        if label.is_empty() || label.chars().count() > LABEL_MAX {
            return Err(Refused::new("token.refused.label").at("label").with("max", LABEL_MAX).into());
        }
        let token = format!("anpei_{}", self.ports().chance.token(32));
        let command = Command::IssueToken {
            token_hash: hash_of(&token),
            label: label.to_owned(),
            expires_at: self.now().plus_seconds(new.valid_seconds),
            scopes: new.scopes.clone(),
        };
        let id = token_id(&hash_of(&token)).to_owned();
        let told: String = self
            .run::<Account, _, _>(request, account, None, |_| Ok((vec![command.clone()], id.clone())))
            .await?;
        if told == id { Ok(token) } else { Err(Failure::refused("token.refused.told-once")) }
    }

    /// Who shows `token`, while it is heard.
    pub async fn bearer(&self, token: &str) -> Result<Option<Program>, Failure> {
        let found = match self.account_by_token(token).await {
            Ok(found) => found,
            Err(Failure::NotFound) => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let ((id, loaded), hash) = (found, hash_of(token));
        let known = loaded.state.open().and_then(|profile| profile.token(&hash, self.now()));
        let (Some(known), Some(principal)) = (known, principal_of(&id, &loaded)) else { return Ok(None) };
        self.note_use(&id, hash, known.expires_at).await;
        Ok(Some(Program { principal, scopes: known.scopes.clone().map(Arc::new) }))
    }

    /// Notes that a token is used. That it could not be noted keeps nobody from their work.
    async fn note_use(&self, account: &AccountId, hash: String, ends_at: Moment) {
        let now = self.now();
        if !self.doors().uses_at(&hash, now, USE_SECONDS) {
            return;
        }
        let note = Session {
            token_hash: format!("{USES}{hash}"),
            account: account.clone(),
            form_secret: String::new(),
            began_at: now,
            ends_at,
            used_at: now,
        };
        if let Err(problem) = self.ports().sessions.keep(note).await {
            tracing::warn!(%problem, "the use of a token was not noted");
        }
    }

    /// Revokes the token that `id` names.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn revoke_token(&self, request: &Request, id: &str) -> Result<(), Failure> {
        let request = &request.unversioned();
        let plain = id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        // A repeat finds it revoked.
        if let Some(()) = self.answered(request).await? {
            return Ok(());
        }
        let row = if plain { self.token_row(id).await? } else { None };
        let row = row.ok_or(Failure::NotFound)?;
        let account: AccountId = row.account.parse().map_err(|_| Failure::NotFound)?;
        let command = Command::RevokeToken { token_hash: row.token_hash };
        self.run::<Account, _, _>(request, &account, None, |_| Ok((vec![command.clone()], ()))).await
    }

    /// The token whose hash begins with `id`.
    async fn token_row(&self, id: &str) -> Result<Option<TokenRow>, Failure> {
        let query = Query {
            view: &TOKENS,
            index: None,
            equal: vec![],
            // `g` follows every hexadecimal digit.
            between: Some((Value::from(id), Value::from(format!("{id}g")))),
            after: None,
            descending: false,
            limit: 1,
        };
        let rows = self.ports().views.page(query).await?;
        Ok(rows.first().map(|row| TokenRow::read(&TOKENS, row)).transpose()?)
    }

    /// What is known of the tokens of `rows`.
    pub(crate) async fn known_tokens(&self, rows: &[insight::view::Row]) -> Result<Vec<KnownToken>, Failure> {
        let mut known = vec![];
        for row in rows {
            let row = TokenRow::read(&TOKENS, row)?;
            let noted = self.ports().sessions.find(&format!("{USES}{}", row.token_hash)).await?;
            known.push(KnownToken { used_at: noted.map(|session| session.used_at), row });
        }
        Ok(known)
    }
}

/// What names a token: the beginning of its hash.
pub(crate) fn token_id(hash: &str) -> &str {
    hash.get(..ID_LENGTH).unwrap_or(hash)
}
