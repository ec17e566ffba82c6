//! Rows of a JSON file.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::row::Cells;
use super::{COLUMNS, FileProblem, Flaw, Row, RowProblem};

/// The objects of the array that `text` is. An element that is no object spoils only itself.
pub(super) fn read(text: &str) -> Result<Vec<Row>, FileProblem> {
    let elements: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| FileProblem::Json { line: error.line(), column: error.column() })?;
    let mut rows = Vec::with_capacity(elements.len());
    let (mut line, mut counted) = (1, 0);
    for element in elements {
        // The element is a slice of the text: how far in tells its line.
        let start = element.get().as_ptr() as usize - text.as_ptr() as usize;
        line += text[counted..start].bytes().filter(|byte| *byte == b'\n').count() as u64;
        counted = start;
        let cells = match serde_json::from_str::<Members>(element.get()) {
            Ok(members) => cells(members),
            Err(_) => Err(vec![(None, RowProblem::Shape)]),
        };
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

fn cells(Members(members): Members) -> Result<Cells, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, value) in members {
        let flaw = match text(value) {
            _ if !COLUMNS.iter().any(|(column, _)| *column == name) => RowProblem::ColumnUnknown,
            _ if texts.iter().any(|(earlier, _)| *earlier == name) => RowProblem::ColumnTwice,
            None => RowProblem::Shape,
            Some(text) => {
                texts.push((name, text));
                continue;
            }
        };
        // A foreign name may be anything: only its beginning is told.
        flaws.push((Some(name.chars().take(40).collect()), flaw));
    }
    if flaws.is_empty() { Ok(Cells::new(texts)) } else { Err(flaws) }
}

/// A value as a cell would hold it. A fraction is refused: it has been through a float.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(yes) => Some(if yes { "yes" } else { "no" }.into()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Value::String(text) => Some(text),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The members of an object as they stand, so that one named twice is seen.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
