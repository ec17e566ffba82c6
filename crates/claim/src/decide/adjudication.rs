//! Computing what is owed, ruling on it, and what people make of it.

use std::collections::BTreeMap;

use coverage::{Accident, Debtor, Statement};
use lexicon::{ExposureId, Money};
use rulebook::{Team, Verdict};

use super::Draft;
use crate::accident::{accident_of, owed_by};
use crate::events::{Adjudicated, Approved, FirstApproved, Owed, ReserveAgreed};
use crate::facts::facts_of;
use crate::incident::{Incident, PartyId, VehicleLoss};
use crate::refusal::Refusal;
use crate::state::TaskKind;

impl Draft {
    /// Runs the arithmetic on the accident as it stands, and the rules on the result. Nothing happens while our own vehicle's loss
    /// is not known or is being assessed, and nothing is said twice.
    pub(super) fn adjudicate(&mut self, incident: &Incident, incident_version: u64) {
        let Some(own) = self.claim.vehicle().cloned() else { return };
        let unknown = incident.losses_unknown(&own);
        let self_claim_waits = incident.self_claim_waits(&own);
        if !self.claim.is_over() {
            if !unknown && !self_claim_waits {
                self.finish(TaskKind::OtherSide);
            }
            self.check_papers(incident);
        }
        if !self.is_ready(incident, &own) {
            return;
        }
        if self_claim_waits {
            return self.open_task(TaskKind::OtherSide, Team::ServiceDesk);
        }
        let Some(accident) = accident_of(incident, &self.tables) else { return };
        let statement = match coverage::settle(&accident) {
            Ok(statement) => statement,
            Err(refusal) => {
                let details = BTreeMap::from([("settle".to_owned(), refusal.word())]);
                return self.open_task_with(TaskKind::Adjudicate, Team::Approval, details);
            }
        };
        let ours = incident.vehicle(&own).and_then(|vehicle| vehicle.terms.as_ref());
        // Without a policy of ours there is nothing that we could owe.
        let ours = ours.is_some_and(|terms| terms.policy.is_some());
        let owed = if ours { owed_by(&statement, &accident, &own) } else { vec![] };
        if self.claim.is_over() && self.is_known(&owed) {
            return;
        }
        let total = owed.iter().map(|owed| owed.amount).sum();
        let Some(mut facts) = facts_of(&self.claim, incident, Some(total), self.at, &self.tables) else {
            return;
        };
        // What was paid and is owed no longer is a person's matter, and so is a claim that had ended.
        facts.reopened |= self.claim.is_over() || self.takes_back(&owed);
        let ruling = rulebook::adjudicate(&facts, &self.tables);
        let last = self.claim.adjudicated.as_deref();
        let turned = last.is_none_or(|last| last.verdict != ruling.verdict);
        let other_figures = turned || !self.is_known(&owed);
        // Other reasons for the same do not void what the first of two people said.
        let half_decided = self.claim.first_approval.is_some() || self.claim.refusal_proposed.is_some();
        let changed =
            other_figures || last.is_some_and(|last| last.because != ruling.because && !half_decided);
        // What is approved needs no second ruling while its amounts stand.
        let stated = changed && !(self.claim.is_approved() && self.is_known(&owed));
        if stated {
            let number = last.map_or(0, |last| last.number) + 1;
            let recoveries = recoveries(&statement, &accident, &own);
            let (verdict, because, at) = (ruling.verdict, ruling.because, self.at);
            let fact =
                Adjudicated { number, incident_version, owed, recoveries, total, verdict, because, at };
            self.fact(fact);
        }
        if self.claim.is_over() {
            // A closed claim stays closed until a person opens it again.
            return self.open_task(TaskKind::Adjudicate, Team::Approval);
        }
        if stated {
            // The first of two people agreed to other amounts, or meant to decline them.
            self.finish(TaskKind::SecondApproval);
            self.finish(TaskKind::ConfirmRefusal);
            self.watch_reserve();
        }
        match (self.claim.is_approved(), stated) {
            (false, _) => self.follow(incident, turned),
            // The amounts turned back to what is approved.
            (true, true) => self.finish_decision_tasks(),
            (true, false) => {}
        }
        if unknown {
            self.open_task(TaskKind::OtherSide, Team::ServiceDesk);
        }
        self.close_if_done(unknown);
    }

    /// Whether our own vehicle's loss stands: waived, or assessed in this claim and not being assessed again.
    fn is_ready(&mut self, incident: &Incident, own: &PartyId) -> bool {
        let over = self.claim.is_over();
        match incident.vehicle(own).map(|vehicle| &vehicle.loss) {
            None | Some(VehicleLoss::Unknown) => false,
            Some(VehicleLoss::Stated(_)) => {
                let assessing = self.claim.open_task(TaskKind::Assess).is_some();
                over || (self.claim.is_assessed() && !assessing)
            }
            Some(VehicleLoss::Waived) => {
                if !over {
                    self.finish(TaskKind::Inspect);
                    self.finish(TaskKind::Assess);
                }
                true
            }
        }
    }

    /// Whether `owed` is what the last adjudication says.
    fn is_known(&self, owed: &[Owed]) -> bool {
        self.claim.adjudicated.as_ref().is_some_and(|last| last.owed == owed)
    }

    /// Whether more was paid on an exposure than `owed` says.
    fn takes_back(&self, owed: &[Owed]) -> bool {
        let owed_on = |exposure: &ExposureId| {
            owed.iter().find(|owed| owed.exposure == *exposure).map_or(Money::ZERO, |owed| owed.amount)
        };
        self.claim.paid.keys().any(|exposure| self.claim.arrived(exposure) > owed_on(exposure))
    }

    /// Does what the last verdict says. `turned` says that it is a new one.
    fn follow(&mut self, incident: &Incident, turned: bool) {
        let open = |draft: &Draft, kind| draft.claim.open_task(kind).is_some();
        match self.claim.verdict().cloned() {
            // Somebody sent it to investigation, means to decline, or has yet to confirm: no rule approves over that.
            Some(Verdict::Approve)
                if [TaskKind::Investigate, TaskKind::ConfirmRefusal, TaskKind::ConfirmAssessment]
                    .into_iter()
                    .any(|kind| open(self, kind)) => {}
            Some(Verdict::Approve) => {
                let by = journal::Actor::system("adjudication.small-claim");
                self.grant(vec![by]);
            }
            Some(Verdict::Ask { .. }) => self.request_papers(incident),
            Some(Verdict::Refer { team }) => {
                let waiting = [
                    TaskKind::Adjudicate,
                    TaskKind::Investigate,
                    TaskKind::SecondApproval,
                    TaskKind::ConfirmRefusal,
                ];
                let waiting = waiting.into_iter().any(|kind| open(self, kind));
                let graver = turned && team > Team::Approval && !open(self, TaskKind::Investigate);
                if !waiting || graver {
                    self.refer(team);
                }
            }
            None => {}
        }
    }

    /// The sum of the last adjudication, if it is the one that was seen.
    fn total_as_seen(&self, adjudication: u32) -> Result<Money, Refusal> {
        let last = self.claim.adjudicated.as_ref().ok_or(Refusal::NotAdjudicated)?;
        match last.number == adjudication {
            true => Ok(last.total),
            false => Err(Refusal::OtherFigures { total: last.total }),
        }
    }

    /// Whether whoever asks assessed a vehicle, as the first or the second.
    fn is_assessor(&self) -> bool {
        self.claim.assessments.values().any(|assessed| assessed.by == self.by)
            || self.claim.confirmed_by.values().any(|by| *by == self.by)
    }

    /// Has a person of authority agree to a reserve that is above what the grade allows unasked.
    pub(super) fn watch_reserve(&mut self) {
        let Some(total) = self.claim.adjudicated.as_ref().map(|last| last.total) else { return };
        let handling = self.claim.severity.and_then(|severity| self.tables.handling(severity, self.at));
        let above = handling.and_then(|handling| handling.reserve_agreed_above);
        let agreed = self.claim.reserve_agreed.is_some_and(|agreed| total <= agreed);
        if self.claim.is_over() || self.claim.is_approved() {
            return;
        }
        match above {
            Some(above) if total > above && !agreed => {
                self.open_task(TaskKind::AgreeReserve, Team::Approval);
            }
            _ => self.finish(TaskKind::AgreeReserve),
        }
    }

    pub(super) fn agree_reserve(&mut self, adjudication: u32, limit: Option<Money>) -> Result<(), Refusal> {
        let total = self.total_as_seen(adjudication)?;
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if total > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        if self.is_assessor() {
            return Err(Refusal::OwnAssessment);
        }
        if self.claim.open_task(TaskKind::AgreeReserve).is_some() {
            self.fact(ReserveAgreed { adjudication, total, by: self.by.clone(), at: self.at });
            self.finish(TaskKind::AgreeReserve);
        }
        Ok(())
    }

    pub(super) fn approve(
        &mut self,
        adjudication: u32,
        limit: Option<Money>,
        four_eyes_above: Money,
    ) -> Result<(), Refusal> {
        let (number, total) = (adjudication, self.total_as_seen(adjudication)?);
        if self.claim.is_approved() {
            self.finish_decision_tasks();
            return Ok(());
        }
        if !self.claim.first_assessments.is_empty() {
            return Err(Refusal::AssessmentWaits);
        }
        if self.claim.refusal_proposed.is_some() {
            return Err(Refusal::RefusalWaits);
        }
        if total <= Money::ZERO {
            return Err(Refusal::NothingOwed);
        }
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if total > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        if self.is_assessor() {
            return Err(Refusal::OwnAssessment);
        }
        let first = self.claim.first_approval.clone().filter(|(adjudication, _)| *adjudication == number);
        match first {
            None if total > four_eyes_above => {
                self.fact(FirstApproved { adjudication: number, by: self.by.clone(), at: self.at });
                self.finish_decision_tasks();
                self.open_task(TaskKind::SecondApproval, Team::Approval);
            }
            Some((_, ref one)) if *one == self.by => return Err(Refusal::SamePerson),
            Some((_, one)) => self.grant(vec![one, self.by.clone()]),
            None => self.grant(vec![self.by.clone()]),
        }
        Ok(())
    }

    /// Approves the last adjudication.
    fn grant(&mut self, by: Vec<journal::Actor>) {
        let Some(adjudicated) = self.claim.adjudicated.clone() else { return };
        let approved = Approved {
            approval: self.claim.approvals.len() as u32 + 1,
            adjudication: adjudicated.number,
            owed: adjudicated.owed.clone(),
            total: adjudicated.total,
            by,
            at: self.at,
        };
        self.fact(approved);
        self.finish_decision_tasks();
        self.finish(TaskKind::AgreeReserve);
    }

    pub(super) fn finish_decision_tasks(&mut self) {
        for kind in
            [TaskKind::Adjudicate, TaskKind::Investigate, TaskKind::SecondApproval, TaskKind::FindPolicy]
        {
            self.finish(kind);
        }
    }

    pub(super) fn refer(&mut self, team: Team) {
        let kind = match team {
            Team::Investigation => TaskKind::Investigate,
            Team::Assessment => TaskKind::Assess,
            Team::Survey => TaskKind::Inspect,
            Team::ServiceDesk => TaskKind::Contact,
            Team::Management => TaskKind::TakeNote,
            Team::Payments => TaskKind::FixPayment,
            Team::Approval | Team::Injury => TaskKind::Adjudicate,
        };
        if kind == TaskKind::Investigate {
            self.finish(TaskKind::Adjudicate);
        }
        if kind == TaskKind::Adjudicate {
            self.finish(TaskKind::Investigate);
        }
        match self.claim.open_task(kind).map(|(number, task)| (number, task.team)) {
            Some((_, current)) if current == team => {}
            Some((number, _)) => self.hand_over(number, team, None),
            None => self.open_task(kind, team),
        }
    }
}

/// What the insurer of `own` is to claim back: debtor, ground, amount.
fn recoveries(statement: &Statement, accident: &Accident, own: &PartyId) -> Vec<(String, String, Money)> {
    let index = accident.vehicles.iter().position(|vehicle| *vehicle.id == *own.as_str());
    let ours = statement.recoveries.iter().filter(|recovery| Some(recovery.by) == index);
    let debtor = |debtor| match debtor {
        Debtor::Vehicle(vehicle) => accident.vehicles[vehicle].id.to_string(),
        Debtor::Driver => "driver".to_owned(),
    };
    ours.map(|one| (debtor(one.from), one.ground.word().to_owned(), one.amount)).collect()
}
