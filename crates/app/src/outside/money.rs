//! What is told of payments and of what comes back.

use books::Event;
use journal::Recorded;
use serde::Serialize;
use utoipa::ToSchema;

use super::Told;

fn claim_of(entry: &Recorded) -> String {
    entry.stream.id().to_owned()
}

/// The claim of the examples, and its payment.
fn a_claim() -> String {
    "A260502-7K3M9Q".to_owned()
}

fn a_payment() -> String {
    "P5f2c8d1a4b7e9036c1d8f2a5b4e7c903".to_owned()
}

/// A payment was ordered.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentOrdered {
    /// The claim.
    claim: String,
    /// The payment, which is also the reference given to the bank.
    payment: String,
    /// The exposure it pays.
    exposure: String,
    /// Who receives: the party's id within the accident.
    payee: String,
    /// How much, in yuan.
    amount: String,
}

impl Told for PaymentOrdered {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<PaymentOrdered> {
        let Event::PaymentOrdered(ordered) = event else { return None };
        Some(PaymentOrdered {
            claim: claim_of(entry),
            payment: ordered.payment.to_string(),
            exposure: ordered.exposure.to_string(),
            payee: ordered.payee,
            amount: ordered.amount.to_string(),
        })
    }

    fn example() -> PaymentOrdered {
        PaymentOrdered {
            claim: a_claim(),
            payment: a_payment(),
            exposure: "damage.A.all".to_owned(),
            payee: "A".to_owned(),
            amount: "1860.00".to_owned(),
        }
    }
}

/// The bank has paid.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentConfirmed {
    /// The claim.
    claim: String,
    /// The payment.
    payment: String,
    /// The bank's own number of it.
    bank_reference: String,
}

impl Told for PaymentConfirmed {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<PaymentConfirmed> {
        let Event::PaymentConfirmed(confirmed) = event else { return None };
        Some(PaymentConfirmed {
            claim: claim_of(entry),
            payment: confirmed.payment.to_string(),
            bank_reference: confirmed.bank_reference,
        })
    }

    fn example() -> PaymentConfirmed {
        PaymentConfirmed {
            claim: a_claim(),
            payment: a_payment(),
            bank_reference: "B20260502000017".to_owned(),
        }
    }
}

/// The bank declined to pay.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentRejected {
    /// The claim.
    claim: String,
    /// The payment.
    payment: String,
    /// The bank's reason, as a code.
    code: String,
}

impl Told for PaymentRejected {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<PaymentRejected> {
        let Event::PaymentRejected(rejected) = event else { return None };
        Some(PaymentRejected {
            claim: claim_of(entry),
            payment: rejected.payment.to_string(),
            code: rejected.code,
        })
    }

    fn example() -> PaymentRejected {
        PaymentRejected { claim: a_claim(), payment: a_payment(), code: "account-closed".to_owned() }
    }
}

/// Money came back from somebody else.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryReceived {
    /// The claim.
    claim: String,
    /// Who gave back: the id of a party or of an insurer.
    from: String,
    /// For which cover, by code.
    cover: String,
    /// How much came this time, in yuan.
    amount: String,
}

impl Told for RecoveryReceived {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<RecoveryReceived> {
        let Event::RecoveryReceived(received) = event else { return None };
        Some(RecoveryReceived {
            claim: claim_of(entry),
            from: received.from,
            cover: received.cover,
            amount: received.amount.to_string(),
        })
    }

    fn example() -> RecoveryReceived {
        RecoveryReceived {
            claim: a_claim(),
            from: "v2".to_owned(),
            cover: "subrogation".to_owned(),
            amount: "900.00".to_owned(),
        }
    }
}
