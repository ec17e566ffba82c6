//! What the catalogue promises.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let zh = entries(Lang::Zh);
    let en = entries(Lang::En);
    let mut differences = Vec::new();
    for key in zh.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (zh.get(key), en.get(key)) {
            (Some(_), None) => differences.push(format!("{key}: only in zh")),
            (None, Some(_)) => differences.push(format!("{key}: only in en")),
            (Some(zh), Some(en)) if zh != en => {
                differences.push(format!("{key}: zh takes {zh:?}, en takes {en:?}"))
            }
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn both_languages_have_the_same_files() {
    let names = |lang: Lang| {
        FILES
            .iter()
            .filter(|(language, ..)| *language == lang.code())
            .map(|(_, name, _)| *name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(Lang::Zh), names(Lang::En));
}

/// Key → variables. Fails on a syntax error, a key said twice, and a key that could not be a code.
fn entries(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (_, name, text) in FILES.iter().filter(|(language, ..)| *language == lang.code()) {
        let resource = fluent_syntax::parser::parse(*text)
            .unwrap_or_else(|(_, errors)| panic!("{}/{name}.ftl: {errors:?}", lang.code()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name.to_owned();
            assert!(
                is_a_code(&key),
                "{name}.ftl: {key} is neither lower case with dashes nor ends in the name of an event"
            );
            let mut variables = BTreeSet::new();
            if let Some(value) = &message.value {
                in_pattern(value, &mut variables);
            }
            assert!(
                found.insert(key.clone(), variables).is_none(),
                "{}/{name}.ftl: {key} is there twice",
                lang.code()
            );
        }
    }
    found
}

/// Lower case with dashes, as codes are; `_` where a code of the settlement has it, and capitals in the names of events.
fn is_a_code(key: &str) -> bool {
    let (words, event) = match key.strip_prefix("timeline-") {
        Some(rest) => {
            rest.split_at(rest.find(|first: char| first.is_ascii_uppercase()).unwrap_or(rest.len()))
        }
        None => (key, ""),
    };
    words.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
        && event.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn in_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, found),
        Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        _ => {}
    }
}

#[test]
fn a_code_without_a_sentence_is_shown_as_itself() {
    assert_eq!(Words::of(Lang::Zh).say("no.such.code"), "no.such.code");
}

#[test]
fn the_best_language_is_chosen_from_the_header() {
    for (header, expected) in [
        ("", Lang::Zh),
        ("fr, de;q=0.5", Lang::Zh),
        ("en-US,en;q=0.9", Lang::En),
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
        ("en;q=0.8, zh;q=0.9", Lang::Zh),
        ("en;q=0.91, zh;q=0.9", Lang::En),
        ("en;q=0", Lang::Zh),
        ("fr;q=1.0, en;q=0.3", Lang::En),
    ] {
        assert_eq!(Lang::accepted(header), expected, "{header:?}");
    }
}

#[test]
fn amounts_read_well() {
    for (fen, figures, zh, en) in [
        (0, "0.00", "0.00元", "CNY 0.00"),
        (50, "0.50", "0.50元", "CNY 0.50"),
        (99_999, "999.99", "999.99元", "CNY 999.99"),
        (100_000, "1,000.00", "1,000.00元", "CNY 1,000.00"),
        (123_456_789, "1,234,567.89", "1,234,567.89元", "CNY 1,234,567.89"),
        (-230_000, "−2,300.00", "−2,300.00元", "CNY −2,300.00"),
    ] {
        let amount = Money::from_fen(fen);
        assert_eq!(Words::of(Lang::Zh).money(amount), figures);
        assert_eq!(Words::of(Lang::Zh).yuan(amount), zh);
        assert_eq!(Words::of(Lang::En).yuan(amount), en);
    }
}

#[test]
fn amounts_in_capitals_follow_the_rules_for_payment_papers() {
    for (yuan, expected) in [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.56", "伍角陆分"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("107.03", "壹佰零柒元零叁分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("2300.00", "贰仟叁佰元整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("20000.00", "贰万元整"),
        ("100001.00", "壹拾万零壹元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1010000.00", "壹佰零壹万元整"),
        ("100000000.00", "壹亿元整"),
        ("100000005.00", "壹亿零伍元整"),
        ("100050000.00", "壹亿零伍万元整"),
        ("-2300.00", "负贰仟叁佰元整"),
    ] {
        assert_eq!(Words::of(Lang::Zh).capitals(yuan.parse().unwrap()), expected, "{yuan}");
    }
}

#[test]
fn times_are_told_from_now() {
    let now = at("2026-05-02T15:00:00+08:00");
    for (moment, zh, en) in [
        ("2026-05-02T14:59:30+08:00", "刚刚", "just now"),
        ("2026-05-02T14:59:00+08:00", "1分钟前", "1 minute ago"),
        ("2026-05-02T14:57:00+08:00", "3分钟前", "3 minutes ago"),
        ("2026-05-02T15:00:01+08:00", "1分钟后", "in 1 minute"),
        ("2026-05-02T15:40:00+08:00", "40分钟后", "in 40 minutes"),
        ("2026-05-02T18:05:00+08:00", "今天 18:05", "today 18:05"),
        ("2026-05-02T00:00:00+08:00", "今天 00:00", "today 00:00"),
        ("2026-05-01T23:59:00+08:00", "昨天 23:59", "yesterday 23:59"),
        ("2026-05-03T09:00:00+08:00", "明天 09:00", "tomorrow 09:00"),
        ("2026-01-09T09:00:00+08:00", "1月9日 09:00", "9 Jan 09:00"),
        ("2025-12-31T09:00:00+08:00", "2025年12月31日 09:00", "31 Dec 2025 09:00"),
    ] {
        assert_eq!(Words::of(Lang::Zh).relative(at(moment), now), zh);
        assert_eq!(Words::of(Lang::En).relative(at(moment), now), en);
    }
    let zh = Words::of(Lang::Zh);
    assert_eq!(zh.until(at("2026-05-02T18:05:00+08:00"), now), "今天 18:05前");
    assert_eq!(zh.until(at("2026-05-02T15:10:00+08:00"), now), "今天 15:10前");
    assert_eq!(zh.until(at("2026-05-01T18:05:00+08:00"), now), "应在昨天 18:05前完成");
    assert_eq!(zh.moment(at("2026-05-02T06:30:00Z")), "2026年5月2日 14:30");
}

#[test]
fn durations_are_told_in_two_units() {
    let (zh, en) = (Words::of(Lang::Zh), Words::of(Lang::En));
    for (seconds, expected, english) in [
        (0, "0分钟", "0 minutes"),
        (60, "1分钟", "1 minute"),
        (7_200, "2小时", "2 h"),
        (8_040, "2小时14分", "2 h 14 min"),
        (3 * 86_400, "3天", "3 d"),
        (3 * 86_400 + 4 * 3_600, "3天4小时", "3 d 4 h"),
    ] {
        assert_eq!(zh.span(seconds), expected);
        assert_eq!(en.span(seconds), english);
    }
    for (seconds, expected) in
        [(8_040, "02:14h"), (-4_200, "超时 01:10h"), (3 * 86_400, "3天"), (86_400, "24:00h")]
    {
        assert_eq!(zh.left(seconds), expected);
    }
}
