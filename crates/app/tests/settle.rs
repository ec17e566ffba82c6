//! The golden tables of `settle`: accidents and all that comes of them.
//!
//! `UPDATE_GOLDEN=1` writes what comes out into the tables; read the difference before keeping it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use app::settlement::run;
use app::words::Lang;
use serde_json::{Value, json};

#[test]
fn the_worked_examples_come_out_as_written() {
    check("worked.txt");
}

#[test]
fn the_stories_come_out_as_told() {
    check("stories.txt");
}

#[test]
fn the_finer_rules_come_out_as_reckoned_by_hand() {
    check("finer.txt");
}

#[test]
fn every_case_can_be_told_in_plain_words() {
    for table in ["worked.txt", "stories.txt", "finer.txt"] {
        for (name, input, _) in cases(&read(table)) {
            for lang in Lang::ALL {
                let told = run(accident(input).as_bytes(), true, lang).unwrap();
                // A variable that is not given, or a sentence that is not there, would show as its name.
                let is_gap =
                    |word: &str| word.contains("{") || word.contains("settle.") || word.contains("settle-");
                assert!(!told.split_whitespace().any(is_gap), "{name}: {told}");
            }
        }
    }
}

#[test]
fn a_line_is_told_with_its_reasons() {
    let input = r#"{ "vehicles": [ { "id": "A", "fault": "1", "damage": { "repair": "1860" },
        "policy": { "wording": "W2020", "own_damage": { "sum_insured": "150000" } } } ] }"#;
    let told = run(accident(input).as_bytes(), true, Lang::Zh).unwrap();
    let expected = "\
A 的车损险赔给 A（财产损失）：1,860.00元
  · 已从他方获得：本次事故车辆以外 0.00元，其他车辆的保险 0.00元；先抵车辆损失 1,860.00元 中的 0.00元
  · 修理费 1,860.00元 − 已获赔 0.00元 − 免赔额 0.00元 = 1,860.00元
  · 本笔 1,860.00元，同组合计 1,860.00元，四舍五入到分并按最大余数分配，得 1,860.00元
A 的保单应赔合计：1,860.00元
";
    assert_eq!(told, expected);
}

#[test]
fn a_step_carries_its_rule_its_value_and_what_it_used() {
    let input = r#"{ "vehicles": [ { "id": "A", "fault": "1" } ],
        "victims": [ { "id": "P", "property": "3000" }, { "id": "Q", "property": "1000" }, { "id": "R", "property": "500" } ] }"#;
    let statement: Value =
        serde_json::from_str(&run(accident(input).as_bytes(), false, Lang::En).unwrap()).unwrap();
    let because = &statement["lines"][1]["because"];
    let rules: Vec<&str> =
        because.as_array().unwrap().iter().map(|step| step["rule"].as_str().unwrap()).collect();
    let expected =
        ["loss.claimed", "ctpl.limit.property.at-fault", "ctpl.share.practice", "ctpl.cap", "rounding.fen"];
    assert_eq!(rules, expected);
    assert_eq!(
        because[1],
        json!({
            "rule": "ctpl.limit.property.at-fault",
            "says": "Property limit, at fault: CNY 2,000.00",
            "value": "2000.00",
            "with": { "limit": "2000.00" },
        })
    );
    assert_eq!(
        because[3],
        json!({
            "rule": "ctpl.cap",
            "says": "The shares here are CNY 4,500.00 together, above the limit of CNY 2,000.00; this one of CNY 1,000.00 is scaled down to ≈CNY 444.44",
            "value": "444.44",
            "exact": "4000/9",
            "with": { "share": "1000.00", "shares": "4500.00", "limit": "2000.00" },
        })
    );
}

/// The only place here that knows how a table is written. New cases are lines, not code.
#[track_caller]
fn check(table: &str) {
    let text = read(table);
    let mut updated = text.split("\n== ").next().unwrap().to_owned();
    let mut wrong = Vec::new();
    for (name, input, expected) in cases(&text) {
        let found = outcome(input);
        if found.trim_end() != expected.trim_end() {
            wrong.push(format!("== {name}\nexpected\n{}\nfound\n{found}", expected.trim_end()));
        }
        write!(updated, "\n== {name}\n{input}\n--\n{}\n", found.trim_end()).unwrap();
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path(table), updated).unwrap();
        return;
    }
    assert!(cases(&text).next().is_some(), "{table} has no case");
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

fn path(table: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/settle").join(table)
}

fn read(table: &str) -> String {
    std::fs::read_to_string(path(table)).unwrap()
}

/// The cases of a table: name, accident, what comes of it.
fn cases(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    text.split("\n== ").skip(1).map(|block| {
        let (name, rest) = block.split_once('\n').unwrap();
        let (input, expected) =
            rest.split_once("\n--\n").unwrap_or_else(|| panic!("{name}: no line of dashes"));
        (name, input, expected)
    })
}

/// The accident, today unless it says otherwise.
fn accident(input: &str) -> String {
    let mut accident: Value = serde_json::from_str(input).unwrap_or_else(|error| panic!("{error}\n{input}"));
    let members = accident.as_object_mut().unwrap();
    members.entry("occurred_at").or_insert(json!("2026-05-02T14:30:00+08:00"));
    accident.to_string()
}

/// The statement for `input` in the words of the tables.
fn outcome(input: &str) -> String {
    let statement = match run(accident(input).as_bytes(), false, Lang::En) {
        Ok(statement) => serde_json::from_str::<Value>(&statement).unwrap(),
        Err(problem) => return problem,
    };
    let mut text = String::new();
    let word = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    if statement["mutual_self_claim"] == true {
        text.push_str("mutual self-claim\n");
    }
    for line in statement["lines"].as_array().unwrap() {
        let fields = ["payer", "cover", "payee", "bucket", "amount"].map(|name| word(line, name));
        text.push_str(&fields.join(" "));
        if line["paid_by"] != line["payer"] {
            write!(text, " by {}", word(line, "paid_by")).unwrap();
        }
        text.push('\n');
        assert!(line["because"].as_array().is_some_and(|steps| steps.len() >= 2), "{line}");
    }
    for recovery in statement["recoveries"].as_array().unwrap() {
        let [by, from, cover, amount] = ["by", "from", "cover", "amount"].map(|name| word(recovery, name));
        writeln!(text, "recovery {by} from {from} {cover} {amount}").unwrap();
    }
    for unpaid in statement["unpaid"].as_array().unwrap() {
        let [payee, bucket, amount] = ["payee", "bucket", "amount"].map(|name| word(unpaid, name));
        writeln!(text, "unpaid {payee} {bucket} {amount}").unwrap();
    }
    for (payer, total) in statement["totals"].as_object().unwrap() {
        writeln!(text, "total {payer} {}", total.as_str().unwrap()).unwrap();
    }
    if statement["paid_totals"] != statement["totals"] {
        for (payer, total) in statement["paid_totals"].as_object().unwrap() {
            writeln!(text, "paid {payer} {}", total.as_str().unwrap()).unwrap();
        }
    }
    for pending in statement["pending"].as_array().unwrap() {
        writeln!(text, "pending {}", pending.as_str().unwrap()).unwrap();
    }
    text
}
