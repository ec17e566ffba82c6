//! Commands that need no data: check, settle, help, configuration.

use serde_json::Value;

use crate::process::{anpei, run, run_with, told};

const WALL: &str = r#"{ "occurred_at": "2026-05-02T14:30:00+08:00",
  "vehicles": [ { "id": "A", "fault": "1", "damage": { "repair": "3000.00" },
    "policy": { "wording": "W2020", "own_damage": { "sum_insured": "164000.00" } } } ] }"#;

#[test]
fn check_says_what_is_wrong_and_exits_by_it() {
    for (kind, value, code, normalised, problem) in [
        ("plate", "京N·8K621", 0, "京N8K621", Value::Null),
        ("plate", "京Ｎ 8ｋ621", 0, "京N8K621", Value::Null),
        ("phone", "+86 138-0001-0101", 0, "13800010101", Value::Null),
        ("id-number", "11010519491231002X", 0, "11010519491231002X", Value::Null),
        ("id-number", "110105194912310021", 1, "110105194912310021", "check-digit".into()),
        ("vin", "LSVAA4182E218484", 1, "LSVAA4182E218484", "length".into()),
        ("vin", "-", 1, "", "length".into()),
        ("uscc", "", 1, "", "length".into()),
    ] {
        let (exit, out, err) = run(&["check", kind, value]);
        assert_eq!((exit, err.as_str()), (code, ""), "{kind} {value}");
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["kind"], kind);
        assert_eq!(answer["value"], value);
        assert_eq!(answer["normalised"], normalised, "{kind} {value}");
        assert_eq!(answer["problem"], problem, "{kind} {value}");
        assert_eq!(answer["valid"], code == 0, "{kind} {value}");
    }
}

#[test]
fn check_exits_with_2_where_it_was_not_asked_anything() {
    for arguments in [&["check", "shoe-size", "44"][..], &["check", "vin"], &["check"]] {
        let (exit, out, err) = run(arguments);
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn settle_answers_in_json_or_in_words() {
    let (exit, out, err) = run_with(&["settle", "-"], WALL);
    assert_eq!((exit, err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["totals"]["A"], "3000.00");
    let words = |lang| run_with(&["settle", "--explain", "--lang", lang, "-"], WALL).1;
    assert!(words("en").contains("3,000.00"), "{}", words("en"));
    assert!(words("zh").contains("3,000.00") && words("zh") != words("en"), "{}", words("zh"));
}

#[test]
fn settle_refuses_with_2_and_a_problem() {
    for (input, code, pointer) in [
        ("no json", "bad-json", ""),
        (r#"{"vehicles":[]}"#, "missing-field", "/occurred_at"),
        (&WALL.replace("3000.00", "-3000.00"), "negative-money", "/vehicles/0/damage/repair"),
        (&WALL.replace("repair", "repare"), "unknown-field", "/vehicles/0/damage/repare"),
    ] {
        let (exit, out, err) = run_with(&["settle", "--lang", "en", "-"], input);
        assert_eq!((exit, out.as_str()), (2, ""), "{input}");
        let problem: Value = serde_json::from_str(&err).unwrap();
        assert_eq!((&problem["code"], &problem["pointer"]), (&code.into(), &pointer.into()), "{input}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
    }
    let (exit, out, err) = run(&["settle", "/no/such/file.json"]);
    assert_eq!((exit, out.as_str()), (1, ""));
    assert!(err.starts_with("anpei: /no/such/file.json cannot be read") && err.lines().count() == 1, "{err}");
}

#[test]
fn every_command_teaches_by_example() {
    for command in [
        &["serve"][..],
        &["demo"],
        &["worker"],
        &["migrate"],
        &["verify"],
        &["settle"],
        &["check"],
        &["account", "open"],
        &["token", "issue"],
        &["import", "policies"],
    ] {
        let (exit, out, _) = run(&[command, &["--help"]].concat());
        assert_eq!(exit, 0, "{command:?}");
        assert!(out.contains("Examples:") && out.contains("anpei "), "{command:?}: {out}");
    }
}

#[test]
fn the_configuration_is_printed_with_its_origins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anpei.toml");
    std::fs::write(&file, "listen = \"1.2.3.4:5\"\nlog-level = \"warn\"\nmaster-key = \"feedfeed\"\n")
        .unwrap();
    let mut command =
        anpei(&["serve", "--print-config", "--data", "here", "--config", file.to_str().unwrap()]);
    let (exit, out, err) = told(command.env("ANPEI_LOG_LEVEL", "debug").output().unwrap());
    assert_eq!((exit, err.as_str()), (0, ""));
    let place = file.display();
    for (name, value, origin) in [
        ("data", "\"here\"", "flag --data".to_owned()),
        ("log-level", "\"debug\"", "environment ANPEI_LOG_LEVEL".to_owned()),
        ("listen", "\"1.2.3.4:5\"", place.to_string()),
        ("stop-seconds", "\"10\"", "default".to_owned()),
        ("# master-key", "\"***\"", place.to_string()),
    ] {
        let line = out.lines().find(|line| line.starts_with(&format!("{name} ="))).unwrap();
        assert!(line.contains(value) && line.ends_with(&origin), "{line}");
    }
    assert!(!out.contains("feedfeed"), "{out}");
}

#[test]
fn a_setting_that_does_not_exist_is_refused_with_the_nearest_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anpei.toml");
    std::fs::write(&file, "lisen = \"1.2.3.4:5\"\n").unwrap();
    let (exit, _, err) = run(&["serve", "--print-config", "--config", file.to_str().unwrap()]);
    assert_eq!(exit, 1);
    assert!(err.contains("there is no setting `lisen`; did you mean `listen`?"), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}
