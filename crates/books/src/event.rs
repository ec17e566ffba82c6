//! What can happen to the money of a claim.

use std::fmt;

use journal::Actor;
use lexicon::{ClaimId, ExposureId, Moment, Money, PaymentId, Private};
use serde::{Deserialize, Serialize};

use crate::Meaning;

journal::events! { "books", upcast = upcast;
    /// A fact about the money of one claim. The stream is `books-<claim id>`.
    pub enum Event {
        /// A reserve line was set, raised or lowered.
        Reserved = 1,
        /// A payment was ordered.
        PaymentOrdered = 1,
        /// The order is about to be handed to the bank.
        PaymentSent = 1,
        /// The bank has paid.
        PaymentConfirmed = 1,
        /// The bank has declined and will not pay.
        PaymentRejected = 1,
        /// The order was taken back before it was sent.
        PaymentCancelled = 1,
        /// What was left of a reserve line was given up.
        ReserveReleased = 1,
        /// Somebody else is to give back what was paid.
        RecoveryExpected = 1,
        /// Money came back.
        RecoveryReceived = 2,
        /// What a payee held too much here was set off against what they are owed elsewhere.
        SetOffGiven = 1,
        /// What a payee is owed here was set off against what they held too much elsewhere.
        SetOffTaken = 1,
        /// The first of two people said what a payment was of which only the bank knew.
        FoundStated = 1,
        /// A payment of which only the bank knew paid what is owed here.
        PaymentFound = 1,
        /// A payment of which only the bank knew paid nothing here.
        FoundSetAside = 1,
    }
}

/// The reserve line of an exposure: its whole expected cost, payments already ordered included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// The exposure.
    pub exposure: ExposureId,
    /// The line until now; 0 when it is new.
    pub before: Money,
    /// The line from now on.
    pub after: Money,
}

/// An order to pay, taken from its exposure's reserve line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentOrdered {
    /// The payment, which is also the reference given to the bank.
    pub payment: PaymentId,
    /// The exposure it pays.
    pub exposure: ExposureId,
    /// How much.
    pub amount: Money,
    /// Whom it is owed to: the id of a party, such as `A` or `v2`.
    pub payee: String,
    /// Where it goes.
    pub account: Private<Account>,
    /// Who approved it.
    pub approved_by: Actor,
    /// Which approval of the claim, from 1.
    pub approval: u32,
}

/// An account at a bank. Only ever stored sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name of its holder.
    pub name: String,
    /// Its number.
    pub number: String,
}

/// Recorded before the bank is asked, so that after a crash the bank is asked what became of it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentSent {
    /// The payment.
    pub payment: PaymentId,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// The bank has paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentConfirmed {
    /// The payment.
    pub payment: PaymentId,
    /// The bank's own number of it.
    pub bank_reference: String,
}

/// The bank has declined; the amount returns to the reserve line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRejected {
    /// The payment.
    pub payment: PaymentId,
    /// The bank's reason, as a code.
    pub code: String,
}

/// The order was taken back; the amount returns to the reserve line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentCancelled {
    /// The payment.
    pub payment: PaymentId,
}

/// What was left of a reserve line was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReserveReleased {
    /// The exposure.
    pub exposure: ExposureId,
    /// What was left.
    pub amount: Money,
}

/// What a source is to give back in all for a cover; a later one replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryExpected {
    /// Who gives back: the id of a party or of an insurer.
    pub from: String,
    /// For which cover, as a code.
    pub cover: String,
    /// How much in all.
    pub amount: Money,
}

/// Money came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryReceived {
    /// Who gave back.
    pub from: String,
    /// For which cover.
    pub cover: String,
    /// How much came this time.
    pub amount: Money,
    /// The bank's own number of the incoming payment.
    pub bank_reference: String,
    /// When it came to our account; not known of what was booked before this was kept.
    pub arrived_at: Option<Moment>,
}

/// What one payee holds too much on one exposure and is owed on another, seen from the books of one of the two. Both books are
/// written at once, so that over all claims of an accident the account of set-offs is 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOff {
    /// Its name in both books, from [`set_off_id`](crate::set_off_id).
    pub id: PaymentId,
    /// The exposure of these books.
    pub exposure: ExposureId,
    /// How much.
    pub amount: Money,
    /// Who holds it and is owed it: the id of a party.
    pub payee: String,
    /// The claim of the other exposure; it may be the same one.
    pub other_claim: ClaimId,
    /// The other exposure.
    pub other_exposure: ExposureId,
}

/// What was held too much here pays elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SetOffGiven(pub SetOff);

/// What is owed here was paid by what was held too much elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SetOffTaken(pub SetOff);

/// What the first of two people says; it books nothing, and a later one replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundStated {
    /// The reference it was asked for under.
    pub payment: PaymentId,
    /// How much left our account.
    pub amount: Money,
    /// The bank's own number of it.
    pub bank_reference: String,
    /// What it was.
    pub meaning: Meaning,
    /// Who says so.
    pub by: Actor,
}

/// A payment that the books did not know is entered in them as ordered; that it is confirmed follows at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentFound {
    /// The reference it was asked for under.
    pub payment: PaymentId,
    /// The exposure it paid.
    pub exposure: ExposureId,
    /// How much left our account.
    pub amount: Money,
    /// Who has it: the id of a party.
    pub payee: String,
    /// Who says so.
    pub by: Actor,
    /// Who agreed, where it took two.
    pub agreed_by: Option<Actor>,
}

/// A payment that the books did not know came back or belongs elsewhere. Its reference is not used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundSetAside {
    /// The reference it was asked for under.
    pub payment: PaymentId,
    /// How much left our account.
    pub amount: Money,
    /// The bank's own number of it.
    pub bank_reference: String,
    /// Why it counts for nothing here.
    pub reason: Private<String>,
    /// Who says so.
    pub by: Actor,
    /// Who agreed, where it took two.
    pub agreed_by: Option<Actor>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(***)")
    }
}

/// The first shape of a receipt did not say when the money arrived.
fn upcast(name: &str, version: u16, mut value: serde_json::Value) -> Option<serde_json::Value> {
    if (name, version) != ("RecoveryReceived", 1) {
        return None;
    }
    value.as_object_mut()?.insert("arrived_at".to_owned(), serde_json::Value::Null);
    Some(value)
}
