//! Computing what is owed, ruling on it, and what people make of it.

use std::collections::BTreeMap;

use coverage::{Accident, Debtor, Statement};
use journal::ActorKind;
use lexicon::{ExposureId, Money, Private};
use rulebook::{Team, Verdict};

use super::Draft;
use crate::accident::{accident_of, owed_by};
use crate::events::{Adjudicated, Approved, Declined, FirstApproved, Owed};
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
        if !self.claim.is_over() {
            if !unknown {
                self.finish(TaskKind::OtherSide);
            }
            self.check_papers(incident);
        }
        if !self.is_ready(incident, &own) {
            return;
        }
        if incident.self_claim_waits(&own) {
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
        let changed = turned || last.is_none_or(|last| last.owed != owed || last.because != ruling.because);
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
            // A first approval was given to other amounts.
            self.finish(TaskKind::SecondApproval);
        }
        match (self.claim.is_approved(), stated) {
            (false, _) => self.follow(incident, turned),
            // The amounts turned back to what is approved.
            (true, true) => self.finish_decision_tasks(),
            (true, false) => {}
        }
        let asked_before = self.claim.tasks.values().any(|task| task.kind == TaskKind::OtherSide);
        if unknown && (stated || !asked_before) {
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
        self.claim.paid.iter().any(|(exposure, arrived)| *arrived > owed_on(exposure))
    }

    /// Does what the last verdict says. `turned` says that it is a new one.
    fn follow(&mut self, incident: &Incident, turned: bool) {
        let open = |draft: &Draft, kind| draft.claim.open_task(kind).is_some();
        match self.claim.verdict().cloned() {
            // Somebody sent it to investigation: no rule approves over that.
            Some(Verdict::Approve) if open(self, TaskKind::Investigate) => {}
            Some(Verdict::Approve) => {
                let by = journal::Actor::system("adjudication.small-claim");
                self.grant(vec![by]);
            }
            Some(Verdict::Ask { .. }) => self.request_papers(incident),
            Some(Verdict::Refer { team }) => {
                let waiting = [TaskKind::Adjudicate, TaskKind::Investigate, TaskKind::SecondApproval];
                let waiting = waiting.into_iter().any(|kind| open(self, kind));
                let graver = turned && team > Team::Approval && !open(self, TaskKind::Investigate);
                if !waiting || graver {
                    self.refer(team);
                }
            }
            None => {}
        }
    }

    pub(super) fn approve(&mut self, limit: Option<Money>, four_eyes_above: Money) -> Result<(), Refusal> {
        let adjudicated = self.claim.adjudicated.as_ref().ok_or(Refusal::NotAdjudicated)?;
        let (number, total) = (adjudicated.number, adjudicated.total);
        if self.claim.is_approved() {
            self.finish_decision_tasks();
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
        let amount = self.at_stake();
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if amount > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        let clause = clause.trim().to_owned();
        if clause.is_empty() {
            return Err(Refusal::NoClause);
        }
        let reason = reason.ok_or(Refusal::NoReason)?;
        if !self.claim.approvals.is_empty() {
            return Err(Refusal::AlreadyPaid);
        }
        self.fact(Declined { clause, reason, amount, by: self.by.clone(), at: self.at });
        self.finish_all();
        Ok(())
    }

    /// What a refusal refuses: our customer's own damage or what was computed, whichever is more.
    fn at_stake(&self) -> Money {
        let claim = &self.claim;
        let assessed = claim.vehicle().and_then(|own| claim.assessments.get(own));
        let assessed =
            assessed.map(|assessed| assessed.total_loss.map_or(assessed.total, |(value, _)| value));
        let own = assessed.or_else(|| claim.proposed.as_ref().map(|proposed| proposed.total));
        let computed = claim.adjudicated.as_ref().map(|last| last.total);
        own.max(computed).unwrap_or(Money::ZERO)
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
