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

    /// Whether it is told with the time since the notice.
    const fn is_timed(self) -> bool {
        matches!(
            self,
            Measure::ApprovedByRule
                | Measure::ApprovedByPeople
                | Measure::Closed
                | Measure::Declined
                | Measure::Paid
        )
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

pub(super) fn day(at: Moment) -> i64 {
    at.plus_seconds(SHANGHAI_SECONDS).micros().div_euclid(86_400_000_000)
}

/// What `event` counts as, with its amount.
pub(super) fn measured(event: &Event) -> Option<(Measure, Option<Money>)> {
    Some(match event {
        Event::Notified(_) => (Measure::Notified, None),
        Event::Approved(approved) => {
            let automatic = approved.by.iter().all(|by| by.kind == ActorKind::System);
            let measure = if automatic { Measure::ApprovedByRule } else { Measure::ApprovedByPeople };
            (measure, Some(approved.total))
        }
        Event::Paid(paid) => (Measure::Paid, Some(paid.amount)),
        Event::Closed(closed) => (Measure::Closed, Some(closed.paid)),
        Event::Declined(declined) => (Measure::Declined, Some(declined.amount)),
        Event::Reopened(_) => (Measure::Reopened, None),
        Event::Rated(rated) => (Measure::Rated, Some(Money::from_fen(i64::from(rated.stars)))),
        Event::TaskEscalated(escalated) if escalated.overdue => (Measure::Overdue, None),
        _ => return None,
    })
}

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event: Event = entry.decode()?;
    if let Event::Notified(notified) = &event {
        let mut memory = blank(MEMORY, entry.stream.id());
        memory.notified_at = Some(notified.at);
        memory.stage_at = Some(notified.at);
        memory.stage = Some("reported".to_owned());
        rows.put(memory.write())?;
    }
    let known = rows.get(&[Value::Integer(MEMORY), id(entry)])?;
    let Some(memory) = known.map(|row| FlowRow::read(&FLOW, &row)).transpose()? else { return Ok(()) };
    if let Some((measure, amount)) = measured(&event) {
        // How long a claim took is told with what it came to.
        let since_notice = memory.notified_at.map_or(0, |at| entry.at.seconds_since(at));
        let seconds = if measure.is_timed() { since_notice } else { 0 };
        add(rows, entry.at, measure.word(), amount.unwrap_or(Money::ZERO), seconds)?;
    }
    match next_stage(&event, memory.stage.as_deref()) {
        Some(next) => turn(rows, entry, memory, next),
        None => Ok(()),
    }
}

/// The stage into which `event` takes a claim, if it takes it into another.
fn next_stage(event: &Event, stage: Option<&str>) -> Option<&'static str> {
    match event {
        Event::Triaged(triaged) if stage == Some("reported") => {
            let inspection = triaged.route() == rulebook::Route::Inspection;
            Some(if inspection { "inspecting" } else { "assessing" })
        }
        Event::Inspected(_) => Some("assessing"),
        Event::Assessed(_) if stage != Some("paying") => Some("adjudicating"),
        Event::Approved(_) => Some("paying"),
        Event::Closed(_) => Some("closed"),
        Event::Declined(_) => Some("declined"),
        Event::Withdrawn(_) => Some("withdrawn"),
        Event::Reopened(_) => Some("adjudicating"),
        _ => None,
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
