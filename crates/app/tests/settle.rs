//! The golden tables of `settle`: accidents and all that comes of them.
//!
//! `UPDATE_GOLDEN=1` writes what comes out into the tables; read the difference before keeping it.

use std::fmt::Write as _;
use std::path::Path;

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

/// The only place here that knows how a table is written. New cases are lines, not code.
#[track_caller]
fn check(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/settle").join(table);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut blocks = text.split("\n== ");
    let mut updated = blocks.next().unwrap().to_owned();
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks {
        let (name, rest) = block.split_once('\n').unwrap();
        let (input, expected) =
            rest.split_once("\n--\n").unwrap_or_else(|| panic!("{name}: no line of dashes"));
        let found = outcome(input);
        if found.trim_end() != expected.trim_end() {
            wrong.push(format!("== {name}\nexpected\n{}\nfound\n{found}", expected.trim_end()));
        }
        write!(updated, "\n== {name}\n{input}\n--\n{}\n", found.trim_end()).unwrap();
        count += 1;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, updated).unwrap();
        return;
    }
    assert!(count > 0, "{table} has no case");
    assert!(wrong.is_empty(), "{} of {count} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// The statement for `input` in the words of the tables.
fn outcome(input: &str) -> String {
    let mut accident: Value = serde_json::from_str(input).unwrap_or_else(|error| panic!("{error}\n{input}"));
    let members = accident.as_object_mut().unwrap();
    members.entry("occurred_at").or_insert(json!("2026-05-02T14:30:00+08:00"));
    let statement = match run(accident.to_string().as_bytes(), false, Lang::En) {
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
