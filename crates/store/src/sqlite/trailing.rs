//! The thread that folds trailing views, each from its own checkpoint. The writer writes what it folded.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use insight::view::{Kind, View};
use journal::Unavailable;
use rusqlite::{Connection, params};

use super::tables::{Kept, Table};
use super::writer::KeptRows;
use super::{Sqlite, entries, unavailable};
use crate::fold::{Folding, OwnedChange};

/// Entries folded into one commit.
const BATCH: usize = 1_024;
/// How long appends are gathered before they are folded.
const PAUSE: Duration = Duration::from_millis(10);
/// How long to wait after a failure.
const BACK_OFF: Duration = Duration::from_secs(1);
/// A checkpoint that moved without changing a row is kept every so many entries.
const CHECKPOINT_STEP: u64 = 4_096;

/// Follows the journal for all trailing views.
pub(super) struct Follower {
    store: Arc<Sqlite>,
    connection: Connection,
    trailing: Vec<Trailing>,
}

struct Trailing {
    place: usize,
    folding: Folding,
    table: Arc<Table>,
    making: u64,
    /// The checkpoint on disk.
    kept: u64,
    /// How far it has heard.
    position: u64,
    /// An entry that could not be folded: said once, tried again with every step.
    stands_at: Option<u64>,
}

/// What one view has to write.
struct Step {
    view: &'static View,
    table: Arc<Table>,
    making: u64,
    from: u64,
    to: u64,
    changes: Vec<OwnedChange>,
}

impl Follower {
    pub(super) fn new(store: Arc<Sqlite>) -> Result<Follower, Unavailable> {
        let views = store.shared.views.iter().enumerate().filter(|(_, view)| view.kind == Kind::Trailing);
        let trailing = views.map(|(place, view)| Trailing {
            place,
            folding: Folding::new(view, BATCH),
            table: Arc::new(Table::serving(view)),
            making: 0,
            kept: 0,
            position: 0,
            stands_at: None,
        });
        let trailing = trailing.collect();
        Ok(Follower { connection: store.readers.open()?, store, trailing })
    }

    /// Follows until the store closes.
    pub(super) fn run(mut self, nudges: &Receiver<()>) {
        while !self.store.shared.stopping() {
            match self.step() {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    tracing::error!(%problem, "trailing views cannot be written");
                    self.trailing.iter_mut().for_each(Trailing::rewind);
                    thread::sleep(BACK_OFF);
                }
            }
            match nudges.recv_timeout(BACK_OFF) {
                Ok(()) => thread::sleep(PAUSE),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Folds one batch; whether there is more.
    fn step(&mut self) -> Result<bool, Unavailable> {
        self.adopt()?;
        let shared = &self.store.shared;
        let serving = self.trailing.iter_mut().filter(|view| shared.serving.serves(view.place));
        let mut serving: Vec<_> = serving.collect();
        let Some(from) = serving.iter().map(|view| view.position).min() else { return Ok(false) };
        let batch = match shared.recent.after(from, BATCH) {
            Some(batch) => batch,
            None => entries::after(&self.connection, from, BATCH).map_err(unavailable)?,
        };
        let Some(last) = batch.last().map(|entry| entry.position) else {
            // A table that was made anew up to the end has heard everything without a step.
            serving.iter().for_each(|view| shared.serving.told(view.place, view.position));
            return Ok(false);
        };
        let mut moved = false;
        for view in &mut serving {
            let before = view.position;
            for entry in batch.iter().filter(|entry| entry.position > before) {
                if !view.hear(entry, &self.connection) {
                    break;
                }
            }
            moved |= view.position > before;
        }
        let steps: Vec<_> = serving.iter().filter_map(|view| view.step()).collect();
        if !steps.is_empty() {
            self.store.change(move |connection| steps.iter().try_for_each(|step| step.write(connection)))?;
            for view in &mut serving {
                view.settle();
            }
        }
        for view in &serving {
            shared.serving.told(view.place, view.position);
        }
        Ok(moved && last < *shared.head.borrow())
    }

    /// Reads the checkpoints: a table made anew begins where its making ended.
    fn adopt(&mut self) -> Result<(), Unavailable> {
        for trailing in &mut self.trailing {
            let kept = Kept::of(&self.connection, trailing.folding.view()).map_err(unavailable)?;
            if let Some(Kept { making, position, .. }) = kept
                && (making, position) != (trailing.making, trailing.kept)
            {
                trailing.folding.forget();
                (trailing.making, trailing.kept, trailing.position) = (making, position, position);
            }
        }
        Ok(())
    }
}

impl Trailing {
    /// Whether `entry` could be folded.
    fn hear(&mut self, entry: &journal::Recorded, connection: &Connection) -> bool {
        if self.folding.hears(entry) {
            let folded = self.folding.fold(entry, &mut KeptRows { connection, table: &self.table });
            if let Err(error) = folded {
                self.folding.take_back();
                if self.stands_at.replace(entry.position) != Some(entry.position) {
                    let view = self.folding.view().name;
                    tracing::error!(view, position = entry.position, %error, "a trailing view stands still");
                }
                return false;
            }
            self.folding.agree();
        }
        self.position = entry.position;
        true
    }

    fn step(&self) -> Option<Step> {
        let due = self.folding.changed() > 0 || self.position >= self.kept + CHECKPOINT_STEP;
        due.then(|| Step {
            view: self.folding.view(),
            table: self.table.clone(),
            making: self.making,
            from: self.kept,
            to: self.position,
            changes: self.folding.owned_changes(),
        })
    }

    /// What was heard is not kept: it is heard again.
    fn rewind(&mut self) {
        self.folding.forget();
        self.position = self.kept;
    }

    fn settle(&mut self) {
        if self.folding.changed() > 0 || self.position >= self.kept + CHECKPOINT_STEP {
            self.kept = self.position;
        }
        self.folding.settle();
    }
}

impl Step {
    /// Writes the rows and the checkpoint, unless the table was made anew meanwhile.
    fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        let sql = "UPDATE views SET position = ?1 WHERE name = ?2 AND making = ?3 AND position = ?4";
        let row = params![self.to, self.view.name, self.making, self.from];
        match connection.prepare_cached(sql)?.execute(row)? {
            0 => Ok(()),
            _ => self.changes.iter().try_for_each(|change| self.table.write(connection, &change.borrowed())),
        }
    }
}
