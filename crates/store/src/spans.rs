//! Pages of rows as ranges of an index.
//!
//! A comparison of several columns at once does not see nulls and cannot be steered to an index. So a page is read as a short row of
//! spans, each a fixed beginning of the order and at most one range on the column after it, in the order of reading.

use insight::view::{Query, Type, Value};

/// Rows that begin with `fixed` and whose next column, never null, lies in `range`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) fixed: Vec<Value>,
    pub(crate) range: Option<Range>,
}

/// Bounds of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: Bound,
    pub(crate) high: Option<Bound>,
}

/// A bound, and whether it is within.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) value: Value,
    pub(crate) within: bool,
}

impl Span {
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        let range = self.range.iter().flat_map(|range| {
            std::iter::once(&range.low.value).chain(range.high.iter().map(|high| &high.value))
        });
        self.fixed.iter().chain(range)
    }
}

/// The spans of `query`, in the order of reading.
pub(crate) fn spans(query: &Query, order: &[usize]) -> Vec<Span> {
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
