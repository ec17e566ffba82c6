//! What a view is: a table, typed columns, indexes and a fold, all as data. The store makes tables and queries from it.

use std::sync::Arc;

use journal::{BoxFuture, Recorded, Unavailable};
use lexicon::{Moment, Money};

/// A declared view. Its first [`key`](View::key) columns are the primary key.
#[derive(Debug)]
pub struct View {
    /// Name of the table; lower case, digits and `_`.
    pub name: &'static str,
    /// Raised with every change of columns, indexes or fold: the store then rebuilds the table.
    pub version: u32,
    /// When it is folded.
    pub kind: Kind,
    /// The categories whose events it hears.
    pub categories: &'static [&'static str],
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// How many of the first columns are the key.
    pub key: usize,
    /// The orders in which it can be read, besides the key's.
    pub indexes: &'static [Index],
    /// Folds one event into the rows it changes.
    pub fold: fn(&Recorded, &mut dyn Rows) -> Result<(), FoldError>,
}

/// When a view is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In the same commit as the append: it is never behind.
    Inline,
    /// Soon after, from its own checkpoint.
    Trailing,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The type of its values. Every column but those of the key may be [`Value::Null`].
    pub kind: Type,
}

/// Types of column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text; personal text only sealed or as a keyed hash.
    Text,
    /// A whole number: counts, fen, microseconds, 0 and 1.
    Integer,
}

/// A named order of reading: by `columns`, then by the key.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name, unique in the view.
    pub name: &'static str,
    /// The columns, by name.
    pub columns: &'static [&'static str],
}

/// A value of a cell. `Null` sorts first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(Arc<str>),
}

/// A row: one value per column, in the declared order.
pub type Row = Vec<Value>;

/// The rows of one view while an event is folded.
pub trait Rows {
    /// The row under `key`, with what this commit has changed so far.
    fn get(&mut self, key: &[Value]) -> Result<Option<Row>, FoldError>;
    /// Puts `row` under its key.
    fn put(&mut self, row: Row) -> Result<(), FoldError>;
    /// Removes the row under `key`, if there is one.
    fn remove(&mut self, key: &[Value]) -> Result<(), FoldError>;
}

/// Why an event could not be folded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The event cannot be read.
    #[error(transparent)]
    Event(#[from] journal::DecodeError),
    /// A row does not have the declared shape.
    #[error("view {view}: column {column} does not hold what was declared")]
    Shape {
        /// The view.
        view: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The rows cannot be read or written now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// A page of rows asked of a view.
#[derive(Clone, Debug)]
pub struct Query {
    /// The view.
    pub view: &'static View,
    /// The index, or `None` for the order of the key.
    pub index: Option<&'static str>,
    /// Values that the first columns of the index must have.
    pub equal: Vec<Value>,
    /// Lower and upper bound (both included) of the index column after those.
    pub between: Option<(Value, Value)>,
    /// Start after this place: the values of the index's columns and the key of the last row seen ([`Query::place`]).
    pub after: Option<Vec<Value>>,
    /// From the end backwards.
    pub descending: bool,
    /// At most so many rows.
    pub limit: usize,
}

/// Reading views.
pub trait Views: Send + Sync {
    /// The row under `key`.
    fn get<'a>(
        &'a self,
        view: &'static View,
        key: Vec<Value>,
    ) -> BoxFuture<'a, Result<Option<Row>, Unavailable>>;

    /// The rows of a page, in order.
    fn page(&self, query: Query) -> BoxFuture<'_, Result<Vec<Row>, Unavailable>>;

    /// How many rows `query` would find, `after` and `limit` left aside.
    fn count(&self, query: Query) -> BoxFuture<'_, Result<u64, Unavailable>>;
}

impl View {
    /// Where the column called `name` stands.
    ///
    /// # Panics
    ///
    /// When the view has no such column; a test asks every view for every name that is used.
    pub fn place_of(&self, name: &str) -> usize {
        let found = self.columns.iter().position(|column| column.name == name);
        found.unwrap_or_else(|| panic!("view {} has no column {name}", self.name))
    }

    /// The columns of index `name`, then those of the key, by place; those of the key alone for `None`.
    pub fn order(&self, name: Option<&str>) -> Vec<usize> {
        let index = name.map(|name| {
            let found = self.indexes.iter().find(|index| index.name == name);
            found.unwrap_or_else(|| panic!("view {} has no index {name}", self.name))
        });
        let columns = index.map_or(&[][..], |index| index.columns);
        let mut order: Vec<usize> = columns.iter().map(|column| self.place_of(column)).collect();
        order.extend(0..self.key);
        order
    }
}

impl Query {
    /// All rows of `view` in the order of `index`, at most `limit`.
    pub fn of(view: &'static View, index: &'static str, limit: usize) -> Query {
        Query {
            view,
            index: Some(index),
            equal: vec![],
            between: None,
            after: None,
            descending: false,
            limit,
        }
    }

    /// Only rows whose next index column is `value`.
    pub fn equal(mut self, value: impl Into<Value>) -> Query {
        self.equal.push(value.into());
        self
    }

    /// Only rows whose index column after the equal ones lies in `low..=high`.
    pub fn between(mut self, low: impl Into<Value>, high: impl Into<Value>) -> Query {
        self.between = Some((low.into(), high.into()));
        self
    }

    /// The last first.
    pub fn descending(mut self) -> Query {
        self.descending = true;
        self
    }

    /// Start after `place`.
    pub fn after(mut self, place: Option<Vec<Value>>) -> Query {
        self.after = place;
        self
    }

    /// The place of `row` in this query's order, for the next page's `after`.
    pub fn place(&self, row: &Row) -> Vec<Value> {
        self.view.order(self.index).into_iter().map(|column| row[column].clone()).collect()
    }
}

/// A value that can stand in a cell.
pub trait Cell: Sized {
    /// The type of its column.
    const KIND: Type;
    /// As it stands in the cell.
    fn to_value(&self) -> Value;
    /// Back from the cell.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Cell for i64 {
    const KIND: Type = Type::Integer;

    fn to_value(&self) -> Value {
        Value::Integer(*self)
    }

    fn from_value(value: &Value) -> Option<i64> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl Cell for u64 {
    const KIND: Type = Type::Integer;

    fn to_value(&self) -> Value {
        Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }

    fn from_value(value: &Value) -> Option<u64> {
        i64::from_value(value).and_then(|number| u64::try_from(number).ok())
    }
}

impl Cell for bool {
    const KIND: Type = Type::Integer;

    fn to_value(&self) -> Value {
        Value::Integer(i64::from(*self))
    }

    fn from_value(value: &Value) -> Option<bool> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl Cell for Money {
    const KIND: Type = Type::Integer;

    fn to_value(&self) -> Value {
        Value::Integer(self.fen())
    }

    fn from_value(value: &Value) -> Option<Money> {
        i64::from_value(value).map(Money::from_fen)
    }
}

impl Cell for Moment {
    const KIND: Type = Type::Integer;

    fn to_value(&self) -> Value {
        Value::Integer(self.micros())
    }

    fn from_value(value: &Value) -> Option<Moment> {
        i64::from_value(value).map(Moment::from_micros)
    }
}

impl Cell for Arc<str> {
    const KIND: Type = Type::Text;

    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<Arc<str>> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Cell for String {
    const KIND: Type = Type::Text;

    fn to_value(&self) -> Value {
        Value::Text(self.as_str().into())
    }

    fn from_value(value: &Value) -> Option<String> {
        Arc::<str>::from_value(value).map(|text| text.to_string())
    }
}

impl<T: Cell> Cell for Option<T> {
    const KIND: Type = T::KIND;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Cell::to_value)
    }

    fn from_value(value: &Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        moment.to_value()
    }
}

/// Declares the typed row of a view: a struct whose fields are its columns in order, with `COLUMNS`, `read` and `write`.
#[macro_export]
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $row:ident {
        $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $row {
            $($(#[$field_doc])* pub $field: $kind,)*
        }

        impl $row {
            /// The columns, in order.
            pub const COLUMNS: &'static [$crate::view::Column] = &[$($crate::view::Column {
                name: stringify!($field),
                kind: <$kind as $crate::view::Cell>::KIND,
            }),*];

            /// From the cells of `view`.
            pub fn read(view: &'static $crate::view::View, row: &$crate::view::Row) -> Result<$row, $crate::view::FoldError> {
                let mut cells = row.iter();
                $(let $field = cells
                    .next()
                    .and_then(<$kind as $crate::view::Cell>::from_value)
                    .ok_or($crate::view::FoldError::Shape { view: view.name, column: stringify!($field) })?;)*
                Ok($row { $($field),* })
            }

            /// As cells.
            pub fn write(&self) -> $crate::view::Row {
                vec![$($crate::view::Cell::to_value(&self.$field)),*]
            }
        }
    };
}
