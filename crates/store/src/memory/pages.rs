//! Pages of rows, by sorting: slow and plainly right.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use insight::view::{Query, Row, Value};

pub(super) fn page(rows: &BTreeMap<Vec<Value>, Row>, query: &Query) -> Vec<Row> {
    let mut found: Vec<(Vec<Value>, &Row)> =
        rows.values().filter(|row| holds(query, row)).map(|row| (query.place(row), row)).collect();
    found.sort_by(|a, b| in_order(query, &a.0, &b.0));
    if let Some(after) = &query.after {
        found.retain(|(place, _)| in_order(query, place, after) == Ordering::Greater);
    }
    found.into_iter().take(query.limit).map(|(_, row)| row.clone()).collect()
}

pub(super) fn count(rows: &BTreeMap<Vec<Value>, Row>, query: &Query) -> u64 {
    rows.values().filter(|row| holds(query, row)).count() as u64
}

fn in_order(query: &Query, a: &[Value], b: &[Value]) -> Ordering {
    if query.descending { b.cmp(a) } else { a.cmp(b) }
}

fn holds(query: &Query, row: &Row) -> bool {
    let place = query.place(row);
    let within =
        query.between.as_ref().is_none_or(|(low, high)| (low..=high).contains(&&place[query.equal.len()]));
    place.starts_with(&query.equal) && within
}
