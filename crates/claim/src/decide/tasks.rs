//! What people have to do, and by when.

use std::collections::BTreeMap;

use journal::Actor;
use lexicon::{AccountId, Moment, Severity};
use rulebook::Team;

use super::Draft;
use crate::events::{TaskAssigned, TaskDone, TaskEscalated, TaskOpened};
use crate::refusal::Refusal;
use crate::state::{Stage, Task, TaskKind};

/// For a task without a clock of its own.
const DAY_SECONDS: i64 = 24 * 3600;

impl Draft {
    pub(super) fn open_task(&mut self, kind: TaskKind, team: Team) {
        self.open_task_with(kind, team, BTreeMap::new());
    }

    /// Opens a task, unless one of its kind is open; of repairs each is a task of its own.
    pub(super) fn open_task_with(&mut self, kind: TaskKind, team: Team, details: BTreeMap<String, String>) {
        let same = |task: &Task| {
            task.kind == kind
                && match kind {
                    TaskKind::FixPayment => task.details.get("payment") == details.get("payment"),
                    TaskKind::FixReaction => task.details == details,
                    _ => true,
                }
        };
        if self.claim.open_tasks().any(|(_, task)| same(task)) {
            return;
        }
        let (due, warn) = self.term(kind);
        let task = self.claim.tasks.len() as u32 + 1;
        self.fact(TaskOpened { task, kind, team, due, warn, details, at: self.at });
    }

    /// When a task of `kind` opened now must be done, and when it warns: by the service clock of its step.
    fn term(&self, kind: TaskKind) -> (Moment, Moment) {
        let code = match (kind, self.claim.severity) {
            (TaskKind::Contact, Some(Severity::Major)) => "first-contact-grave",
            (TaskKind::Contact, _) => "first-contact",
            (TaskKind::Inspect, _) => "inspect",
            (TaskKind::Assess, Some(Severity::Minor)) => "assess-minor",
            (TaskKind::Assess, Some(Severity::Major)) => "assess-major",
            (TaskKind::Assess, _) => "assess-general",
            (TaskKind::Answer, _) => "answer-person",
            (TaskKind::ServeRefusal, _) => "refusal-letter",
            (TaskKind::TakeNote, _) => "inform-manager",
            _ => "adjudicate",
        };
        let clock = self.tables.clock(code, self.at);
        let due = clock.map_or(self.at.plus_seconds(DAY_SECONDS), |clock| {
            clock.ends(self.at, &self.tables.rest_days, &self.tables.zone)
        });
        let warning = clock.map_or(DAY_SECONDS / 6, |clock| clock.warning_seconds());
        (due, due.plus_seconds(-warning).max(self.at))
    }

    /// Finishes the open tasks of `kind`.
    pub(super) fn finish(&mut self, kind: TaskKind) {
        self.finish_where(|task| task.kind == kind);
    }

    pub(super) fn finish_all(&mut self) {
        self.finish_where(|_| true);
    }

    pub(super) fn finish_where(&mut self, which: impl Fn(&Task) -> bool) {
        let open = self.claim.open_tasks().filter(|(_, task)| which(task));
        let open: Vec<u32> = open.map(|(number, _)| number).collect();
        for task in open {
            self.fact(TaskDone { task, at: self.at });
        }
    }

    pub(super) fn finish_task(&mut self, task: u32) -> Result<(), Refusal> {
        let known = self.claim.tasks.get(&task).ok_or(Refusal::NoSuchTask)?;
        let kind = known.kind;
        if known.done_at.is_some() {
            return Ok(());
        }
        if !self.claim.ends_by_word(kind) {
            return Err(Refusal::OutOfOrder);
        }
        self.fact(TaskDone { task, at: self.at });
        let decides = [
            TaskKind::Inspect,
            TaskKind::Assess,
            TaskKind::ConfirmAssessment,
            TaskKind::Adjudicate,
            TaskKind::SecondApproval,
            TaskKind::ConfirmRefusal,
            TaskKind::Investigate,
        ];
        // What was found out goes to whoever decides, unless somebody has the claim already.
        let told = match kind {
            TaskKind::Investigate => self.claim.stage < Stage::Paying,
            TaskKind::Assess => self.claim.stage == Stage::Adjudicating,
            _ => false,
        };
        if told && !self.claim.open_tasks().any(|(_, task)| decides.contains(&task.kind)) {
            self.open_task(TaskKind::Adjudicate, Team::Approval);
        }
        Ok(())
    }

    pub(super) fn assign_task(
        &mut self,
        task: u32,
        team: Team,
        to: Option<AccountId>,
    ) -> Result<(), Refusal> {
        let known =
            self.claim.tasks.get(&task).filter(|known| known.done_at.is_none()).ok_or(Refusal::NoSuchTask)?;
        if known.team != team || known.assignee != to {
            self.hand_over(task, team, to);
        }
        Ok(())
    }

    pub(super) fn hand_over(&mut self, task: u32, team: Team, to: Option<AccountId>) {
        self.fact(TaskAssigned { task, team, to, at: self.at });
    }

    /// What the second of two people sent back goes to the first.
    pub(super) fn give_back(&mut self, kind: TaskKind, team: Team, first: &Actor) {
        let details = BTreeMap::from([("returned".to_owned(), kind.word().to_owned())]);
        self.open_task_with(kind, team, details);
        let open = self.claim.open_task(kind).map(|(task, _)| task);
        if let (Some(task), Ok(first)) = (open, first.id.parse()) {
            self.hand_over(task, team, Some(first));
        }
    }

    /// Warns once before a task's end and once after it.
    pub(super) fn escalate(&mut self) {
        let (now, mut late) = (self.at, vec![]);
        for (number, task) in self.claim.open_tasks() {
            if task.due <= now && task.escalations < 2 {
                late.push((number, true));
            } else if task.warn <= now && task.escalations < 1 {
                late.push((number, false));
            }
        }
        for (task, overdue) in late {
            self.fact(TaskEscalated { task, overdue, at: now });
        }
    }
}
