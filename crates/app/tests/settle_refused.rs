//! What the door of `settle` refuses, and how it says so.

use std::collections::BTreeSet;

use app::settlement::{Code, parse, run};
use app::words::{Lang, Words};
use serde_json::Value;

const TABLE: &str = include_str!("golden/settle/refused.txt");
const AT: &str = r#""occurred_at": "2026-05-02T14:30:00+08:00""#;

/// The cases of the table: name, document, code and place.
fn cases() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    TABLE.split("\n== ").skip(1).map(|block| {
        let (name, rest) = block.split_once('\n').unwrap();
        let (document, expected) = rest.split_once("\n--\n").unwrap();
        (name, document.replace("AT", AT), expected.trim())
    })
}

#[test]
fn the_first_mistake_is_named_with_its_place() {
    let mut wrong = Vec::new();
    for (name, document, expected) in cases() {
        let found = match run(document.as_bytes(), false, Lang::En) {
            Ok(_) => "accepted".to_owned(),
            Err(problem) => {
                let problem: Value = serde_json::from_str(&problem).unwrap();
                let text = |member: &str| problem[member].as_str().unwrap().to_owned();
                format!("{} {}", text("code"), text("pointer")).trim().to_owned()
            }
        };
        if found != expected {
            wrong.push(format!("{name}: expected {expected}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_met_in_the_table() {
    let met: BTreeSet<&str> = cases().filter_map(|(_, _, expected)| expected.split(' ').next()).collect();
    let all: BTreeSet<&str> =
        Code::ALL.iter().map(|code| code.word()).filter(|word| *word != "too-many").collect();
    assert_eq!(met, all);
}

#[test]
fn a_problem_is_a_document_of_rfc_9457_in_the_readers_language() {
    let refused = |lang| run(br#"{"vehicles": []}"#, false, lang).unwrap_err();
    let (zh, en): (Value, Value) = (
        serde_json::from_str(&refused(Lang::Zh)).unwrap(),
        serde_json::from_str(&refused(Lang::En)).unwrap(),
    );
    for problem in [&zh, &en] {
        assert_eq!(problem["status"], 422);
        assert_eq!(problem["code"], "missing-field");
        assert_eq!(problem["pointer"], "/occurred_at");
        assert_eq!(problem["type"], "urn:anpei:problem:settle:missing-field");
        assert!(problem["title"].is_string());
    }
    assert_eq!(en["detail"], "The required /occurred_at is missing. Please add it.");
    assert_eq!(zh["detail"], "缺少必填的 /occurred_at。请补上。");
}

#[test]
fn every_refusal_and_every_step_has_a_sentence() {
    for lang in Lang::ALL {
        for code in Code::ALL {
            assert!(Words::of(lang).knows(&format!("settle.refused.{}", code.word())), "{lang:?} {code:?}");
        }
        for code in coverage::Step::CODES {
            assert!(Words::of(lang).knows(code), "{lang:?} {code}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_no_json() {
    let latin = b"{\"occurred_at\": \"\xff\"}".as_slice();
    let marked = [b"\xef\xbb\xbf".as_slice(), b"{}"].concat();
    for input in [latin, marked.as_slice(), b"\0".as_slice()] {
        let problem = parse(input).unwrap_err();
        assert_eq!((problem.code, problem.pointer.as_str()), (Code::BadJson, ""));
    }
}

#[test]
fn depth_and_number_do_not_hurt() {
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{ {AT}, "vehicles": [ {{ "id": "A", "fault": "1" }} ], "victims": {open}{close} }}"#)
    };
    assert_eq!(parse(deep(100_000).as_bytes()).unwrap_err().code, Code::BadType);
    let crowd = |count: usize| {
        let vehicles: Vec<String> =
            (0..count).map(|id| format!(r#"{{ "id": "{id}", "fault": "0" }}"#)).collect();
        format!(r#"{{ {AT}, "vehicles": [ {} ] }}"#, vehicles.join(","))
    };
    assert!(parse(crowd(100).as_bytes()).is_ok());
    let problem = parse(crowd(50_000).as_bytes()).unwrap_err();
    assert_eq!((problem.code, problem.pointer.as_str()), (Code::TooMany, "/vehicles/100"));
    let victims = |count: usize| {
        let victims: Vec<String> = (0..count).map(|id| format!(r#"{{ "id": "P{id}" }}"#)).collect();
        let driver = r#"{ "id": "D", "seat": "driver" }"#;
        format!(
            r#"{{ {AT}, "vehicles": [ {{ "id": "A", "fault": "1", "occupants": [ {driver} ] }} ], "victims": [ {} ] }}"#,
            victims.join(",")
        )
    };
    assert!(parse(victims(199).as_bytes()).is_ok());
    let problem = parse(victims(200).as_bytes()).unwrap_err();
    assert_eq!((problem.code, problem.pointer.as_str()), (Code::TooMany, "/victims/199"));
}
