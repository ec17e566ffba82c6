//! Clocks of law, contract and service.

use jiff::civil::Date;
use lexicon::{Moment, RestDays, Severity};
use serde::Deserialize;

use super::{Dated, day, maybe_day};

#[derive(Debug, Deserialize)]
pub(super) struct Clocks {
    pub(super) clock: Vec<Clock>,
}

/// A clock: by when something must be done.
#[derive(Debug, Deserialize)]
pub struct Clock {
    /// Its code; the key of its words.
    pub code: String,
    /// Where it comes from.
    pub nature: Nature,
    /// Its length in legal days; or
    pub days: Option<u16>,
    /// in hours; or
    pub hours: Option<i64>,
    /// in minutes.
    pub minutes: Option<i64>,
    /// The severities it runs for; all when absent.
    pub severities: Option<Vec<Severity>>,
    /// How long before its end it warns, in hours.
    #[serde(default)]
    pub warn_hours: i64,
    /// How long before its end it warns, in minutes, added to the hours.
    #[serde(default)]
    pub warn_minutes: i64,
    /// Who is told.
    #[serde(default)]
    pub escalate_to: String,
    /// The article, clause or promise.
    pub source: String,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

/// Where a clock comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// A law.
    Legal,
    /// The contract.
    Contract,
    /// The insurer's own promise.
    Service,
}

impl Clock {
    pub(super) fn holds(&self, day: Date) -> bool {
        Dated { from: self.from, to: self.to }.holds(day)
    }

    /// When the clock that starts at `start` is over, in `zone`. A term in days ends with its last legal day.
    pub fn ends(&self, start: Moment, rest_days: &RestDays, zone: &jiff::tz::TimeZone) -> Moment {
        match (self.days, self.hours, self.minutes) {
            (Some(days), _, _) => rest_days.deadline_moment(start, days, zone),
            (None, Some(hours), _) => start.plus_seconds(hours * 3600),
            (None, None, minutes) => start.plus_seconds(minutes.unwrap_or(0) * 60),
        }
    }

    /// How long before its end it warns, in seconds.
    pub fn warning_seconds(&self) -> i64 {
        self.warn_hours * 3600 + self.warn_minutes * 60
    }
}
