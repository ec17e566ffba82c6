//! Payments, for those who reconcile them with the bank.

use books::Books;
use insight::view::Query;
use insight::{MONEY, MoneyRow};
use lexicon::{ClaimId, Money, PaymentId, Reason};
use serde::Serialize;
use utoipa::ToSchema;

use super::customer::{cursor, resume};
use super::{Time, Yuan};
use crate::app::App;
use crate::failure::Failure;

/// Payments of one status, the one that changed last first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentsPage {
    /// The payments.
    pub rows: Vec<PaymentRow>,
    /// How many of each status: `ordered`, `sent`, `confirmed`, `rejected`, `cancelled`.
    pub counts: Vec<(&'static str, u64)>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentRow {
    /// The claim.
    pub claim: String,
    /// Its reference.
    pub payment: String,
    /// The exposure.
    pub exposure: String,
    /// Who receives.
    pub payee: String,
    /// Plate of who receives; null for others than vehicles, and once erased.
    pub payee_plate: Option<String>,
    /// How much was ordered.
    pub amount: Yuan,
    /// Its status.
    pub status: String,
    /// How often it was handed to the bank.
    pub attempts: u64,
    /// The bank's own number, or its code of refusal.
    pub bank: Option<String>,
    /// When the status last changed.
    pub changed_at: Time,
}

/// Every status, those that need a person first.
const STATUSES: [&str; 5] = ["sent", "ordered", "rejected", "confirmed", "cancelled"];

impl App {
    /// Payments of `status` after the place `after`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn payments_page(
        &self,
        status: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<PaymentsPage, Failure> {
        let of = |status: &str| Query::of(&MONEY, "by_status", limit).equal(status);
        let query = resume(of(status).descending(), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| cursor(&query.place(row)))).flatten();
        let mut counts = vec![];
        for status in STATUSES {
            counts.push((status, self.ports().views.count(of(status)).await?));
        }
        let mut list = vec![];
        for cells in &rows {
            let row = MoneyRow::read(&MONEY, cells)?;
            list.push(PaymentRow {
                amount: Yuan(self.amount_of(&row).await?),
                payee_plate: self.plate_of(&row).await?,
                claim: row.claim,
                payment: row.item,
                exposure: row.exposure.unwrap_or_default(),
                payee: row.party.unwrap_or_default(),
                status: row.status.unwrap_or_default(),
                attempts: row.attempts,
                bank: row.bank,
                changed_at: Time(row.changed_at),
            });
        }
        Ok(PaymentsPage { rows: list, counts, next })
    }

    async fn plate_of(&self, row: &MoneyRow) -> Result<Option<String>, Failure> {
        let Ok(claim) = row.claim.parse::<ClaimId>() else { return Ok(None) };
        let incident = self.incident_of(&claim).await?;
        let vehicle =
            incident.state.vehicles.iter().find(|vehicle| Some(vehicle.id.as_str()) == row.party.as_deref());
        let Some(plate) = vehicle.and_then(|vehicle| vehicle.plate.as_ref()) else { return Ok(None) };
        Ok(plate.open(self.vault(), Reason::ClaimHandling)?.known())
    }

    /// What a payment was ordered for. One that came to nothing no longer counts as ordered in the view.
    async fn amount_of(&self, row: &MoneyRow) -> Result<Money, Failure> {
        let (Ok(claim), Ok(payment)) = (row.claim.parse::<ClaimId>(), row.item.parse::<PaymentId>()) else {
            return Ok(row.ordered);
        };
        if !row.ordered.is_zero() {
            return Ok(row.ordered);
        }
        let books = self.streams().load::<Books>(&claim).await?;
        Ok(books.state.payment(&payment).map_or(row.ordered, |payment| payment.amount))
    }
}
