//! The clocks of law and service on one claim, told from when things happened.

use jiff::civil::Date;
use lexicon::{Moment, RestDays, Severity};
use rulebook::Tables;
use rulebook::tables::{Clock, Nature};

use crate::state::{Claim, Marks};

/// A clock on a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its code; the key of its words.
    pub code: String,
    /// Where it comes from.
    pub nature: Nature,
    /// The article, clause or promise.
    pub source: String,
    /// When it began.
    pub started_at: Moment,
    /// When it ends; moved by the days it stood still.
    pub due: Moment,
    /// When it warns.
    pub warn: Moment,
    /// Whether it stands still now.
    pub stopped: bool,
    /// When it was met, if it was.
    pub met_at: Option<Moment>,
}

const REFUSAL_LETTER: &str = "refusal-letter";

/// The clocks that have begun on `claim`, as of `now`, in the order of the table. On a claim that has ended only those are told
/// that were met, and the one of its refusal letter.
pub fn clocks(claim: &Claim, now: Moment, tables: &Tables) -> Vec<Running> {
    tables
        .clocks(now)
        .filter(|clock| concerns(clock, claim.severity))
        .filter_map(|clock| run(clock, claim, now, tables))
        .filter(|clock| !claim.is_over() || clock.met_at.is_some() || clock.code == REFUSAL_LETTER)
        .collect()
}

fn concerns(clock: &Clock, severity: Option<Severity>) -> bool {
    match (&clock.severities, severity) {
        (None, _) => true,
        (Some(severities), Some(severity)) => severities.contains(&severity),
        (Some(_), None) => false,
    }
}

fn run(clock: &Clock, claim: &Claim, now: Moment, tables: &Tables) -> Option<Running> {
    let marks = &claim.marks;
    let (start, met_at) = ends(clock.code.as_str(), marks)?;
    let waits = if clock.code == "decide-coverage" { &marks.paper_waits[..] } else { &[] };
    let due = match (clock.days, waits) {
        (Some(days), [_, ..]) => with_waits(start, days, waits, now, tables),
        _ => clock.ends(start, &tables.rest_days, &tables.zone),
    };
    Some(Running {
        code: clock.code.clone(),
        nature: clock.nature,
        source: clock.source.clone(),
        started_at: start,
        due,
        warn: due.plus_seconds(-clock.warning_seconds()),
        stopped: met_at.is_none() && waits.last().is_some_and(|(_, until)| until.is_none()),
        met_at,
    })
}

/// When a clock began and, if it was, when it was met. Clocks of things that this claim does not know do not run.
fn ends(code: &str, marks: &Marks) -> Option<(Moment, Option<Moment>)> {
    let asked = marks.paper_waits.first().map(|(from, _)| *from);
    let since = |start: Option<Moment>, end: Option<Moment>| start.map(|start| (start, end));
    match code {
        "ctpl-papers-list" => since(marks.notified_at, asked.or(marks.papers_complete_at)),
        "ctpl-decision" | "undisputed-advance" => since(marks.papers_complete_at, marks.decided_at),
        "ctpl-pay" | "pay-after-agreement" | "pay-small" => since(marks.agreed_at, marks.paid_at),
        "decide-coverage" => since(marks.first_papers_at, marks.decided_at),
        REFUSAL_LETTER => since(marks.declined_at, marks.refusal_served_at),
        "triage" => since(marks.notified_at, marks.triaged_at),
        "inspect" => since(marks.inspection_asked_at, marks.inspected_at),
        "assess-minor" => since(marks.papers_complete_at, marks.assessed_at),
        "assess-general" | "assess-major" => since(marks.inspected_at, marks.assessed_at),
        "adjudicate" => since(marks.assessed_at, marks.decided_at),
        "answer-person" => since(marks.person_asked_at, None),
        _ => None,
    }
}

/// A term that stands still, in whole days, from the day a request reached the insured until the day the papers came
/// (保险法 art. 23, 司法解释二 art. 15). While it stands still it is counted to `now`.
fn with_waits(
    start: Moment,
    days: u16,
    waits: &[(Moment, Option<Moment>)],
    now: Moment,
    tables: &Tables,
) -> Moment {
    let day = |moment| tables.day(moment);
    let waits: Vec<(Date, Date)> =
        waits.iter().map(|(from, until)| (day(*from), day(until.unwrap_or(now)))).collect();
    let last = deadline_with_waits(day(start), days, &waits, &tables.rest_days);
    Moment::start_of(last.saturating_add(jiff::Span::new().days(1)), &tables.zone)
}

/// The last day of a term of `days` from `start` that stands still in each of `waits`, as far as they lie after its start.
pub fn deadline_with_waits(start: Date, days: u16, waits: &[(Date, Date)], rest_days: &RestDays) -> Date {
    let days_of =
        |(from, until): &(Date, Date)| start.max(*from).until(*until).map_or(0, |span| span.get_days());
    let stood: i32 = waits.iter().map(|wait| days_of(wait).max(0)).sum();
    rest_days.deadline(start, days.saturating_add(u16::try_from(stood).unwrap_or(u16::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_worked_examples_of_the_clocks() {
        let tables = Tables::shipped().unwrap();
        let days = &tables.rest_days;
        let d = |month, day| date(2026, month, day);
        // X31: claim and papers 03-01, the request reaches the insured 03-05, papers 03-12.
        assert_eq!(deadline_with_waits(d(3, 1), 30, &[(d(3, 5), d(3, 12))], days), d(4, 7));
        assert_eq!(days.deadline(d(3, 12), 60), d(5, 11));
        // What was waited for before the term began does not lengthen it.
        assert_eq!(deadline_with_waits(d(3, 1), 30, &[(d(2, 20), d(3, 8))], days), d(4, 7));
        assert_eq!(deadline_with_waits(d(3, 1), 30, &[(d(2, 20), d(2, 25))], days), d(3, 31));
        // X32: decided 03-20.
        assert_eq!(days.deadline(d(3, 20), 3), d(3, 23));
        assert_eq!(days.deadline(d(3, 20), 10), d(3, 30));
        // X33: applied 03-01, papers 03-10, agreed 03-16; 03-15 is a Sunday.
        assert_eq!(days.deadline(d(3, 1), 1), d(3, 2));
        assert_eq!(days.deadline(d(3, 10), 5), d(3, 16));
        assert_eq!(days.deadline(d(3, 16), 10), d(3, 26));
    }
}
