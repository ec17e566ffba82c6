//! Points in time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00Z, as stored. Shown in the insurer's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

/// The text is no time with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time-form")]
pub struct BadMoment;

impl Moment {
    /// From microseconds since 1970-01-01T00:00Z.
    pub const fn from_micros(micros: i64) -> Moment {
        Moment(micros)
    }

    /// Microseconds since 1970-01-01T00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// `self` moved by `seconds`, which may be negative. Saturates at the ends of time.
    pub const fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn seconds_since(self, earlier: Moment) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    /// The calendar day in `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }

    /// The first instant of `day` in `zone`.
    pub fn start_of(day: Date, zone: &TimeZone) -> Moment {
        let start = day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp().as_microsecond());
        // A day outside the library's years (−9999..9999) does not occur: `Date` has the same range, so only an edge hour can fail.
        Moment(start.unwrap_or(if day.year() < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Date and time in `zone`, for showing.
    pub fn zoned(self, zone: &TimeZone) -> jiff::Zoned {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        timestamp.to_zoned(zone.clone())
    }
}

/// RFC 3339 in UTC: `2026-05-02T06:30:00Z`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl FromStr for Moment {
    type Err = BadMoment;

    /// Reads RFC 3339; an offset or `Z` is required.
    fn from_str(text: &str) -> Result<Moment, BadMoment> {
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| BadMoment)?;
        Ok(Moment(timestamp.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_offset() {
        assert_eq!(
            "2026-05-02T14:30:00+08:00".parse::<Moment>().unwrap().to_string(),
            "2026-05-02T06:30:00Z"
        );
        assert_eq!("2026-05-02T14:30:00".parse::<Moment>(), Err(BadMoment));
        assert_eq!("yesterday".parse::<Moment>(), Err(BadMoment));
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_insurers_zone() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let start = Moment::start_of(jiff::civil::date(2026, 5, 2), &shanghai);
        assert_eq!(start.to_string(), "2026-05-01T16:00:00Z");
        assert_eq!(start.day(&shanghai), jiff::civil::date(2026, 5, 2));
        assert_eq!(start.plus_seconds(-1).day(&shanghai), jiff::civil::date(2026, 5, 1));
    }
}
