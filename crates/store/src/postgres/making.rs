//! Making a view's table anew, beside the one that serves, while everything else goes on.

use std::time::Duration;
use std::{iter, thread};

use futures::executor::block_on;
use insight::view::{Kind, View};
use journal::{Recorded, Unavailable};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::Postgres;
use super::entries::{self, int};
use super::ground::{self, KeptRows, Standpoint, Wanted};
use super::link::{Link, Pipeline, Purpose, unavailable};
use super::migrate;
use super::tables::Table;
use crate::declared::declaration;
use crate::fold::Folding;

/// Entries read at once.
const BATCH: usize = 4_096;
/// Rows gathered before they are written.
const GATHERED: usize = 16_384;
/// Of so many rows the content is remembered between writings.
const REMEMBERED: usize = 131_072;
/// So many entries at most are left to the commit in which the table begins to serve.
const LEFT_MAX: u64 = 512;
/// How often the table in use is asked for before it is said that somebody holds it.
const ATTEMPTS: usize = 10;
/// How long to wait between.
const PAUSE: Duration = Duration::from_millis(500);

/// As whoever folds a trailing view does, before the table itself.
const HOLD: &str = "SELECT FROM views WHERE form = $1 FOR UPDATE";
const KEEP: &str = "INSERT INTO views (form, name, declaration, making, position) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (form) DO UPDATE SET making = excluded.making, position = excluded.position";
/// Everyone forgets the rows of tables that were replaced.
const SERVE: &str = "UPDATE log SET making = making + 1, forms = $1";

/// A table that has heard all but the last entries.
struct Made {
    table: Table,
    folding: Folding,
    position: u64,
}

impl Postgres {
    /// Makes the table of the view at `place` anew. With `if_missing` only when there is none.
    pub(crate) fn rebuild(
        &self,
        place: usize,
        if_missing: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Unavailable> {
        let _one_at_a_time = self.shared.rebuilding.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let view = self.shared.views[place];
        let link = self.shared.connector.link_now(Purpose::Long).map_err(unavailable)?;
        // One at a time over all nodes; a connection that ends lets go.
        link.batch_now("SET lock_timeout = 0").map_err(unavailable)?;
        link.execute_now("SELECT pg_advisory_lock($1)", &[&migrate::MAKING_LOCK]).map_err(unavailable)?;
        let form = &self.shared.tables[place].form;
        if if_missing && block_on(is_near(&link, view, form)).map_err(unavailable)? {
            self.shared.serving.start(place);
            return Ok(());
        }
        let table = Table::making(view);
        let making = block_on(next_making(&link, form)).map_err(unavailable)?;
        link.batch_now(&table.creation(making)).map_err(unavailable)?;
        let mut made = Made { table, folding: Folding::new(view, REMEMBERED), position: 0 };
        loop {
            let head = block_on(head(&link)).map_err(unavailable)?;
            if head - made.position <= LEFT_MAX {
                break;
            }
            while made.position < head {
                if self.shared.stopping() {
                    return Err(Unavailable("the store is closing".into()));
                }
                made.hear(&link)?;
                if made.folding.changed() >= GATHERED {
                    made.write(&link)?;
                }
                progress(made.position.min(head), head);
            }
        }
        made.write(&link)?;
        link.batch_now(&format!("ANALYZE {}", made.table.name)).map_err(unavailable)?;
        let head = self.put_in_place(&mut made, form, making)?;
        self.shared.serving.start(place);
        // The follower reads the new checkpoint.
        let _ = self.nudge.try_send(());
        progress(head, head);
        Ok(())
    }

    /// Lets the made table serve, under the lock of the log; its head.
    fn put_in_place(&self, made: &mut Made, form: &str, making: i64) -> Result<u64, Unavailable> {
        for _ in 1..ATTEMPTS {
            match self.try_to_put(made, form, making) {
                Err(Stopped::Held) => thread::sleep(PAUSE),
                Err(Stopped::Failed(problem)) => return Err(problem),
                Ok(head) => return Ok(head),
            }
        }
        self.try_to_put(made, form, making).map_err(|stopped| match stopped {
            Stopped::Failed(problem) => problem,
            Stopped::Held => {
                Unavailable(format!("view {} is read by somebody all the time", made.folding.view().name))
            }
        })
    }

    fn try_to_put(&self, made: &mut Made, form: &str, making: i64) -> Result<u64, Stopped> {
        let link = self.shared.connector.link_now(Purpose::Write)?;
        link.batch_now("BEGIN ISOLATION LEVEL READ COMMITTED")?;
        let rows = link.query_now(ground::LOCK, &[])?;
        let row = rows.first().ok_or_else(|| Unavailable("the log has no row".into()))?;
        let Standpoint { head, mut forms, .. } = Standpoint::read(row)?;
        // Readers of the old table are waited for, but not long: everyone who appends waits too. Before anything is written, so
        // that nothing is lost when they do not go.
        link.batch_now("SET LOCAL lock_timeout = '1s'")?;
        link.query_now(HOLD, &[&form])?;
        if link.query_now("SELECT FROM pg_class WHERE oid = to_regclass($1::text)", &[&form])?.len() == 1 {
            link.batch_now(&format!("LOCK TABLE {form} IN ACCESS EXCLUSIVE MODE"))?;
        }
        while made.position < head {
            made.hear(&link)?;
        }
        made.write(&link)?;
        let view = made.folding.view();
        link.batch_now(&format!(
            "DROP TABLE IF EXISTS {form}; ALTER TABLE {} RENAME TO {form}",
            made.table.name
        ))?;
        let declared = declaration(view);
        link.execute_now(KEEP, &[&form, &view.name, &declared, &making, &int(head)])?;
        if view.kind == Kind::Inline && !forms.iter().any(|known| known == form) {
            forms.push(form.to_owned());
            forms.sort_unstable();
        }
        link.execute_now(SERVE, &[&forms])?;
        link.batch_now("COMMIT")?;
        Ok(head)
    }
}

/// Why a table was not put in place.
enum Stopped {
    /// Somebody reads the old one.
    Held,
    Failed(Unavailable),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        match error.code() {
            Some(&SqlState::LOCK_NOT_AVAILABLE) => Stopped::Held,
            _ => Stopped::Failed(unavailable(error)),
        }
    }
}

impl From<Unavailable> for Stopped {
    fn from(problem: Unavailable) -> Stopped {
        Stopped::Failed(problem)
    }
}

impl Made {
    /// Hears the next entries.
    fn hear(&mut self, link: &Link) -> Result<(), Unavailable> {
        let batch: Vec<Recorded> = block_on(entries::after(link, self.position, BATCH))?;
        let Some(last) = batch.last().map(|entry| entry.position) else {
            return Err(Unavailable("the journal ends before its head".into()));
        };
        let mut wanted = Wanted::default();
        wanted.scout(&[Some(&self.folding)], &batch);
        let fetched = block_on(wanted.rows_of(link, &self.table))?;
        for entry in &batch {
            if self.folding.hears(entry) {
                let mut rows = KeptRows { link, table: &self.table, fetched: Some(&fetched) };
                self.folding.fold(entry, &mut rows).map_err(|error| {
                    let view: &View = self.folding.view();
                    let position = entry.position;
                    Unavailable(format!("view {} cannot be made: entry {position}: {error}", view.name))
                })?;
                self.folding.agree();
            }
        }
        self.position = last;
        Ok(())
    }

    fn write(&mut self, link: &Link) -> Result<(), Unavailable> {
        let write = async {
            self.table.prepare(link).await?;
            let mut pipeline = Pipeline::new(link);
            self.table.write(&mut pipeline, link, self.folding.changes()).await?;
            pipeline.finish().await
        };
        block_on(write).map_err(unavailable)?;
        self.folding.settle();
        Ok(())
    }
}

/// Whether the table is there and, for an inline view, so near the head that the next commit can do the rest.
pub(super) async fn is_near(link: &Link, view: &View, form: &str) -> Result<bool, Error> {
    let sql = "SELECT views.position, log.head, views.form = ANY (log.forms) FROM views, log WHERE form = $1";
    let rows = link.query(sql, &[&form]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    let (position, head) = (entries::unsigned(row, 0)?, entries::unsigned(row, 1)?);
    Ok(view.kind == Kind::Trailing || row.try_get(2)? || head.saturating_sub(position) <= LEFT_MAX)
}

async fn next_making(link: &Link, form: &str) -> Result<i64, Error> {
    let rows = link.query("SELECT making + 1 FROM views WHERE form = $1", &[&form]).await?;
    rows.first().map_or(Ok(1), |row| row.try_get(0))
}

pub(super) async fn head(link: &Link) -> Result<u64, Error> {
    let rows = link.query("SELECT head FROM log", &[]).await?;
    rows.first().map_or(Ok(0), |row| entries::unsigned(row, 0))
}

/// Makes the empty tables of views in a store without entries. The caller holds the lock of the schema.
pub(super) async fn make_empty(link: &Link, tables: &[(&'static View, &Table)]) -> Result<(), Error> {
    link.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    let rows = link.query(ground::LOCK, &[]).await?;
    let Some(stand) = rows.first().map(Standpoint::read).transpose()? else { return Ok(()) };
    if stand.head == 0 {
        let mut forms = stand.forms;
        for (view, table) in tables {
            if link.query("SELECT FROM views WHERE form = $1", &[&table.form]).await?.is_empty() {
                link.client.batch_execute(&table.creation(1)).await?;
                let declared = declaration(view);
                link.execute(KEEP, &[&table.form, &view.name, &declared, &1_i64, &0_i64]).await?;
                forms.extend(iter::once(table.form.clone()).filter(|_| view.kind == Kind::Inline));
            }
        }
        forms.sort_unstable();
        link.execute(SERVE, &[&forms]).await?;
    }
    link.client.batch_execute("COMMIT").await
}
