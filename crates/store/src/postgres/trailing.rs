//! The thread that folds trailing views. Every node may follow; the row of a view, locked with its rows, lets one at a time.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use insight::view::Kind;
use journal::{Recorded, Unavailable};
use tokio_postgres::Error;

use super::Postgres;
use super::entries::{self, int, unsigned};
use super::ground::{KeptRows, Wanted};
use super::link::{Link, Pipeline, Purpose, unavailable};
use super::tables::Table;
use crate::fold::Folding;

/// Entries folded into one commit.
const BATCH: usize = 1_024;
/// How long appends are gathered before they are folded.
const PAUSE: Duration = Duration::from_millis(10);
/// How long to wait after a failure, and between looks when nothing is heard.
const BACK_OFF: Duration = Duration::from_secs(1);
/// A checkpoint that moved without changing a row is kept every so many entries.
const CHECKPOINT_STEP: u64 = 4_096;

/// Takes the row of a view, unless another node has it.
const TAKE: &str = "SELECT making, position FROM views WHERE form = $1 FOR UPDATE SKIP LOCKED";
const REACH: &str = "UPDATE views SET position = $1 WHERE form = $2";

/// Follows the journal for all trailing views.
pub(super) struct Follower {
    store: Arc<Postgres>,
    link: Option<Link>,
    trailing: Vec<Trailing>,
}

struct Trailing {
    place: usize,
    folding: Folding,
    table: Arc<Table>,
    /// What the remembered rows belong to.
    stood: Option<Stood>,
    /// An entry that could not be folded: said once, tried again with every step.
    stands_at: Option<u64>,
}

/// Where this node left a view.
#[derive(Clone, Copy)]
struct Stood {
    making: i64,
    /// The checkpoint in the database.
    kept: u64,
    /// How far it has heard; beyond the checkpoint only what changed nothing.
    heard: u64,
}

impl Follower {
    pub(super) fn new(store: Arc<Postgres>) -> Follower {
        let views = store.shared.views.iter().enumerate().filter(|(_, view)| view.kind == Kind::Trailing);
        let trailing = views.map(|(place, view)| Trailing {
            place,
            folding: Folding::new(view, BATCH),
            table: store.shared.tables[place].clone(),
            stood: None,
            stands_at: None,
        });
        let trailing = trailing.collect();
        Follower { store, link: None, trailing }
    }

    /// Follows until the store closes.
    pub(super) fn run(mut self, nudges: &Receiver<()>) {
        while !self.store.shared.stopping() {
            match self.step() {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    tracing::error!(%problem, "trailing views cannot be written");
                    self.link = None;
                    self.trailing.iter_mut().for_each(Trailing::forget);
                    thread::sleep(PAUSE);
                }
            }
            match nudges.recv_timeout(BACK_OFF) {
                Ok(()) => thread::sleep(PAUSE),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Folds one batch into each view; whether there is more.
    fn step(&mut self) -> Result<bool, Unavailable> {
        let link = match self.link.take() {
            Some(link) if !link.is_closed() => link,
            _ => self.store.shared.connector.link_now(Purpose::Write).map_err(unavailable)?,
        };
        let head = self.store.shared.head();
        let mut more = false;
        for view in &mut self.trailing {
            if self.store.shared.serving.serves(view.place) {
                more |= view.step(&self.store, &link, head)?;
            }
        }
        self.link = Some(link);
        Ok(more)
    }
}

impl Trailing {
    /// One transaction; whether there is more to hear up to `head`.
    fn step(&mut self, store: &Postgres, link: &Link, head: u64) -> Result<bool, Unavailable> {
        if self.stood.is_some_and(|stood| stood.heard >= head) {
            return Ok(false);
        }
        let done = self.transact(store, link, head);
        if done.is_err() {
            self.forget();
            // What fails here too fails again with the next step.
            let _ = link.batch_now("ROLLBACK");
        }
        done
    }

    fn transact(&mut self, store: &Postgres, link: &Link, head: u64) -> Result<bool, Unavailable> {
        link.batch_now("BEGIN ISOLATION LEVEL READ COMMITTED").map_err(unavailable)?;
        let rows = link.query_now(TAKE, &[&self.table.form]).map_err(unavailable)?;
        let Some(row) = rows.first() else {
            // Another node is at it: what it does is heard of later.
            link.batch_now("ROLLBACK").map_err(unavailable)?;
            let rows = link
                .query_now("SELECT position FROM views WHERE form = $1", &[&self.table.form])
                .map_err(unavailable)?;
            let position = rows.first().map_or(Ok(head), |row| unsigned(row, 0)).map_err(unavailable)?;
            store.shared.serving.told(self.place, position);
            self.forget();
            thread::sleep(PAUSE);
            return Ok(position < head);
        };
        let (making, from) = (row.get(0), unsigned(row, 1).map_err(unavailable)?);
        let heard = match self.stood {
            Some(Stood { making: known, kept, heard }) if known == making && kept == from => heard,
            // Another node was at it, or the table is another one.
            _ => {
                self.folding.forget();
                from
            }
        };
        let batch = match store.shared.recent.after(heard, BATCH) {
            Some(batch) => batch,
            None => block_on(entries::after(link, heard, BATCH))?,
        };
        let to = self.hear(link, &batch)?.unwrap_or(heard);
        let due = self.folding.changed() > 0 || to >= from + CHECKPOINT_STEP;
        if due {
            block_on(self.write(link, to)).map_err(unavailable)?;
            self.folding.settle();
        } else {
            link.batch_now("ROLLBACK").map_err(unavailable)?;
        }
        self.stood = Some(Stood { making, kept: if due { to } else { from }, heard: to });
        store.shared.serving.told(self.place, to);
        Ok(to > heard && to < head)
    }

    /// Folds `batch` up to the first entry that cannot be folded; the position of the last that could.
    fn hear(&mut self, link: &Link, batch: &[Recorded]) -> Result<Option<u64>, Unavailable> {
        let mut wanted = Wanted::default();
        wanted.scout(&[Some(&self.folding)], batch);
        let fetched = block_on(wanted.rows_of(link, &self.table))?;
        let mut last = None;
        for entry in batch {
            if self.folding.hears(entry) {
                let mut rows = KeptRows { link, table: &self.table, fetched: Some(&fetched) };
                if let Err(error) = self.folding.fold(entry, &mut rows) {
                    self.folding.take_back();
                    if self.stands_at.replace(entry.position) != Some(entry.position) {
                        let view = self.folding.view().name;
                        tracing::error!(view, position = entry.position, %error, "a trailing view stands still");
                    }
                    return Ok(last);
                }
                self.folding.agree();
            }
            last = Some(entry.position);
        }
        Ok(last)
    }

    async fn write(&self, link: &Link, to: u64) -> Result<(), Error> {
        self.table.prepare(link).await?;
        let reach = link.prepare(REACH).await?;
        let mut pipeline = Pipeline::new(link);
        self.table.write(&mut pipeline, link, self.folding.changes()).await?;
        pipeline.send(reach, vec![Box::new(int(to)), Box::new(self.table.form.clone())]);
        pipeline.say("COMMIT");
        pipeline.finish().await.map(|_| ())
    }

    fn forget(&mut self) {
        self.folding.forget();
        self.stood = None;
    }
}
