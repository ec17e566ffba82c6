//! The database as the end of a copy: one that is read beside whoever serves it, and one in the making.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use journal::chain::log_link;
use journal::{Hash, Recorded, StreamId};
use rusqlite::{Connection, OptionalExtension, params};

use super::entries;
use super::schema::{self, Form};
use crate::OpenError;
use crate::admit::Standing;
use crate::copy::{Answered, Batch, CopyError, Source, Take, Target};

/// Entries read at once. Each time is a read of its own: an entry never changes, and a long one would keep the writer's log from
/// being cleared.
const READ: usize = 4_096;

/// A journal that is read.
pub(crate) struct Reading {
    connection: Connection,
    path: PathBuf,
    id: Vec<u8>,
    head: u64,
    form: Form,
}

impl Reading {
    /// Reads the journal at `path` up to where it ends now. It may be in use; one that was moved is read only for whoever moves it
    /// there, `moved_to`.
    pub(crate) fn open(path: &Path, moved_to: Option<&str>) -> Result<Reading, OpenError> {
        let wrong = |error| OpenError::of_database(path, &error);
        if !path.exists() {
            return Err(OpenError::NoJournal { folder: path.parent().unwrap_or(path).into() });
        }
        let connection = schema::open_to_read(path).map_err(wrong)?;
        let form = schema::check_journal(&connection, path)?;
        if form == Form::New {
            return Err(OpenError::NoJournal { folder: path.parent().unwrap_or(path).into() });
        }
        match schema::check_whole(&connection, path) {
            Err(OpenError::Moved { to, .. }) if moved_to == Some(&to) => {}
            checked => checked?,
        }
        let id = schema::id(&connection).map_err(wrong)?;
        let head = super::snapshot::last(&connection).map_err(wrong)?.map_or(0, |(position, _)| position);
        Ok(Reading { connection, path: path.into(), id, head, form })
    }

    fn wrong(&self) -> impl Fn(rusqlite::Error) -> CopyError {
        let path = self.path.clone();
        move |error| CopyError::database(&path, &error)
    }
}

impl Source for Reading {
    fn id(&self) -> &[u8] {
        &self.id
    }

    fn head(&self) -> u64 {
        self.head
    }

    fn log_hash(&mut self, position: u64) -> Result<Hash, CopyError> {
        let sql = "SELECT position, hash FROM links WHERE position <= ?1 ORDER BY position DESC LIMIT 1";
        let link = self.connection.query_row(sql, [position], |row| Ok((row.get(0)?, Hash(row.get(1)?))));
        let (mut at, mut hash) = link.optional().map_err(self.wrong())?.unwrap_or((0, Hash::START));
        let left = usize::try_from(position - at).unwrap_or(usize::MAX);
        for entry in entries::after(&self.connection, at, left).map_err(self.wrong())? {
            at = entry.position;
            hash = log_link(hash, at, entry.hash);
        }
        Ok(hash)
    }

    fn entries(&mut self, mut after: u64, take: &mut Take<'_, Recorded>) -> Result<(), CopyError> {
        while after < self.head {
            let limit = READ.min(usize::try_from(self.head - after).unwrap_or(READ));
            let batch = entries::after(&self.connection, after, limit).map_err(self.wrong())?;
            after = batch.last().map_or(self.head, |entry| entry.position);
            for entry in batch {
                if !take(entry)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn answers(&mut self, from: u64, take: &mut Take<'_, Answered>) -> Result<(), CopyError> {
        // The form before this one did not say when an answer was kept: it counts as kept from the beginning.
        let column = if self.form == Form::Current { "position" } else { "0" };
        let sql = format!("SELECT {column}, scope, key, request, answer FROM answers WHERE {column} >= ?1");
        let mut statement = self.connection.prepare(&sql).map_err(self.wrong())?;
        let rows = statement.query_map([if self.form == Form::Current { from } else { 0 }], |row| {
            Ok(Answered {
                position: row.get(0)?,
                scope: row.get(1)?,
                key: row.get(2)?,
                request: row.get(3)?,
                answer: row.get(4)?,
            })
        });
        for answer in rows.map_err(self.wrong())? {
            if !take(answer.map_err(self.wrong())?)? {
                break;
            }
        }
        Ok(())
    }

    fn checkpoints(&mut self) -> Result<Vec<(String, u64)>, CopyError> {
        let read = || {
            let mut statement =
                self.connection.prepare("SELECT name, position FROM checkpoints ORDER BY name")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(self.wrong())
    }
}

/// A journal in the making. No store opens it before it is finished.
pub(crate) struct Loading {
    connection: Connection,
    path: PathBuf,
    order: String,
}

impl Loading {
    /// The journal at `path` of the store called `id`: made anew, or gone on with where an earlier copy by the same `order` stopped.
    pub(crate) fn open(path: &Path, id: &[u8], order: &str) -> Result<Loading, CopyError> {
        let connection = schema::open_to_write(path, Some(id))?;
        let wrong = |error| CopyError::database(path, &error);
        if schema::id(&connection).map_err(wrong)? != id {
            return Err(CopyError::OtherStore { path: path.into() });
        }
        // An empty journal may be what a crash left of the moment before this line.
        if super::snapshot::last(&connection).map_err(wrong)?.is_none() {
            schema::note(&connection, "unfinished", Some(order)).map_err(wrong)?;
        }
        match schema::noted(&connection, "unfinished").map_err(wrong)? {
            Some(begun) if begun == order => {
                Ok(Loading { connection, path: path.into(), order: order.to_owned() })
            }
            _ if schema::noted(&connection, "copied").map_err(wrong)?.as_deref() == Some(order) => {
                Err(CopyError::Whole { path: path.into() })
            }
            _ => Err(CopyError::NotEmpty { path: path.into() }),
        }
    }

    fn wrong(&self) -> impl Fn(rusqlite::Error) -> CopyError {
        let path = self.path.clone();
        move |error| CopyError::database(&path, &error)
    }

    fn put(&self, batch: &Batch, rest: impl FnOnce() -> rusqlite::Result<()>) -> Result<(), CopyError> {
        let put = || {
            let transaction = self.connection.unchecked_transaction()?;
            let mut last_of = BTreeMap::new();
            for entry in &batch.entries {
                entries::insert(&self.connection, entry)?;
                last_of.insert(entry.stream.category(), entry.position);
            }
            let sql = "INSERT OR IGNORE INTO answers (scope, key, request, answer, position)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            for Answered { position, scope, key, request, answer } in &batch.answers {
                let row = params![scope, key, &request[..], answer, position];
                self.connection.prepare_cached(sql)?.execute(row)?;
            }
            let sql = "INSERT INTO links (position, hash) VALUES (?1, ?2)";
            for (position, hash) in &batch.links {
                self.connection.prepare_cached(sql)?.execute(params![position, &hash.0[..]])?;
            }
            let sql = "INSERT OR REPLACE INTO categories (category, position) VALUES (?1, ?2)";
            for (category, position) in last_of {
                self.connection.prepare_cached(sql)?.execute(params![category, position])?;
            }
            if batch.position > 0 {
                let sql = "INSERT OR REPLACE INTO tip (one, position, hash) VALUES (1, ?1, ?2)";
                self.connection.prepare_cached(sql)?.execute(params![batch.position, &batch.tip.0[..]])?;
            }
            if let Some(position) = batch.answered {
                schema::note(&self.connection, "answered", Some(&position.to_string()))?;
            }
            rest()?;
            transaction.commit()
        };
        put().map_err(self.wrong())
    }
}

impl Target for Loading {
    fn place(&self) -> PathBuf {
        self.path.clone()
    }

    fn tip(&mut self) -> Result<(u64, Hash), CopyError> {
        let tip = self
            .connection
            .query_row("SELECT position, hash FROM tip", [], |row| Ok((row.get(0)?, Hash(row.get(1)?))));
        Ok(tip.optional().map_err(self.wrong())?.unwrap_or((0, Hash::START)))
    }

    fn answered(&mut self) -> Result<u64, CopyError> {
        let noted = schema::noted(&self.connection, "answered").map_err(self.wrong())?;
        Ok(noted.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn standing(&mut self, stream: &StreamId) -> Result<Standing, CopyError> {
        entries::standing(&self.connection, stream).map_err(self.wrong())
    }

    fn write(&mut self, batch: &Batch) -> Result<(), CopyError> {
        self.put(batch, || Ok(()))
    }

    fn finish(&mut self, batch: &Batch, checkpoints: &[(String, u64)]) -> Result<(), CopyError> {
        self.put(batch, || {
            for (name, position) in checkpoints {
                super::checkpoints::reach(&self.connection, name, *position)?;
            }
            schema::note(&self.connection, "unfinished", None)?;
            schema::note(&self.connection, "copied", Some(&self.order))
        })
    }
}

/// Notes that the journal at `path` lives at `to` now, or takes that back.
pub(crate) fn note_moved(path: &Path, to: Option<&str>) -> Result<(), CopyError> {
    let connection = schema::open_to_write(path, None)?;
    schema::note(&connection, "moved", to).map_err(|error| CopyError::database(path, &error))
}
