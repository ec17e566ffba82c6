//! Dates and durations as people say them, in the insurer's zone.

use jiff::Zoned;
use jiff::civil::DateTime;
use lexicon::Moment;

use super::{Arg, Words};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Words {
    /// The day: `2026年5月2日`, `2 May 2026`.
    pub fn date(&self, moment: Moment) -> String {
        self.calendar("date-full", &self.zoned(moment))
    }

    /// Day and time: `2026年5月2日 14:30`.
    pub fn moment(&self, moment: Moment) -> String {
        let zoned = self.zoned(moment);
        format!("{} {}", self.calendar("date-full", &zoned), clock_face(&zoned))
    }

    /// The time of day: `14:30`.
    pub fn time(&self, moment: Moment) -> String {
        clock_face(&self.zoned(moment))
    }

    /// As an input of a form holds it, in the insurer's zone: `2026-05-02T14:30`.
    pub fn typed(&self, moment: Moment) -> String {
        let zoned = self.zoned(moment);
        format!("{}T{}", zoned.date(), clock_face(&zoned))
    }

    /// Reads what an input of a form sends.
    pub fn read_typed(&self, text: &str) -> Option<Moment> {
        let zoned = text.parse::<DateTime>().ok()?.to_zoned(self.zone.clone()).ok()?;
        Some(Moment::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// As one says it at `now`: `3分钟前`, `今天 15:40`, `昨天 14:30`, `5月2日 14:30`.
    pub fn relative(&self, moment: Moment, now: Moment) -> String {
        let ahead = moment.seconds_since(now);
        match ahead {
            -59..=0 => return self.say("time-just-now").into_owned(),
            -3599..=-60 => return self.counted("time-minutes-ago", -ahead / MINUTE),
            1..3600 => return self.counted("time-in-minutes", (ahead + MINUTE - 1) / MINUTE),
            _ => {}
        }
        self.day_and_time(moment, now)
    }

    /// The day as one says it at `now`, and the time: `今天 15:40`.
    fn day_and_time(&self, moment: Moment, now: Moment) -> String {
        format!("{} {}", self.day(moment, now), self.time(moment))
    }

    /// The day as one says it at `now`: `今天`, `5月2日`.
    pub fn day(&self, moment: Moment, now: Moment) -> String {
        let (then, today) = (self.zoned(moment), self.zoned(now));
        match (then.date() - today.date()).get_days() {
            0 => self.say("time-today").into_owned(),
            -1 => self.say("time-yesterday").into_owned(),
            1 => self.say("time-tomorrow").into_owned(),
            _ if then.year() == today.year() => self.calendar("date-short", &then),
            _ => self.calendar("date-full", &then),
        }
    }

    /// By when something is due: the end of a day belongs to that day, `2026年11月24日 24:00`.
    pub fn due(&self, moment: Moment) -> String {
        let (moment, clock) = self.end(moment);
        format!("{} {clock}", self.date(moment))
    }

    /// Until when, at `now`: `今天 15:40 前`.
    pub fn until(&self, moment: Moment, now: Moment) -> String {
        let (day, clock) = self.end(moment);
        let when = format!("{} {clock}", self.day(day, now));
        let code = if moment < now { "time-was-due" } else { "time-until" };
        self.say_with(code, &[("when", when.into())]).into_owned()
    }

    /// How long: `5分钟`, `2小时14分`, `3天4小时`.
    pub fn span(&self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        let (code, large, small) = match seconds {
            ..HOUR => return self.counted("span-minutes", (seconds + MINUTE / 2) / MINUTE),
            HOUR..DAY => ("span-hours", seconds / HOUR, seconds % HOUR / MINUTE),
            _ => ("span-days", seconds / DAY, seconds % DAY / HOUR),
        };
        self.say_with(code, &[("large", large.into()), ("small", small.into())]).into_owned()
    }

    /// What is left of a clock, in few letters for lists: `02:14h`, `3天`, `超时 01:10h`.
    pub fn left(&self, seconds: i64) -> String {
        let away = seconds.abs();
        let text = if away >= 2 * DAY {
            self.counted("span-days-short", away / DAY)
        } else {
            format!("{:02}:{:02}h", away / HOUR, away % HOUR / MINUTE)
        };
        if seconds < 0 { self.say_with("time-overdue", &[("span", text.into())]).into_owned() } else { text }
    }

    /// A moment of the day that ends at `moment`, where one does, and the time on the clock.
    fn end(&self, moment: Moment) -> (Moment, String) {
        match self.time(moment) {
            midnight if midnight == "00:00" => (moment.plus_seconds(-1), "24:00".to_owned()),
            clock => (moment, clock),
        }
    }

    fn zoned(&self, moment: Moment) -> Zoned {
        moment.zoned(&self.zone)
    }

    fn counted(&self, code: &str, count: i64) -> String {
        self.say_with(code, &[("count", count.into())]).into_owned()
    }

    fn calendar(&self, code: &str, zoned: &Zoned) -> String {
        let number = |part: i8| Arg::Number(i64::from(part));
        let year = Arg::from(zoned.year().to_string());
        let mut args = vec![("month", number(zoned.month())), ("day", number(zoned.day()))];
        if code == "date-full" {
            args.push(("year", year));
        }
        self.say_with(code, &args).into_owned()
    }
}

fn clock_face(zoned: &Zoned) -> String {
    format!("{:02}:{:02}", zoned.hour(), zoned.minute())
}
