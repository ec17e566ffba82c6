//! The table of a view, made from its declaration, and the statements on it.

use insight::view::{Row, Type, Value, View};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Result, Statement, ToSql, params};

use crate::declared::{columns, is_indexed, names, order};
use crate::fold::Change;

/// The statements on one table of a view: the one that serves, or one in the making.
pub(super) struct Table {
    view: &'static View,
    name: String,
    select: String,
    insert: String,
    update: String,
    /// For changes that touch no index, as most do: `None` where every column is in some index.
    update_unindexed: Option<String>,
    delete: String,
}

impl Table {
    /// The table that serves.
    pub(super) fn serving(view: &'static View) -> Table {
        Table::named(view, format!("view_{}", view.name))
    }

    /// The table in the making.
    pub(super) fn making(view: &'static View) -> Table {
        Table::named(view, format!("making_{}", view.name))
    }

    fn named(view: &'static View, name: String) -> Table {
        let columns = columns(view);
        let marks: Vec<_> = (1..=view.columns.len()).map(|place| format!("?{place}")).collect();
        let key: Vec<_> =
            view.columns[..view.key].iter().enumerate().map(|(at, column)| is(column.name, at)).collect();
        let key = key.join(" AND ");
        let set = |indexed: bool| {
            let places = (view.key..view.columns.len()).filter(|&place| indexed || !is_indexed(view, place));
            let set: Vec<_> =
                places.map(|place| format!("\"{}\" = ?{}", view.columns[place].name, place + 1)).collect();
            (!set.is_empty()).then(|| format!("UPDATE {name} SET {} WHERE {key}", set.join(", ")))
        };
        Table {
            view,
            select: format!("SELECT {columns} FROM {name} WHERE {key}"),
            insert: format!("INSERT INTO {name} ({columns}) VALUES ({})", marks.join(", ")),
            // A view of key columns alone has rows that come and go, and never change.
            update: set(true).unwrap_or_default(),
            update_unindexed: set(false),
            delete: format!("DELETE FROM {name} WHERE {key}"),
            name,
        }
    }

    /// Makes the table and its indexes. `making` tells the indexes of successive tables apart.
    pub(super) fn create(&self, connection: &Connection, making: u64) -> Result<()> {
        let view = self.view;
        let columns: Vec<_> = view
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let kind = match column.kind {
                    Type::Text => "TEXT",
                    Type::Integer => "INTEGER",
                };
                format!("\"{}\" {kind}{}", column.name, if place < view.key { " NOT NULL" } else { "" })
            })
            .collect();
        let key = names(view, &(0..view.key).collect::<Vec<_>>());
        connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS {0}; CREATE TABLE {0} ({1}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID;",
            self.name,
            columns.join(", ")
        ))?;
        for index in view.indexes {
            connection.execute_batch(&format!(
                "CREATE INDEX \"{}_{}_{making}\" ON {} ({});",
                view.name,
                index.name,
                self.name,
                names(view, &order(view, Some(index.name)))
            ))?;
        }
        Ok(())
    }

    /// Puts this table in the place of the one that serves.
    pub(super) fn serve(&self, connection: &Connection) -> Result<()> {
        let serving = Table::serving(self.view).name;
        connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS {serving}; ALTER TABLE {} RENAME TO {serving};",
            self.name
        ))
    }

    pub(super) fn row(&self, connection: &Connection, key: &[Value]) -> Result<Option<Row>> {
        let mut statement = connection.prepare_cached(&self.select)?;
        bind(&mut statement, key.iter())?;
        let mut rows = statement.raw_query();
        rows.next()?.map(|row| read(self.view, row)).transpose()
    }

    /// Writes one change.
    pub(super) fn write(&self, connection: &Connection, change: &Change<'_>) -> Result<()> {
        let (sql, cells): (&str, &[Value]) = match (change.before, change.after) {
            (None, None) => return Ok(()),
            (Some(_), None) => (&self.delete, change.key),
            (None, Some(row)) => (&self.insert, row),
            (Some(before), Some(after)) => {
                let moved = |place: usize| before[place] != after[place] && is_indexed(self.view, place);
                match &self.update_unindexed {
                    Some(update) if !(self.view.key..after.len()).any(moved) => {
                        return self.update_unindexed(connection, update, after);
                    }
                    _ => (&self.update, after),
                }
            }
        };
        let mut statement = connection.prepare_cached(sql)?;
        bind(&mut statement, cells.iter())?;
        statement.raw_execute()?;
        Ok(())
    }

    fn update_unindexed(&self, connection: &Connection, sql: &str, row: &Row) -> Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        for (place, value) in row.iter().enumerate() {
            if place < self.view.key || !is_indexed(self.view, place) {
                statement.raw_bind_parameter(place + 1, Cell(value))?;
            }
        }
        statement.raw_execute()?;
        Ok(())
    }
}

/// What is kept of a view beside its rows.
pub(super) struct Kept {
    pub(super) declaration: String,
    /// Counts the tables made for the view.
    pub(super) making: u64,
    pub(super) position: u64,
}

impl Kept {
    pub(super) fn of(connection: &Connection, view: &'static View) -> Result<Option<Kept>> {
        let sql = "SELECT declaration, making, position FROM views WHERE name = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let kept = statement.query_row([view.name], |row| {
            Ok(Kept { declaration: row.get(0)?, making: row.get(1)?, position: row.get(2)? })
        });
        kept.optional()
    }

    pub(super) fn keep(&self, connection: &Connection, view: &'static View) -> Result<()> {
        let sql =
            "INSERT OR REPLACE INTO views (name, declaration, making, position) VALUES (?1, ?2, ?3, ?4)";
        let row = params![view.name, self.declaration, self.making, self.position];
        connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}

fn is(column: &str, place: usize) -> String {
    format!("\"{column}\" = ?{}", place + 1)
}

/// Binds `values` to the first parameters.
pub(super) fn bind<'a>(statement: &mut Statement<'_>, values: impl Iterator<Item = &'a Value>) -> Result<()> {
    for (place, value) in values.enumerate() {
        statement.raw_bind_parameter(place + 1, Cell(value))?;
    }
    Ok(())
}

/// A row of `view`, its columns in the declared order.
pub(super) fn read(view: &'static View, row: &rusqlite::Row<'_>) -> Result<Row> {
    (0..view.columns.len())
        .map(|place| {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Integer(number),
                other => Value::Text(other.as_str()?.into()),
            })
        })
        .collect()
}

struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
