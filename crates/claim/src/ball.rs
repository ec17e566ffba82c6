//! Who has the ball: what stands first on every page of a claim.

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
    match claim.stage {
        Stage::Unborn | Stage::Withdrawn => of(Holder::Nobody, "ball.over"),
        Stage::Declined => of(Holder::Nobody, "ball.declined"),
        Stage::Closed if claim.stars.is_none() => of(Holder::You, "ball.rate"),
        Stage::Closed => of(Holder::Nobody, "ball.over"),
        Stage::Paying
            if claim.is_paid() && claim.vehicle().is_some_and(|own| incident.losses_unknown(own)) =>
        {
            of(Holder::Other, "ball.other-side")
        }
        Stage::Paying if accounts_missing(claim).next().is_some() => of(Holder::You, "ball.account"),
        Stage::Paying if claim.open_task(TaskKind::FixPayment).is_some() => us("ball.payment-check"),
        Stage::Paying => of(Holder::Bank, "ball.bank"),
        _ if claim.person_asked => us("ball.answer"),
        Stage::Assessing
            if claim.assessments.is_empty()
                && claim.proposed.is_none()
                && claim.open_task(TaskKind::Assess).is_none() =>
        {
            of(Holder::You, "ball.damage")
        }
        _ if !claim.papers_asked.is_empty() => of(Holder::You, "ball.papers"),
        Stage::Reported => us("ball.triage"),
        Stage::Inspecting => us("ball.inspection"),
        Stage::Assessing => us("ball.assessment"),
        Stage::Adjudicating => us("ball.adjudication"),
    }
}

/// Payees of the last approval whose account is not known.
pub fn accounts_missing(claim: &Claim) -> impl Iterator<Item = &PartyId> {
    let owed = claim.approvals.last().map_or(&[][..], |approved| &approved.owed);
    owed.iter().map(|owed| &owed.payee).filter(|payee| !claim.accounts.contains_key(*payee))
}
