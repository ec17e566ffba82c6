//! What can happen to a claim.

use std::collections::BTreeMap;
use std::sync::Arc;

use journal::{Actor, events};
use lexicon::{
    AccountId, BlobId, ClaimId, ExposureId, IncidentId, KeyedHash, Moment, Money, PaymentId, PolicyId,
    Private, Severity, SubjectId, Wgs84,
};
use rulebook::tables::{Damage, Operation};
use rulebook::{AmountSource, Because, PolicyFact, Route, Team, Triage, Verdict, Warning};
use serde::{Deserialize, Serialize};

use crate::incident::PartyId;
use crate::state::{Channel, DamageGuess, TaskKind};

events! { "claim", upcast = upcast;
    /// What can happen to a claim.
    pub enum Event {
        /// An accident was notified (报案).
        Notified = 1,
        /// Somebody else gave notice of the same accident.
        ReporterJoined = 1,
        /// The register was asked for the policy.
        PolicyMatched = 1,
        /// It was graded (分级), or graded again.
        Triaged = 1,
        /// Something gave rise to a closer look.
        WarningRaised = 1,
        /// Papers were asked for, all at once.
        PapersRequested = 1,
        /// A paper or photo was accepted.
        EvidenceAccepted = 1,
        /// Everything asked for is there.
        PapersCompleted = 1,
        /// A surveyor looked at it (查勘).
        Inspected = 1,
        /// The customer picked damage on the drawing.
        DamageProposed = 1,
        /// The damage was put at an amount (定损).
        Assessed = 1,
        /// What is owed was computed and ruled on (核赔).
        Adjudicated = 1,
        /// One of two needed people agreed.
        FirstApproved = 1,
        /// Payment was approved.
        Approved = 1,
        /// A named person declined.
        Declined = 1,
        /// Where to pay was chosen.
        AccountChosen = 1,
        /// A payment arrived.
        Paid = 1,
        /// It ended (结案).
        Closed = 1,
        /// The customer took it back.
        Withdrawn = 1,
        /// It was opened again.
        Reopened = 1,
        /// The customer asked for a person.
        PersonAsked = 1,
        /// The customer rated the handling.
        Rated = 1,
        /// A member of staff wrote a note.
        NoteAdded = 1,
        /// A person has something to do.
        TaskOpened = 1,
        /// A task went to somebody.
        TaskAssigned = 1,
        /// A task is done.
        TaskDone = 1,
        /// A task came close to its end, or ran over it.
        TaskEscalated = 1,
    }
}

fn upcast(_: &str, _: u16, _: serde_json::Value) -> Option<serde_json::Value> {
    None
}

/// Who gives notice, and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
}

/// Where money goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Name of the holder.
    pub name: String,
    /// Number.
    pub number: String,
}

/// An accident was notified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notified {
    /// The claim.
    pub claim: ClaimId,
    /// The accident.
    pub incident: IncidentId,
    /// Which vehicle of it the claim is for.
    pub vehicle: PartyId,
    /// The customer whose personal text this claim holds.
    pub subject: SubjectId,
    /// The account that may follow the claim.
    pub account: Option<AccountId>,
    /// Who gave notice.
    pub contact: Private<Contact>,
    /// Keyed hash of the phone, to find claims by it.
    pub phone_hash: KeyedHash,
    /// Plate of the vehicle.
    pub plate: Private<String>,
    /// Keyed hash of the plate.
    pub plate_hash: KeyedHash,
    /// What was told, in words.
    pub story: Private<String>,
    /// How the notice came.
    pub channel: Channel,
    /// When the accident happened, as told.
    pub occurred_at: Moment,
    /// When the notice came.
    pub at: Moment,
    /// How the customer puts the damage.
    pub guess: DamageGuess,
    /// The language the customer chose.
    pub lang: Arc<str>,
}

/// Somebody else gave notice of the same accident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReporterJoined {
    /// Who.
    pub contact: Private<Contact>,
    /// The account that may follow the claim from now on.
    pub account: Option<AccountId>,
    /// How the notice came.
    pub channel: Channel,
    /// When.
    pub at: Moment,
}

/// The register was asked for the policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyMatched {
    /// The policy, if one fits.
    pub policy: Option<PolicyId>,
    /// What it says of the accident.
    pub fact: PolicyFact,
    /// Class of the vehicle in the price table.
    pub class: String,
}

/// It was graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triaged {
    /// What triage found.
    pub triage: Triage,
    /// When.
    pub at: Moment,
}

/// Something gave rise to a closer look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarningRaised {
    /// What.
    pub warning: Warning,
}

/// Papers were asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PapersRequested {
    /// All that is missing, by code of the requirement.
    pub papers: Vec<String>,
    /// When the request reached the customer.
    pub at: Moment,
}

/// A paper or photo was accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceAccepted {
    /// Number within the claim, from 1.
    pub evidence: u32,
    /// Kind of paper or photo.
    pub kind: String,
    /// The vehicle or person it shows.
    pub party: Option<PartyId>,
    /// The original, sealed.
    pub original: BlobId,
    /// The copy for showing, sealed.
    pub shown: BlobId,
    /// Whose key seals both.
    pub subject: SubjectId,
    /// Keyed hash of the original's bytes.
    pub fingerprint: KeyedHash,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// When.
    pub at: Moment,
}

/// Everything asked for is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PapersCompleted {
    /// When.
    pub at: Moment,
}

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

/// Where to pay was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountChosen {
    /// Whose account.
    pub payee: PartyId,
    /// The account.
    pub account: Private<BankAccount>,
    /// When.
    pub at: Moment,
}

/// A payment arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    /// The payment.
    pub payment: PaymentId,
    /// The exposure.
    pub exposure: ExposureId,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Moment,
}

/// It ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// What was paid in all.
    pub paid: Money,
    /// When.
    pub at: Moment,
}

/// The customer took it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Who did it.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// It was opened again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reopened {
    /// Why.
    pub cause: ReopenCause,
    /// In words.
    pub reason: Private<String>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Why a claim is opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReopenCause {
    /// More damage was found (追加).
    Supplement,
    /// The customer disagrees (争议).
    Dispute,
    /// A mistake of ours.
    Correction,
}

/// The customer asked for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonAsked {
    /// What for, in words.
    pub message: Option<Private<String>>,
    /// When.
    pub at: Moment,
}

/// The customer rated the handling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// 1 to 5.
    pub stars: u8,
    /// In words.
    pub comment: Option<Private<String>>,
    /// When.
    pub at: Moment,
}

/// A member of staff wrote a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteAdded {
    /// The note.
    pub text: Private<String>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// A person has something to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskOpened {
    /// Number within the claim, from 1.
    pub task: u32,
    /// What.
    pub kind: TaskKind,
    /// Which team.
    pub team: Team,
    /// When it must be done.
    pub due: Moment,
    /// When it warns.
    pub warn: Moment,
    /// Codes that say more: a refused reaction, a bank's answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// When.
    pub at: Moment,
}

/// A task went to somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskAssigned {
    /// The task.
    pub task: u32,
    /// The team that has it now.
    pub team: Team,
    /// The person, if one.
    pub to: Option<AccountId>,
    /// When.
    pub at: Moment,
}

/// A task is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskDone {
    /// The task.
    pub task: u32,
    /// When.
    pub at: Moment,
}

/// A task came close to its end, or ran over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskEscalated {
    /// The task.
    pub task: u32,
    /// Whether it ran over its end.
    pub overdue: bool,
    /// When.
    pub at: Moment,
}

impl Triaged {
    /// The grade.
    pub fn severity(&self) -> Severity {
        self.triage.severity
    }

    /// The way.
    pub fn route(&self) -> Route {
        self.triage.route
    }
}
