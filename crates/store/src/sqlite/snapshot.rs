//! The database as the verifier reads it: one moment of it.

use insight::view::{Row, View};
use journal::{Hash, Unavailable};
use rusqlite::{Connection, OptionalExtension};

use super::tables::{Kept, read};
use super::{Sqlite, entries, unavailable};
use crate::declared::{columns, declaration};
use crate::verify::{Difference, Each, Snapshot};

impl Sqlite {
    /// Reads the whole store at one moment.
    pub(crate) fn with_snapshot<T>(
        &self,
        work: impl FnOnce(&mut dyn Snapshot) -> T,
    ) -> Result<T, Unavailable> {
        let connection = self.readers.open()?;
        connection.execute_batch("BEGIN").map_err(unavailable)?;
        Ok(work(&mut Moment { connection, views: self.shared.views }))
    }
}

struct Moment {
    connection: Connection,
    views: &'static [&'static View],
}

impl Moment {
    fn each(&self, sql: &str, each: &mut Each<'_>) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([0])?;
        while let Some(row) = rows.next()? {
            each(match entries::entry(row) {
                Ok(entry) => Ok(entry),
                Err(error) => Err(Difference::Damaged { position: row.get(0)?, problem: error.to_string() }),
            });
        }
        Ok(())
    }
}

impl Snapshot for Moment {
    fn integrity(&mut self) -> Result<Vec<String>, Unavailable> {
        let check = || {
            let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
            let problems = statement.query_map([], |row| row.get(0))?;
            problems.collect::<rusqlite::Result<Vec<String>>>()
        };
        let mut problems = check().map_err(unavailable)?;
        problems.retain(|problem| problem != "ok");
        Ok(problems)
    }

    fn head(&mut self) -> Result<u64, Unavailable> {
        let sql = "SELECT ifnull(max(position), 0) FROM events";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(unavailable)
    }

    fn by_position(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        self.each(entries::BY_POSITION, each).map_err(unavailable)
    }

    fn by_stream(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        self.each(entries::BY_STREAM, each).map_err(unavailable)
    }

    fn links(&mut self) -> Result<Vec<(u64, Hash)>, Unavailable> {
        let links = || {
            let sql =
                "SELECT position, hash FROM links UNION SELECT position, hash FROM tip ORDER BY position";
            let mut statement = self.connection.prepare(sql)?;
            let links = statement.query_map([], |row| Ok((row.get(0)?, Hash(row.get(1)?))))?;
            links.collect::<rusqlite::Result<Vec<_>>>()
        };
        links().map_err(unavailable)
    }

    fn views(&mut self) -> Result<Vec<(&'static View, u64)>, Unavailable> {
        let mut serving = vec![];
        for view in self.views {
            let Some(kept) = Kept::of(&self.connection, view).map_err(unavailable)? else { continue };
            if kept.declaration != declaration(view) {
                continue;
            }
            let position = match view.kind {
                insight::view::Kind::Inline => self.head()?,
                insight::view::Kind::Trailing => kept.position,
            };
            serving.push((*view, position));
        }
        Ok(serving)
    }

    fn rows(&mut self, view: &'static View, each: &mut dyn FnMut(Row)) -> Result<(), Unavailable> {
        let mut rows = || {
            let sql = format!("SELECT {} FROM view_{}", columns(view), view.name);
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(read(view, row)?);
            }
            Ok(())
        };
        rows().map_err(unavailable)
    }
}

/// Position and hash of the last entry, to hold against the tip of the log.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<Option<(u64, Hash)>> {
    let sql = "SELECT position, hash FROM events ORDER BY position DESC LIMIT 1";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, Hash(row.get(1)?)))).optional()
}
