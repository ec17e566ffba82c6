//! Finding claims by number, plate or phone. Plates and phones are found by keyed hash: nothing is stored in the clear.

use insight::view::{Query, Row};
use insight::{CLAIMS, ClaimRow};
use lexicon::{Phone, Plate};
use serde::Serialize;
use utoipa::ToSchema;

use super::customer::{cursor, resume};
use super::{Time, Yuan};
use crate::app::App;
use crate::failure::Failure;

/// A claim that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Found {
    /// The claim's number.
    pub claim: String,
    /// Plate; empty once erased.
    pub plate: String,
    /// How far it is.
    pub stage: String,
    /// The grade.
    pub severity: Option<String>,
    /// When it was notified.
    pub notified_at: Time,
    /// What is owed, else what the damage is put at.
    pub amount: Option<Yuan>,
}

impl App {
    /// Claims whose number, plate or phone is `text`, the latest first.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn search(&self, text: &str) -> Result<Vec<Found>, Failure> {
        let text = text.trim();
        if let Some(row) = self.claim_row(&text.to_uppercase()).await? {
            return Ok(vec![self.found(row)?]);
        }
        let by =
            |index, hash: lexicon::KeyedHash| Query::of(&CLAIMS, index, 50).equal(hash.as_str()).descending();
        let query = if let Ok(plate) = text.parse::<Plate>() {
            by("by_plate", register::plate_key(self.vault(), &plate))
        } else if let Ok(phone) = text.parse::<Phone>() {
            by("by_phone", self.vault().keyed_hash("phone", phone.as_str().as_bytes()))
        } else {
            return Ok(vec![]);
        };
        self.ports().views.page(query).await?.iter().map(|row| self.found_row(row)).collect()
    }

    /// Claims in a stage (all without one), the latest first, after the place `after`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn claims(
        &self,
        stage: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Found>, Option<String>), Failure> {
        let query = match stage {
            Some(stage) => Query::of(&CLAIMS, "by_stage", limit).equal(stage),
            None => Query::of(&CLAIMS, "by_time", limit),
        };
        let query = resume(query.descending(), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| cursor(&query.place(row)))).flatten();
        Ok((rows.iter().map(|row| self.found_row(row)).collect::<Result<_, _>>()?, next))
    }

    fn found_row(&self, row: &Row) -> Result<Found, Failure> {
        self.found(ClaimRow::read(&CLAIMS, row)?)
    }

    fn found(&self, row: ClaimRow) -> Result<Found, Failure> {
        Ok(Found {
            plate: self.plate(&row.plate)?,
            claim: row.claim,
            stage: row.stage,
            severity: row.severity,
            notified_at: Time(row.notified_at),
            amount: row.owed.or(row.assessed).map(Yuan),
        })
    }
}
