//! Where the wrapped keys are kept: a database of their own.

use std::collections::HashMap;
use std::path::Path;

use lexicon::VaultError;
use rusqlite::{Connection, OptionalExtension, params};

use crate::OpenError;
use crate::sqlite::schema::{Form, check_marks, mark, settle};

/// Marks a file as a vault of this product: "anpv".
pub(super) const MARKS: (i32, i32) = (0x616e_7076, 1);

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    -- A row without a key is the tombstone of an erased subject.
    CREATE TABLE keys (subject TEXT PRIMARY KEY, wrapped BLOB) STRICT, WITHOUT ROWID;
";

/// A subject's key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrapped {
    /// The key, wrapped under the master key.
    Key(Vec<u8>),
    /// The subject was erased.
    Tombstone,
}

/// Keeps wrapped keys.
pub(super) enum Kept {
    Disk(Connection),
    Memory(HashMap<String, Wrapped>),
}

/// Opens the vault at `path` or makes it for the store called `store`, with `check`, a value that tells the master key.
pub(super) fn open(path: &Path, store: &[u8], check: &[u8]) -> Result<Kept, OpenError> {
    let wrong = |error| OpenError::of_database(path, &error);
    let connection = Connection::open(path).map_err(wrong)?;
    let new = check_marks(&connection, path, MARKS)? == Form::New;
    settle(&connection).map_err(wrong)?;
    connection.pragma_update(None, "secure_delete", true).map_err(wrong)?;
    connection.pragma_update(None, "cache_size", -4_096).map_err(wrong)?;
    if new {
        let make = || {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute_batch(TABLES)?;
            let sql = "INSERT INTO meta (name, value) VALUES ('store', ?1), ('check', ?2)";
            transaction.execute(sql, params![store, check])?;
            mark(&transaction, MARKS)?;
            transaction.commit()
        };
        make().map_err(wrong)?;
    }
    let value = |name: &str| -> Result<Vec<u8>, OpenError> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        connection.query_row(sql, [name], |row| row.get(0)).map_err(wrong)
    };
    if value("store")? != store {
        return Err(OpenError::Parted { path: path.into() });
    }
    if value("check")? != check {
        let problem = format!("it is not the one that {} was made with", path.display());
        return Err(OpenError::MasterKey { problem });
    }
    Ok(Kept::Disk(connection))
}

impl Kept {
    pub(super) fn find(&self, subject: &str) -> Result<Option<Wrapped>, VaultError> {
        match self {
            Kept::Memory(keys) => Ok(keys.get(subject).cloned()),
            Kept::Disk(connection) => find(connection, subject).map_err(unavailable),
        }
    }

    /// Keeps new keys, all in one commit. A subject that has a key or a tombstone keeps it.
    pub(super) fn keep(&mut self, keys: &[(String, Vec<u8>)]) -> Result<(), VaultError> {
        match self {
            Kept::Memory(kept) => {
                for (subject, wrapped) in keys {
                    kept.entry(subject.clone()).or_insert_with(|| Wrapped::Key(wrapped.clone()));
                }
                Ok(())
            }
            Kept::Disk(connection) => keep(connection, keys).map_err(unavailable),
        }
    }

    /// Destroys a key: its bytes are overwritten in the database and gone from the write-ahead log.
    pub(super) fn erase(&mut self, subject: &str) -> Result<(), VaultError> {
        match self {
            Kept::Memory(kept) => drop(kept.insert(subject.to_owned(), Wrapped::Tombstone)),
            Kept::Disk(connection) => {
                let sql = "INSERT INTO keys (subject, wrapped) VALUES (?1, NULL)
                    ON CONFLICT (subject) DO UPDATE SET wrapped = NULL";
                connection.execute(sql, [subject]).map_err(unavailable)?;
                let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
                connection.query_row(truncate, [], |_| Ok(())).map_err(unavailable)?;
            }
        }
        Ok(())
    }

    /// What the database says of itself, when it is damaged.
    pub(super) fn problems(&self) -> Result<Vec<String>, VaultError> {
        let Kept::Disk(connection) = self else { return Ok(vec![]) };
        let check = || {
            let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
            let problems = statement.query_map([], |row| row.get(0))?;
            problems.collect::<rusqlite::Result<Vec<String>>>()
        };
        let mut problems = check().map_err(unavailable)?;
        problems.retain(|problem| problem != "ok");
        Ok(problems)
    }
}

impl Wrapped {
    /// From a row, where there is one: its key, or none when the subject was erased.
    pub(super) fn of(row: Option<Option<Vec<u8>>>) -> Option<Wrapped> {
        row.map(|wrapped| wrapped.map_or(Wrapped::Tombstone, Wrapped::Key))
    }
}

fn find(connection: &Connection, subject: &str) -> rusqlite::Result<Option<Wrapped>> {
    let mut statement = connection.prepare_cached("SELECT wrapped FROM keys WHERE subject = ?1")?;
    Ok(Wrapped::of(statement.query_row([subject], |row| row.get(0)).optional()?))
}

fn keep(connection: &mut Connection, keys: &[(String, Vec<u8>)]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let sql = "INSERT OR IGNORE INTO keys (subject, wrapped) VALUES (?1, ?2)";
        let mut statement = transaction.prepare_cached(sql)?;
        for (subject, wrapped) in keys {
            statement.execute(params![subject, wrapped])?;
        }
    }
    transaction.commit()
}

fn unavailable(error: rusqlite::Error) -> VaultError {
    VaultError::Unavailable(error.to_string())
}
