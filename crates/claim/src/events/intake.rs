//! Notice, policy, grade and papers.

use std::sync::Arc;

use journal::Actor;
use lexicon::{
    AccountId, BlobId, ClaimId, IncidentId, KeyedHash, Moment, PolicyId, Private, Severity, SubjectId,
};
use rulebook::{PolicyFact, Route, Triage, Warning};
use serde::{Deserialize, Serialize};

use crate::incident::PartyId;
use crate::state::{Channel, DamageGuess};

/// Who gives notice, and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
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
    /// The account through which they reported: it may follow the claim once staff admit them.
    pub asks: Option<AccountId>,
    /// How the notice came.
    pub channel: Channel,
    /// When.
    pub at: Moment,
}

/// A second reporter was admitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReporterAdmitted {
    /// Which, in the order in which they reported, from 1.
    pub reporter: u32,
    /// The account that may follow the claim from now on.
    pub account: AccountId,
    /// Who admitted them.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// A second reporter was turned away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReporterTurnedAway {
    /// Which, in the order in which they reported, from 1.
    pub reporter: u32,
    /// Who turned them away.
    pub by: Actor,
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
