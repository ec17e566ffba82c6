//! The tables of a view, made from its declaration, and the statements on them.

use std::collections::HashMap;

use insight::view::{Row, Type, Value, View};
use journal::Unavailable;
use sha2::{Digest, Sha256};
use tokio_postgres::Error;

use super::link::{Cells, Link, Pipeline, parameters, unavailable};
use super::text::{kept, read};
use crate::declared::{columns, declaration, names, order};
use crate::fold::Change;

/// The statements on one table of a view: the one that serves, or one in the making.
pub(super) struct Table {
    view: &'static View,
    /// Tells this declaration of the view from every other; the name of the table that serves.
    pub(super) form: String,
    pub(super) name: String,
    select: String,
    upsert: String,
    delete: String,
}

impl Table {
    /// The table that serves.
    pub(super) fn serving(view: &'static View) -> Table {
        Table::named(view, "view")
    }

    /// The table in the making.
    pub(super) fn making(view: &'static View) -> Table {
        Table::named(view, "making")
    }

    fn named(view: &'static View, word: &str) -> Table {
        let sum = Sha256::digest(format!("{} {}", view.name, declaration(view)));
        let sum: String = sum[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{word}_{}_{sum}", view.name);
        let lists = |count: usize| {
            let list = |(at, column): (usize, &insight::view::Column)| {
                format!("${}::{}[]", at + 1, sql_type(column.kind))
            };
            view.columns[..count].iter().enumerate().map(list).collect::<Vec<_>>().join(", ")
        };
        let key_names = names(view, &(0..view.key).collect::<Vec<_>>());
        let same = |row: &str| {
            let same = |column: &insight::view::Column| format!("{row}.\"{0}\" = asked.\"{0}\"", column.name);
            view.columns[..view.key].iter().map(same).collect::<Vec<_>>().join(" AND ")
        };
        let all = view.columns.iter().map(|column| format!("kept.\"{}\"", column.name));
        let set =
            view.columns[view.key..].iter().map(|column| format!("\"{0}\" = excluded.\"{0}\"", column.name));
        let set = set.collect::<Vec<_>>().join(", ");
        let (keys, values) = (lists(view.key), lists(view.columns.len()));
        Table {
            view,
            form: format!("view_{}_{sum}", view.name),
            select: format!(
                "SELECT {} FROM unnest({keys}) AS asked ({key_names}) JOIN {name} AS kept ON {}",
                all.collect::<Vec<_>>().join(", "),
                same("kept")
            ),
            upsert: format!(
                "INSERT INTO {name} ({}) SELECT * FROM unnest({values}) ON CONFLICT ({key_names}) DO {}",
                columns(view),
                // A view of key columns alone has rows that come and go, and never change.
                if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {set}") }
            ),
            delete: format!(
                "DELETE FROM {name} AS kept USING unnest({keys}) AS asked ({key_names}) WHERE {}",
                same("kept")
            ),
            name,
        }
    }

    /// What makes the table and its indexes. `making` tells the indexes of successive tables apart.
    pub(super) fn creation(&self, making: i64) -> String {
        let view = self.view;
        let column = |(place, column): (usize, &insight::view::Column)| {
            let collation = if column.kind == Type::Text { " COLLATE \"C\"" } else { "" };
            let null = if place < view.key { " NOT NULL" } else { "" };
            format!("\"{}\" {}{collation}{null}", column.name, sql_type(column.kind))
        };
        let columns: Vec<_> = view.columns.iter().enumerate().map(column).collect();
        let key = names(view, &(0..view.key).collect::<Vec<_>>());
        let mut sql = format!(
            "DROP TABLE IF EXISTS {0}; CREATE TABLE {0} ({1}, PRIMARY KEY ({key})) WITH (fillfactor = 85);",
            self.name,
            columns.join(", ")
        );
        let sum = self.name.rsplit('_').next().unwrap_or_default();
        for (number, index) in view.indexes.iter().enumerate() {
            let columns: Vec<_> = order(view, Some(index.name))
                .into_iter()
                .map(|place| format!("\"{}\" NULLS FIRST", view.columns[place].name))
                .collect();
            sql.push_str(&format!(
                "CREATE INDEX by_{sum}_{number}_{making} ON {} ({});",
                self.name,
                columns.join(", ")
            ));
        }
        sql
    }

    /// The rows under `keys`, by key; those that are not kept as `None`.
    pub(super) async fn rows(
        &self,
        link: &Link,
        keys: Vec<Vec<Value>>,
    ) -> Result<HashMap<Vec<Value>, Option<Row>>, Unavailable> {
        let rows = link.query(&self.select, &parameters(&self.cells(&keys))).await.map_err(unavailable)?;
        self.found(keys, &rows)
    }

    /// Asks for the rows under `keys`; [`Table::found`] reads the answer.
    pub(super) async fn ask<'a>(
        &self,
        pipeline: &mut Pipeline<'a>,
        link: &Link,
        keys: &'a [Vec<Value>],
    ) -> Result<(), Error> {
        pipeline.send(link.prepare(&self.select).await?, self.cells(keys));
        Ok(())
    }

    pub(super) fn found(
        &self,
        keys: Vec<Vec<Value>>,
        rows: &[tokio_postgres::Row],
    ) -> Result<HashMap<Vec<Value>, Option<Row>>, Unavailable> {
        let mut found: HashMap<_, _> = keys.into_iter().map(|key| (key, None)).collect();
        for row in rows {
            let row = read_row(self.view, row).map_err(unavailable)?;
            found.insert(row[..self.view.key].to_vec(), Some(row));
        }
        Ok(found)
    }

    /// The statements on its rows.
    pub(super) async fn prepare(&self, link: &Link) -> Result<(), Error> {
        link.prepare(&self.select).await?;
        link.prepare(&self.upsert).await?;
        link.prepare(&self.delete).await?;
        Ok(())
    }

    /// Sends what writes `changes`.
    pub(super) async fn write<'a>(
        &self,
        pipeline: &mut Pipeline<'a>,
        link: &Link,
        changes: impl Iterator<Item = Change<'a>>,
    ) -> Result<(), Error> {
        let (mut put, mut gone) = (vec![], vec![]);
        for change in changes {
            match change.after {
                Some(row) => put.push(&row[..]),
                None => gone.push(change.key),
            }
        }
        // Rows in one order, whoever writes them: two that write the same rows wait for each other once.
        put.sort_unstable();
        gone.sort_unstable();
        if !put.is_empty() {
            pipeline.send(link.prepare(&self.upsert).await?, self.columns_of(&put, self.view.columns.len()));
        }
        if !gone.is_empty() {
            pipeline.send(link.prepare(&self.delete).await?, self.columns_of(&gone, self.view.key));
        }
        Ok(())
    }

    /// What asks for the rows under keys.
    pub(super) fn select(&self) -> &str {
        &self.select
    }

    /// `keys` as the parameters of [`Table::select`].
    pub(super) fn cells<'a>(&self, keys: &'a [Vec<Value>]) -> Vec<Cells<'a>> {
        let keys: Vec<&[Value]> = keys.iter().map(Vec::as_slice).collect();
        self.columns_of(&keys, self.view.key)
    }

    /// The first `count` columns of `rows`, each as one parameter.
    fn columns_of<'a>(&self, rows: &[&'a [Value]], count: usize) -> Vec<Cells<'a>> {
        let column = |place: usize| -> Cells<'a> {
            match self.view.columns[place].kind {
                Type::Integer => Box::new(rows.iter().map(|row| integer(&row[place])).collect::<Vec<_>>()),
                Type::Text => Box::new(rows.iter().map(|row| text(&row[place])).collect::<Vec<_>>()),
            }
        };
        (0..count).map(column).collect()
    }
}

/// A cell of a column of integers.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Null | Value::Text(_) => None,
    }
}

/// A cell of a column of text.
pub(super) fn text(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(kept(text)),
        Value::Null | Value::Integer(_) => None,
    }
}

/// A row of `view`, its columns in the declared order.
pub(super) fn read_row(view: &'static View, row: &tokio_postgres::Row) -> Result<Row, Error> {
    let cell = |(place, column): (usize, &insight::view::Column)| {
        Ok(match column.kind {
            Type::Integer => row.try_get::<_, Option<i64>>(place)?.map_or(Value::Null, Value::Integer),
            Type::Text => match row.try_get::<_, Option<&str>>(place)? {
                Some(text) => Value::Text(read(text).as_ref().into()),
                None => Value::Null,
            },
        })
    };
    view.columns.iter().enumerate().map(cell).collect()
}

fn sql_type(kind: Type) -> &'static str {
    match kind {
        Type::Text => "text",
        Type::Integer => "bigint",
    }
}
