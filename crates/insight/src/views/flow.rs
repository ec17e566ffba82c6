//! How claims flow: counts, amounts and times by day, for the manager's page.

use claim::Event;
use journal::{ActorKind, Recorded};
use lexicon::{Moment, Money};

use super::id;
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// A measure of one day, or (with day −1) what is remembered of one claim.
    pub struct FlowRow {
        /// Days since 1970 in the insurer's zone; −1 for what is remembered of a claim.
        day: i64,
        /// The measure, or the claim.
        name: String,
        /// How many.
        count: i64,
        /// Amount, summed.
        amount: Money,
        /// Seconds, summed.
        seconds: i64,
        /// Of a claim: when it was notified.
        notified_at: Option<Moment>,
        /// Of a claim: when its stage began.
        stage_at: Option<Moment>,
        /// Of a claim: its stage.
        stage: Option<String>,
    }
}

/// What is measured by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Claims notified.
    Notified,
    /// Approvals by a rule, with their amount.
    ApprovedByRule,
    /// Approvals by people, with their amount.
    ApprovedByPeople,
    /// Claims closed: paid amount, and seconds from notice to closure.
    Closed,
    /// Claims declined.
    Declined,
    /// Payments that arrived, with their amount, and seconds from notice.
    Paid,
    /// Claims opened again.
    Reopened,
    /// Ratings, their stars in `amount` as fen.
    Rated,
    /// Tasks that ran over their end.
    Overdue,
}

impl Measure {
    /// The word under which it stands.
    pub const fn word(self) -> &'static str {
        match self {
            Measure::Notified => "notified",
            Measure::ApprovedByRule => "approved-by-rule",
            Measure::ApprovedByPeople => "approved-by-people",
            Measure::Closed => "closed",
            Measure::Declined => "declined",
            Measure::Paid => "paid",
            Measure::Reopened => "reopened",
            Measure::Rated => "rated",
            Measure::Overdue => "overdue",
        }
    }
}

/// How claims flow. The time spent in a stage stands under `stage:<word>` on the day it was left.
pub static FLOW: View = View {
    name: "flow",
    version: 1,
    kind: Kind::Trailing,
    categories: &["claim"],
    columns: FlowRow::COLUMNS,
    key: 2,
    indexes: &[Index { name: "by_name", columns: &["name", "day"] }],
    fold,
};

/// What is remembered of a claim.
const MEMORY: i64 = -1;
/// The insurer's zone has had no other offset since 1991: days are cut by it.
const SHANGHAI_SECONDS: i64 = 8 * 3600;

fn day(at: Moment) -> i64 {
    at.plus_seconds(SHANGHAI_SECONDS).micros().div_euclid(86_400_000_000)
}

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event: Event = entry.decode()?;
    if let Event::Notified(notified) = &event {
        let mut memory = blank(MEMORY, entry.stream.id());
        memory.notified_at = Some(notified.at);
        memory.stage_at = Some(notified.at);
        memory.stage = Some("reported".to_owned());
        rows.put(memory.write())?;
        return add(rows, entry.at, Measure::Notified.word(), Money::ZERO, 0);
    }
    let known = rows.get(&[Value::Integer(MEMORY), id(entry)])?;
    let Some(memory) = known.map(|row| FlowRow::read(&FLOW, &row)).transpose()? else { return Ok(()) };
    let since_notice = memory.notified_at.map_or(0, |at| entry.at.seconds_since(at));
    match &event {
        Event::Triaged(triaged) if memory.stage.as_deref() == Some("reported") => {
            let next =
                if triaged.route() == rulebook::Route::Inspection { "inspecting" } else { "assessing" };
            turn(rows, entry, memory, next)
        }
        Event::Inspected(_) => turn(rows, entry, memory, "assessing"),
        Event::Assessed(_) if memory.stage.as_deref() != Some("paying") => {
            turn(rows, entry, memory, "adjudicating")
        }
        Event::Approved(approved) => {
            let automatic = approved.by.iter().all(|by| by.kind == ActorKind::System);
            let measure = if automatic { Measure::ApprovedByRule } else { Measure::ApprovedByPeople };
            add(rows, entry.at, measure.word(), approved.total, since_notice)?;
            turn(rows, entry, memory, "paying")
        }
        Event::Paid(paid) => add(rows, entry.at, Measure::Paid.word(), paid.amount, since_notice),
        Event::Closed(closed) => {
            add(rows, entry.at, Measure::Closed.word(), closed.paid, since_notice)?;
            turn(rows, entry, memory, "closed")
        }
        Event::Declined(declined) => {
            add(rows, entry.at, Measure::Declined.word(), declined.amount, since_notice)?;
            turn(rows, entry, memory, "declined")
        }
        Event::Withdrawn(_) => turn(rows, entry, memory, "withdrawn"),
        Event::Reopened(_) => {
            add(rows, entry.at, Measure::Reopened.word(), Money::ZERO, 0)?;
            turn(rows, entry, memory, "adjudicating")
        }
        Event::Rated(rated) => {
            add(rows, entry.at, Measure::Rated.word(), Money::from_fen(i64::from(rated.stars)), 0)
        }
        Event::TaskEscalated(escalated) if escalated.overdue => {
            add(rows, entry.at, Measure::Overdue.word(), Money::ZERO, 0)
        }
        _ => Ok(()),
    }
}

/// The claim leaves its stage for `next`.
fn turn(rows: &mut dyn Rows, entry: &Recorded, memory: FlowRow, next: &str) -> Result<(), FoldError> {
    if let (Some(stage), Some(since)) = (&memory.stage, memory.stage_at) {
        add(rows, entry.at, &format!("stage:{stage}"), Money::ZERO, entry.at.seconds_since(since))?;
    }
    rows.put(FlowRow { stage: Some(next.to_owned()), stage_at: Some(entry.at), ..memory }.write())
}

fn add(rows: &mut dyn Rows, at: Moment, name: &str, amount: Money, seconds: i64) -> Result<(), FoldError> {
    let day = day(at);
    let known = rows.get(&[Value::Integer(day), Value::from(name)])?;
    let mut row =
        known.map(|row| FlowRow::read(&FLOW, &row)).transpose()?.unwrap_or_else(|| blank(day, name));
    row.count += 1;
    row.amount = [row.amount, amount].into_iter().sum();
    row.seconds = row.seconds.saturating_add(seconds);
    rows.put(row.write())
}

fn blank(day: i64, name: &str) -> FlowRow {
    FlowRow {
        day,
        name: name.to_owned(),
        count: 0,
        amount: Money::ZERO,
        seconds: 0,
        notified_at: None,
        stage_at: None,
        stage: None,
    }
}
