//! Notice, policy, triage, papers.

use journal::ActorKind;
use lexicon::{AccountId, Private};
use rulebook::{PolicyFact, Route, Team, Warning, triage};

use super::Draft;
use crate::events::{
    AccountChosen, BankAccount, EvidenceAccepted, Informed, Notified, PapersCompleted, PapersRequested,
    PolicyMatched, ReporterAdmitted, ReporterJoined, ReporterTurnedAway, Triaged, WarningRaised,
};
use crate::facts::facts_of;
use crate::incident::{Incident, PartyId};
use crate::papers::missing_papers;
use crate::refusal::Refusal;
use crate::state::{Reporter, Standing, Task, TaskKind};

/// More files than any honest claim holds.
const FILES_MAX: usize = 500;

impl Draft {
    pub(super) fn notify(&mut self, notified: Notified, policy: PolicyMatched, warnings: Vec<Warning>) {
        self.fact(notified);
        self.fact(policy);
        self.warn(warnings);
    }

    pub(super) fn join(&mut self, joined: ReporterJoined) {
        let account = joined.account.as_ref().or(joined.asks.as_ref());
        let known = account.is_some_and(|account| self.claim.is_followed_by(account));
        let same = |reporter: &Reporter| joined.asks.is_some() && reporter.joined.asks == joined.asks;
        let waits = self.claim.reporters_waiting().any(same);
        if !known && !waits {
            self.fact(joined);
        }
    }

    pub(super) fn admit_reporter(&mut self, reporter: u32, account: AccountId) -> Result<(), Refusal> {
        match self.claim.reporter(reporter).ok_or(Refusal::NobodyWaits)?.standing {
            Standing::Admitted(_) => Ok(()),
            Standing::TurnedAway => Err(Refusal::ReporterDecided),
            Standing::Waits => {
                let (by, at) = (self.by.clone(), self.at);
                self.fact(ReporterAdmitted { reporter, account, by, at });
                self.finish_call();
                Ok(())
            }
        }
    }

    pub(super) fn turn_away_reporter(&mut self, reporter: u32) -> Result<(), Refusal> {
        match self.claim.reporter(reporter).ok_or(Refusal::NobodyWaits)?.standing {
            Standing::TurnedAway => Ok(()),
            Standing::Admitted(_) => Err(Refusal::ReporterDecided),
            Standing::Waits => {
                self.fact(ReporterTurnedAway { reporter, by: self.by.clone(), at: self.at });
                self.finish_call();
                Ok(())
            }
        }
    }

    /// Nobody has to call once no second reporter waits; a call for another reason stays.
    fn finish_call(&mut self) {
        if self.claim.reporters_waiting().next().is_none() {
            let reason =
                |task: &Task| task.details.get("reason").is_some_and(|reason| reason == "second-reporter");
            self.finish_where(|task| task.kind == TaskKind::Contact && reason(task));
        }
    }

    pub(super) fn match_policy(&mut self, matched: PolicyMatched) {
        let before = self.claim.policy.as_ref().map(|(policy, fact)| (policy, *fact));
        if before != Some((&matched.policy, matched.fact)) {
            self.fact(matched);
        }
        self.finish(TaskKind::FindPolicy);
        // Somebody found that we are not on risk: somebody has to decide.
        let in_force = matches!(self.claim.policy, Some((_, PolicyFact::InForce { .. })));
        if self.by.kind == ActorKind::Staff && !in_force {
            self.open_task(TaskKind::Adjudicate, Team::Approval);
        }
    }

    pub(super) fn warn(&mut self, warnings: Vec<Warning>) {
        for warning in warnings {
            if !self.claim.warnings.contains(&warning) {
                self.fact(WarningRaised { warning });
            }
        }
    }

    /// Grades the claim, or grades it again on new facts; what was done stays.
    pub(super) fn triage(&mut self, incident: &Incident) {
        let Some(facts) = facts_of(&self.claim, incident, None, self.at, &self.tables) else { return };
        let found = triage(&facts, &self.tables);
        let same = self.claim.severity == Some(found.severity) && self.claim.route == Some(found.route);
        if !same {
            let (route, team, at) = (found.route, found.team, self.at);
            self.fact(Triaged { triage: found, at });
            match route {
                Route::Inspection if !self.claim.inspected && !self.claim.is_assessed() => {
                    self.open_task(TaskKind::Inspect, Team::Survey);
                    self.open_task(TaskKind::Contact, team);
                }
                Route::Inspection => {}
                Route::OwnPhotos => self.finish(TaskKind::Inspect),
            }
            self.take_up_proposal();
            self.inform();
            self.ask_second_assessor();
            self.watch_reserve();
        }
        match facts.policy {
            PolicyFact::InForce { .. } => {}
            PolicyFact::NotFound | PolicyFact::NotInForce
                if self.claim.tasks.values().any(|task| task.kind == TaskKind::FindPolicy) => {}
            PolicyFact::NotFound | PolicyFact::NotInForce => {
                self.open_task(TaskKind::FindPolicy, Team::ServiceDesk)
            }
        }
        self.request_papers(incident);
    }

    /// Tells whoever is to know of an accident of this grade, once.
    fn inform(&mut self) {
        let Some(severity) = self.claim.severity.filter(|now| self.claim.informed_of < Some(*now)) else {
            return;
        };
        let handling = self.tables.handling(severity, self.at);
        if let Some(team) = handling.and_then(|handling| handling.inform) {
            self.fact(Informed { team, severity, at: self.at });
            self.open_task(TaskKind::TakeNote, team);
        }
    }

    /// Asks for all that is missing at once; asks again only when something is missing that was not asked for.
    pub(super) fn request_papers(&mut self, incident: &Incident) {
        let missing = missing_papers(&self.claim, incident, self.at, &self.tables);
        if missing.iter().any(|paper| !self.claim.papers_asked.contains(paper)) {
            self.fact(PapersRequested { papers: missing, at: self.at });
        } else if missing.is_empty() {
            self.complete_papers();
        }
    }

    fn complete_papers(&mut self) {
        if self.claim.marks.papers_complete_at.is_none() {
            self.fact(PapersCompleted { at: self.at });
        }
    }

    pub(super) fn add_evidence(
        &mut self,
        mut evidence: EvidenceAccepted,
        warnings: Vec<Warning>,
        incident: &Incident,
    ) -> Result<(), Refusal> {
        if self.claim.evidence.len() >= FILES_MAX {
            return Err(Refusal::TooManyFiles);
        }
        if evidence.kind.parse::<evidence::KindCode>().is_err() {
            return Err(Refusal::UnknownKind);
        }
        let mut known = self.claim.evidence.iter();
        if known.any(|known| known.fingerprint == evidence.fingerprint && known.kind == evidence.kind) {
            return Err(Refusal::SameFile);
        }
        evidence.evidence = self.claim.evidence.len() as u32 + 1;
        evidence.at = self.at;
        self.fact(evidence);
        self.warn(warnings);
        self.check_papers(incident);
        Ok(())
    }

    /// After something came in: whether all that was asked for is there.
    pub(super) fn check_papers(&mut self, incident: &Incident) {
        if self.claim.severity.is_some()
            && missing_papers(&self.claim, incident, self.at, &self.tables).is_empty()
        {
            self.complete_papers();
        }
    }

    pub(super) fn choose_account(
        &mut self,
        payee: PartyId,
        account: Private<BankAccount>,
        incident: &Incident,
    ) {
        if self.claim.accounts.get(&payee) != Some(&account) {
            self.fact(AccountChosen { payee, account, at: self.at });
        }
        self.check_papers(incident);
    }
}
