//! What people have to do.

use std::collections::BTreeMap;

use lexicon::{AccountId, Moment};
use rulebook::Team;
use serde::{Deserialize, Serialize};

use crate::state::TaskKind;

/// A person has something to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskOpened {
    /// Number within the claim, from 1.
    pub task: u32,
    /// What.
    pub kind: TaskKind,
    /// Which team.
    pub team: Team,
    /// When it must be done.
    pub due: Moment,
    /// When it warns.
    pub warn: Moment,
    /// Codes that say more: a refused reaction, a bank's answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// When.
    pub at: Moment,
}

/// A task went to somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskAssigned {
    /// The task.
    pub task: u32,
    /// The team that has it now.
    pub team: Team,
    /// The person, if one.
    pub to: Option<AccountId>,
    /// When.
    pub at: Moment,
}

/// A task is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskDone {
    /// The task.
    pub task: u32,
    /// When.
    pub at: Moment,
}

/// A task came close to its end, or ran over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskEscalated {
    /// The task.
    pub task: u32,
    /// Whether it ran over its end.
    pub overdue: bool,
    /// When.
    pub at: Moment,
}
