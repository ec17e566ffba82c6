//! Looking at the damage, and what is decided on it.

use journal::Actor;
use lexicon::{ExposureId, Moment, Money, Private, Severity, Wgs84};
use rulebook::tables::{Damage, Operation};
use rulebook::{AmountSource, Because, Team, Verdict};
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

impl Assessed {
    /// What the damage is put at: the actual value of a total loss, else the repair.
    pub fn at_stake(&self) -> Money {
        self.total_loss.map_or(self.total, |(value, _)| value)
    }
}

/// One of two needed assessors put the damage at an amount: it counts once another confirms it. Also what one assessor had put
/// before the claim turned grave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstAssessed {
    /// Number of what was put forward within the claim, from 1.
    pub number: u32,
    /// What is to count.
    pub assessed: Assessed,
}

/// A second assessor confirmed what the first put forward; the assessment that counts stands just before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentConfirmed {
    /// Number of what was put forward.
    pub number: u32,
    /// The vehicle.
    pub vehicle: PartyId,
    /// Who confirmed.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// What the first assessor put forward was sent back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentReturned {
    /// Number of what was put forward.
    pub number: u32,
    /// The vehicle.
    pub vehicle: PartyId,
    /// What is to be looked at again.
    pub reason: Private<String>,
    /// Who sent it back.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Somebody is told at once how grave the accident is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Informed {
    /// Who.
    pub team: Team,
    /// The grade.
    pub severity: Severity,
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

/// A person of authority agreed to reserve as much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReserveAgreed {
    /// The adjudication that asks for it.
    pub adjudication: u32,
    /// How much.
    pub total: Money,
    /// Who.
    pub by: Actor,
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

/// One of two needed people proposed to decline. The customer hears nothing before the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalProposed {
    /// Number of the proposal within the claim, from 1.
    pub refusal: u32,
    /// The clause it stands on.
    pub clause: String,
    /// The reason, as the letter would give it.
    pub reason: Private<String>,
    /// The amount that would be declined, as far as known.
    pub amount: Money,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// A proposal to decline was sent back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalReturned {
    /// The proposal.
    pub refusal: u32,
    /// Why.
    pub reason: Private<String>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Named people declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declined {
    /// The clause it stands on.
    pub clause: String,
    /// The reason, as the letter gives it.
    pub reason: Private<String>,
    /// The amount that was claimed and is declined, as far as known.
    pub amount: Money,
    /// Who; two people above the four-eyes amount.
    pub by: Vec<Actor>,
    /// When.
    pub at: Moment,
}

/// The notice of a refusal went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalServed {
    /// How.
    pub way: Service,
    /// Who sent it.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// How a notice is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// A message that leads to the notice on the claim's page, to somebody who may open it.
    Message,
    /// A letter by post.
    Post,
    /// Handed over.
    Hand,
    /// By e-mail.
    Email,
}

impl Service {
    /// The ways that staff may record.
    pub const BY_STAFF: [Service; 3] = [Service::Post, Service::Hand, Service::Email];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Service::Message => "message",
            Service::Post => "post",
            Service::Hand => "hand",
            Service::Email => "email",
        }
    }
}
