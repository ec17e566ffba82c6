//! The money of a claim beside its payments: what the bank rejected, what comes back, what is set off.

use books::{Books, Event, Recovery, SetOffGiven, SetOffTaken};
use claim::Claim;
use journal::Recorded;
use lexicon::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::{PersonPage, RecoveryPage, TimelinePage};
use crate::failure::Failure;
use crate::pages::{Time, Yuan};

/// A payment that the bank rejected and that may be ordered again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RetryPage {
    /// The payment.
    pub payment: String,
    /// How much would be ordered.
    pub amount: Yuan,
    /// The bank's code.
    pub code: String,
}

/// An incoming payment that was booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceiptPage {
    /// How much.
    pub amount: Yuan,
    /// The bank's own number of it.
    pub bank_reference: String,
    /// When it arrived; null where that is not known.
    pub arrived_at: Option<Time>,
}

/// A payment of which only the bank knew, and of which nobody has said what it was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundPage {
    /// The reference it was asked for under.
    pub payment: String,
    /// How much left our account.
    pub amount: Yuan,
    /// The bank's own number of it.
    pub bank_reference: String,
    /// The exposures that it can have paid.
    pub exposures: Vec<String>,
    /// Whether it takes two people to say what it was.
    pub two: bool,
    /// What the first of two said.
    pub stated: Option<FoundStatedPage>,
}

/// What the first of two people said of such a payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundStatedPage {
    /// The exposure that it paid; null where it paid nothing here.
    pub exposure: Option<String>,
    /// Why it paid nothing here; null once erased.
    pub reason: Option<String>,
    /// Who said so.
    pub by: PersonPage,
}

/// What a payee held too much from one exposure and kept for another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SetOffPage {
    /// Whether it is paid here, or was held too much here.
    pub taken: bool,
    /// The exposure here.
    pub exposure: String,
    /// Who keeps it.
    pub payee: String,
    /// How much.
    pub amount: Yuan,
    /// The claim of the other exposure.
    pub other_claim: String,
    /// The other exposure.
    pub other_exposure: String,
}

/// What the bank rejected and nobody has ordered or paid since.
pub(super) fn retries(claim: &Claim, books: &Books) -> Vec<RetryPage> {
    let Some(approved) = claim.approvals.last().filter(|_| claim.is_approved()) else { return vec![] };
    let last_of = |exposure: &lexicon::ExposureId| {
        books.payments().iter().rfind(|payment| payment.exposure == *exposure)
    };
    let retry = |owed: &claim::events::Owed| {
        let last = last_of(&owed.exposure)?;
        let books::PaymentStatus::Rejected { code } = &last.status else { return None };
        let amount = books.still_to_order(&owed.exposure, owed.amount);
        let page = RetryPage { payment: last.id.to_string(), amount: Yuan(amount), code: code.clone() };
        (!amount.is_zero()).then_some(page)
    };
    approved.owed.iter().filter_map(retry).collect()
}

/// Everything that is or was to come back.
pub(super) fn recoveries(books: &Books) -> Vec<RecoveryPage> {
    let page = |recovery: &Recovery| {
        let receipts = books.receipts().iter();
        let receipts =
            receipts.filter(|receipt| (&receipt.from, &receipt.cover) == (&recovery.from, &recovery.cover));
        RecoveryPage {
            from: recovery.from.clone(),
            cover: recovery.cover.clone(),
            expected: Yuan(recovery.expected),
            received: Yuan(recovery.received),
            set_off: Yuan(recovery.set_off),
            left: Yuan(recovery.left()),
            receipts: receipts
                .map(|receipt| ReceiptPage {
                    amount: Yuan(receipt.amount),
                    bank_reference: receipt.bank_reference.clone(),
                    arrived_at: receipt.arrived_at.map(Time),
                })
                .collect(),
        }
    };
    let shown = books.recoveries().iter().filter(|one| one.expected > Money::ZERO);
    shown.map(page).collect()
}

/// Every set-off that these books are a side of.
pub(super) fn set_offs(books: &Books) -> Vec<SetOffPage> {
    let given = books.given().map(|given| (false, given));
    let taken = books.taken().map(|taken| (true, taken));
    let page = |(taken, set_off): (bool, &books::SetOff)| SetOffPage {
        taken,
        exposure: set_off.exposure.to_string(),
        payee: set_off.payee.clone(),
        amount: Yuan(set_off.amount),
        other_claim: set_off.other_claim.to_string(),
        other_exposure: set_off.other_exposure.to_string(),
    };
    given.chain(taken).map(page).collect()
}

/// What of the books stands in the timeline of staff: what went wrong at the bank, what came back, what was set off. That a
/// payment arrived is told by the claim.
pub(super) fn timeline(entries: &[Recorded]) -> Result<Vec<TimelinePage>, Failure> {
    let mut told = vec![];
    for entry in entries {
        let amount = match entry.decode::<Event>()? {
            Event::PaymentRejected(_) => None,
            Event::RecoveryExpected(expected) => Some(expected.amount),
            Event::RecoveryReceived(received) => Some(received.amount),
            Event::SetOffGiven(SetOffGiven(given)) => Some(given.amount),
            Event::SetOffTaken(SetOffTaken(taken)) => Some(taken.amount),
            Event::FoundStated(stated) => Some(stated.amount),
            Event::PaymentFound(found) => Some(found.amount),
            Event::FoundSetAside(aside) => Some(aside.amount),
            Event::Reserved(_)
            | Event::ReserveReleased(_)
            | Event::PaymentOrdered(_)
            | Event::PaymentSent(_)
            | Event::PaymentConfirmed(_)
            | Event::PaymentCancelled(_) => continue,
        };
        told.push(TimelinePage {
            at: Time(entry.at),
            event: entry.name.to_string(),
            by: entry.actor.kind.word().to_owned(),
            amount: amount.map(Yuan),
        });
    }
    Ok(told)
}
