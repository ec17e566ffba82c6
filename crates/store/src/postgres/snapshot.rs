//! The database as the verifier reads it: one moment of it.

use futures::executor::block_on;
use insight::view::{Kind, Row, View};
use journal::{Hash, Unavailable};
use tokio_postgres::Error;

use super::Postgres;
use super::entries::{self, entry, hash, unsigned};
use super::link::{Link, Purpose, unavailable};
use super::tables::{Table, read_row};
use crate::declared::columns;
use crate::verify::{Difference, Each, Snapshot};

/// Rows read at once.
const BATCH: i64 = 4_096;

impl Postgres {
    /// Reads the whole store at one moment.
    pub(crate) fn with_snapshot<T>(
        &self,
        work: impl FnOnce(&mut dyn Snapshot) -> T,
    ) -> Result<T, Unavailable> {
        let link = self.shared.connector.link_now(Purpose::Long).map_err(unavailable)?;
        let begin = || {
            link.batch_now("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            let forms = link_forms(&link, &self.shared.tables)?;
            // Held before the moment is taken: a table that is replaced later would have no rows at this moment.
            link.batch_now("COMMIT; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            if !forms.is_empty() {
                link.batch_now(&format!("LOCK TABLE {} IN ACCESS SHARE MODE", forms.join(", ")))?;
            }
            Ok(())
        };
        begin().map_err(unavailable)?;
        Ok(work(&mut Moment { link, views: self.shared.views }))
    }
}

/// The tables that are there.
fn link_forms(link: &Link, tables: &[std::sync::Arc<Table>]) -> Result<Vec<String>, Error> {
    let forms: Vec<&String> = tables.iter().map(|table| &table.form).collect();
    let rows = link.query_now("SELECT form FROM views WHERE form = ANY ($1)", &[&forms])?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

struct Moment {
    link: Link,
    views: &'static [&'static View],
}

impl Moment {
    fn number(&self, sql: &str) -> Result<u64, Error> {
        self.link.query_now(sql, &[])?.first().map_or(Ok(0), |row| unsigned(row, 0))
    }
}

impl Snapshot for Moment {
    fn integrity(&mut self) -> Result<Vec<String>, Unavailable> {
        let check = || {
            let mut problems = vec![];
            let (said, found) = (self.number("SELECT head FROM log")?, self.number(LAST)?);
            if said != found {
                problems.push(format!("the log ends at {said}, the journal at {found}"));
            }
            let failed = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()";
            match self.number(failed)? {
                0 => {}
                failed => problems.push(format!("{failed} pages did not have their checksum")),
            }
            Ok(problems)
        };
        check().map_err(unavailable)
    }

    fn head(&mut self) -> Result<u64, Unavailable> {
        self.number(LAST).map_err(unavailable)
    }

    fn by_position(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        let mut after = 0_i64;
        loop {
            let rows = self.link.query_now(entries::BY_POSITION, &[&after, &BATCH]).map_err(unavailable)?;
            for row in &rows {
                after = row.get(0);
                each(read(row));
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    fn by_stream(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        let (mut stream, mut version) = (String::new(), 0_i64);
        loop {
            let rows =
                self.link.query_now(entries::BY_STREAM, &[&stream, &version, &BATCH]).map_err(unavailable)?;
            for row in &rows {
                each(read(row));
            }
            let Some(last) = rows.last() else { return Ok(()) };
            (stream, version) = (last.get(1), last.get(2));
        }
    }

    fn links(&mut self) -> Result<Vec<(u64, Hash)>, Unavailable> {
        let sql = "SELECT position, hash FROM links UNION SELECT head, hash FROM log WHERE head > 0 ORDER BY position";
        let rows = self.link.query_now(sql, &[]).map_err(unavailable)?;
        let link = |row| Ok((unsigned(row, 0)?, hash(row, 1)?));
        rows.iter().map(link).collect::<Result<_, Error>>().map_err(unavailable)
    }

    fn views(&mut self) -> Result<Vec<(&'static View, u64)>, Unavailable> {
        let sql =
            "SELECT views.position, log.head, views.form = ANY (log.forms) FROM views, log WHERE form = $1";
        let mut serving = vec![];
        for view in self.views {
            let form = Table::serving(view).form;
            let rows = self.link.query_now(sql, &[&form]).map_err(unavailable)?;
            let Some(row) = rows.first() else { continue };
            let position = match view.kind {
                Kind::Inline if row.get(2) => unsigned(row, 1),
                Kind::Inline | Kind::Trailing => unsigned(row, 0),
            };
            serving.push((*view, position.map_err(unavailable)?));
        }
        Ok(serving)
    }

    fn rows(&mut self, view: &'static View, each: &mut dyn FnMut(Row)) -> Result<(), Unavailable> {
        let table = Table::serving(view);
        let mut rows = || {
            let declare =
                format!("DECLARE all_rows NO SCROLL CURSOR FOR SELECT {} FROM {}", columns(view), table.name);
            self.link.batch_now(&declare)?;
            loop {
                let sql = format!("FETCH FORWARD {BATCH} FROM all_rows");
                // Not prepared for later: the next view has other columns under the same words.
                let rows = block_on(self.link.client.query(&sql, &[]))?;
                if rows.is_empty() {
                    return self.link.batch_now("CLOSE all_rows");
                }
                for row in &rows {
                    each(read_row(view, row)?);
                }
            }
        };
        rows().map_err(unavailable)
    }
}

/// Position of the last entry.
const LAST: &str = "SELECT coalesce(max(position), 0) FROM events";

fn read(row: &tokio_postgres::Row) -> Result<journal::Recorded, Difference> {
    entry(row).map_err(|problem| Difference::Damaged {
        position: row.try_get::<_, i64>(0).map_or(0, |position| position.unsigned_abs()),
        problem: problem.to_string(),
    })
}
