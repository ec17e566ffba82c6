//! The yardstick: one loop that writes the journal's rows by prepared statements and commits every so many.

use std::path::Path;
use std::time::{Duration, Instant};

use journal::Recorded;
use rusqlite::{Connection, params};

/// The tables of the journal that an append touches, with their indexes.
const TABLES: &str = "
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
        name TEXT NOT NULL, shape INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
        caused_by INTEGER, data TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (stream, version)) STRICT;
    CREATE TABLE categories (category TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE tip (one INTEGER PRIMARY KEY, position INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
";

/// Writes `rows` in commits of `group`, with the settings of the store.
pub fn write(path: &Path, rows: &[Recorded], group: usize) -> Duration {
    let connection = Connection::open(path).expect("a database");
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;
        PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;";
    connection.execute_batch(settings).and_then(|()| connection.execute_batch(TABLES)).expect("tables");
    let prepare = |sql| connection.prepare(sql).expect("a statement");
    let (mut begin, mut commit) = (prepare("BEGIN IMMEDIATE"), prepare("COMMIT"));
    let mut event = prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    let mut category = prepare("INSERT OR REPLACE INTO categories VALUES (?1, ?2)");
    let mut tip = prepare("INSERT OR REPLACE INTO tip VALUES (1, ?1, ?2)");
    let actors: Vec<String> = rows.iter().map(|row| row.actor.to_string()).collect();
    let start = Instant::now();
    for (rows, actors) in rows.chunks(group).zip(actors.chunks(group)) {
        begin.execute([]).expect("begun");
        for (row, actor) in rows.iter().zip(actors) {
            let Recorded { position, stream, version, name, shape, at, caused_by, data, hash, .. } = row;
            let (stream, at, hash) = (stream.as_str(), at.micros(), &hash.0[..]);
            let row = params![position, stream, version, name, shape, at, actor, caused_by, data, hash];
            event.execute(row).expect("a row");
        }
        let last = &rows[rows.len() - 1];
        category.execute(params![last.stream.category(), last.position]).expect("a row");
        tip.execute(params![last.position, &last.hash.0[..]]).expect("a row");
        commit.execute([]).expect("committed");
    }
    start.elapsed()
}
