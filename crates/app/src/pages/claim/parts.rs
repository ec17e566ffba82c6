//! The parts of a claim's page, each from what the aggregates hold.

use claim::events::Event;
use claim::incident::Seat;
use journal::{ActorKind, Recorded};
use lexicon::{Opened, Private, Reason, Vault};
use rulebook::{Because, Verdict};
use serde::Serialize;

use super::Eyes;
use super::shape::{
    AssessmentPage, BecausePage, CoverPage, EvidencePage, LinePage, PaymentPage, TimelinePage, VictimPage,
};
use crate::failure::Failure;
use crate::pages::{Time, Yuan};

pub(super) fn open<T: Serialize + serde::de::DeserializeOwned>(
    vault: &dyn Vault,
    private: &Private<T>,
) -> Result<Opened<T>, Failure> {
    Ok(private.open(vault, Reason::ClaimHandling)?)
}

pub(super) fn covers(terms: &claim::Terms) -> CoverPage {
    CoverPage {
        policy: terms.policy.as_ref().map(ToString::to_string),
        compulsory: terms.compulsory,
        own_damage: terms.own_damage.map(|(sum_insured, _)| Yuan(sum_insured)),
        deductible: terms.own_damage.map(|(_, deductible)| Yuan(deductible)),
        third_party: terms.third_party.map(Yuan),
        driver: terms.driver.map(Yuan),
        passengers: terms.passengers.map(Yuan),
    }
}

pub(super) fn victim(victim: &claim::incident::Victim) -> VictimPage {
    let seat = victim.seat.as_ref().map(|(_, seat)| match seat {
        Seat::Driver => "driver",
        Seat::Passenger => "passenger",
    });
    VictimPage {
        id: victim.id.to_string(),
        vehicle: victim.seat.as_ref().map(|(vehicle, _)| vehicle.to_string()),
        seat: seat.map(str::to_owned),
        death_disability: Yuan(victim.death_disability),
        mental: Yuan(victim.mental),
        medical: Yuan(victim.medical),
        medical_outside: Yuan(victim.medical_outside),
        property: Yuan(victim.property),
    }
}

pub(super) fn evidence(accepted: &claim::events::EvidenceAccepted) -> EvidencePage {
    EvidencePage {
        number: accepted.evidence,
        kind: accepted.kind.clone(),
        at: Time(accepted.at),
        bytes: accepted.bytes,
        width: accepted.width,
        height: accepted.height,
    }
}

pub(super) fn line(line: &claim::events::DamageLine) -> LinePage {
    LinePage {
        part: line.part.clone(),
        damage: line.damage.word().to_owned(),
        operation: line.operation.word().to_owned(),
        price: Yuan(line.price),
        table: line.table.clone(),
        photo: line.photo,
    }
}

pub(super) fn assessment(assessed: &claim::events::Assessed) -> AssessmentPage {
    AssessmentPage {
        vehicle: assessed.vehicle.to_string(),
        lines: assessed.lines.iter().map(line).collect(),
        total: Yuan(assessed.total),
        actual_value: assessed.total_loss.map(|(value, _)| Yuan(value)),
        salvage_kept: assessed.total_loss.map(|(_, salvage)| Yuan(salvage)),
        rescue: Yuan(assessed.rescue),
        source: serde_word(&assessed.source),
        automatic: assessed.by.kind == ActorKind::System,
        at: Time(assessed.at),
    }
}

pub(super) fn payment(payment: &books::Payment) -> PaymentPage {
    PaymentPage {
        payment: payment.id.to_string(),
        exposure: payment.exposure.to_string(),
        payee: payment.payee.clone(),
        amount: Yuan(payment.amount),
        status: payment.status.word().to_owned(),
    }
}

pub(super) fn because(because: &Because) -> BecausePage {
    let values = because.values.iter().map(|(name, value)| (name.to_string(), value.clone()));
    BecausePage {
        rule: because.rule.to_string(),
        version: because.version.to_string(),
        values: values.collect(),
    }
}

/// A customer reads why something was decided, never that somebody wondered.
pub(super) fn may_be_told(because: &Because) -> bool {
    because.rule != rulebook::rules::warnings::RULE.code
}

pub(super) fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approve",
        Verdict::Ask { .. } => "ask",
        Verdict::Refer { .. } => "refer",
    }
}

pub(super) fn timeline(entry: &Recorded, eyes: Eyes) -> Option<TimelinePage> {
    let event: Event = entry.decode().ok()?;
    if eyes == Eyes::Customer && !is_for_customers(&event) {
        return None;
    }
    let amount = match &event {
        Event::Assessed(assessed) => Some(assessed.at_stake()),
        Event::FirstAssessed(first) => Some(first.assessed.at_stake()),
        Event::RefusalProposed(proposed) => Some(proposed.amount),
        Event::ReserveAgreed(agreed) => Some(agreed.total),
        Event::DamageProposed(proposed) if eyes == Eyes::Staff => Some(proposed.total),
        Event::Adjudicated(adjudicated) => Some(adjudicated.total),
        Event::Approved(approved) => Some(approved.total),
        Event::Paid(paid) => Some(paid.amount),
        Event::Returned(returned) => Some(returned.amount),
        Event::Closed(closed) => Some(closed.paid),
        _ => None,
    };
    Some(TimelinePage {
        at: Time(entry.at),
        event: entry.name.to_string(),
        by: doer(&event, entry.actor.kind).word().to_owned(),
        amount: amount.map(Yuan),
    })
}

/// Who did it. What follows by itself from what a customer or a program sent is the product's own doing.
fn doer(event: &Event, sent_by: ActorKind) -> ActorKind {
    let own = matches!(
        event,
        Event::Notified(_)
            | Event::ReporterJoined(_)
            | Event::EvidenceAccepted(_)
            | Event::DamageProposed(_)
            | Event::AccountChosen(_)
            | Event::PersonAsked(_)
            | Event::Reopened(_)
            | Event::Withdrawn(_)
            | Event::Rated(_)
    );
    match sent_by {
        ActorKind::Customer | ActorKind::Client if !own => ActorKind::System,
        kind => kind,
    }
}

/// What a customer's timeline tells. Everything else is how the insurer works inside.
pub(super) fn is_for_customers(event: &Event) -> bool {
    match event {
        Event::Notified(_)
        | Event::ReporterJoined(_)
        | Event::ReporterAdmitted(_)
        | Event::Triaged(_)
        | Event::PapersRequested(_)
        | Event::EvidenceAccepted(_)
        | Event::PapersCompleted(_)
        | Event::Inspected(_)
        | Event::DamageProposed(_)
        | Event::Assessed(_)
        | Event::Approved(_)
        | Event::Declined(_)
        | Event::RefusalServed(_)
        | Event::AccountChosen(_)
        | Event::Paid(_)
        | Event::Closed(_)
        | Event::Withdrawn(_)
        | Event::Reopened(_)
        | Event::PersonAsked(_)
        | Event::Rated(_) => true,
        Event::PolicyMatched(_)
        | Event::ReporterTurnedAway(_)
        | Event::WarningRaised(_)
        | Event::Adjudicated(_)
        | Event::FirstApproved(_)
        | Event::FirstAssessed(_)
        | Event::AssessmentConfirmed(_)
        | Event::AssessmentReturned(_)
        | Event::Informed(_)
        | Event::ReserveAgreed(_)
        | Event::Returned(_)
        | Event::RefusalProposed(_)
        | Event::RefusalReturned(_)
        | Event::NoteAdded(_)
        | Event::TaskOpened(_)
        | Event::TaskAssigned(_)
        | Event::TaskDone(_)
        | Event::TaskEscalated(_) => false,
    }
}

/// The word under which a plain enum is stored.
pub(super) fn serde_word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `138****1234`; a number in another form keeps its last two digits.
pub(super) fn masked_phone(phone: &str) -> String {
    match phone.parse::<lexicon::Phone>() {
        Ok(phone) => phone.masked(),
        Err(_) => format!(
            "****{}",
            phone.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<String>()
        ),
    }
}
