//! What a command makes true of a claim, or why it may not.

mod adjudication;
mod assessment;
mod closing;
mod intake;
mod refusing;
mod tasks;

use std::sync::Arc;

use journal::Actor;
use lexicon::Moment;
use rulebook::Tables;

use crate::command::{Ask, Command};
use crate::events::Event;
use crate::evolve::evolve;
use crate::refusal::Refusal;
use crate::state::{Claim, Stage};

/// A decision being made: the claim as it stands with the facts so far.
struct Draft {
    claim: Claim,
    facts: Vec<Event>,
    at: Moment,
    by: Actor,
    tables: Arc<Tables>,
}

/// What `command` makes true of `claim`, or why it may not.
pub fn decide(claim: &Claim, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, tables, ask } = command;
    match (claim.stage, &ask) {
        (Stage::Unborn, Ask::Notify { .. }) => {}
        (Stage::Unborn, _) => return Err(Refusal::NotFound),
        (_, Ask::Notify { .. }) => return Err(Refusal::AlreadyNotified),
        // New facts on a closed claim are looked at: what it owes may have changed.
        (Stage::Closed, Ask::Adjudicate { .. }) => {}
        _ if claim.is_over() && ask.is_quiet() => return Ok(vec![]),
        _ if claim.is_over() && !ask.fits_the_end() => return Err(Refusal::Over),
        _ => {}
    }
    let mut draft = Draft { claim: claim.clone(), facts: vec![], at, by, tables };
    match ask {
        Ask::Notify { notified, policy, warnings } => draft.notify(*notified, policy, warnings),
        Ask::Join(joined) => draft.join(joined),
        Ask::AdmitReporter { reporter, account } => draft.admit_reporter(reporter, account)?,
        Ask::TurnAwayReporter { reporter } => draft.turn_away_reporter(reporter)?,
        Ask::MatchPolicy(matched) => draft.match_policy(matched),
        Ask::Triage { incident } => draft.triage(&incident),
        Ask::AddEvidence { evidence, warnings, incident } => {
            draft.add_evidence(evidence, warnings, &incident)?
        }
        Ask::ProposeDamage { picks, incident } => draft.propose_damage(&picks, &incident)?,
        Ask::Inspect { findings, position } => draft.inspect(findings, position)?,
        Ask::Assess { vehicle, picks, total_loss, rescue, limit, incident } => {
            draft.assess(vehicle, &picks, total_loss, rescue, limit, &incident)?
        }
        Ask::ConfirmAssessment { number, limit } => draft.confirm_assessment(number, limit)?,
        Ask::ReturnAssessment { number, reason } => draft.return_assessment(number, reason)?,
        Ask::AgreeReserve { adjudication, limit } => draft.agree_reserve(adjudication, limit)?,
        Ask::Adjudicate { incident, incident_version } => draft.adjudicate(&incident, incident_version),
        Ask::Approve { adjudication, limit, four_eyes_above } => {
            draft.approve(adjudication, limit, four_eyes_above)?
        }
        Ask::Decline { clause, reason, limit, four_eyes_above } => {
            draft.decline(clause, reason, limit, four_eyes_above)?
        }
        Ask::ConfirmRefusal { refusal, limit } => draft.confirm_refusal(refusal, limit)?,
        Ask::ReturnRefusal { refusal, reason } => draft.return_refusal(refusal, reason)?,
        Ask::ServeRefusal { way } => draft.serve_refusal(way)?,
        Ask::Refer { team } => draft.refer(team),
        Ask::ChooseAccount { payee, account, incident } => draft.choose_account(payee, account, &incident),
        Ask::RecordPayment { payment, exposure, amount, losses_unknown } => {
            draft.record_payment(payment, exposure, amount, losses_unknown);
        }
        Ask::RecordReturn { exposure, total } => draft.record_return(exposure, total),
        Ask::Close { losses_unknown, quietly } => draft.close(losses_unknown, quietly)?,
        Ask::Withdraw => draft.withdraw()?,
        Ask::Reopen { cause, reason } => draft.reopen(cause, reason)?,
        Ask::AskPerson { message } => draft.ask_person(message),
        Ask::Rate { stars, comment } => draft.rate(stars, comment)?,
        Ask::AddNote { text } => draft.add_note(text),
        Ask::OpenTask { kind, team, details } => draft.open_task_with(kind, team, details),
        Ask::AssignTask { task, team, to } => draft.assign_task(task, team, to)?,
        Ask::FinishTask { task } => draft.finish_task(task)?,
        Ask::FinishKind { kind } => draft.finish(kind),
        Ask::Escalate => draft.escalate(),
    }
    Ok(draft.facts)
}

impl Draft {
    /// Makes `event` true.
    fn fact(&mut self, event: impl Into<Event>) {
        let event = event.into();
        self.claim = evolve(std::mem::take(&mut self.claim), &event);
        self.facts.push(event);
    }
}
