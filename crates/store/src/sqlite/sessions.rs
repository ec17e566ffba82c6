//! Sessions as rows.

use app::ports::Session;
use lexicon::{AccountId, Moment};
use rusqlite::{Connection, OptionalExtension, Result, params};

pub(super) fn keep(connection: &Connection, session: &Session) -> Result<()> {
    let Session { token_hash, account, form_secret, began_at, ends_at, used_at } = session;
    let sql = "INSERT OR REPLACE INTO sessions (token_hash, account, form_secret, began_at, ends_at, used_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let times = [began_at, ends_at, used_at].map(|moment| moment.micros());
    let row = params![token_hash, account.as_str(), form_secret, times[0], times[1], times[2]];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

pub(super) fn find(connection: &Connection, token_hash: &str) -> Result<Option<Session>> {
    let sql = "SELECT account, form_secret, began_at, ends_at, used_at FROM sessions WHERE token_hash = ?1";
    let session = connection.prepare_cached(sql)?.query_row([token_hash], |row| {
        let account = row.get_ref(0)?.as_str()?.parse::<AccountId>();
        let account = account.map_err(|error| {
            let kind = rusqlite::types::Type::Text;
            rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
        })?;
        Ok(Session {
            token_hash: token_hash.to_owned(),
            account,
            form_secret: row.get(1)?,
            began_at: Moment::from_micros(row.get(2)?),
            ends_at: Moment::from_micros(row.get(3)?),
            used_at: Moment::from_micros(row.get(4)?),
        })
    });
    session.optional()
}

pub(super) fn end(connection: &Connection, token_hash: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM sessions WHERE token_hash = ?1")?.execute([token_hash])?;
    Ok(())
}

pub(super) fn end_all(connection: &Connection, account: &AccountId) -> Result<()> {
    connection.prepare_cached("DELETE FROM sessions WHERE account = ?1")?.execute([account.as_str()])?;
    Ok(())
}

/// How many end after `moment`.
pub(super) fn count(connection: &Connection, moment: Moment) -> Result<u64> {
    let sql = "SELECT count(*) FROM sessions WHERE ends_at >= ?1";
    connection.prepare_cached(sql)?.query_row([moment.micros()], |row| row.get(0))
}

pub(super) fn sweep(connection: &Connection, moment: Moment) -> Result<()> {
    connection.prepare_cached("DELETE FROM sessions WHERE ends_at < ?1")?.execute([moment.micros()])?;
    Ok(())
}
