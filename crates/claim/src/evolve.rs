//! How each event changes a claim. Total: what has happened cannot be refused.

use std::sync::Arc;

use lexicon::{Moment, Money};
use rulebook::Route;

use crate::events::Event;
use crate::state::{Claim, Marks, Reporter, Stage, Standing, Task};

/// The claim after `event`.
pub(crate) fn evolve(mut claim: Claim, event: &Event) -> Claim {
    match event {
        Event::Notified(notified) => {
            claim.stage = Stage::Reported;
            claim.followers.extend(notified.account.clone());
            claim.marks.notified_at = Some(notified.at);
            claim.notice = Some(Arc::new(notified.clone()));
        }
        Event::ReporterJoined(joined) => {
            let new = joined.account.iter().filter(|account| !claim.followers.contains(account));
            let new: Vec<_> = new.cloned().collect();
            claim.followers.extend(new);
            let standing = joined.account.clone().map_or(Standing::Waits, Standing::Admitted);
            claim.reporters.push(Reporter { joined: joined.clone(), standing });
        }
        Event::ReporterAdmitted(admitted) => {
            if !claim.is_followed_by(&admitted.account) {
                claim.followers.push(admitted.account.clone());
            }
            stand(&mut claim, admitted.reporter, Standing::Admitted(admitted.account.clone()));
        }
        Event::ReporterTurnedAway(turned) => stand(&mut claim, turned.reporter, Standing::TurnedAway),
        Event::PolicyMatched(matched) => {
            claim.policy = Some((matched.policy.clone(), matched.fact));
            claim.class.clone_from(&matched.class);
        }
        Event::Triaged(triaged) => {
            claim.severity = Some(triaged.severity());
            claim.route = Some(triaged.route());
            claim.marks.triaged_at = claim.marks.triaged_at.or(Some(triaged.at));
            // Graded again, a claim goes back to inspection only while nothing was assessed.
            if claim.stage <= Stage::Assessing && !claim.is_assessed() {
                look_at_damage(&mut claim, triaged.at);
            }
        }
        Event::WarningRaised(raised) => {
            claim.warnings.insert(raised.warning);
        }
        Event::PapersRequested(requested) => {
            claim.papers_asked.clone_from(&requested.papers);
            close_wait(&mut claim, requested.at);
            claim.marks.paper_waits.push((requested.at, None));
            claim.marks.papers_complete_at = None;
        }
        Event::EvidenceAccepted(accepted) => {
            claim.marks.first_papers_at = claim.marks.first_papers_at.or(Some(accepted.at));
            claim.evidence.push(Arc::new(accepted.clone()));
        }
        Event::PapersCompleted(completed) => {
            claim.papers_asked.clear();
            close_wait(&mut claim, completed.at);
            claim.marks.papers_complete_at = Some(completed.at);
        }
        Event::Inspected(inspected) => {
            claim.inspected = true;
            claim.marks.inspected_at = Some(inspected.at);
            if claim.stage == Stage::Inspecting {
                claim.stage = Stage::Assessing;
            }
        }
        Event::DamageProposed(proposed) => claim.proposed = Some(proposed.clone()),
        Event::Assessed(assessed) => {
            claim.marks.assessed_at = Some(assessed.at);
            if claim.vehicle() == Some(&assessed.vehicle) {
                claim.proposed = None;
                if claim.stage <= Stage::Assessing {
                    claim.stage = Stage::Adjudicating;
                }
            }
            claim.first_assessments.remove(&assessed.vehicle);
            claim.confirmed_by.remove(&assessed.vehicle);
            claim.assessments.insert(assessed.vehicle.clone(), assessed.clone());
        }
        Event::FirstAssessed(first) => {
            claim.assessments_put = first.number;
            claim.first_assessments.insert(first.assessed.vehicle.clone(), first.clone());
        }
        Event::AssessmentConfirmed(confirmed) => {
            claim.confirmed_by.insert(confirmed.vehicle.clone(), confirmed.by.clone());
        }
        Event::AssessmentReturned(returned) => {
            claim.first_assessments.remove(&returned.vehicle);
        }
        Event::Informed(informed) => claim.informed_of = claim.informed_of.max(Some(informed.severity)),
        Event::ReserveAgreed(agreed) => claim.reserve_agreed = claim.reserve_agreed.max(Some(agreed.total)),
        Event::Adjudicated(adjudicated) => {
            claim.first_approval = None;
            // A refusal was proposed of other figures.
            claim.refusal_proposed = None;
            claim.adjudicated = Some(Arc::new(adjudicated.clone()));
            if !claim.is_over() {
                // Amounts that turn back to what was approved need nobody again.
                claim.stage = if claim.is_approved() { Stage::Paying } else { Stage::Adjudicating };
            }
        }
        Event::FirstApproved(first) => claim.first_approval = Some((first.adjudication, first.by.clone())),
        Event::Approved(approved) => {
            claim.approvals.push(approved.clone());
            claim.first_approval = None;
            claim.refusal_proposed = None;
            claim.reopened = false;
            claim.stage = Stage::Paying;
            claim.marks.decided_at = Some(approved.at);
            claim.marks.agreed_at = Some(approved.at);
            claim.marks.paid_at = claim.is_paid().then_some(approved.at);
        }
        Event::RefusalProposed(proposed) => {
            claim.refusals_proposed = proposed.refusal;
            claim.refusal_proposed = Some(Box::new(proposed.clone()));
        }
        Event::RefusalReturned(_) => claim.refusal_proposed = None,
        Event::Declined(declined) => {
            claim.refusal_proposed = None;
            claim.stage = Stage::Declined;
            claim.marks.decided_at = Some(declined.at);
            claim.marks.declined_at = Some(declined.at);
            claim.declined = Some(declined.clone());
        }
        Event::RefusalServed(served) => {
            claim.marks.refusal_served_at = Some(served.at);
            claim.refusal_served = Some(served.clone());
        }
        Event::AccountChosen(chosen) => {
            claim.accounts.insert(chosen.payee.clone(), chosen.account.clone());
        }
        Event::Paid(paid) => {
            let before = claim.paid.get(&paid.exposure).copied().unwrap_or_default();
            let sum: Money = [before, paid.amount].into_iter().sum();
            claim.paid.insert(paid.exposure.clone(), sum);
            claim.payments.insert(paid.payment.clone());
            if claim.is_paid() {
                claim.marks.paid_at = Some(paid.at);
            }
        }
        Event::Returned(returned) => {
            let sum: Money = [claim.returned(&returned.exposure), returned.amount].into_iter().sum();
            claim.returned.insert(returned.exposure.clone(), sum);
        }
        Event::Closed(closed) => {
            claim.stage = Stage::Closed;
            claim.marks.closed_at = Some(closed.at);
        }
        Event::Withdrawn(withdrawn) => {
            claim.stage = Stage::Withdrawn;
            claim.marks.closed_at = Some(withdrawn.at);
        }
        Event::Reopened(reopened) => {
            // A loss that was waived is adjudicated without anybody looking at it.
            if claim.is_assessed() || claim.adjudicated.is_some() {
                claim.stage = Stage::Adjudicating;
            } else {
                look_at_damage(&mut claim, reopened.at);
            }
            claim.reopened = true;
            claim.reopenings = claim.reopenings.saturating_add(1);
            claim.declined = None;
            claim.refusal_served = None;
            restart(&mut claim.marks, reopened.at);
        }
        Event::PersonAsked(asked) => {
            claim.person_asked = true;
            claim.marks.person_asked_at = claim.marks.person_asked_at.or(Some(asked.at));
        }
        Event::Rated(rated) => claim.stars = Some(rated.stars),
        Event::NoteAdded(_) => {}
        Event::TaskOpened(opened) => {
            let task = Task {
                kind: opened.kind,
                team: opened.team,
                assignee: None,
                opened_at: opened.at,
                due: opened.due,
                warn: opened.warn,
                done_at: None,
                escalations: 0,
                details: opened.details.clone(),
            };
            claim.tasks.insert(opened.task, task);
        }
        Event::TaskAssigned(assigned) => {
            if let Some(task) = claim.tasks.get_mut(&assigned.task) {
                task.team = assigned.team;
                task.assignee.clone_from(&assigned.to);
            }
        }
        Event::TaskDone(done) => {
            if let Some(task) = claim.tasks.get_mut(&done.task) {
                task.done_at = Some(done.at);
                if task.kind == crate::TaskKind::Answer {
                    claim.person_asked = false;
                    claim.marks.person_asked_at = None;
                }
            }
        }
        Event::TaskEscalated(escalated) => {
            if let Some(task) = claim.tasks.get_mut(&escalated.task) {
                task.escalations = if escalated.overdue { 2 } else { task.escalations.max(1) };
            }
        }
    }
    claim
}

fn stand(claim: &mut Claim, reporter: u32, standing: Standing) {
    let place = (reporter as usize).wrapping_sub(1);
    if let Some(reporter) = claim.reporters.get_mut(place) {
        reporter.standing = standing;
    }
}

/// The claim waits for its damage to be looked at, the way that triage found.
fn look_at_damage(claim: &mut Claim, at: Moment) {
    claim.stage = match claim.route {
        Some(Route::Inspection) if !claim.inspected => Stage::Inspecting,
        Some(Route::Inspection | Route::OwnPhotos) | None => Stage::Assessing,
    };
    if claim.stage == Stage::Inspecting {
        claim.marks.inspection_asked_at = claim.marks.inspection_asked_at.or(Some(at));
    }
}

/// The clocks of a claim that is opened again begin anew; only papers that are still waited for stop them.
fn restart(marks: &mut Marks, at: Moment) {
    marks.closed_at = None;
    marks.declined_at = None;
    marks.refusal_served_at = None;
    marks.decided_at = None;
    for mark in [&mut marks.first_papers_at, &mut marks.papers_complete_at, &mut marks.assessed_at] {
        *mark = mark.map(|_| at);
    }
    if marks.inspected_at.is_none() {
        marks.inspection_asked_at = marks.inspection_asked_at.map(|_| at);
    }
    marks.paper_waits.retain(|(_, until)| until.is_none());
}

fn close_wait(claim: &mut Claim, at: Moment) {
    if let Some((_, until @ None)) = claim.marks.paper_waits.last_mut() {
        *until = Some(at);
    }
}
