//! The manager's overview: six figures with their trend, and where claims wait.

use insight::view::{Query, Value};
use insight::{CLAIMS, COUNTED, CountedRow, FLOW, FlowRow, Measure};
use lexicon::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::customer::{cursor, resume};
use super::{Time, Yuan};
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

/// What a figure counts, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountedList {
    /// Code of the figure.
    pub code: &'static str,
    /// How many there are in all.
    pub count: u64,
    /// What was counted.
    pub items: Vec<CountedItem>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// Something that a figure counts, with its claim at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountedItem {
    /// When.
    pub at: Time,
    /// The claim.
    pub claim: String,
    /// Plate; empty once erased.
    pub plate: String,
    /// How far the claim is.
    pub stage: String,
    /// The grade.
    pub severity: Option<String>,
    /// Its amount, where it has one.
    pub amount: Option<Yuan>,
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
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn overview(&self, days: i64) -> Result<Overview, Failure> {
        let (first, today) = self.span(days);
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

    /// What the figure of `code` counts in the last `days` days, after the place `after`; `None` for a code that is no figure.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn counted(
        &self,
        code: &str,
        days: i64,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<CountedList>, Failure> {
        let Some((measure, code)) = FIGURES.into_iter().find(|(_, known)| *known == code) else {
            return Ok(None);
        };
        let (first, today) = self.span(days);
        let query =
            Query::of(&COUNTED, "by_measure", limit).equal(measure.word()).between(first, today).descending();
        let query = resume(query, after)?;
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| cursor(&query.place(row)))).flatten();
        let mut items = vec![];
        for row in &rows {
            let row = CountedRow::read(&COUNTED, row)?;
            let claim = self.claim_row(&row.claim).await?.ok_or(Failure::NotFound)?;
            items.push(CountedItem {
                at: Time(row.at),
                plate: self.plate(&claim.plate)?,
                claim: row.claim,
                stage: claim.stage,
                severity: claim.severity,
                amount: row.amount.map(Yuan),
            });
        }
        Ok(Some(CountedList { code, count: self.ports().views.count(query).await?, items, next }))
    }

    /// The first and the last of the last `days` days, today included, as days since 1970.
    fn span(&self, days: i64) -> (i64, i64) {
        let epoch = jiff::civil::date(1970, 1, 1);
        let today = self.now().day(&self.tables().zone).since(epoch);
        let today = today.map_or(0, |span| i64::from(span.get_days()));
        (today - days + 1, today)
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
