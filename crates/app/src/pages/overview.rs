//! The manager's overview: six figures with their trend, and where claims wait.

use insight::view::{Query, Value};
use insight::{CLAIMS, FLOW, FlowRow, Measure};
use lexicon::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::Yuan;
use crate::app::App;
use crate::failure::Failure;
use crate::pages::WorkQuery;

/// The overview of the last days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Overview {
    /// How many days it spans.
    pub days: i64,
    /// The figures, in the order in which they are shown.
    pub figures: Vec<Figure>,
    /// The stages of a claim's way.
    pub stages: Vec<StageBar>,
    /// Open tasks.
    pub open_tasks: u64,
    /// Of these, due within two hours or over.
    pub due_soon: u64,
}

/// A figure.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Figure {
    /// Its code.
    pub code: &'static str,
    /// How many in the span.
    pub count: i64,
    /// How many in the span before.
    pub before: i64,
    /// The amount in the span, where it has one.
    pub amount: Option<Yuan>,
    /// Mean seconds per case, where it has them.
    pub mean_seconds: Option<i64>,
    /// By day, the first first.
    pub trend: Vec<DayPoint>,
}

/// One day of a trend.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayPoint {
    /// Days since 1970 in the insurer's zone.
    pub day: i64,
    /// How many.
    pub count: i64,
}

/// A stage: how many claims are in it now, and how long claims stayed in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StageBar {
    /// The stage.
    pub stage: &'static str,
    /// Claims in it now.
    pub now: u64,
    /// Claims that left it in the span.
    pub left: i64,
    /// Mean seconds they stayed.
    pub mean_seconds: Option<i64>,
}

/// Measures with their figure's code.
const FIGURES: [(Measure, &str); 6] = [
    (Measure::Notified, "figure.notified"),
    (Measure::ApprovedByRule, "figure.approved-by-rule"),
    (Measure::ApprovedByPeople, "figure.approved-by-people"),
    (Measure::Paid, "figure.paid"),
    (Measure::Closed, "figure.closed"),
    (Measure::Overdue, "figure.overdue"),
];

impl App {
    /// The overview of the last `days` days, today included.
    pub async fn overview(&self, days: i64) -> Result<Overview, Failure> {
        let zone = &self.tables().zone;
        let epoch = jiff::civil::date(1970, 1, 1);
        let today = self.now().day(zone).since(epoch).map_or(0, |span| i64::from(span.get_days()));
        let first = today - days + 1;
        let mut figures = vec![];
        for (measure, code) in FIGURES {
            let rows = self.flow(measure.word(), first - days, today).await?;
            let (before, rows): (Vec<FlowRow>, Vec<FlowRow>) =
                rows.into_iter().partition(|row| row.day < first);
            let count = count(&rows);
            let seconds: i64 = rows.iter().map(|row| row.seconds).sum();
            let amount: Money = rows.iter().map(|row| row.amount).sum();
            let on = |day: i64| rows.iter().find(|row| row.day == day).map_or(0, |row| row.count);
            figures.push(Figure {
                code,
                count,
                before: self::count(&before),
                amount: (!amount.is_zero()).then_some(Yuan(amount)),
                mean_seconds: (seconds > 0 && count > 0).then(|| seconds / count),
                trend: (first..=today).map(|day| DayPoint { day, count: on(day) }).collect(),
            });
        }
        let mut stages = vec![];
        for stage in claim::Stage::WAY {
            let rows = self.flow(&format!("stage:{}", stage.word()), first, today).await?;
            let left = count(&rows);
            let seconds: i64 = rows.iter().map(|row| row.seconds).sum();
            let now = Query::of(&CLAIMS, "by_stage", 1).equal(stage.word());
            stages.push(StageBar {
                stage: stage.word(),
                now: self.ports().views.count(now).await?,
                left,
                mean_seconds: (left > 0).then(|| seconds / left),
            });
        }
        Ok(Overview {
            days,
            figures,
            stages,
            open_tasks: self.work_count(&WorkQuery::All).await?,
            due_soon: self.work_count(&WorkQuery::DueSoon).await?,
        })
    }

    async fn flow(&self, name: &str, from: i64, to: i64) -> Result<Vec<FlowRow>, Failure> {
        let limit = usize::try_from(to - from + 1).unwrap_or(0);
        let query =
            Query::of(&FLOW, "by_name", limit).equal(name).between(Value::Integer(from), Value::Integer(to));
        let rows = self.ports().views.page(query).await?;
        Ok(rows.iter().map(|row| FlowRow::read(&FLOW, row)).collect::<Result<_, _>>()?)
    }
}

fn count(rows: &[FlowRow]) -> i64 {
    rows.iter().map(|row| row.count).sum()
}
