//! Pages of rows, span by span.

use std::fmt::Write;

use insight::view::{Query, Row, Value};
use rusqlite::{Connection, Result};

use super::tables::{bind, read};
use crate::declared::{columns, order};
use crate::spans::{Range, Span, spans};

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
