//! Pages of rows as ranges of an index.
//!
//! A comparison of several columns at once does not see nulls and cannot be steered to an index. So a page is read as a short row of
//! spans, each a fixed beginning of the order and at most one range on the column after it, in the order of reading.

use std::fmt::Write;

use insight::view::{Query, Row, Type, Value};
use rusqlite::{Connection, Result};

use super::tables::{bind, columns, order, read};

/// Rows that begin with `fixed` and whose next column, never null, lies in `range`.
#[derive(Clone, Debug, PartialEq)]
struct Span {
    fixed: Vec<Value>,
    range: Option<Range>,
}

/// Bounds of a column.
#[derive(Clone, Debug, PartialEq)]
struct Range {
    low: Bound,
    high: Option<Bound>,
}

/// A bound, and whether it is within.
#[derive(Clone, Debug, PartialEq)]
struct Bound {
    value: Value,
    within: bool,
}

pub(super) fn page(connection: &Connection, query: &Query) -> Result<Vec<Row>> {
    let order = order(query.view, query.index);
    // One moment for all spans.
    let transaction = connection.unchecked_transaction()?;
    let mut found = vec![];
    for span in spans(query, &order) {
        if found.len() >= query.limit {
            break;
        }
        let mut sql = format!("SELECT {} FROM view_{}", columns(query.view), query.view.name);
        condition(&mut sql, query, &order, &span);
        for (at, &place) in order[span.fixed.len()..].iter().enumerate() {
            let word = if at > 0 { "," } else { " ORDER BY" };
            let direction = if query.descending { " DESC" } else { "" };
            let _ = write!(sql, "{word} \"{}\"{direction}", query.view.columns[place].name);
        }
        let _ = write!(sql, " LIMIT ?{}", span.values().count() + 1);
        let mut statement = transaction.prepare_cached(&sql)?;
        let limit = Value::Integer(i64::try_from(query.limit - found.len()).unwrap_or(i64::MAX));
        bind(&mut statement, span.values().chain([&limit]))?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            found.push(read(query.view, row)?);
        }
    }
    Ok(found)
}

pub(super) fn count(connection: &Connection, query: &Query) -> Result<u64> {
    let order = order(query.view, query.index);
    let query = Query { after: None, ..query.clone() };
    let transaction = connection.unchecked_transaction()?;
    let mut total = 0;
    for span in spans(&query, &order) {
        let mut sql = format!("SELECT count(*) FROM view_{}", query.view.name);
        condition(&mut sql, &query, &order, &span);
        let mut statement = transaction.prepare_cached(&sql)?;
        bind(&mut statement, span.values())?;
        let mut rows = statement.raw_query();
        if let Some(row) = rows.next()? {
            total += row.get::<_, u64>(0)?;
        }
    }
    Ok(total)
}

/// ` WHERE …`, with the parameters in the order of [`Span::values`].
fn condition(sql: &mut String, query: &Query, order: &[usize], span: &Span) {
    let mut parameter = 0;
    let mut term = |place: usize, sign: &str| {
        let word = if parameter == 0 { " WHERE" } else { " AND" };
        parameter += 1;
        let _ = write!(sql, "{word} \"{}\" {sign} ?{parameter}", query.view.columns[order[place]].name);
    };
    (0..span.fixed.len()).for_each(|place| term(place, "IS"));
    if let Some(Range { low, high }) = &span.range {
        term(span.fixed.len(), if low.within { ">=" } else { ">" });
        if let Some(high) = high {
            term(span.fixed.len(), if high.within { "<=" } else { "<" });
        }
    }
}

impl Span {
    fn values(&self) -> impl Iterator<Item = &Value> {
        let range = self.range.iter().flat_map(|range| {
            std::iter::once(&range.low.value).chain(range.high.iter().map(|high| &high.value))
        });
        self.fixed.iter().chain(range)
    }
}

/// The spans of `query`, in the order of reading.
fn spans(query: &Query, order: &[usize]) -> Vec<Span> {
    let first = query.equal.len();
    let Some(after) = place_after(query, order) else {
        return match &query.between {
            None => vec![Span { fixed: query.equal.clone(), range: None }],
            Some(_) => column_spans(query, order, &query.equal, None),
        };
    };
    let mut spans = vec![];
    for last in (first..order.len()).rev() {
        spans.extend(column_spans(query, order, &after[..last], Some(&after[last])));
    }
    spans
}

/// The place to start after, one value per column of the order.
fn place_after(query: &Query, order: &[usize]) -> Option<Vec<Value>> {
    let after = query.after.as_ref()?;
    let declared = query.view.order(query.index);
    let value = |place: &usize| {
        let at = declared.iter().position(|other| other == place)?;
        after.get(at).cloned()
    };
    order.iter().map(value).collect()
}

/// The rows that begin with `fixed` and whose next column comes after `after` and, if it is the one asked for, lies in between.
fn column_spans(query: &Query, order: &[usize], fixed: &[Value], after: Option<&Value>) -> Vec<Span> {
    let lowest = match query.view.columns[order[fixed.len()]].kind {
        Type::Integer => Value::Integer(i64::MIN),
        Type::Text => Value::from(""),
    };
    let between = query.between.as_ref().filter(|_| fixed.len() == query.equal.len());
    let mut nulls = between.is_none_or(|(low, _)| *low == Value::Null);
    let mut low = Bound { value: lowest, within: true };
    let mut high = None;
    let mut values = true;
    if let Some((least, most)) = between {
        if *least != Value::Null {
            low.value = least.clone();
        }
        values = *most != Value::Null;
        high = Some(Bound { value: most.clone(), within: true });
    }
    match (after, query.descending) {
        (None, _) => {}
        (Some(Value::Null), true) => (nulls, values) = (false, false),
        (Some(Value::Null), false) => nulls = false,
        (Some(seen), false) => {
            nulls = false;
            if *seen >= low.value {
                low = Bound { value: seen.clone(), within: false };
            }
        }
        (Some(seen), true) => {
            if high.as_ref().is_none_or(|high| *seen <= high.value) {
                high = Some(Bound { value: seen.clone(), within: false });
            }
        }
    }
    let mut spans = vec![];
    if nulls {
        let fixed = fixed.iter().cloned().chain([Value::Null]).collect();
        spans.push(Span { fixed, range: None });
    }
    if values {
        spans.push(Span { fixed: fixed.to_vec(), range: Some(Range { low, high }) });
    }
    if query.descending {
        spans.reverse();
    }
    spans
}
