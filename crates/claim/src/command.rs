//! What may be asked of a claim.

use std::collections::BTreeMap;
use std::sync::Arc;

use journal::Actor;
use lexicon::{AccountId, ExposureId, Moment, Money, PaymentId, Private, Wgs84};
use rulebook::tables::{Damage, Operation};
use rulebook::{Tables, Team, Warning};

use crate::events::{
    BankAccount, EvidenceAccepted, Notified, PolicyMatched, ReopenCause, ReporterJoined, Service,
};
use crate::incident::{Incident, PartyId};
use crate::state::TaskKind;

/// A command: who asks what, when, and by which tables.
#[derive(Clone, Debug)]
pub struct Command {
    /// Now.
    pub at: Moment,
    /// Who.
    pub by: Actor,
    /// The tables of the day.
    pub tables: Arc<Tables>,
    /// What.
    pub ask: Ask,
}

/// What is asked. A command that would change nothing is answered with no event.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Take the first notice.
    Notify {
        /// The notice.
        notified: Box<Notified>,
        /// What the register says.
        policy: PolicyMatched,
        /// What gives rise to a closer look.
        warnings: Vec<Warning>,
    },
    /// Attach another reporter of the same accident.
    Join(ReporterJoined),
    /// Let a second reporter follow the claim.
    AdmitReporter {
        /// Which, from 1.
        reporter: u32,
        /// By which account.
        account: AccountId,
    },
    /// Do not let a second reporter follow the claim.
    TurnAwayReporter {
        /// Which, from 1.
        reporter: u32,
    },
    /// Set the policy by hand.
    MatchPolicy(PolicyMatched),
    /// Grade it.
    Triage {
        /// The accident.
        incident: Arc<Incident>,
    },
    /// Accept a paper or photo; its number is given here.
    AddEvidence {
        /// The file.
        evidence: EvidenceAccepted,
        /// What it gives rise to.
        warnings: Vec<Warning>,
        /// The accident.
        incident: Arc<Incident>,
    },
    /// Pick damage on the drawing.
    ProposeDamage {
        /// What was picked.
        picks: Vec<Pick>,
        /// The accident.
        incident: Arc<Incident>,
    },
    /// Record an inspection.
    Inspect {
        /// What was found.
        findings: Private<String>,
        /// Where the surveyor stood.
        position: Option<Private<Wgs84>>,
    },
    /// Put a vehicle's damage at an amount.
    Assess {
        /// The vehicle.
        vehicle: PartyId,
        /// The lines.
        picks: Vec<Pick>,
        /// A total loss: actual value and agreed salvage.
        total_loss: Option<(Money, Money)>,
        /// Rescue and towing.
        rescue: Money,
        /// Up to what the person may assess.
        limit: Option<Money>,
        /// The accident.
        incident: Arc<Incident>,
    },
    /// Confirm, as the second assessor, what the first put forward.
    ConfirmAssessment {
        /// The number of what was seen.
        number: u32,
        /// Up to what the person may assess.
        limit: Option<Money>,
    },
    /// Send back what the first assessor put forward.
    ReturnAssessment {
        /// The number of what was seen.
        number: u32,
        /// What is to be looked at again.
        reason: Private<String>,
    },
    /// Compute what is owed and rule on it.
    Adjudicate {
        /// The accident.
        incident: Arc<Incident>,
        /// Its version.
        incident_version: u64,
    },
    /// Agree to reserve what the last adjudication says.
    AgreeReserve {
        /// The adjudication that was seen.
        adjudication: u32,
        /// Up to what the person may.
        limit: Option<Money>,
    },
    /// Approve the last adjudication.
    Approve {
        /// The adjudication that was seen: nobody approves other figures.
        adjudication: u32,
        /// Up to what the person may approve.
        limit: Option<Money>,
        /// Above what a second person must agree.
        four_eyes_above: Money,
    },
    /// Decline; above the four-eyes amount, propose to.
    Decline {
        /// The clause.
        clause: String,
        /// The reason; `None` when it was left empty.
        reason: Option<Private<String>>,
        /// Up to what the person may decline.
        limit: Option<Money>,
        /// Above what a second person must agree.
        four_eyes_above: Money,
    },
    /// Decline as the second person.
    ConfirmRefusal {
        /// The proposal that was seen.
        refusal: u32,
        /// Up to what the person may decline.
        limit: Option<Money>,
    },
    /// Send a proposal to decline back.
    ReturnRefusal {
        /// The proposal that was seen.
        refusal: u32,
        /// Why.
        reason: Private<String>,
    },
    /// Record that the notice of a refusal went out.
    ServeRefusal {
        /// How.
        way: Service,
    },
    /// Pass on to a team.
    Refer {
        /// The team.
        team: Team,
    },
    /// Choose where to pay.
    ChooseAccount {
        /// Whose account.
        payee: PartyId,
        /// The account.
        account: Private<BankAccount>,
        /// The accident.
        incident: Arc<Incident>,
    },
    /// Record a payment that arrived, and close when nothing is open.
    RecordPayment {
        /// The payment.
        payment: PaymentId,
        /// The exposure.
        exposure: ExposureId,
        /// How much.
        amount: Money,
        /// Whether a loss that our policy may owe for is not known.
        losses_unknown: bool,
    },
    /// Record that of what arrived on an exposure so much came back or was set off elsewhere, all told.
    RecordReturn {
        /// The exposure.
        exposure: ExposureId,
        /// How much, what is recorded already included.
        total: Money,
    },
    /// Close it.
    Close {
        /// Whether a loss that our policy may owe for is not known.
        losses_unknown: bool,
        /// Do nothing instead of refusing when something is open.
        quietly: bool,
    },
    /// Take it back.
    Withdraw,
    /// Open it again.
    Reopen {
        /// Why.
        cause: ReopenCause,
        /// In words.
        reason: Private<String>,
    },
    /// Ask for a person.
    AskPerson {
        /// What for, in words.
        message: Option<Private<String>>,
    },
    /// Rate the handling.
    Rate {
        /// 1 to 5.
        stars: u8,
        /// In words.
        comment: Option<Private<String>>,
    },
    /// Write a note.
    AddNote {
        /// The note.
        text: Private<String>,
    },
    /// Give a person something to do. A second task of the kind is not opened, except to repair another thing: another `payment`
    /// by the details, or a reaction with other details.
    OpenTask {
        /// What.
        kind: TaskKind,
        /// Which team.
        team: Team,
        /// Codes that say more.
        details: BTreeMap<String, String>,
    },
    /// Give a task to a team or person.
    AssignTask {
        /// The task.
        task: u32,
        /// The team.
        team: Team,
        /// The person.
        to: Option<AccountId>,
    },
    /// Finish a task by hand; not one that the stage waits for: that is finished by doing it.
    FinishTask {
        /// The task.
        task: u32,
    },
    /// Finish the open tasks of a kind, if there are any.
    FinishKind {
        /// The kind.
        kind: TaskKind,
    },
    /// Warn of tasks close to their end, and of those over it.
    Escalate,
}

/// Damage of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The part, by its code in the price table.
    pub part: String,
    /// What is seen.
    pub damage: Damage,
    /// What is done; `None`: what the table proposes.
    pub operation: Option<Operation>,
    /// The photo that shows it, by number.
    pub photo: Option<u32>,
    /// A price set by a person instead of the table's.
    pub price: Option<Money>,
}

impl Ask {
    /// Whether it may be asked of a claim that has ended.
    pub(crate) fn fits_the_end(&self) -> bool {
        matches!(
            self,
            Ask::Reopen { .. }
                | Ask::Rate { .. }
                | Ask::AddNote { .. }
                | Ask::Join(_)
                | Ask::AdmitReporter { .. }
                | Ask::TurnAwayReporter { .. }
                | Ask::AskPerson { .. }
                | Ask::RecordPayment { .. }
                | Ask::RecordReturn { .. }
                | Ask::OpenTask { .. }
                | Ask::AssignTask { .. }
                | Ask::FinishTask { .. }
                | Ask::FinishKind { .. }
                | Ask::Escalate
                | Ask::ServeRefusal { .. }
        )
    }

    /// Whether on a claim that has ended it changes nothing, instead of being refused: what reactions ask.
    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self, Ask::Triage { .. } | Ask::Adjudicate { .. } | Ask::Close { quietly: true, .. })
    }
}
