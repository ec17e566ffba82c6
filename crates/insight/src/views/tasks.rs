//! What people have to do.

use claim::Event;
use journal::Recorded;
use lexicon::Moment;

use super::id;
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// A task.
    pub struct TaskRow {
        /// The claim.
        claim: String,
        /// Its number within the claim.
        task: u64,
        /// What, by word.
        kind: String,
        /// Which team, by word.
        team: String,
        /// Who, if somebody.
        assignee: Option<String>,
        /// Whether it is open.
        open: bool,
        /// When it was opened.
        opened_at: Moment,
        /// When it must be done.
        due: Moment,
        /// When it next needs an escalation: its warning, its end, or never.
        alarm: Option<Moment>,
        /// How often it was escalated.
        escalations: u64,
        /// When it was done.
        done_at: Option<Moment>,
    }
}

/// What people have to do.
pub static TASKS: View = View {
    name: "tasks",
    version: 2,
    kind: Kind::Inline,
    categories: &["claim"],
    columns: TaskRow::COLUMNS,
    key: 2,
    indexes: &[
        Index { name: "by_due", columns: &["open", "due"] },
        Index { name: "by_team", columns: &["open", "team", "due"] },
        Index { name: "by_assignee", columns: &["open", "assignee", "due"] },
        Index { name: "by_age", columns: &["open", "team", "opened_at"] },
        Index { name: "by_alarm", columns: &["open", "alarm"] },
    ],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    if !entry.name.starts_with("Task") {
        return Ok(());
    }
    match entry.decode()? {
        Event::TaskOpened(opened) => rows.put(
            TaskRow {
                claim: entry.stream.id().to_owned(),
                task: u64::from(opened.task),
                kind: opened.kind.word().to_owned(),
                team: opened.team.word().to_owned(),
                assignee: None,
                open: true,
                opened_at: opened.at,
                due: opened.due,
                alarm: Some(opened.warn),
                escalations: 0,
                done_at: None,
            }
            .write(),
        ),
        Event::TaskAssigned(assigned) => change(entry, rows, assigned.task, |row| {
            row.team = assigned.team.word().to_owned();
            row.assignee = assigned.to.map(|to| to.to_string());
        }),
        Event::TaskDone(done) => change(entry, rows, done.task, |row| {
            row.open = false;
            row.alarm = None;
            row.done_at = Some(done.at);
        }),
        Event::TaskEscalated(escalated) => change(entry, rows, escalated.task, |row| {
            row.escalations = if escalated.overdue { 2 } else { 1 };
            row.alarm = (!escalated.overdue).then_some(row.due);
        }),
        _ => Ok(()),
    }
}

fn change(
    entry: &Recorded,
    rows: &mut dyn Rows,
    task: u32,
    with: impl FnOnce(&mut TaskRow),
) -> Result<(), FoldError> {
    let Some(row) = rows.get(&[id(entry), Value::Integer(i64::from(task))])? else { return Ok(()) };
    let mut row = TaskRow::read(&TASKS, &row)?;
    with(&mut row);
    rows.put(row.write())
}
