//! Computing what is owed, ruling on it, and what people make of it.

use std::collections::BTreeMap;

use journal::ActorKind;
use lexicon::{Money, Private};
use rulebook::{Team, Verdict};

use super::Draft;
use crate::accident::{accident_of, owed_by};
use crate::events::{Adjudicated, Approved, Declined, FirstApproved};
use crate::facts::facts_of;
use crate::incident::{Incident, VehicleLoss};
use crate::refusal::Refusal;
use crate::state::TaskKind;

impl Draft {
    /// Runs the arithmetic on the accident as it stands, and the rules on the result. Nothing happens while our own vehicle's loss
    /// is not known, and nothing is said twice.
    pub(super) fn adjudicate(&mut self, incident: &Incident, incident_version: u64) {
        let Some(own) = self.claim.vehicle().cloned() else { return };
        let known = incident.vehicle(&own).is_some_and(|vehicle| vehicle.loss != VehicleLoss::Unknown);
        let Some(accident) = accident_of(incident, &self.tables).filter(|_| known) else { return };
        let statement = match coverage::settle(&accident) {
            Ok(statement) => statement,
            Err(refusal) => {
                let details = BTreeMap::from([("settle".to_owned(), refusal.word())]);
                return self.open_task_with(TaskKind::Adjudicate, Team::Approval, details);
            }
        };
        let owed = owed_by(&statement, &accident, &own);
        let Ok(total) = Money::sum(owed.iter().map(|owed| owed.amount)) else { return };
        let Some(facts) = facts_of(&self.claim, incident, Some(total), self.at, &self.tables) else { return };
        let ruling = rulebook::adjudicate(&facts, &self.tables);
        let same = self.claim.adjudicated.as_ref().is_some_and(|last| {
            last.owed == owed && last.verdict == ruling.verdict && last.because == ruling.because
        });
        if !same {
            let index = accident.vehicles.iter().position(|vehicle| *vehicle.id == *own.as_str());
            let ours = statement.recoveries.iter().filter(|recovery| Some(recovery.by) == index);
            let debtor = |debtor| match debtor {
                coverage::Debtor::Vehicle(vehicle) => accident.vehicles[vehicle].id.to_string(),
                coverage::Debtor::Driver => "driver".to_owned(),
            };
            let recoveries =
                ours.map(|one| (debtor(one.from), one.ground.word().to_owned(), one.amount)).collect();
            let number = self.claim.adjudicated.as_ref().map_or(0, |last| last.number) + 1;
            let (verdict, because, at) = (ruling.verdict, ruling.because, self.at);
            self.fact(Adjudicated {
                number,
                incident_version,
                owed,
                recoveries,
                total,
                verdict,
                because,
                at,
            });
        }
        self.follow(incident);
        if incident.losses_unknown(&own)
            && self.claim.tasks.values().all(|task| task.kind != TaskKind::OtherSide)
        {
            self.open_task(TaskKind::OtherSide, Team::ServiceDesk);
        }
    }

    /// Does what the last verdict says, unless it is done.
    fn follow(&mut self, incident: &Incident) {
        if self.claim.is_approved() {
            return;
        }
        match self.claim.verdict().cloned() {
            Some(Verdict::Approve) => {
                let by = journal::Actor::system("adjudication.small-claim");
                self.grant(vec![by]);
            }
            Some(Verdict::Ask { .. }) => self.request_papers(incident),
            Some(Verdict::Refer { team }) => {
                let kind =
                    if team == Team::Investigation { TaskKind::Investigate } else { TaskKind::Adjudicate };
                let waiting = [TaskKind::Adjudicate, TaskKind::Investigate, TaskKind::SecondApproval];
                if !waiting.into_iter().any(|kind| self.claim.open_task(kind).is_some()) {
                    self.open_task(kind, team);
                }
            }
            None => {}
        }
    }

    pub(super) fn approve(&mut self, limit: Option<Money>, four_eyes_above: Money) -> Result<(), Refusal> {
        let adjudicated = self.claim.adjudicated.as_ref().ok_or(Refusal::NotAdjudicated)?;
        let (number, total) = (adjudicated.number, adjudicated.total);
        if self.claim.is_approved() {
            return Ok(());
        }
        if total <= Money::ZERO {
            return Err(Refusal::NothingOwed);
        }
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if total > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        if self.claim.assessments.values().any(|assessed| assessed.by == self.by) {
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
            owed: adjudicated.owed,
            total: adjudicated.total,
            by,
            at: self.at,
        };
        self.fact(approved);
        self.finish_decision_tasks();
    }

    fn finish_decision_tasks(&mut self) {
        for kind in
            [TaskKind::Adjudicate, TaskKind::Investigate, TaskKind::SecondApproval, TaskKind::FindPolicy]
        {
            self.finish(kind);
        }
    }

    pub(super) fn decline(
        &mut self,
        clause: String,
        reason: Option<Private<String>>,
        limit: Option<Money>,
    ) -> Result<(), Refusal> {
        // Only a named person declines; a program or a rule never does.
        if self.by.kind != ActorKind::Staff {
            return Err(Refusal::NoAuthority);
        }
        if !self.claim.approvals.is_empty() {
            return Err(Refusal::AlreadyPaid);
        }
        let assessed = self.claim.vehicle().and_then(|own| self.claim.assessments.get(own));
        let amount = assessed.map(|assessed| assessed.total_loss.map_or(assessed.total, |(value, _)| value));
        let amount = amount
            .or_else(|| self.claim.proposed.as_ref().map(|proposed| proposed.total))
            .unwrap_or(Money::ZERO);
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if amount > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        let clause = clause.trim().to_owned();
        if clause.is_empty() {
            return Err(Refusal::NoClause);
        }
        let reason = reason.ok_or(Refusal::NoReason)?;
        self.fact(Declined { clause, reason, amount, by: self.by.clone(), at: self.at });
        self.finish_all();
        Ok(())
    }

    pub(super) fn refer(&mut self, team: Team) {
        let kind = match team {
            Team::Investigation => TaskKind::Investigate,
            Team::Assessment => TaskKind::Assess,
            Team::Survey => TaskKind::Inspect,
            Team::ServiceDesk => TaskKind::Contact,
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
