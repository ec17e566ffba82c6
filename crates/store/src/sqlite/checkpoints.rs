//! How far followers of the journal have come, as rows.

use rusqlite::{Connection, OptionalExtension, Result};

pub(super) fn reached(connection: &Connection, name: &str) -> Result<u64> {
    let sql = "SELECT position FROM checkpoints WHERE name = ?1";
    let position = connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    Ok(position.unwrap_or(0))
}

pub(super) fn reach(connection: &Connection, name: &str, position: u64) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO checkpoints (name, position) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(rusqlite::params![name, position])?;
    Ok(())
}
