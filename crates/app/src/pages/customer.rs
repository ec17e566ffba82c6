//! A customer's own claims.

use insight::view::{Query, Type, Value};
use insight::{CLAIMS, ClaimRow, FOLLOWERS, FollowerRow};
use lexicon::{AccountId, Private, Reason};
use serde::Serialize;
use utoipa::ToSchema;

use super::{BallPage, Time, Yuan};
use crate::app::App;
use crate::failure::Failure;

/// A customer's own claims, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerHome {
    /// The claims.
    pub claims: Vec<ClaimCard>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// A claim at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimCard {
    /// The claim's number.
    pub claim: String,
    /// Plate; empty once erased.
    pub plate: String,
    /// How far it is.
    pub stage: String,
    /// When it was notified.
    pub notified_at: Time,
    /// When the accident happened.
    pub occurred_at: Time,
    /// Who has the ball.
    pub ball: BallPage,
    /// What was approved.
    pub approved: Yuan,
    /// What arrived.
    pub paid: Yuan,
}

/// Claims on one page.
const PAGE: usize = 20;

impl App {
    /// The claims that `account` may follow, after the place `after`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn customer_home(
        &self,
        account: &AccountId,
        after: Option<&str>,
    ) -> Result<CustomerHome, Failure> {
        let query = Query::of(&FOLLOWERS, "by_account", PAGE).equal(account.as_str()).descending();
        let query = resume(query, after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == PAGE).then(|| rows.last().map(|row| cursor(&query.place(row)))).flatten();
        let mut claims = vec![];
        for row in rows {
            let follower = FollowerRow::read(&FOLLOWERS, &row)?;
            if let Some(row) = self.claim_row(&follower.claim).await? {
                claims.push(self.card(&row).await?);
            }
        }
        Ok(CustomerHome { claims, next })
    }

    pub(crate) async fn claim_row(&self, claim: &str) -> Result<Option<ClaimRow>, Failure> {
        let row = self.ports().views.get(&CLAIMS, vec![Value::from(claim)]).await?;
        Ok(row.map(|row| ClaimRow::read(&CLAIMS, &row)).transpose()?)
    }

    async fn card(&self, row: &ClaimRow) -> Result<ClaimCard, Failure> {
        let id: lexicon::ClaimId = row.claim.parse().map_err(|_| Failure::NotFound)?;
        let claim = self.streams().load::<claim::Claims>(&id).await?;
        let incident = self.incident_of(&id).await?;
        let ball = claim::ball(&claim.state, &incident.state);
        let holder = serde_json::to_value(ball.holder).ok().and_then(|word| word.as_str().map(str::to_owned));
        Ok(ClaimCard {
            claim: row.claim.clone(),
            plate: self.plate(&row.plate)?,
            stage: row.stage.clone(),
            notified_at: Time(row.notified_at),
            occurred_at: Time(row.occurred_at),
            ball: BallPage {
                holder: holder.unwrap_or_default(),
                what: ball.what.to_owned(),
                until: ball.until.map(Time),
            },
            approved: Yuan(row.approved),
            paid: Yuan(row.paid),
        })
    }

    /// A plate as it stands sealed in a row; empty once erased.
    pub(crate) fn plate(&self, sealed: &str) -> Result<String, Failure> {
        let private: Private<String> =
            serde_json::from_str(sealed).map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        Ok(private.open(self.vault(), Reason::ClaimHandling)?.known().unwrap_or_default())
    }
}

/// A place in a query's order as an opaque cursor.
pub(crate) fn cursor(place: &[Value]) -> String {
    let json = place.iter().map(|value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => (&**text).into(),
    });
    let bytes = serde_json::Value::Array(json.collect()).to_string();
    bytes.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// `query` from where the cursor stands that an earlier page gave.
pub(crate) fn resume(query: Query, cursor: Option<&str>) -> Result<Query, Failure> {
    let place = place(cursor)?;
    let order = query.view.order(query.index);
    let fits = |place: &Vec<Value>| {
        place.len() == order.len()
            && place.iter().zip(&order).all(|(value, column)| {
                matches!(
                    (value, query.view.columns[*column].kind),
                    (Value::Null, _) | (Value::Integer(_), Type::Integer) | (Value::Text(_), Type::Text)
                )
            })
    };
    match place.as_ref().is_none_or(fits) {
        true => Ok(query.after(place)),
        false => Err(Failure::refused("form.refused.bad-cursor")),
    }
}

/// The place that a cursor names.
fn place(cursor: Option<&str>) -> Result<Option<Vec<Value>>, Failure> {
    let bad = || Failure::refused("form.refused.bad-cursor");
    let Some(cursor) = cursor else { return Ok(None) };
    if cursor.len() % 2 != 0 || cursor.len() > 1024 || !cursor.is_ascii() {
        return Err(bad());
    }
    let bytes: Result<Vec<u8>, _> =
        (0..cursor.len()).step_by(2).map(|at| u8::from_str_radix(&cursor[at..at + 2], 16)).collect();
    let json: Vec<serde_json::Value> =
        serde_json::from_slice(&bytes.map_err(|_| bad())?).map_err(|_| bad())?;
    let value = |value: serde_json::Value| match value {
        serde_json::Value::Null => Ok(Value::Null),
        serde_json::Value::Number(number) => number.as_i64().map(Value::Integer).ok_or_else(bad),
        serde_json::Value::String(text) => Ok(Value::from(text)),
        _ => Err(bad()),
    };
    json.into_iter().map(value).collect::<Result<_, _>>().map(Some)
}
