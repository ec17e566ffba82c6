//! Doors for other systems, for those who keep them: addresses, what waits for them, dead letters, tokens.

use insight::view::{Query, Row};
use insight::{DELIVERIES, DeliveryRow, ENDPOINTS, EndpointRow, TOKENS};
use lexicon::{AccountId, Private, Reason};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Time;
use super::customer::{cursor, resume};
use crate::app::App;
use crate::failure::Failure;
use crate::outside::OutsideType;
use crate::principal::{Principal, Role};
use crate::use_cases::tokens::token_id;

/// Addresses that are told of what happens, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndpointsPage {
    /// The addresses.
    pub endpoints: Vec<EndpointEntry>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// An address that is told of what happens.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndpointEntry {
    /// Its id.
    #[schema(example = "e7c1d0b7a9e3f4c2d8b6a1e0")]
    pub endpoint: String,
    /// The account that registered it.
    pub owner: String,
    /// Of whose claims it is told: `own` of its owner's, or `all`.
    pub sees: String,
    /// Where messages go.
    #[schema(example = "https://hooks.example.com/anpei")]
    pub url: String,
    /// Of what it is told, by type; of everything where nothing is named.
    pub types: Vec<String>,
    /// Whether it is told.
    pub enabled: bool,
    /// Why it is told nothing: `asked`, `gone` or `silent`.
    pub ended: Option<String>,
    /// How many messages wait to be tried again.
    pub waiting: u64,
    /// How many dead letters there are.
    pub dead: u64,
    /// When it was registered.
    pub registered_at: Time,
}

/// Messages that were not taken at once, the one that changed last first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveriesPage {
    /// The messages.
    pub deliveries: Vec<DeliveryEntry>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// A message that waits, or is a dead letter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryEntry {
    /// The address.
    pub endpoint: String,
    /// Its id, the same at every attempt; the `webhook-id` and the CloudEvent's `id`.
    #[schema(example = "claim-A260502-7K3M9Q-1")]
    pub event: String,
    /// Its type.
    pub r#type: String,
    /// The claim it is about.
    pub claim: String,
    /// `waiting` or `dead`.
    pub status: String,
    /// How often it was tried.
    pub attempts: u64,
    /// When it is tried again; null while earlier ones of its claim wait.
    pub due: Option<Time>,
    /// What the receiver last answered: `status`, `inside`, `unreachable`, `timeout` or `cut`.
    pub answer: Option<String>,
    /// The status of that answer.
    pub answer_status: Option<u64>,
    /// How its body began.
    pub answer_text: Option<String>,
    /// Why it is dead: `tried-long`, `gone` or `silent`.
    pub why: Option<String>,
    /// When it was first tried.
    pub held_at: Time,
    /// When it last changed.
    pub changed_at: Time,
}

/// Tokens of programs, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokensPage {
    /// The tokens.
    pub tokens: Vec<TokenEntry>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// A token of a program. The token itself is known to the program alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenEntry {
    /// Its id: how its hash begins.
    #[schema(example = "9f86d081884c7d65")]
    pub token: String,
    /// Whose.
    pub account: String,
    /// What it is for.
    pub label: String,
    /// To what it is narrowed; null where it may do all that the account may.
    pub scopes: Option<Vec<String>>,
    /// When it was issued.
    pub issued_at: Time,
    /// From when on it is not heard.
    pub expires_at: Time,
    /// When it was last used, to within a minute; null where it never was.
    pub used_at: Option<Time>,
}

/// A public event type.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventType {
    /// Its name, the `type` of CloudEvents.
    #[schema(example = "cn.anpei.claim.notified.v1")]
    pub r#type: String,
    /// What it tells.
    pub summary: String,
    /// The JSON Schema of its data.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// Its data, made up.
    #[schema(value_type = Object)]
    pub sample: Value,
}

impl EventType {
    /// Every type, as the registry has it.
    pub fn all() -> Vec<EventType> {
        crate::outside::TYPES.iter().map(EventType::of).collect()
    }

    fn of(kind: &OutsideType) -> EventType {
        EventType {
            r#type: kind.name.to_owned(),
            summary: kind.summary.to_owned(),
            schema: kind.schema(),
            sample: kind.example(),
        }
    }
}

impl App {
    /// The addresses that `principal` may know of, after the place `after`.
    pub async fn endpoints_page(
        &self,
        principal: &Principal,
        after: Option<&str>,
        limit: usize,
    ) -> Result<EndpointsPage, Failure> {
        let query = match (principal.has(Role::Administrator), &principal.account) {
            (true, _) => Query::of(&ENDPOINTS, "by_time", limit),
            (false, Some(account)) => Query::of(&ENDPOINTS, "by_owner", limit).equal(account.as_str()),
            (false, None) => return Err(Failure::Denied),
        };
        let query = resume(query.descending(), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let mut endpoints = vec![];
        for row in &rows {
            endpoints.push(self.endpoint_entry(EndpointRow::read(&ENDPOINTS, row)?).await?);
        }
        Ok(EndpointsPage { endpoints, next: next(&query, &rows) })
    }

    /// One address.
    pub async fn endpoint_page(
        &self,
        principal: &Principal,
        endpoint: &str,
    ) -> Result<EndpointEntry, Failure> {
        self.visible_endpoint(principal, endpoint).await?;
        let row =
            self.ports().views.get(&ENDPOINTS, vec![endpoint.into()]).await?.ok_or(Failure::NotFound)?;
        self.endpoint_entry(EndpointRow::read(&ENDPOINTS, &row)?).await
    }

    async fn endpoint_entry(&self, row: EndpointRow) -> Result<EndpointEntry, Failure> {
        let of = |status: &str| {
            Query::of(&DELIVERIES, "by_endpoint", 1).equal(row.endpoint.as_str()).equal(status)
        };
        let (waiting, dead) = (of("waiting"), of("dead"));
        Ok(EndpointEntry {
            waiting: self.ports().views.count(waiting).await?,
            dead: self.ports().views.count(dead).await?,
            types: row.types.split_whitespace().map(str::to_owned).collect(),
            endpoint: row.endpoint,
            owner: row.owner,
            sees: row.sees,
            url: row.url,
            enabled: row.enabled,
            ended: row.ended,
            registered_at: Time(row.registered_at),
        })
    }

    /// Messages to an address that stand at `status`, after the place `after`.
    pub async fn deliveries_page(
        &self,
        principal: &Principal,
        endpoint: &str,
        status: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<DeliveriesPage, Failure> {
        self.visible_endpoint(principal, endpoint).await?;
        let query = Query::of(&DELIVERIES, "by_endpoint", limit).equal(endpoint).equal(status);
        self.deliveries(query, after).await
    }

    /// Messages to any address that stand at `status`, after the place `after`; for those who keep all.
    pub async fn all_deliveries_page(
        &self,
        status: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<DeliveriesPage, Failure> {
        self.deliveries(Query::of(&DELIVERIES, "by_status", limit).equal(status), after).await
    }

    /// How many messages stand at `status`.
    pub async fn deliveries_count(&self, status: &str) -> Result<u64, Failure> {
        Ok(self.ports().views.count(Query::of(&DELIVERIES, "by_status", 1).equal(status)).await?)
    }

    async fn deliveries(&self, query: Query, after: Option<&str>) -> Result<DeliveriesPage, Failure> {
        let query = resume(query.descending(), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let deliveries = rows
            .iter()
            .map(|row| self.delivery_entry(DeliveryRow::read(&DELIVERIES, row)?))
            .collect::<Result<_, _>>()?;
        Ok(DeliveriesPage { deliveries, next: next(&query, &rows) })
    }

    fn delivery_entry(&self, row: DeliveryRow) -> Result<DeliveryEntry, Failure> {
        let text = match &row.answer_text {
            Some(sealed) => {
                let sealed: Private<String> = serde_json::from_str(sealed)
                    .map_err(|problem| Failure::Unavailable(problem.to_string()))?;
                sealed.open(self.vault(), Reason::OwnData)?.known()
            }
            None => None,
        };
        Ok(DeliveryEntry {
            endpoint: row.endpoint,
            event: row.event,
            r#type: row.kind,
            claim: row.claim,
            status: row.status,
            attempts: row.attempts,
            due: row.due.map(Time),
            answer: row.answer,
            answer_status: row.answer_status,
            answer_text: text,
            why: row.why,
            held_at: Time(row.held_at),
            changed_at: Time(row.changed_at),
        })
    }

    /// Tokens of `account`, or of all accounts, after the place `after`.
    pub async fn tokens_page(
        &self,
        account: Option<&AccountId>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TokensPage, Failure> {
        let query = match account {
            Some(account) => Query::of(&TOKENS, "by_account", limit).equal(account.as_str()),
            None => Query::of(&TOKENS, "by_time", limit),
        };
        let query = resume(query.descending(), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let tokens = self.known_tokens(&rows).await?.into_iter().map(|known| TokenEntry {
            token: token_id(&known.row.token_hash).to_owned(),
            account: known.row.account,
            label: known.row.label,
            scopes: known.row.scopes.map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()),
            issued_at: Time(known.row.issued_at),
            expires_at: Time(known.row.expires_at),
            used_at: known.used_at.map(Time),
        });
        Ok(TokensPage { tokens: tokens.collect(), next: next(&query, &rows) })
    }
}

/// Where the page after `rows` starts, if there may be one.
fn next(query: &Query, rows: &[Row]) -> Option<String> {
    rows.last().filter(|_| rows.len() == query.limit).map(|row| cursor(&query.place(row)))
}
