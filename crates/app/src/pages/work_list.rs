//! What people have to do.

use insight::view::{Query, Value};
use insight::{TASKS, TaskRow};
use lexicon::AccountId;
use serde::Serialize;
use utoipa::ToSchema;

use super::customer::{cursor, resume};
use super::{Time, Yuan};
use crate::app::App;
use crate::failure::Failure;

/// Which tasks are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkQuery {
    /// All open ones.
    All,
    /// Of one team, by word.
    Team(String),
    /// Of one person.
    Mine(AccountId),
    /// Due before the end of the next two hours.
    DueSoon,
}

/// Tasks, the one due first first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkList {
    /// The tasks.
    pub items: Vec<WorkItem>,
    /// How many there are in all.
    pub count: u64,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// A task with its claim at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkItem {
    /// The claim.
    pub claim: String,
    /// The task's number.
    pub task: u64,
    /// What is to be done.
    pub kind: String,
    /// Which team has it.
    pub team: String,
    /// Name of the person who has it.
    pub assignee: Option<String>,
    /// When it must be done.
    pub due: Time,
    /// 1 warned, 2 ran over.
    pub escalations: u64,
    /// Plate; empty once erased.
    pub plate: String,
    /// How far the claim is.
    pub stage: String,
    /// The grade.
    pub severity: Option<String>,
    /// What is owed, else what the damage is put at.
    pub amount: Option<Yuan>,
}

/// Due within this counts as due soon.
const SOON_SECONDS: i64 = 2 * 3600;

impl App {
    /// The open tasks of `which`, after the place `after`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn work_list(
        &self,
        which: &WorkQuery,
        after: Option<&str>,
        limit: usize,
    ) -> Result<WorkList, Failure> {
        let query = resume(self.work_query(which, limit), after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| cursor(&query.place(row)))).flatten();
        let mut items = vec![];
        for row in rows {
            let task = TaskRow::read(&TASKS, &row)?;
            let Some(claim) = self.claim_row(&task.claim).await? else { continue };
            let assignee = match task.assignee.as_deref().and_then(|account| account.parse().ok()) {
                Some(account) => Some(self.account_name(&account).await?),
                None => None,
            };
            items.push(WorkItem {
                claim: task.claim,
                task: task.task,
                kind: task.kind,
                team: task.team,
                assignee,
                due: Time(task.due),
                escalations: task.escalations,
                plate: self.plate(&claim.plate)?,
                stage: claim.stage,
                severity: claim.severity,
                amount: claim.owed.or(claim.assessed).map(Yuan),
            });
        }
        Ok(WorkList { items, count: self.work_count(which).await?, next })
    }

    /// How many open tasks `which` has.
    pub async fn work_count(&self, which: &WorkQuery) -> Result<u64, Failure> {
        Ok(self.ports().views.count(self.work_query(which, 1)).await?)
    }

    fn work_query(&self, which: &WorkQuery, limit: usize) -> Query {
        match which {
            WorkQuery::All => Query::of(&TASKS, "by_due", limit).equal(1),
            WorkQuery::Team(team) => Query::of(&TASKS, "by_team", limit).equal(1).equal(team.as_str()),
            WorkQuery::Mine(account) => {
                Query::of(&TASKS, "by_assignee", limit).equal(1).equal(account.as_str())
            }
            WorkQuery::DueSoon => {
                let soon = self.now().plus_seconds(SOON_SECONDS);
                Query::of(&TASKS, "by_due", limit).equal(1).between(Value::Integer(i64::MIN), soon)
            }
        }
    }
}
