//! Looking at the damage, and what is decided on it.

use journal::Actor;
use lexicon::{ExposureId, Moment, Money, Private, Wgs84};
use rulebook::tables::{Damage, Operation};
use rulebook::{AmountSource, Because, Verdict};
use serde::{Deserialize, Serialize};

use crate::incident::PartyId;

/// A surveyor looked at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// What was found.
    pub findings: Private<String>,
    /// Where the surveyor stood.
    pub position: Option<Private<Wgs84>>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// One line of damage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DamageLine {
    /// The part, by its code in the price table.
    pub part: String,
    /// What is seen.
    pub damage: Damage,
    /// What is done.
    pub operation: Operation,
    /// What it costs.
    pub price: Money,
    /// The version of the price table, or `None` where a person set the price.
    pub table: Option<String>,
    /// The photo that shows it, by number.
    pub photo: Option<u32>,
}

/// The customer picked damage on the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DamageProposed {
    /// The vehicle.
    pub vehicle: PartyId,
    /// The lines, priced from the table.
    pub lines: Vec<DamageLine>,
    /// Their sum.
    pub total: Money,
    /// When.
    pub at: Moment,
}

/// The damage was put at an amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    /// The vehicle.
    pub vehicle: PartyId,
    /// The lines.
    pub lines: Vec<DamageLine>,
    /// Their sum.
    pub total: Money,
    /// A total loss: actual value and agreed salvage.
    pub total_loss: Option<(Money, Money)>,
    /// Rescue and towing.
    pub rescue: Money,
    /// Where the amount comes from.
    pub source: AmountSource,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// What one exposure is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The exposure.
    pub exposure: ExposureId,
    /// The cover that owes.
    pub cover: String,
    /// The vehicle whose policy owes; another's where our insurer pays on its behalf (无责代赔).
    pub payer: PartyId,
    /// Who receives.
    pub payee: PartyId,
    /// Kind of loss, or `all`.
    pub bucket: String,
    /// How much in all, what was paid before included.
    pub amount: Money,
}

/// What is owed was computed and ruled on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjudicated {
    /// Number of the adjudication within the claim, from 1.
    pub number: u32,
    /// Version of the incident that it stands on: with it anyone entitled can run the settlement again.
    pub incident_version: u64,
    /// What each exposure is owed.
    pub owed: Vec<Owed>,
    /// What is to be claimed back, by debtor and ground.
    pub recoveries: Vec<(String, String, Money)>,
    /// The sum of what is owed.
    pub total: Money,
    /// What is to happen.
    pub verdict: Verdict,
    /// Why.
    pub because: Vec<Because>,
    /// When.
    pub at: Moment,
}

/// One of two needed people agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstApproved {
    /// The adjudication that is approved.
    pub adjudication: u32,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Payment was approved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approved {
    /// Number of the approval within the claim, from 1.
    pub approval: u32,
    /// The adjudication that is approved.
    pub adjudication: u32,
    /// What each exposure is owed in all.
    pub owed: Vec<Owed>,
    /// Their sum.
    pub total: Money,
    /// Who; two people above the four-eyes amount; a rule for small claims.
    pub by: Vec<Actor>,
    /// When.
    pub at: Moment,
}

/// A named person declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declined {
    /// The clause it stands on.
    pub clause: String,
    /// The reason, as the letter gives it.
    pub reason: Private<String>,
    /// The amount that was claimed and is declined, as far as known.
    pub amount: Money,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}
