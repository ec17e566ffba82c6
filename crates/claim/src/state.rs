//! What is true of a claim.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use journal::Actor;
use lexicon::{AccountId, ExposureId, Moment, Money, PaymentId, PolicyId, Private, Severity};
use rulebook::{PolicyFact, Route, Team, Verdict, Warning};
use serde::{Deserialize, Serialize};

use crate::events::{
    Adjudicated, Approved, Assessed, BankAccount, DamageProposed, Declined, EvidenceAccepted, FirstAssessed,
    Notified, RefusalProposed, RefusalServed, ReporterJoined,
};
use crate::incident::PartyId;

/// One claim. Large parts that do not change once they are there are shared, as every decision begins with a copy.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// How far it is.
    pub stage: Stage,
    /// The first notice.
    pub notice: Option<Arc<Notified>>,
    /// Accounts that may follow it.
    pub followers: Vec<AccountId>,
    /// Who else gave notice of the same accident, in the order in which they did.
    pub reporters: Vec<Reporter>,
    /// What the register says.
    pub policy: Option<(Option<PolicyId>, PolicyFact)>,
    /// Class of the vehicle in the price table.
    pub class: String,
    /// The grade.
    pub severity: Option<Severity>,
    /// How the damage is looked at.
    pub route: Option<Route>,
    /// What gave rise to a closer look.
    pub warnings: BTreeSet<Warning>,
    /// What was asked for and is not all there.
    pub papers_asked: Vec<String>,
    /// What was accepted.
    pub evidence: Vec<Arc<EvidenceAccepted>>,
    /// Whether a surveyor looked at it.
    pub inspected: bool,
    /// What the customer picked.
    pub proposed: Option<DamageProposed>,
    /// The last assessment of each vehicle.
    pub assessments: BTreeMap<PartyId, Assessed>,
    /// What one assessor put forward and another has to confirm, by vehicle.
    pub first_assessments: BTreeMap<PartyId, FirstAssessed>,
    /// How much was put forward so.
    pub assessments_put: u32,
    /// Who confirmed the last assessment of each vehicle.
    pub confirmed_by: BTreeMap<PartyId, Actor>,
    /// The gravest grade that somebody was told of at once.
    pub informed_of: Option<Severity>,
    /// The last adjudication.
    pub adjudicated: Option<Arc<Adjudicated>>,
    /// The most that a person of authority agreed to reserve.
    pub reserve_agreed: Option<Money>,
    /// The first of two approvals.
    pub first_approval: Option<(u32, Actor)>,
    /// All approvals.
    pub approvals: Vec<Approved>,
    /// A refusal that waits for the second of two people.
    pub refusal_proposed: Option<Box<RefusalProposed>>,
    /// How many refusals were proposed.
    pub refusals_proposed: u32,
    /// A refusal.
    pub declined: Option<Declined>,
    /// How its notice went out.
    pub refusal_served: Option<RefusalServed>,
    /// Where to pay.
    pub accounts: BTreeMap<PartyId, Private<BankAccount>>,
    /// What arrived, by exposure.
    pub paid: BTreeMap<ExposureId, Money>,
    /// What of it came back or was set off elsewhere, by exposure.
    pub returned: BTreeMap<ExposureId, Money>,
    /// Payments that arrived.
    pub payments: BTreeSet<PaymentId>,
    /// What people have to do, open and done.
    pub tasks: BTreeMap<u32, Task>,
    /// Whether the customer asked for a person and has not been answered.
    pub person_asked: bool,
    /// Whether it was opened again since the last approval.
    pub reopened: bool,
    /// How often it was opened again.
    pub reopenings: u32,
    /// The rating.
    pub stars: Option<u8>,
    /// When things happened, for the clocks.
    pub marks: Marks,
}

/// Somebody else who gave notice of the same accident.
#[derive(Clone, Debug, PartialEq)]
pub struct Reporter {
    /// Their notice.
    pub joined: ReporterJoined,
    /// Whether they may follow the claim.
    pub standing: Standing,
}

/// Whether a second reporter may follow the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Waits,
    /// They may, by this account.
    Admitted(AccountId),
    /// They may not.
    TurnedAway,
}

/// How far a claim is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// There is none.
    #[default]
    Unborn,
    /// 报案
    Reported,
    /// 查勘
    Inspecting,
    /// 定损
    Assessing,
    /// 核赔
    Adjudicating,
    /// 支付
    Paying,
    /// 结案
    Closed,
    /// 拒赔
    Declined,
    /// 撤案
    Withdrawn,
}

/// How a notice came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The customer's own page.
    Page,
    /// A member of staff, for a caller.
    Phone,
    /// Another program.
    Api,
}

/// How the customer puts the damage at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageGuess {
    /// Scratches, a lamp.
    Light,
    /// One or two parts.
    Some,
    /// Heavy; the car may not drive.
    Heavy,
    /// Not known.
    Unknown,
}

/// What a person has to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What.
    pub kind: TaskKind,
    /// Which team.
    pub team: Team,
    /// Who, if somebody.
    pub assignee: Option<AccountId>,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it must be done.
    pub due: Moment,
    /// When it warns.
    pub warn: Moment,
    /// When it was done.
    pub done_at: Option<Moment>,
    /// How often it was escalated: 1 warned, 2 ran over.
    pub escalations: u8,
    /// Codes that say more.
    pub details: BTreeMap<String, String>,
}

/// Kinds of task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// Call the customer.
    Contact,
    /// Look at the vehicle.
    Inspect,
    /// Put the damage at an amount.
    Assess,
    /// Find out about the other side: fault, loss, cover.
    OtherSide,
    /// Approve, ask or decline.
    Adjudicate,
    /// Agree as the second person.
    SecondApproval,
    /// Confirm an assessment as the second assessor.
    ConfirmAssessment,
    /// Confirm a refusal as the second person.
    ConfirmRefusal,
    /// Serve the notice of a refusal.
    ServeRefusal,
    /// Agree to a reserve.
    AgreeReserve,
    /// Take note of a grave accident.
    TakeNote,
    /// Look closer.
    Investigate,
    /// Answer a customer who asked for a person.
    Answer,
    /// Find the policy.
    FindPolicy,
    /// Find out what became of a payment.
    FixPayment,
    /// Finish what a reaction could not.
    FixReaction,
}

/// When things happened. What did not happen is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Notice.
    pub notified_at: Option<Moment>,
    /// Grading.
    pub triaged_at: Option<Moment>,
    /// The first paper.
    pub first_papers_at: Option<Moment>,
    /// From when to when papers were asked for; the last may be open.
    pub paper_waits: Vec<(Moment, Option<Moment>)>,
    /// Everything asked for was there.
    pub papers_complete_at: Option<Moment>,
    /// A surveyor was asked to look.
    pub inspection_asked_at: Option<Moment>,
    /// A surveyor looked.
    pub inspected_at: Option<Moment>,
    /// Damage was put at an amount.
    pub assessed_at: Option<Moment>,
    /// Approved or declined.
    pub decided_at: Option<Moment>,
    /// Approved.
    pub agreed_at: Option<Moment>,
    /// Declined.
    pub declined_at: Option<Moment>,
    /// The notice of the refusal went out.
    pub refusal_served_at: Option<Moment>,
    /// All that was approved arrived.
    pub paid_at: Option<Moment>,
    /// Ended.
    pub closed_at: Option<Moment>,
    /// A person was asked for.
    pub person_asked_at: Option<Moment>,
}

impl Claim {
    /// The vehicle that the claim is for.
    pub fn vehicle(&self) -> Option<&PartyId> {
        self.notice.as_ref().map(|notice| &notice.vehicle)
    }

    /// The second reporter of that number, from 1.
    pub fn reporter(&self, number: u32) -> Option<&Reporter> {
        self.reporters.get((number as usize).checked_sub(1)?)
    }

    /// Second reporters on whom nobody has decided.
    pub fn reporters_waiting(&self) -> impl Iterator<Item = &Reporter> {
        self.reporters.iter().filter(|reporter| reporter.standing == Standing::Waits)
    }

    /// Tasks that are not done, by number.
    pub fn open_tasks(&self) -> impl Iterator<Item = (u32, &Task)> {
        self.tasks.iter().filter(|(_, task)| task.done_at.is_none()).map(|(number, task)| (*number, task))
    }

    /// The open task of `kind`.
    pub fn open_task(&self, kind: TaskKind) -> Option<(u32, &Task)> {
        self.open_tasks().find(|(_, task)| task.kind == kind)
    }

    /// Whether somebody ends a task of `kind` by saying that it is done. What the claim waits for is ended by doing it: else it
    /// would wait for nobody.
    pub fn ends_by_word(&self, kind: TaskKind) -> bool {
        !matches!(
            (self.stage, kind),
            (Stage::Inspecting, TaskKind::Inspect)
                | (Stage::Assessing, TaskKind::Assess)
                | (Stage::Adjudicating, TaskKind::Adjudicate | TaskKind::SecondApproval)
                | (
                    _,
                    TaskKind::OtherSide
                        | TaskKind::ConfirmAssessment
                        | TaskKind::ConfirmRefusal
                        | TaskKind::ServeRefusal
                        | TaskKind::AgreeReserve
                )
        )
    }

    /// What the last approval approved in all.
    pub fn approved_total(&self) -> Money {
        self.approvals.last().map_or(Money::ZERO, |approval| approval.total)
    }

    /// What arrived in all, and stayed.
    pub fn paid_total(&self) -> Money {
        self.paid.keys().map(|exposure| self.arrived(exposure)).sum()
    }

    /// Whether its own vehicle's damage was put at an amount here.
    pub fn is_assessed(&self) -> bool {
        self.vehicle().is_some_and(|own| self.assessments.contains_key(own))
    }

    /// Whether the last adjudication's amounts are approved, and nobody opened the claim again since.
    pub fn is_approved(&self) -> bool {
        match (&self.adjudicated, self.approvals.last()) {
            (Some(adjudicated), Some(approved)) => !self.reopened && approved.owed == adjudicated.owed,
            _ => false,
        }
    }

    /// Whether everything approved has arrived.
    pub fn is_paid(&self) -> bool {
        self.approvals.last().is_some_and(|approved| {
            approved.owed.iter().all(|owed| self.arrived(&owed.exposure) >= owed.amount)
        })
    }

    /// What arrived on `exposure`, and stayed.
    pub fn arrived(&self, exposure: &ExposureId) -> Money {
        self.paid.get(exposure).copied().unwrap_or_default().less(self.returned(exposure))
    }

    /// What of the payments on `exposure` came back or was set off elsewhere.
    pub fn returned(&self, exposure: &ExposureId) -> Money {
        self.returned.get(exposure).copied().unwrap_or_default()
    }

    /// The last verdict.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.adjudicated.as_ref().map(|adjudicated| &adjudicated.verdict)
    }

    /// Whether it has ended: closed, declined or withdrawn.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Closed | Stage::Declined | Stage::Withdrawn)
    }

    /// Whether `account` may follow it.
    pub fn is_followed_by(&self, account: &AccountId) -> bool {
        self.followers.contains(account)
    }
}

impl DamageGuess {
    /// All guesses, in the order in which forms show them.
    pub const ALL: [DamageGuess; 4] =
        [DamageGuess::Light, DamageGuess::Some, DamageGuess::Heavy, DamageGuess::Unknown];

    /// The amount that a guess stands for until there is an assessment.
    pub fn amount(self) -> Option<Money> {
        match self {
            DamageGuess::Light => Some(Money::from_yuan(2_000)),
            DamageGuess::Some => Some(Money::from_yuan(5_000)),
            DamageGuess::Heavy => Some(Money::from_yuan(30_000)),
            DamageGuess::Unknown => None,
        }
    }

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            DamageGuess::Light => "light",
            DamageGuess::Some => "some",
            DamageGuess::Heavy => "heavy",
            DamageGuess::Unknown => "unknown",
        }
    }
}

impl Standing {
    /// The word used in data and message keys.
    pub const fn word(&self) -> &'static str {
        match self {
            Standing::Waits => "waits",
            Standing::Admitted(_) => "admitted",
            Standing::TurnedAway => "turned-away",
        }
    }
}

impl Stage {
    /// The stages of a claim's ordinary way.
    pub const WAY: [Stage; 6] = [
        Stage::Reported,
        Stage::Inspecting,
        Stage::Assessing,
        Stage::Adjudicating,
        Stage::Paying,
        Stage::Closed,
    ];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Unborn => "unborn",
            Stage::Reported => "reported",
            Stage::Inspecting => "inspecting",
            Stage::Assessing => "assessing",
            Stage::Adjudicating => "adjudicating",
            Stage::Paying => "paying",
            Stage::Closed => "closed",
            Stage::Declined => "declined",
            Stage::Withdrawn => "withdrawn",
        }
    }

    /// The stage of that word.
    pub fn from_word(word: &str) -> Option<Stage> {
        let ends = [Stage::Declined, Stage::Withdrawn];
        Stage::WAY.into_iter().chain(ends).find(|stage| stage.word() == word)
    }
}

impl TaskKind {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            TaskKind::Contact => "contact",
            TaskKind::Inspect => "inspect",
            TaskKind::Assess => "assess",
            TaskKind::OtherSide => "other-side",
            TaskKind::Adjudicate => "adjudicate",
            TaskKind::SecondApproval => "second-approval",
            TaskKind::ConfirmAssessment => "confirm-assessment",
            TaskKind::ConfirmRefusal => "confirm-refusal",
            TaskKind::ServeRefusal => "serve-refusal",
            TaskKind::AgreeReserve => "agree-reserve",
            TaskKind::TakeNote => "take-note",
            TaskKind::Investigate => "investigate",
            TaskKind::Answer => "answer",
            TaskKind::FindPolicy => "find-policy",
            TaskKind::FixPayment => "fix-payment",
            TaskKind::FixReaction => "fix-reaction",
        }
    }
}
