//! What can be wrong with a file and with a row.

use lexicon::identifier::Problem;

/// Why a whole file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The text is not UTF-8, such as one saved as GBK.
    #[error("{}", self.word())]
    Encoding {
        /// The first byte that does not fit.
        at: usize,
    },
    /// There is nothing in it.
    #[error("{}", self.word())]
    Empty,
    /// It is no JSON array.
    #[error("{}", self.word())]
    Json {
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
    },
    /// Two columns have the same name.
    #[error("{}", self.word())]
    ColumnTwice(String),
    /// Columns that no policy has, such as misspelt ones.
    #[error("{}", self.word())]
    ColumnsUnknown(Vec<String>),
    /// Columns that every file must have.
    #[error("{}", self.word())]
    ColumnsMissing(Vec<&'static str>),
}

/// Why a row was refused, or what it is warned of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.word())]
pub enum RowProblem {
    /// It does not have as many cells as the header.
    CellCount,
    /// It is no object, or a value is neither text, whole number, yes nor no.
    Shape,
    /// No policy has such a column.
    ColumnUnknown,
    /// The column stands there twice.
    ColumnTwice,
    /// Nothing stands where something must.
    Missing,
    /// Too long, or with characters that are never printed.
    Text,
    /// No number that the policy could have.
    PolicyNumber,
    /// An identifier that does not hold.
    Identifier(Problem),
    /// No whole number, or outside what is possible.
    Number,
    /// No amount of yuan, or not above 0.
    Amount,
    /// No share between 0 and 1.
    Share,
    /// No day and no time with an offset.
    Time,
    /// None of the words that may stand there.
    Word,
    /// Cover would end before it begins.
    Period,
    /// The deductible exceeds the sum insured, or stands alone.
    Deductible,
    /// A rider without its rate, without its covers, or on a cover that was not bought.
    Rider,
    /// The policy would cover nothing.
    NothingCovered,
    /// The number stands on an earlier line.
    Duplicate {
        /// That line.
        first_line: u64,
    },
}

impl FileProblem {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(&self) -> &'static str {
        match self {
            FileProblem::Encoding { .. } => "register.import.encoding",
            FileProblem::Empty => "register.import.empty",
            FileProblem::Json { .. } => "register.import.json",
            FileProblem::ColumnTwice(_) => "register.import.column-twice",
            FileProblem::ColumnsUnknown(_) => "register.import.columns-unknown",
            FileProblem::ColumnsMissing(_) => "register.import.columns-missing",
        }
    }
}

impl RowProblem {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(self) -> &'static str {
        match self {
            RowProblem::CellCount => "register.row.cell-count",
            RowProblem::Shape => "register.row.shape",
            RowProblem::ColumnUnknown => "register.row.column-unknown",
            RowProblem::ColumnTwice => "register.row.column-twice",
            RowProblem::Missing => "register.row.missing",
            RowProblem::Text => "register.row.text",
            RowProblem::PolicyNumber => "register.row.policy-number",
            RowProblem::Identifier(Problem::Length) => "register.row.length",
            RowProblem::Identifier(Problem::Character) => "register.row.character",
            RowProblem::Identifier(Problem::Region) => "register.row.region",
            RowProblem::Identifier(Problem::Form) => "register.row.form",
            RowProblem::Identifier(Problem::Date) => "register.row.date",
            RowProblem::Identifier(Problem::CheckDigit) => "register.row.check-digit",
            RowProblem::Number => "register.row.number",
            RowProblem::Amount => "register.row.amount",
            RowProblem::Share => "register.row.share",
            RowProblem::Time => "register.row.time",
            RowProblem::Word => "register.row.word",
            RowProblem::Period => "register.row.period",
            RowProblem::Deductible => "register.row.deductible",
            RowProblem::Rider => "register.row.rider",
            RowProblem::NothingCovered => "register.row.nothing-covered",
            RowProblem::Duplicate { .. } => "register.row.duplicate",
        }
    }
}
