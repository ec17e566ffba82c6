//! Making a view's table anew, beside the one that serves, while everything else goes on.

use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use insight::view::View;
use journal::{Recorded, Unavailable};
use rusqlite::Connection;

use super::tables::{Kept, Table};
use super::writer::KeptRows;
use super::{Sqlite, entries, unavailable};
use crate::declared::declaration;
use crate::fold::Folding;

/// Entries read at once.
const BATCH: usize = 4_096;
/// Rows gathered before they are written.
const GATHERED: usize = 16_384;
/// Of so many rows the content is remembered between writings.
const REMEMBERED: usize = 131_072;
/// Rows in one commit while others wait for theirs.
const SLICE: usize = 1_000;
/// So many entries at most are left to the commit in which the table begins to serve.
const LEFT_MAX: u64 = 512;

/// A table that has heard all but the last entries.
pub(super) struct Made {
    pub(super) place: usize,
    table: Arc<Table>,
    folding: Folding,
    kept: Kept,
}

impl Made {
    /// Hears what is left up to `head` and takes its place.
    pub(super) fn finish(mut self, connection: &Connection, head: u64) -> Result<(), Unavailable> {
        let left = usize::try_from(head - self.kept.position).unwrap_or(usize::MAX);
        for entry in entries::after(connection, self.kept.position, left).map_err(unavailable)? {
            hear(&mut self.folding, &entry, connection, &self.table)?;
        }
        for change in self.folding.changes() {
            self.table.write(connection, &change).map_err(unavailable)?;
        }
        self.kept.position = head;
        let view = self.folding.view();
        self.table.serve(connection).and_then(|()| self.kept.keep(connection, view)).map_err(unavailable)
    }
}

impl Sqlite {
    /// Makes the table of the view at `place` anew. `alone` when nobody else is served yet.
    pub(crate) fn rebuild(
        &self,
        place: usize,
        alone: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Unavailable> {
        let _one_at_a_time = self.shared.rebuilding.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let view = self.shared.views[place];
        let kept_rows = self.readers.open()?;
        let before = Kept::of(&kept_rows, view).map_err(unavailable)?;
        let making = before.map_or(0, |kept| kept.making) + 1;
        let table = Arc::new(Table::making(view));
        let create = table.clone();
        self.change(move |connection| create.create(connection, making))?;
        let kept = Kept { declaration: declaration(view), making, position: 0 };
        let mut made = Made { place, table, folding: Folding::new(view, REMEMBERED), kept };
        let slice = if alone { GATHERED } else { SLICE };
        loop {
            let head = *self.shared.head.borrow();
            if head - made.kept.position <= LEFT_MAX {
                break;
            }
            self.follow(&mut made, head, &kept_rows, slice, progress)?;
        }
        self.write(&mut made, slice)?;
        self.serve(made)?;
        let head = *self.shared.head.borrow();
        progress(head, head);
        Ok(())
    }

    /// Hears everything up to `head`; reading and folding go side by side.
    fn follow(
        &self,
        made: &mut Made,
        head: u64,
        kept_rows: &Connection,
        slice: usize,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Unavailable> {
        let (to, batches) = mpsc::sync_channel(4);
        let (after, reader) = (made.kept.position, self.readers.open()?);
        thread::scope(|scope| {
            scope.spawn(move || read(&reader, after, head, &to));
            for batch in batches {
                if self.shared.stopping() {
                    return Err(Unavailable("the store is closing".into()));
                }
                for entry in batch.map_err(unavailable)? {
                    hear(&mut made.folding, &entry, kept_rows, &made.table)?;
                    made.kept.position = entry.position;
                    if made.folding.changed() >= GATHERED {
                        self.write(made, slice)?;
                    }
                }
                progress(made.kept.position, head);
            }
            Ok(())
        })
    }

    fn write(&self, made: &mut Made, slice: usize) -> Result<(), Unavailable> {
        let mut changes = made.folding.owned_changes();
        while !changes.is_empty() {
            let part = changes.split_off(changes.len().saturating_sub(slice));
            let table = made.table.clone();
            self.change(move |connection| {
                part.iter().try_for_each(|change| table.write(connection, &change.borrowed()))
            })?;
        }
        made.folding.settle();
        Ok(())
    }
}

fn read(
    connection: &Connection,
    mut after: u64,
    head: u64,
    to: &SyncSender<rusqlite::Result<Vec<Recorded>>>,
) {
    while after < head {
        let limit = BATCH.min(usize::try_from(head - after).unwrap_or(BATCH));
        let batch = entries::after(connection, after, limit);
        after = match &batch {
            Ok(entries) => entries.last().map_or(head, |entry| entry.position),
            Err(_) => head,
        };
        if to.send(batch).is_err() {
            return;
        }
    }
}

fn hear(
    folding: &mut Folding,
    entry: &Recorded,
    connection: &Connection,
    table: &Table,
) -> Result<(), Unavailable> {
    if folding.hears(entry) {
        folding.fold(entry, &mut KeptRows { connection, table }).map_err(|error| {
            let view: &View = folding.view();
            Unavailable(format!("view {} cannot be made: entry {}: {error}", view.name, entry.position))
        })?;
        folding.agree();
    }
    Ok(())
}
