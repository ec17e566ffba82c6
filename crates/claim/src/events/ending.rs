//! Payment, the ends of a claim, and what people say of it.

use journal::Actor;
use lexicon::{ExposureId, Moment, Money, PaymentId, Private};
use serde::{Deserialize, Serialize};

use crate::incident::PartyId;

/// Where money goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Name of the holder.
    pub name: String,
    /// Number.
    pub number: String,
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

/// What a payee had in hand came back, or was set off elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// The exposure that it was paid on.
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
