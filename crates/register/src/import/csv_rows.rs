//! Rows of a CSV file.

use super::row::Cells;
use super::{COLUMNS, FileProblem, Row, RowProblem};

/// The rows of `text`, which begins with a header line. Rows of empty cells, as spreadsheets leave them, are passed over.
pub(super) fn read(text: &str) -> Result<Vec<Row>, FileProblem> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    // The text is UTF-8 and in memory: reading it cannot fail.
    let header: Vec<String> = reader
        .headers()
        .map(|names| names.iter().map(|name| name.trim().to_ascii_lowercase()).collect())
        .map_err(|_| FileProblem::Empty)?;
    check(&header)?;
    let mut rows = Vec::new();
    for record in reader.records().filter_map(Result::ok) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = if record.len() == header.len() {
            Ok(Cells::new(header.iter().cloned().zip(record.iter().map(str::to_owned))))
        } else {
            Err(vec![(None, RowProblem::CellCount)])
        };
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

fn check(header: &[String]) -> Result<(), FileProblem> {
    if let Some(twice) = header.iter().enumerate().find(|(place, name)| header[..*place].contains(name)) {
        return Err(FileProblem::ColumnTwice(twice.1.clone()));
    }
    let known = |name: &&String| COLUMNS.iter().any(|(column, _)| *column == name.as_str());
    let unknown: Vec<String> = header.iter().filter(|name| !known(name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(FileProblem::ColumnsUnknown(unknown));
    }
    let absent =
        |(column, needed): &&(&'static str, bool)| *needed && !header.iter().any(|name| name == column);
    let missing: Vec<&'static str> = COLUMNS.iter().filter(absent).map(|(column, _)| *column).collect();
    if missing.is_empty() { Ok(()) } else { Err(FileProblem::ColumnsMissing(missing)) }
}
