//! What forms offer.

use rulebook::tables::{Damage, VehicleClass};
use serde::Serialize;
use utoipa::ToSchema;

use super::Yuan;
use crate::app::App;
use crate::failure::Failure;

/// What a report form may hold, by code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportForm {
    /// How an accident can come about.
    pub causes: Vec<&'static str>,
    /// How badly somebody can be hurt.
    pub injuries: Vec<&'static str>,
    /// How damage can look.
    pub guesses: Vec<&'static str>,
}

/// A part that can be picked on the drawing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartChoice {
    /// Its code.
    pub part: String,
    /// Side of the drawing.
    pub zone: String,
    /// Area of that side.
    pub area: String,
    /// For each kind of damage: the operation proposed and its price for the class asked for.
    pub proposals: Vec<(String, String, Yuan)>,
}

/// Every kind of paper and photo that comes as a file, in the order in which lists show them.
pub fn file_kinds() -> impl Iterator<Item = &'static str> {
    evidence::KINDS.iter().filter(|kind| kind.family != evidence::Family::Entry).map(|kind| kind.code)
}

impl App {
    /// What a report form may hold.
    pub fn report_form(&self) -> ReportForm {
        ReportForm {
            causes: rulebook::Cause::ALL.iter().map(|cause| cause.word()).collect(),
            injuries: rulebook::Injury::ALL.iter().map(|injury| injury.word()).collect(),
            guesses: claim::state::DamageGuess::ALL.iter().map(|guess| guess.word()).collect(),
        }
    }

    /// The parts of the price table as they stand for the accident of `claim` and the class of its vehicle.
    pub async fn part_choices(&self, claim: &lexicon::ClaimId) -> Result<Vec<PartChoice>, Failure> {
        let loaded = self.streams().load::<claim::Claims>(claim).await?;
        let notice = loaded.state.notice.as_ref().ok_or(Failure::NotFound)?;
        let class = VehicleClass::from_word(&loaded.state.class).unwrap_or(VehicleClass::Medium);
        let prices = &self.tables().prices;
        let day = self.tables().day(notice.occurred_at);
        let choice = |part: &rulebook::tables::Part| {
            let proposal = |damage: Damage| {
                let operation = prices.proposed(part, damage)?;
                Some((
                    damage.word().to_owned(),
                    operation.word().to_owned(),
                    Yuan(part.price(operation, class)?),
                ))
            };
            PartChoice {
                part: part.code.clone(),
                zone: part.zone.clone(),
                area: part.area.clone(),
                proposals: Damage::ALL.into_iter().filter_map(proposal).collect(),
            }
        };
        Ok(prices.parts(day).map(choice).collect())
    }
}
