//! Legal days: when a term of law ends, and which days are rest days.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::Moment;

/// The State Council's calendar: which weekdays are rest days, and which weekend days are worked instead.
///
/// Read from a dated table (`[[year]]`, each with its `holiday` ranges and `makeup` days). Of a year that is not in it only
/// Saturdays and Sundays are known as rest days: ask [`RestDays::covers`] before relying on a far deadline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Calendar")]
pub struct RestDays {
    holidays: BTreeSet<Date>,
    makeup: BTreeSet<Date>,
    one_off: BTreeSet<Date>,
    years: BTreeSet<i16>,
}

/// The calendar contradicts itself: a range that ends before it begins or lasts over a month, a make-up workday on a weekday
/// or within a holiday, or a day outside its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar contradicts itself at {0}")]
pub struct BadCalendar(pub Date);

#[derive(Deserialize)]
struct Calendar {
    year: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    year: i16,
    #[serde(default)]
    holiday: Vec<Holiday>,
    #[serde(default)]
    makeup: Vec<Date>,
}

#[derive(Deserialize)]
struct Holiday {
    from: Date,
    to: Date,
    #[serde(default)]
    one_off: bool,
}

impl RestDays {
    /// A calendar of these `holidays` and these `makeup` workdays, of the years in which they lie.
    pub fn new(
        holidays: impl IntoIterator<Item = Date>,
        makeup: impl IntoIterator<Item = Date>,
    ) -> Result<RestDays, BadCalendar> {
        let holidays: BTreeSet<Date> = holidays.into_iter().collect();
        let makeup: BTreeSet<Date> = makeup.into_iter().collect();
        if let Some(&wrong) = makeup.iter().find(|day| !is_weekend(**day) || holidays.contains(day)) {
            return Err(BadCalendar(wrong));
        }
        let years = holidays.iter().chain(&makeup).map(|day| day.year()).collect();
        Ok(RestDays { holidays, makeup, one_off: BTreeSet::new(), years })
    }

    /// Whether nobody has to work on `day`: holidays, Saturdays and Sundays, but not make-up workdays.
    pub fn is_rest_day(&self, day: Date) -> bool {
        self.holidays.contains(&day) || (is_weekend(day) && !self.makeup.contains(&day))
    }

    /// Whether a third-party limit is doubled on `day` by the rider for legal holidays (法定节假日限额翻倍): on rest days,
    /// but not on a weekday that was declared free once only.
    pub fn doubles_limit(&self, day: Date) -> bool {
        self.is_rest_day(day) && (is_weekend(day) || !self.one_off.contains(&day))
    }

    /// The last day of a term of `days` that begins with an event on `start` (civil code, art. 201 to 203): the day of the
    /// event is not counted, and a last day on a rest day moves on to the next working day.
    pub fn deadline(&self, start: Date, days: u16) -> Date {
        let mut last = start.saturating_add(i64::from(days).days());
        while self.is_rest_day(last) && last < Date::MAX {
            last = last.saturating_add(1.day());
        }
        last
    }

    /// When a term of `days` that begins with an event at `start` is over: the midnight in `zone` that ends its last day.
    pub fn deadline_moment(&self, start: Moment, days: u16, zone: &TimeZone) -> Moment {
        let last = self.deadline(start.day(zone), days);
        Moment::start_of(last.saturating_add(1.day()), zone)
    }

    /// Whether the calendar of the year of `day` is known.
    pub fn covers(&self, day: Date) -> bool {
        self.years.contains(&day.year())
    }
}

impl TryFrom<Calendar> for RestDays {
    type Error = BadCalendar;

    fn try_from(calendar: Calendar) -> Result<RestDays, BadCalendar> {
        let (mut holidays, mut makeup) = (BTreeSet::new(), BTreeSet::new());
        let (mut one_off, mut years) = (BTreeSet::new(), BTreeSet::new());
        for year in calendar.year {
            years.insert(year.year);
            for holiday in &year.holiday {
                // A month bounds what a mistyped year could unroll.
                if holiday.to < holiday.from || holiday.to > holiday.from.saturating_add(31.days()) {
                    return Err(BadCalendar(holiday.from));
                }
                let days = holiday.from.series(1.day()).take_while(|day| *day <= holiday.to);
                holidays.extend(days.clone());
                one_off.extend(days.filter(|_| holiday.one_off));
            }
            let belongs = |day: &Date| day.year() == year.year;
            let named = year.holiday.iter().map(|holiday| holiday.to).chain(year.makeup.iter().copied());
            if let Some(stray) = named.clone().find(|day| !belongs(day)) {
                return Err(BadCalendar(stray));
            }
            makeup.extend(year.makeup);
        }
        let checked = RestDays::new(holidays, makeup)?;
        Ok(RestDays { one_off, years, ..checked })
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
