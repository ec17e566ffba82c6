//! Files of policies: bytes in, checked rows and refused rows out.
//!
//! A file is CSV with a header line, or a JSON array of objects, in UTF-8 (a byte order mark is dropped). The columns, in any
//! order; those in italics may be left out:
//!
//! | column | holds |
//! |---|---|
//! | `number` | the policy number: letters, digits, `-`, `_`, `.` |
//! | `insurer` | the insurer or branch that wrote it, as a code |
//! | `plate` | the number plate |
//! | `vin` | the VIN; one with a wrong check digit is taken with a warning |
//! | `vehicle_class` | the class in the table of prices, such as `medium` |
//! | `seats` | seats, the driver's included |
//! | `use` | `family`, `non-business`, `rental` or `business` |
//! | `energy` | `fuel` or `new` |
//! | `actual_value` | yuan, such as `128000.00` |
//! | `holder_name` | name of the person or firm |
//! | `holder_phone` | their telephone |
//! | `holder_id` | identity number of the person, or social credit code of the firm |
//! | `starts_at`, `ends_at` | a time with offset, or a day: cover runs from its beginning, and to its end |
//! | *`wording`* | `W2014`, `W2020` or `NEV2021`; left out: by start and energy |
//! | `compulsory` | `yes` or `no`: whether compulsory cover is held |
//! | *`own_damage`*, *`own_damage_deductible`* | sum insured and deductible, yuan |
//! | *`third_party`*, *`driver`*, *`passengers`* | limits, yuan; `passengers` for each seat |
//! | *`deductible_rate`*, *`deductible_rate_covers`* | the rider's rate, such as `0.10`, and its covers: `own-damage`, `third-party`, `driver`, `passengers`, with blanks between |
//! | *`holiday_doubling`* | `yes` or `no`: the rider for legal holidays |
//!
//! An empty cell, or in JSON `null`, is left out. JSON values are texts, whole numbers, or `true` and `false` for `yes` and `no`.
//! One wrong row does not spoil the others: it is refused with every problem that it has.

mod csv_rows;
mod json_rows;
mod problem;
mod row;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use lexicon::PolicyId;

pub use problem::{FileProblem, RowProblem};
pub use row::PolicyRow;

use row::Cells;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header line.
    Csv,
    /// A JSON array of objects.
    Json,
}

/// What a file gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The sound rows.
    pub rows: Vec<Accepted>,
    /// What is wrong with the others, in the order of the file; one row may stand here several times.
    pub refused: Vec<Remark>,
    /// What should be looked at in sound rows.
    pub warnings: Vec<Remark>,
}

/// A sound row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The line where it begins, from 1.
    pub line: u64,
    /// The row.
    pub row: PolicyRow,
}

/// Something about one cell, or about a whole row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line where the row begins, from 1.
    pub line: u64,
    /// The column; `None` where the row as a whole is meant.
    pub column: Option<String>,
    /// What it is.
    pub problem: RowProblem,
}

/// All columns, and whether a file must have them.
const COLUMNS: [(&str, bool); 24] = [
    ("number", true),
    ("insurer", true),
    ("plate", true),
    ("vin", true),
    ("vehicle_class", true),
    ("seats", true),
    ("use", true),
    ("energy", true),
    ("actual_value", true),
    ("holder_name", true),
    ("holder_phone", true),
    ("holder_id", true),
    ("starts_at", true),
    ("ends_at", true),
    ("wording", false),
    ("compulsory", true),
    ("own_damage", false),
    ("own_damage_deductible", false),
    ("third_party", false),
    ("driver", false),
    ("passengers", false),
    ("deductible_rate", false),
    ("deductible_rate_covers", false),
    ("holiday_doubling", false),
];

/// The policies in `bytes`. Days begin and end in `zone`.
pub fn import(bytes: &[u8], format: Format, zone: &TimeZone) -> Result<Imported, FileProblem> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| FileProblem::Encoding { at: error.valid_up_to() })?;
    // Text of two bytes a character passes as UTF-8, full of zeros.
    if let Some(at) = text.find('\0') {
        return Err(FileProblem::Encoding { at });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    let rows = match format {
        Format::Csv => csv_rows::read(text)?,
        Format::Json => json_rows::read(text)?,
    };
    let mut imported = Imported::default();
    let mut seen: BTreeMap<PolicyId, u64> = BTreeMap::new();
    for Row { line, cells } in rows {
        let read = cells.and_then(|cells| row::read(&cells, zone));
        let remarks = |problems: Vec<Flaw>| {
            problems.into_iter().map(move |(column, problem)| Remark { line, column, problem })
        };
        match read {
            Err(problems) => imported.refused.extend(remarks(problems)),
            Ok((row, warnings)) => match seen.get(&row.number) {
                Some(&first_line) => {
                    let problem = RowProblem::Duplicate { first_line };
                    imported.refused.extend(remarks(vec![(Some("number".into()), problem)]));
                }
                None => {
                    seen.insert(row.number.clone(), line);
                    imported.warnings.extend(remarks(warnings));
                    imported.rows.push(Accepted { line, row });
                }
            },
        }
    }
    Ok(imported)
}

/// A problem and the column it is in.
type Flaw = (Option<String>, RowProblem);

/// One row of a file, not read yet.
struct Row {
    line: u64,
    cells: Result<Cells, Vec<Flaw>>,
}
