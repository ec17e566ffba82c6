//! Why a claim declined a command.

use lexicon::Money;

/// An ordinary answer, shown to whoever asked. When several apply, the first listed here is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.word())]
pub enum Refusal {
    /// There is no such claim.
    NotFound,
    /// It was notified before.
    AlreadyNotified,
    /// It has ended; reopen it first.
    Over,
    /// It has not ended.
    NotOver,
    /// The step does not fit the stage.
    OutOfOrder,
    /// No vehicle of that name.
    NoSuchVehicle,
    /// No task of that number is open.
    NoSuchTask,
    /// No second reporter of that number waits.
    NobodyWaits,
    /// It was decided otherwise before whether this reporter may follow the claim.
    ReporterDecided,
    /// No damage was named.
    NoDamage,
    /// More lines than a car has parts.
    TooManyLines,
    /// No photo of that number.
    NoSuchPhoto,
    /// The table has no such part.
    NoSuchPart {
        /// Its code.
        part: String,
    },
    /// The table has no price for that.
    NoPrice {
        /// The part.
        part: String,
    },
    /// More files than a claim may hold.
    TooManyFiles,
    /// An amount below 0.00, or none where one is needed.
    BadAmount,
    /// A kind of paper that is not known.
    UnknownKind,
    /// The same file is there.
    SameFile,
    /// Nothing was computed yet.
    NotAdjudicated,
    /// The figures are no longer those that were seen.
    OtherFigures {
        /// What is owed now.
        total: Money,
    },
    /// The proposal to decline that was seen does not stand.
    OtherRefusal,
    /// What was put forward as an assessment does not stand.
    OtherAssessment,
    /// A second assessor has to confirm first.
    AssessmentWaits,
    /// A proposal to decline waits: it is confirmed or sent back first.
    RefusalWaits,
    /// Nothing is owed: it can only be declined or withdrawn.
    NothingOwed,
    /// The person may not do this.
    NoAuthority,
    /// The amount is above the person's authority.
    AboveAuthority {
        /// Up to what the person may.
        limit: Money,
    },
    /// Who assessed may not approve.
    OwnAssessment,
    /// The second of two people must be another.
    SamePerson,
    /// A claim is never declined without a clause.
    NoClause,
    /// A claim is never declined without a reason.
    NoReason,
    /// Money was paid: it cannot be withdrawn.
    AlreadyPaid,
    /// Something is still open: a loss that is not known, a payment under way, a task.
    StillOpen,
    /// Stars from 1 to 5.
    BadStars,
    /// It was rated before.
    AlreadyRated,
    /// Amounts that are no real claim.
    Overflow,
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(&self) -> &'static str {
        match self {
            Refusal::NotFound => "claim.refused.not-found",
            Refusal::AlreadyNotified => "claim.refused.already-notified",
            Refusal::Over => "claim.refused.over",
            Refusal::NotOver => "claim.refused.not-over",
            Refusal::OutOfOrder => "claim.refused.out-of-order",
            Refusal::NoSuchVehicle => "claim.refused.no-such-vehicle",
            Refusal::NobodyWaits => "claim.refused.nobody-waits",
            Refusal::ReporterDecided => "claim.refused.reporter-decided",
            Refusal::NoSuchTask => "claim.refused.no-such-task",
            Refusal::NoSuchPhoto => "claim.refused.no-such-photo",
            Refusal::NoSuchPart { .. } => "claim.refused.no-such-part",
            Refusal::NoPrice { .. } => "claim.refused.no-price",
            Refusal::NoDamage => "claim.refused.no-damage",
            Refusal::TooManyLines => "claim.refused.too-many-lines",
            Refusal::TooManyFiles => "claim.refused.too-many-files",
            Refusal::BadAmount => "claim.refused.bad-amount",
            Refusal::UnknownKind => "claim.refused.unknown-kind",
            Refusal::SameFile => "claim.refused.same-file",
            Refusal::NotAdjudicated => "claim.refused.not-adjudicated",
            Refusal::OtherFigures { .. } => "claim.refused.other-figures",
            Refusal::OtherRefusal => "claim.refused.other-refusal",
            Refusal::OtherAssessment => "claim.refused.other-assessment",
            Refusal::AssessmentWaits => "claim.refused.assessment-waits",
            Refusal::RefusalWaits => "claim.refused.refusal-waits",
            Refusal::NothingOwed => "claim.refused.nothing-owed",
            Refusal::NoAuthority => "claim.refused.no-authority",
            Refusal::AboveAuthority { .. } => "claim.refused.above-authority",
            Refusal::OwnAssessment => "claim.refused.own-assessment",
            Refusal::SamePerson => "claim.refused.same-person",
            Refusal::NoClause => "claim.refused.no-clause",
            Refusal::NoReason => "claim.refused.no-reason",
            Refusal::AlreadyPaid => "claim.refused.already-paid",
            Refusal::StillOpen => "claim.refused.still-open",
            Refusal::BadStars => "claim.refused.bad-stars",
            Refusal::AlreadyRated => "claim.refused.already-rated",
            Refusal::Overflow => "claim.refused.overflow",
        }
    }

    /// Values for the sentence, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::NoSuchPart { part } | Refusal::NoPrice { part } => vec![("part", part.clone())],
            Refusal::AboveAuthority { limit } => vec![("limit", limit.to_yuan())],
            Refusal::OtherFigures { total } => vec![("amount", total.to_yuan())],
            _ => vec![],
        }
    }
}
