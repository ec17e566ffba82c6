//! Pages of rows, all spans in one statement: one moment and one way to the server and back.

use std::borrow::Cow;
use std::fmt::Write;

use insight::view::{Query, Type, Value};

use super::link::Cells;
use super::tables::{Table, integer, text};
use crate::declared::{columns, names, order};
use crate::spans::{Range, Span, spans};

/// A statement in the making, with its parameters.
pub(super) struct Asked<'a> {
    pub(super) sql: String,
    pub(super) values: Vec<Cells<'a>>,
}

/// What asks for a page; `None` where no row can be.
pub(super) fn page<'a>(table: &Table, query: &Query) -> Option<Asked<'a>> {
    let order = order(query.view, query.index);
    let spans = spans(query, &order);
    if spans.is_empty() {
        return None;
    }
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut asked = Asked { sql: String::new(), values: vec![Box::new(limit)] };
    let _ = write!(asked.sql, "SELECT {} FROM (", columns(query.view));
    for (number, span) in spans.iter().enumerate() {
        let union = if number > 0 { " UNION ALL " } else { "" };
        let _ = write!(
            asked.sql,
            "{union}(SELECT {}, {number} AS \"span number\" FROM {}",
            columns(query.view),
            table.name
        );
        asked.condition(query, &order, span);
        let _ = write!(asked.sql, " ORDER BY {} LIMIT $1)", sorted(query, &order));
    }
    let _ = write!(asked.sql, ") AS spans ORDER BY \"span number\", {} LIMIT $1", sorted(query, &order));
    Some(asked)
}

/// What counts.
pub(super) fn count<'a>(table: &Table, query: &Query) -> Asked<'a> {
    let order = order(query.view, query.index);
    let query = Query { after: None, ..query.clone() };
    let spans = spans(&query, &order);
    let mut asked = Asked { sql: "SELECT 0::bigint".to_owned(), values: vec![] };
    for span in &spans {
        let _ = write!(asked.sql, " + (SELECT count(*) FROM {}", table.name);
        asked.condition(&query, &order, span);
        asked.sql.push(')');
    }
    asked
}

/// The order of reading; nulls come first, as [`Value`] sorts.
fn sorted(query: &Query, order: &[usize]) -> String {
    let (direction, nulls) = if query.descending { (" DESC", "LAST") } else { ("", "FIRST") };
    let column = |&place: &usize| format!("{}{direction} NULLS {nulls}", names(query.view, &[place]));
    order.iter().map(column).collect::<Vec<_>>().join(", ")
}

impl<'a> Asked<'a> {
    /// ` WHERE …`, with its parameters.
    fn condition(&mut self, query: &Query, order: &[usize], span: &Span) {
        let mut word = " WHERE";
        let mut term = |asked: &mut Asked<'a>, place: usize, sign: &str, value: &Value| {
            let column = &query.view.columns[order[place]];
            let name = column.name;
            let _ = match (value, column.kind) {
                (Value::Null, _) => write!(asked.sql, "{word} \"{name}\" IS NULL"),
                (Value::Integer(_), Type::Integer) => {
                    asked.values.push(Box::new(integer(value)));
                    write!(asked.sql, "{word} \"{name}\" {sign} ${}::bigint", asked.values.len())
                }
                (Value::Text(_), Type::Text) => {
                    asked.values.push(Box::new(text(value).map(Cow::into_owned)));
                    write!(asked.sql, "{word} \"{name}\" {sign} ${}::text", asked.values.len())
                }
                // A value of another type equals none; numbers sort before all text.
                (Value::Integer(_), Type::Text) => write!(asked.sql, "{word} {}", sign.starts_with('>')),
                (Value::Text(_), Type::Integer) => write!(asked.sql, "{word} {}", sign.starts_with('<')),
            };
            word = " AND";
        };
        for (place, value) in span.fixed.iter().enumerate() {
            term(self, place, "=", value);
        }
        if let Some(Range { low, high }) = &span.range {
            term(self, span.fixed.len(), if low.within { ">=" } else { ">" }, &low.value);
            if let Some(high) = high {
                term(self, span.fixed.len(), if high.within { "<=" } else { "<" }, &high.value);
            }
        }
    }
}
