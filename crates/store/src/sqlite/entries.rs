//! Entries of the journal, and the answers kept beside them, as rows.

use journal::{BadStream, Decoded, Hash, Recorded, StoredAnswer, StreamId};
use lexicon::Moment;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, params};

use crate::admit::Standing;

/// The columns that [`entry`] reads, in its order.
macro_rules! columns {
    () => {
        "position, stream, version, name, shape, at, actor, caused_by, data, hash"
    };
}

pub(super) const BY_POSITION: &str =
    concat!("SELECT ", columns!(), " FROM events WHERE position > ?1 ORDER BY position");
pub(super) const BY_STREAM: &str =
    concat!("SELECT ", columns!(), " FROM events WHERE position > ?1 ORDER BY stream, version");
const OF_STREAM: &str =
    concat!("SELECT ", columns!(), " FROM events WHERE stream = ?1 AND version > ?2 ORDER BY version");
const INSERT: &str = concat!("INSERT INTO events (", columns!(), ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");

pub(super) fn insert(connection: &Connection, entry: &Recorded) -> Result<()> {
    let Recorded { position, stream, version, name, shape, at, actor, caused_by, data, hash, .. } = entry;
    let actor = actor.to_string();
    let (stream, at, hash) = (stream.as_str(), at.micros(), &hash.0[..]);
    connection
        .prepare_cached(INSERT)?
        .execute(params![position, stream, version, name, shape, at, actor, caused_by, data, hash])?;
    Ok(())
}

pub(super) fn entry(row: &Row<'_>) -> Result<Recorded> {
    Ok(Recorded {
        position: row.get(0)?,
        stream: row.get_ref(1)?.as_str()?.parse().map_err(damaged(1))?,
        version: row.get(2)?,
        name: row.get_ref(3)?.as_str()?.into(),
        shape: row.get(4)?,
        at: Moment::from_micros(row.get(5)?),
        actor: row.get_ref(6)?.as_str()?.parse().map_err(damaged(6))?,
        caused_by: row.get(7)?,
        data: row.get_ref(8)?.as_str()?.into(),
        hash: Hash(row.get(9)?),
        decoded: Decoded::default(),
    })
}

fn damaged(column: usize) -> impl FnOnce(BadStream) -> Error {
    move |error| Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// At most `limit` entries after `position`.
pub(super) fn after(connection: &Connection, position: u64, limit: usize) -> Result<Vec<Recorded>> {
    let mut statement = connection.prepare_cached(BY_POSITION)?;
    let mut rows = statement.query([position])?;
    let mut entries = Vec::new();
    while entries.len() < limit
        && let Some(row) = rows.next()?
    {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

/// The entries of `stream` after `version`.
pub(super) fn of_stream(connection: &Connection, stream: &StreamId, version: u64) -> Result<Vec<Recorded>> {
    let mut statement = connection.prepare_cached(OF_STREAM)?;
    statement.query_map(params![stream.as_str(), version], entry)?.collect()
}

/// Where `stream` stands.
pub(super) fn standing(connection: &Connection, stream: &StreamId) -> Result<Standing> {
    let sql = "SELECT version, hash FROM events WHERE stream = ?1 ORDER BY version DESC LIMIT 1";
    let last = connection
        .prepare_cached(sql)?
        .query_row([stream.as_str()], |row| Ok(Standing { version: row.get(0)?, hash: Hash(row.get(1)?) }));
    Ok(last.optional()?.unwrap_or(Standing::START))
}

/// The answer kept for `key` in `scope`.
pub(super) fn answer(connection: &Connection, scope: &str, key: &str) -> Result<Option<StoredAnswer>> {
    let sql = "SELECT request, answer FROM answers WHERE scope = ?1 AND key = ?2";
    connection
        .prepare_cached(sql)?
        .query_row([scope, key], |row| Ok(StoredAnswer { request: row.get(0)?, answer: row.get(1)? }))
        .optional()
}

/// Keeps `asked`'s answer for ever; the journal ends at `position`.
pub(super) fn keep_answer(
    connection: &Connection,
    asked: &journal::Idempotency,
    position: u64,
) -> Result<()> {
    let sql = "INSERT INTO answers (scope, key, request, answer, position) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![asked.scope, asked.key, &asked.request[..], asked.answer, position];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}
