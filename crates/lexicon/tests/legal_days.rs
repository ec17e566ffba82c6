//! Terms of law on the calendar that is shipped.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use lexicon::{Moment, RestDays};

fn shipped() -> RestDays {
    toml::from_str(include_str!("../../../rules/calendar.toml")).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn terms_end_where_the_civil_code_ends_them() {
    let calendar = shipped();
    for (what, start, days, expected) in [
        ("decision after papers of 03-01, stopped for 7 days", "2026-03-01", 30 + 7, "2026-04-07"),
        ("the same without a stop", "2026-03-01", 30, "2026-03-31"),
        ("advance payment after papers of 03-12", "2026-03-12", 60, "2026-05-11"),
        ("refusal letter after a decision of 03-20", "2026-03-20", 3, "2026-03-23"),
        ("payment after an agreement of 03-20", "2026-03-20", 10, "2026-03-30"),
        ("list of papers after an application of 03-01", "2026-03-01", 1, "2026-03-02"),
        ("decision after papers of 03-10: 03-15 is a Sunday", "2026-03-10", 5, "2026-03-16"),
        ("payment after an agreement of 03-16", "2026-03-16", 10, "2026-03-26"),
        ("a Saturday moves to Monday", "2026-03-11", 3, "2026-03-16"),
        ("a Sunday that is worked is a last day", "2025-12-25", 10, "2026-01-04"),
        ("Labour Day moves over the whole holiday", "2026-04-21", 10, "2026-05-06"),
        ("and not past a worked Saturday", "2026-05-06", 3, "2026-05-09"),
        ("National Day of 2025", "2025-09-21", 10, "2025-10-09"),
    ] {
        assert_eq!(calendar.deadline(day(start), days), day(expected), "{what}");
    }
}

#[test]
fn a_term_is_over_at_the_midnight_that_ends_its_last_day() {
    let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
    let papers: Moment = "2026-03-10T23:30:00+08:00".parse().unwrap();
    let over = shipped().deadline_moment(papers, 5, &shanghai);
    assert_eq!(over, "2026-03-17T00:00:00+08:00".parse().unwrap());
}

#[test]
fn the_holiday_rider_doubles_on_rest_days_only() {
    let calendar = shipped();
    for (text, expected) in [
        ("2024-04-28", false), // a make-up workday, though a Sunday
        ("2024-05-01", true),
        ("2024-05-03", true),  // a shifted rest day
        ("2024-05-11", false), // a make-up workday, though a Saturday
        ("2024-05-12", true),  // a plain Sunday
        ("2024-05-13", false),
        ("2026-10-01", true),
        ("2026-10-10", false),
    ] {
        assert_eq!(calendar.doubles_limit(day(text)), expected, "{text}");
    }
}

#[test]
fn a_day_declared_free_once_is_a_rest_day_that_does_not_double() {
    let calendar: RestDays = toml::from_str(
        r#"
        [[year]]
        year = 2015
        holiday = [{ from = "2015-09-03", to = "2015-09-05", one_off = true }]
        makeup = ["2015-09-06"]
        "#,
    )
    .unwrap();
    assert!(calendar.is_rest_day(day("2015-09-03")) && !calendar.doubles_limit(day("2015-09-03")));
    assert!(calendar.doubles_limit(day("2015-09-05")), "a Saturday doubles anyway");
}

#[test]
fn the_shipped_years_are_complete() {
    let calendar = shipped();
    for (year, holidays) in [(2024, 28), (2025, 28), (2026, 33)] {
        let first = jiff::civil::date(year, 1, 1);
        assert!(calendar.covers(first));
        let days = first.series(jiff::ToSpan::days(1)).take_while(|day| day.year() == year);
        let listed = include_str!("../../../rules/calendar.toml").parse::<toml::Table>().unwrap();
        let listed = listed["year"]
            .as_array()
            .unwrap()
            .iter()
            .find(|table| table["year"].as_integer() == Some(year.into()));
        let length = |range: &toml::Value| {
            let end = |name: &str| day(range[name].as_str().unwrap());
            (end("to") - end("from")).get_days() + 1
        };
        let sum: i32 = listed.unwrap()["holiday"].as_array().unwrap().iter().map(length).sum();
        assert_eq!(sum, holidays, "{year}: days announced, weekends within included");
        assert!(days.filter(|day| calendar.is_rest_day(*day)).count() > 110, "{year}");
    }
    assert!(!calendar.covers(day("2027-01-01")));
}

#[test]
fn a_calendar_that_contradicts_itself_is_refused() {
    for (what, table) in [
        ("a make-up workday on a Friday", r#"year = 2026, makeup = ["2026-05-08"]"#),
        (
            "a make-up workday within a holiday",
            r#"year = 2026, holiday = [{ from = "2026-05-01", to = "2026-05-05" }], makeup = ["2026-05-02"]"#,
        ),
        (
            "a range the wrong way round",
            r#"year = 2026, holiday = [{ from = "2026-05-05", to = "2026-05-01" }]"#,
        ),
        ("a mistyped year", r#"year = 2026, holiday = [{ from = "2026-05-01", to = "2062-05-05" }]"#),
        ("a day of another year", r#"year = 2026, holiday = [{ from = "2025-05-01", to = "2025-05-05" }]"#),
    ] {
        assert!(toml::from_str::<RestDays>(&format!("year = [{{ {table} }}]")).is_err(), "{what}");
    }
}
