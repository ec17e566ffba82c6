//! Wrapped keys on their way to another place. They stay wrapped.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use super::kept::{self, MARKS};
use super::{MasterKey, cipher};
use crate::OpenError;
use crate::sqlite::schema::check_marks;

/// Keys read at once, so that an erasure need not wait long.
const BATCH: usize = 4_096;

/// Everything in a vault.
#[derive(Default)]
pub(crate) struct WrappedKeys {
    /// Tells the master key.
    pub(crate) check: Vec<u8>,
    /// Keys by subject.
    pub(crate) wrapped: Vec<(String, Vec<u8>)>,
    /// Erased subjects.
    pub(crate) erased: Vec<String>,
}

/// What tells the master key that `master` names.
pub(crate) fn check_of(master: &MasterKey, folder: &Path) -> Result<Vec<u8>, OpenError> {
    Ok(cipher::keyed(&*master.read(folder, false)?, b"check").to_vec())
}

/// Everything in the vault at `path`, which may be in use.
pub(crate) fn read(path: &Path) -> Result<WrappedKeys, OpenError> {
    let wrong = |error| OpenError::of_database(path, &error);
    if !path.exists() {
        return Err(OpenError::Parted { path: path.into() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(wrong)?;
    check_marks(&connection, path, MARKS)?;
    let read = || {
        let sql = "SELECT value FROM meta WHERE name = 'check'";
        let check = connection.query_row(sql, [], |row| row.get(0))?;
        let mut keys = WrappedKeys { check, ..WrappedKeys::default() };
        let sql = "SELECT subject, wrapped FROM keys WHERE subject > ?1 ORDER BY subject LIMIT ?2";
        let (mut statement, mut last) = (connection.prepare(sql)?, String::new());
        loop {
            let rows = statement.query_map(params![last, BATCH], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let rows = rows.collect::<rusqlite::Result<Vec<(String, Option<Vec<u8>>)>>>()?;
            let Some((subject, _)) = rows.last() else { return Ok(keys) };
            subject.clone_into(&mut last);
            for (subject, wrapped) in rows {
                match wrapped {
                    Some(wrapped) => keys.wrapped.push((subject, wrapped)),
                    None => keys.erased.push(subject),
                }
            }
        }
    };
    read().map_err(wrong)
}

/// Keeps `keys` in the vault at `path` of the store called `store`, which is made when there is none. Who is erased there stays erased.
pub(crate) fn write(path: &Path, store: &[u8], keys: &WrappedKeys) -> Result<(), OpenError> {
    let wrong = |error| OpenError::of_database(path, &error);
    drop(kept::open(path, store, &keys.check)?);
    let mut connection = Connection::open(path).map_err(wrong)?;
    let mut write = || {
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", true)?;
        let transaction = connection.transaction()?;
        {
            let sql = "INSERT OR IGNORE INTO keys (subject, wrapped) VALUES (?1, ?2)";
            let mut keep = transaction.prepare(sql)?;
            for (subject, wrapped) in &keys.wrapped {
                keep.execute(params![subject, wrapped])?;
            }
            let sql = "INSERT INTO keys (subject, wrapped) VALUES (?1, NULL)
                ON CONFLICT (subject) DO UPDATE SET wrapped = NULL";
            let mut erase = transaction.prepare(sql)?;
            for subject in &keys.erased {
                erase.execute([subject])?;
            }
        }
        transaction.commit()?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    };
    write().map_err(wrong)
}
