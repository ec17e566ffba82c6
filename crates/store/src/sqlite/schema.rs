//! The database file: its marks, its tables, its settings.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::OpenError;

/// Marks a file as a journal of this product: "anpj".
const APPLICATION: i32 = 0x616e_706a;
/// Raised with every change of [`TABLES`].
const RELEASE: i32 = 2;
/// What brings a file of the form before to the next one, the first of them to form 2.
const STEPS: [&str; 1] = [
    // Answers from before it stand at the beginning: whatever is copied has them.
    "ALTER TABLE answers ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
];
/// Older bundled versions had a fault in the write-ahead log that could lose a commit.
const SQLITE_MIN: i32 = 3_051_003;

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE events (
        position INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        shape INTEGER NOT NULL,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        caused_by INTEGER,
        data TEXT NOT NULL,
        hash BLOB NOT NULL,
        UNIQUE (stream, version)
    ) STRICT;
    CREATE TABLE categories (category TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE answers (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        request BLOB NOT NULL,
        answer TEXT NOT NULL,
        -- Position of the last entry when it was kept.
        position INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID;
    -- One link of the log in every 256, and the last of all as its tip.
    CREATE TABLE links (position INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
    CREATE TABLE tip (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
    -- `position` is how far a trailing view has heard; an inline view has always heard everything.
    CREATE TABLE views (
        name TEXT PRIMARY KEY,
        declaration TEXT NOT NULL,
        making INTEGER NOT NULL,
        position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
        token_hash TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        form_secret TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_account ON sessions (account);
    CREATE TABLE checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// How a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing is in it.
    New,
    /// An older release wrote it, in this form.
    Older(i32),
    /// As this release writes it.
    Current,
}

/// The connection that writes; makes the tables when the file is new, for a store called `id` where it has a name already.
pub(super) fn open_to_write(path: &Path, id: Option<&[u8]>) -> Result<Connection, OpenError> {
    let found = rusqlite::version_number();
    if found < SQLITE_MIN {
        return Err(OpenError::Database { path: path.into(), problem: format!("SQLite {found} is too old") });
    }
    let wrong = |error| OpenError::of_database(path, &error);
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    let form = check_marks(&connection, path, (APPLICATION, RELEASE))?;
    settle(&connection).map_err(wrong)?;
    let steps = match form {
        Form::Current => return Ok(connection),
        Form::New => &[TABLES][..],
        Form::Older(form) => &STEPS[usize::try_from(form).unwrap_or(1) - 1..],
    };
    let mut name = [0; 16];
    getrandom::fill(&mut name).map_err(|error| OpenError::Database {
        path: path.into(),
        problem: format!("no randomness: {error}"),
    })?;
    let make = || {
        let transaction = connection.unchecked_transaction()?;
        steps.iter().try_for_each(|step| transaction.execute_batch(step))?;
        let sql = "INSERT OR IGNORE INTO meta (name, value) VALUES ('store', ?1)";
        transaction.execute(sql, [id.unwrap_or(&name)])?;
        mark(&transaction, (APPLICATION, RELEASE))?;
        transaction.commit()
    };
    make().map_err(wrong)?;
    Ok(connection)
}

/// In which form the file is; an error when its marks are not those of `application` up to `release`.
pub(crate) fn check_marks(
    connection: &Connection,
    path: &Path,
    marks: (i32, i32),
) -> Result<Form, OpenError> {
    let wrong = |error| OpenError::of_database(path, &error);
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i32>(0)).map_err(wrong);
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    match (number("PRAGMA application_id")?, number("PRAGMA user_version")?) {
        (0, 0) if tables == 0 => Ok(Form::New),
        (application, _) if application != marks.0 => Err(OpenError::Foreign { path: path.into() }),
        (_, release) if release > marks.1 => {
            Err(OpenError::Newer { path: path.into(), found: release, known: marks.1 })
        }
        (_, release) if release < 1 => Err(OpenError::Foreign { path: path.into() }),
        (_, release) if release < marks.1 => Ok(Form::Older(release)),
        _ => Ok(Form::Current),
    }
}

/// In which form the journal at `path` is.
pub(super) fn check_journal(connection: &Connection, path: &Path) -> Result<Form, OpenError> {
    check_marks(connection, path, (APPLICATION, RELEASE))
}

/// What tells the store from every other.
pub(super) fn id(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    connection.query_row("SELECT value FROM meta WHERE name = 'store'", [], |row| row.get(0))
}

/// The note under `name`: `unfinished` while the journal is being copied here, `answered` how far its answers
/// are there, `copied` once it was, `moved` once it lives elsewhere.
pub(super) fn noted(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT CAST(value AS TEXT) FROM meta WHERE name = ?1";
    connection.query_row(sql, [name], |row| row.get(0)).optional()
}

/// Writes or takes away a note.
pub(super) fn note(connection: &Connection, name: &str, text: Option<&str>) -> rusqlite::Result<()> {
    match text {
        Some(text) => {
            let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
            connection.execute(sql, rusqlite::params![name, text.as_bytes()])?;
        }
        None => drop(connection.execute("DELETE FROM meta WHERE name = ?1", [name])?),
    }
    Ok(())
}

/// Refuses a journal that is not whole, or lives elsewhere.
pub(super) fn check_whole(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let wrong = |error| OpenError::of_database(path, &error);
    let folder = path.parent().unwrap_or(path).to_owned();
    if noted(connection, "unfinished").map_err(wrong)?.is_some() {
        return Err(OpenError::Unfinished { folder });
    }
    match noted(connection, "moved").map_err(wrong)? {
        Some(to) => Err(OpenError::Moved { folder, to }),
        None => Ok(()),
    }
}

/// Sets `(application, release)`.
pub(crate) fn mark(connection: &Connection, (application, release): (i32, i32)) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", application)?;
    connection.pragma_update(None, "user_version", release)
}

/// Settings of a connection that writes: an acknowledged commit is on disk.
pub(crate) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    steady(connection)?;
    let _: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    // Every commit costs SQLite a walk over the table of its cache: one larger than 8,192 pages costs more than it gives.
    connection.pragma_update(None, "cache_size", -32_000)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.set_prepared_statement_cache_capacity(512);
    Ok(())
}

/// A connection that only reads.
pub(super) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    steady(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// Settings of every connection.
fn steady(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    // A plan does not depend on the values bound; otherwise statements are compiled again for every other value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
