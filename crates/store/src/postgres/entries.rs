//! Entries of the journal, and the answers kept beside them, as rows.

use std::borrow::Cow;
use std::error::Error as StdError;

use journal::{Decoded, Hash, Idempotency, Recorded, StoredAnswer, Unavailable};
use lexicon::Moment;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::link::{Cells, Link, unavailable};
use super::text::{kept, read};

/// The columns that [`entry`] reads, in its order.
macro_rules! columns {
    () => {
        "position, stream, version, name, shape, at, actor, caused_by, data, hash"
    };
}

pub(super) const BY_POSITION: &str =
    concat!("SELECT ", columns!(), " FROM events WHERE position > $1 ORDER BY position LIMIT $2");
pub(super) const BY_STREAM: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM events WHERE (stream, version) > ($1, $2) ORDER BY stream, version LIMIT $3"
);
pub(super) const OF_STREAM: &str =
    concat!("SELECT ", columns!(), " FROM events WHERE stream = $1 AND version > $2 ORDER BY version");
pub(super) const INSERT: &str = concat!(
    "INSERT INTO events (",
    columns!(),
    ") SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::bigint[], $7::text[],
      $8::bigint[], $9::text[], $10::bytea[])"
);
pub(super) const KEEP_ANSWERS: &str = "INSERT INTO answers (scope, key, request, answer, position)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::bigint[])";
pub(super) const STANDINGS: &str = "SELECT asked.stream, last.version, last.hash
    FROM unnest($1::text[]) AS asked (stream),
    LATERAL (SELECT version, hash FROM events WHERE events.stream = asked.stream ORDER BY version DESC LIMIT 1) AS last";
pub(super) const ANSWER: &str =
    "SELECT scope, key, request, answer FROM answers WHERE scope = $1 AND key = $2";
pub(super) const ANSWERS: &str = "SELECT scope, key, request, answer
    FROM unnest($1::text[], $2::text[]) AS asked (scope, key) JOIN answers USING (scope, key)";
pub(super) const LAST_OF: &str = "SELECT category, position FROM categories WHERE category = ANY ($1)";
pub(super) const KEEP_LAST_OF: &str = "INSERT INTO categories (category, position)
    SELECT * FROM unnest($1::text[], $2::bigint[])
    ON CONFLICT (category) DO UPDATE SET position = excluded.position";
pub(super) const KEEP_LINKS: &str =
    "INSERT INTO links (position, hash) SELECT * FROM unnest($1::bigint[], $2::bytea[])";

/// A number as the database keeps it.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that is never negative.
pub(super) fn unsigned(row: &Row, column: usize) -> Result<u64, tokio_postgres::Error> {
    Ok(u64::try_from(row.try_get::<_, i64>(column)?).unwrap_or_default())
}

/// A hash; one of another length is damaged and equals none.
pub(super) fn hash(row: &Row, column: usize) -> Result<Hash, tokio_postgres::Error> {
    Ok(Hash(row.try_get::<_, &[u8]>(column)?.try_into().unwrap_or([0xff; 32])))
}

/// The entry in `row`, or what does not fit.
pub(super) fn entry(row: &Row) -> Result<Recorded, Box<dyn StdError + Sync + Send>> {
    Ok(Recorded {
        position: row.try_get::<_, i64>(0)?.try_into()?,
        stream: read(row.try_get(1)?).parse()?,
        version: row.try_get::<_, i64>(2)?.try_into()?,
        name: read(row.try_get(3)?).as_ref().into(),
        shape: row.try_get::<_, i32>(4)?.try_into()?,
        at: Moment::from_micros(row.try_get(5)?),
        actor: read(row.try_get(6)?).parse()?,
        caused_by: row.try_get::<_, Option<i64>>(7)?.map(u64::try_from).transpose()?,
        data: read(row.try_get(8)?).as_ref().into(),
        hash: Hash(row.try_get::<_, &[u8]>(9)?.try_into()?),
        decoded: Decoded::default(),
    })
}

/// The entries in `rows`.
pub(super) fn entries(rows: &[Row]) -> Result<Vec<Recorded>, Unavailable> {
    let read = |row| entry(row).map_err(|problem| Unavailable(format!("an entry is damaged: {problem}")));
    rows.iter().map(read).collect()
}

/// At most `limit` entries after `position`.
pub(super) async fn after(link: &Link, position: u64, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    entries(&link.query(BY_POSITION, &[&int(position), &limit]).await.map_err(unavailable)?)
}

/// Scope and key, and the answer kept for them.
pub(super) fn stored(row: &Row) -> Result<((String, String), StoredAnswer), Unavailable> {
    let read = || {
        let request: &[u8] = row.try_get(2)?;
        let key = (read(row.try_get(0)?).into_owned(), read(row.try_get(1)?).into_owned());
        let answer =
            StoredAnswer { request: request.try_into()?, answer: read(row.try_get(3)?).into_owned() };
        Ok::<_, Box<dyn StdError + Sync + Send>>((key, answer))
    };
    read().map_err(|problem| Unavailable(format!("a kept answer is damaged: {problem}")))
}

/// `entries` as the parameters of [`INSERT`].
pub(super) fn as_columns(entries: &[Recorded]) -> Vec<Cells<'_>> {
    fn column<'a, T>(entries: &'a [Recorded], cell: impl Fn(&'a Recorded) -> T) -> Cells<'a>
    where
        Vec<T>: ToSql + Sync + Send + 'a,
    {
        Box::new(entries.iter().map(cell).collect::<Vec<T>>())
    }
    vec![
        column(entries, |entry| int(entry.position)),
        column(entries, |entry| kept(entry.stream.as_str())),
        column(entries, |entry| int(entry.version)),
        column(entries, |entry| kept(&entry.name)),
        column(entries, |entry| i32::from(entry.shape)),
        column(entries, |entry| entry.at.micros()),
        column(entries, |entry| kept(&entry.actor.to_string()).into_owned()),
        column(entries, |entry| entry.caused_by.map(int)),
        column(entries, |entry| kept(&entry.data)),
        column(entries, |entry| &entry.hash.0[..]),
    ]
}

/// `asked` as the parameters of [`KEEP_ANSWERS`].
pub(super) fn answers_as_columns(asked: &[(Idempotency, u64)]) -> Vec<Cells<'_>> {
    let texts = |cell: fn(&Idempotency) -> &str| -> Vec<Cow<'_, str>> {
        asked.iter().map(|(asked, _)| kept(cell(asked))).collect()
    };
    vec![
        Box::new(texts(|asked| &asked.scope)),
        Box::new(texts(|asked| &asked.key)),
        Box::new(asked.iter().map(|(asked, _)| &asked.request[..]).collect::<Vec<_>>()),
        Box::new(texts(|asked| &asked.answer)),
        Box::new(asked.iter().map(|(_, position)| int(*position)).collect::<Vec<_>>()),
    ]
}
