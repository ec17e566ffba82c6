//! Events of about 400 bytes, and views on them of the kinds that pages read.

use std::collections::HashMap;
use std::sync::Arc;

use insight::view::{Column, FoldError, Index, Kind, Row, Rows, Type, Value, View};
use journal::{DecodeError, Recorded};
use serde::Deserialize;

/// What the folds read of an event.
#[derive(Deserialize)]
struct Traded<'a> {
    stage: &'a str,
    office: &'a str,
    amount: i64,
    due: i64,
}

/// The JSON of an event.
pub fn payload(number: usize) -> String {
    let stage = ["noted", "seen", "weighed", "paid"][number % 4];
    format!(
        r#"{{"stage":"{stage}","office":"office-{}","amount":{},"due":{},"party":{{"subject":"s-{number:08}","sealed":"{}"}},"because":["rule.first.release","rule.second.release"],"note":"{}"}}"#,
        number % 40,
        number * 37 % 1_000_000,
        1_767_225_600_000_000_u64 + number as u64,
        "AbCdEfGhIj".repeat(9),
        "x".repeat(90)
    )
}

/// Two with a row per stream, one with a row per office.
pub static VIEWS: &[&View] = &[&TRADES, &WORK, &SUMS];

const COLUMNS: &[Column] = &[
    Column { name: "id", kind: Type::Text },
    Column { name: "stage", kind: Type::Text },
    Column { name: "office", kind: Type::Text },
    Column { name: "amount", kind: Type::Integer },
    Column { name: "due", kind: Type::Integer },
    Column { name: "events", kind: Type::Integer },
];

static TRADES: View = View {
    name: "trades",
    version: 1,
    kind: Kind::Inline,
    categories: &["trade"],
    columns: COLUMNS,
    key: 1,
    indexes: &[Index { name: "by_due", columns: &["stage", "due"] }],
    fold: fold_trade,
};

static WORK: View = View {
    name: "work",
    indexes: &[Index { name: "by_office", columns: &["office", "stage", "due"] }],
    ..TRADES
};

static SUMS: View = View {
    name: "sums",
    version: 1,
    kind: Kind::Inline,
    categories: &["trade"],
    columns: &[
        Column { name: "office", kind: Type::Text },
        Column { name: "events", kind: Type::Integer },
        Column { name: "amount", kind: Type::Integer },
    ],
    key: 1,
    indexes: &[],
    fold: fold_sum,
};

fn read(entry: &Recorded) -> Result<Traded<'_>, FoldError> {
    serde_json::from_str(&entry.data).map_err(|error| {
        let (category, name, problem) = ("trade", entry.name.to_string(), error.to_string());
        DecodeError::Shape { category, name, version: entry.shape, problem }.into()
    })
}

fn fold_trade(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let traded = read(entry)?;
    let id = Value::from(entry.stream.id());
    let events = match rows.get(std::slice::from_ref(&id))?.as_ref().and_then(|row| row.last()) {
        Some(Value::Integer(events)) => events + 1,
        _ => 1,
    };
    let (stage, office) = (traded.stage.into(), traded.office.into());
    rows.put(vec![id, stage, office, traded.amount.into(), traded.due.into(), events.into()])
}

fn fold_sum(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let traded = read(entry)?;
    let office = Value::from(traded.office);
    let (events, amount) = match rows.get(std::slice::from_ref(&office))?.as_deref() {
        Some([_, Value::Integer(events), Value::Integer(amount)]) => (events + 1, amount + traded.amount),
        _ => (1, traded.amount),
    };
    rows.put(vec![office, events.into(), amount.into()])
}

/// Rows in memory: what a fold costs by itself.
#[derive(Default)]
pub struct Heap(HashMap<Arc<str>, Row>);

impl Heap {
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Rows for Heap {
    fn get(&mut self, key: &[Value]) -> Result<Option<Row>, FoldError> {
        let Value::Text(key) = &key[0] else { return Ok(None) };
        Ok(self.0.get(key).cloned())
    }

    fn put(&mut self, row: Row) -> Result<(), FoldError> {
        if let Value::Text(key) = &row[0] {
            self.0.insert(key.clone(), row);
        }
        Ok(())
    }

    fn remove(&mut self, key: &[Value]) -> Result<(), FoldError> {
        if let Value::Text(key) = &key[0] {
            self.0.remove(key);
        }
        Ok(())
    }
}
