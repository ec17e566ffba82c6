//! What happens next: the one table of consequences, `event → what is asked of whom`.
//!
//! A reaction is asked again after a crash or a race. What it asks changes nothing the second time: each is named by what caused it
//! (a payment by its approval, a message by its event) or compares with what stands (triage, adjudication, reserves).

use books::Event as BooksEvent;
use claim::Event as ClaimEvent;
use claim::incident::Event as IncidentEvent;
use customer::Event as ContactEvent;
use journal::{DecodeError, Event, Recorded};
use lexicon::{BadId, ClaimId, IncidentId, PaymentId};

/// One row: when `on` happens in `category`, `then` says what follows.
#[derive(Debug)]
pub struct Reaction {
    /// The category of the stream.
    pub category: &'static str,
    /// The name of the event.
    pub on: &'static str,
    /// What follows.
    pub then: Then,
}

/// What can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Grade the claim.
    Triage,
    /// State the assessed loss on the accident.
    StateLoss,
    /// Grade every claim on the accident again.
    TriageAll,
    /// Compute and rule on this claim again.
    Adjudicate,
    /// Compute and rule on every claim on the accident again.
    AdjudicateAll,
    /// Bring the reserves to what is owed.
    Reserve,
    /// Order what is approved and not ordered.
    OrderPayments,
    /// Order what figures that rose again leave to be paid of what was approved before.
    OrderRisen,
    /// Order what waited for somebody to look into a payment of which only the bank knew.
    OrderWithheld,
    /// Hand the payment to the bank, or a rejected one to a person.
    Pay,
    /// Tell the claim of the payment.
    RecordPayment,
    /// Close the claim if nothing is open.
    Close,
    /// Queue a message to the customer, by the template of that name. What is told first is queued first, and goes out first.
    Tell(&'static str),
    /// Send what is queued.
    Send,
}

impl Then {
    /// The word that tells it in traces.
    pub const fn word(self) -> &'static str {
        match self {
            Then::Triage => "triage",
            Then::StateLoss => "state-loss",
            Then::TriageAll => "triage-all",
            Then::Adjudicate => "adjudicate",
            Then::AdjudicateAll => "adjudicate-all",
            Then::Reserve => "reserve",
            Then::OrderPayments => "order-payments",
            Then::OrderRisen => "order-risen",
            Then::OrderWithheld => "order-withheld",
            Then::Pay => "pay",
            Then::RecordPayment => "record-payment",
            Then::Close => "close",
            Then::Tell(_) => "tell",
            Then::Send => "send",
        }
    }
}

/// A consequence, ready to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// What.
    pub then: Then,
    /// On what.
    pub about: About,
}

/// What a consequence is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A claim.
    Claim(ClaimId),
    /// An accident.
    Incident(IncidentId),
    /// A payment of a claim.
    Payment(ClaimId, PaymentId),
}

const fn on<E: Event>(on: &'static str, then: Then) -> Reaction {
    Reaction { category: E::CATEGORY, on, then }
}

/// The templates of messages that go to a second reporter instead of the customer.
pub(crate) const TO_REPORTER: [&str; 3] =
    ["message.joined-reporter", "message.reporter-admitted", "message.reporter-turned-away"];

/// Every reaction. Rows of one event are carried out in this order.
pub const REACTIONS: &[Reaction] = &[
    on::<ClaimEvent>("Notified", Then::Triage),
    on::<ClaimEvent>("Notified", Then::Tell("message.notified")),
    on::<ClaimEvent>("ReporterJoined", Then::Tell("message.joined")),
    on::<ClaimEvent>("ReporterJoined", Then::Tell(TO_REPORTER[0])),
    on::<ClaimEvent>("ReporterAdmitted", Then::Tell(TO_REPORTER[1])),
    on::<ClaimEvent>("ReporterTurnedAway", Then::Tell(TO_REPORTER[2])),
    on::<ClaimEvent>("PolicyMatched", Then::Adjudicate),
    on::<ClaimEvent>("Triaged", Then::Adjudicate),
    on::<ClaimEvent>("PapersRequested", Then::Tell("message.papers-requested")),
    on::<ClaimEvent>("PapersCompleted", Then::Adjudicate),
    on::<ClaimEvent>("WarningRaised", Then::Adjudicate),
    on::<ClaimEvent>("Inspected", Then::Tell("message.inspected")),
    on::<ClaimEvent>("Assessed", Then::StateLoss),
    on::<ClaimEvent>("Assessed", Then::Adjudicate),
    on::<ClaimEvent>("Assessed", Then::Triage),
    on::<ClaimEvent>("Assessed", Then::Tell("message.assessed")),
    on::<ClaimEvent>("PersonAsked", Then::Adjudicate),
    on::<ClaimEvent>("PersonAsked", Then::Tell("message.person-asked")),
    on::<ClaimEvent>("Adjudicated", Then::Reserve),
    on::<ClaimEvent>("Adjudicated", Then::OrderRisen),
    on::<ClaimEvent>("Approved", Then::OrderPayments),
    on::<ClaimEvent>("Approved", Then::Close),
    on::<ClaimEvent>("Approved", Then::Tell("message.approved")),
    on::<ClaimEvent>("AccountChosen", Then::OrderPayments),
    on::<ClaimEvent>("Declined", Then::Reserve),
    on::<ClaimEvent>("Declined", Then::Tell("message.declined")),
    on::<ClaimEvent>("Closed", Then::Tell("message.closed")),
    on::<ClaimEvent>("Withdrawn", Then::Reserve),
    on::<ClaimEvent>("Withdrawn", Then::Tell("message.withdrawn")),
    on::<ClaimEvent>("Reopened", Then::Triage),
    on::<ClaimEvent>("Reopened", Then::Adjudicate),
    on::<ClaimEvent>("Reopened", Then::Reserve),
    on::<ClaimEvent>("Reopened", Then::Tell("message.reopened")),
    on::<ClaimEvent>("TaskDone", Then::OrderWithheld),
    on::<ClaimEvent>("TaskDone", Then::Close),
    on::<IncidentEvent>("LossStated", Then::TriageAll),
    on::<IncidentEvent>("LossStated", Then::AdjudicateAll),
    on::<IncidentEvent>("LossWaived", Then::TriageAll),
    on::<IncidentEvent>("LossWaived", Then::AdjudicateAll),
    on::<IncidentEvent>("FaultDetermined", Then::AdjudicateAll),
    on::<IncidentEvent>("TermsStated", Then::AdjudicateAll),
    on::<IncidentEvent>("VictimStated", Then::TriageAll),
    on::<IncidentEvent>("VictimStated", Then::AdjudicateAll),
    on::<IncidentEvent>("SelfClaimAgreed", Then::AdjudicateAll),
    on::<IncidentEvent>("VehicleAdded", Then::TriageAll),
    on::<IncidentEvent>("VehicleAdded", Then::AdjudicateAll),
    on::<IncidentEvent>("CircumstancesCorrected", Then::TriageAll),
    on::<IncidentEvent>("CircumstancesCorrected", Then::AdjudicateAll),
    on::<BooksEvent>("PaymentOrdered", Then::Pay),
    on::<BooksEvent>("PaymentConfirmed", Then::Tell("message.paid")),
    on::<BooksEvent>("PaymentConfirmed", Then::RecordPayment),
    on::<BooksEvent>("PaymentRejected", Then::Tell("message.payment-rejected")),
    on::<BooksEvent>("PaymentRejected", Then::Pay),
    on::<BooksEvent>("PaymentRejected", Then::Reserve),
    on::<BooksEvent>("PaymentRejected", Then::OrderPayments),
    on::<ContactEvent>("MessageQueued", Then::Send),
];

/// Whether anything follows the events of that name.
pub fn is_awaited(entry: &Recorded) -> bool {
    rows(entry).next().is_some()
}

fn rows(entry: &Recorded) -> impl Iterator<Item = &'static Reaction> {
    let (category, name) = (entry.stream.category(), &*entry.name);
    REACTIONS.iter().filter(move |row| row.on == name && row.category == category)
}

/// What follows `entry`.
pub fn consequences(entry: &Recorded) -> Result<Vec<Consequence>, DecodeError> {
    let Ok(about) = about(entry)? else { return Ok(vec![]) };
    Ok(rows(entry).map(|row| Consequence { then: row.then, about: about.clone() }).collect())
}

/// What `entry` is about, by its stream and its event. A stream name that is no id of ours is foreign and has no consequence.
fn about(entry: &Recorded) -> Result<Result<About, BadId>, DecodeError> {
    let id = entry.stream.id();
    Ok(match entry.stream.category() {
        IncidentEvent::CATEGORY => id.parse().map(About::Incident),
        BooksEvent::CATEGORY => {
            let payment = match entry.decode()? {
                BooksEvent::PaymentOrdered(event) => Some(event.payment),
                BooksEvent::PaymentConfirmed(event) => Some(event.payment),
                BooksEvent::PaymentRejected(event) => Some(event.payment),
                _ => None,
            };
            id.parse().map(|claim| match payment {
                Some(payment) => About::Payment(claim, payment),
                None => About::Claim(claim),
            })
        }
        _ => id.parse().map(About::Claim),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_an_event_that_exists() {
        let known = |row: &Reaction| {
            [
                (ClaimEvent::CATEGORY, ClaimEvent::NAMES),
                (IncidentEvent::CATEGORY, IncidentEvent::NAMES),
                (BooksEvent::CATEGORY, BooksEvent::NAMES),
                (ContactEvent::CATEGORY, ContactEvent::NAMES),
            ]
            .into_iter()
            .any(|(category, names)| {
                category == row.category && names.iter().any(|(name, _)| *name == row.on)
            })
        };
        for row in REACTIONS {
            assert!(known(row), "{row:?}");
        }
    }

    #[test]
    fn no_row_is_there_twice() {
        for (place, row) in REACTIONS.iter().enumerate() {
            let again =
                |other: &Reaction| (other.category, other.on, other.then) == (row.category, row.on, row.then);
            assert!(!REACTIONS[..place].iter().any(again), "{row:?}");
        }
    }
}
