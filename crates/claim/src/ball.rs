//! Who has the ball: what stands first on every page of a claim.

use std::collections::BTreeSet;

use lexicon::Moment;
use serde::Serialize;

use crate::incident::{Incident, PartyId};
use crate::state::{Claim, Stage, TaskKind};

/// Who has to move, what with, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ball {
    /// Who.
    pub holder: Holder,
    /// Code of what is to be done; the key of its sentence.
    pub what: &'static str,
    /// Until when, where there is a term.
    pub until: Option<Moment>,
}

/// Who can have the ball.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The customer.
    You,
    /// The insurer.
    Us,
    /// The bank.
    Bank,
    /// The other side of the accident.
    Other,
    /// Nobody: it is over.
    Nobody,
}

/// Who has the ball of `claim`.
pub fn ball(claim: &Claim, incident: &Incident) -> Ball {
    let of = |holder, what| Ball { holder, what, until: None };
    let task_until = claim.open_tasks().map(|(_, task)| task.due).min();
    let us = |what| Ball { holder: Holder::Us, what, until: task_until };
    let own = claim.vehicle();
    match claim.stage {
        Stage::Unborn => of(Holder::Nobody, "ball.over"),
        Stage::Closed | Stage::Declined | Stage::Withdrawn if claim.person_asked => us("ball.answer"),
        Stage::Withdrawn => of(Holder::Nobody, "ball.over"),
        Stage::Declined => of(Holder::Nobody, "ball.declined"),
        Stage::Closed if claim.stars.is_none() => of(Holder::You, "ball.rate"),
        Stage::Closed => of(Holder::Nobody, "ball.over"),
        Stage::Paying if claim.is_paid() && own.is_some_and(|own| incident.losses_unknown(own)) => {
            of(Holder::Other, "ball.other-side")
        }
        Stage::Paying if claim.is_paid() && claim.person_asked => us("ball.answer"),
        Stage::Paying if claim.is_paid() => us("ball.closing"),
        Stage::Paying if claim.open_task(TaskKind::FixPayment).is_some() => us("ball.payment-check"),
        Stage::Paying => match accounts_missing(claim).next() {
            Some(payee) if Some(payee) == own => of(Holder::You, "ball.account"),
            // The bank is at work on what has an account.
            Some(_) if accounts_missing(claim).count() == payees(claim).len() => {
                of(Holder::Other, "ball.account")
            }
            Some(_) | None => of(Holder::Bank, "ball.bank"),
        },
        _ if claim.person_asked => us("ball.answer"),
        Stage::Adjudicating if own.is_some_and(|own| incident.self_claim_waits(own)) => {
            of(Holder::Other, "ball.other-side")
        }
        Stage::Assessing
            if !claim.is_assessed()
                && claim.first_assessments.is_empty()
                && claim.proposed.is_none()
                && claim.open_task(TaskKind::Assess).is_none() =>
        {
            of(Holder::You, "ball.damage")
        }
        // Somebody is about to decide: papers change nothing before that.
        _ if claim.refusal_proposed.is_some() => us("ball.adjudication"),
        _ if !claim.papers_asked.is_empty() => of(Holder::You, "ball.papers"),
        Stage::Reported => us("ball.triage"),
        Stage::Inspecting => us("ball.inspection"),
        Stage::Assessing => us("ball.assessment"),
        Stage::Adjudicating => us("ball.adjudication"),
    }
}

/// Payees of the last approval whose account is not known, each once; our customer first.
pub fn accounts_missing(claim: &Claim) -> impl Iterator<Item = &PartyId> {
    let missing = payees(claim).into_iter().filter(|payee| !claim.accounts.contains_key(*payee));
    let (own, others): (Vec<_>, Vec<_>) = missing.partition(|payee| Some(*payee) == claim.vehicle());
    own.into_iter().chain(others)
}

/// Payees of the last approval who have not received all of it.
fn payees(claim: &Claim) -> BTreeSet<&PartyId> {
    let owed = claim.approvals.last().map_or(&[][..], |approved| &approved.owed);
    let open = owed.iter().filter(|owed| claim.arrived(&owed.exposure) < owed.amount);
    open.map(|owed| &owed.payee).collect()
}
