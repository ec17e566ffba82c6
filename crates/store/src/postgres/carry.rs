//! The database as the end of a copy: one that is read beside the nodes that serve it, and one in the making.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures::executor::block_on;
use journal::chain::log_link;
use journal::{Hash, Recorded, StreamId, Unavailable};
use tokio_postgres::{Error, Row};

use super::entries::{self, hash, int, unsigned};
use super::failure::Failure;
use super::link::{Link, Parameter, parameters, unavailable};
use super::migrate;
use super::open::{Drivers, connect};
use super::text::{kept, read};
use super::url::DatabaseUrl;
use crate::OpenError;
use crate::admit::Standing;
use crate::copy::{Answered, Batch, CopyError, Source, Take, Target};
use crate::vault::WrappedKeys;

/// Rows read at once.
const READ: i64 = 4_096;

/// A connection of a copy, and what drives it.
struct Way {
    link: Link,
    url: DatabaseUrl,
    /// Dropped after the connection.
    _drivers: Drivers,
}

impl Way {
    /// Connects, once nobody opens the database at this moment.
    fn open(url: &DatabaseUrl) -> Result<Way, OpenError> {
        let open = || {
            let (drivers, link) = connect(url)?.parts();
            Ok(Way { link, url: url.clone(), _drivers: drivers })
        };
        open().map_err(|failure: Failure| failure.of(url))
    }

    /// Lets others open the database.
    fn let_in(&self) -> Result<(), CopyError> {
        self.link.batch_now("SELECT pg_advisory_unlock_all()").map_err(wrong)
    }

    fn place(&self) -> PathBuf {
        PathBuf::from(self.url.to_string())
    }

    fn query(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, CopyError> {
        self.link.query_now(sql, parameters).map_err(wrong)
    }

    fn execute(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<(), CopyError> {
        self.link.execute_now(sql, parameters).map(drop).map_err(wrong)
    }

    /// Whether the product has ever been here.
    fn is_ours(&self) -> Result<bool, CopyError> {
        Ok(self.query("SELECT to_regclass('anpei.meta') IS NOT NULL", &[])?[0].get(0))
    }

    fn id(&self) -> Result<Vec<u8>, CopyError> {
        Ok(self.query("SELECT value FROM meta WHERE name = 'store'", &[])?[0].get(0))
    }

    fn noted(&self, name: &str) -> Result<Option<String>, CopyError> {
        let rows = self.query("SELECT convert_from(value, 'UTF8') FROM meta WHERE name = $1", &[&name])?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    fn note(&self, name: &str, text: Option<&str>) -> Result<(), CopyError> {
        match text {
            Some(text) => self.execute(
                "INSERT INTO meta (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                &[&name, &text.as_bytes()],
            ),
            None => self.execute("DELETE FROM meta WHERE name = $1", &[&name]),
        }
    }

    fn tip(&self) -> Result<(u64, Hash), CopyError> {
        let rows = self.query("SELECT head, hash FROM log", &[])?;
        Ok((unsigned(&rows[0], 0).map_err(wrong)?, hash(&rows[0], 1).map_err(wrong)?))
    }
}

fn wrong(error: Error) -> CopyError {
    CopyError::Unavailable(unavailable(error))
}

/// Refuses a database that is not whole.
pub(super) fn check_whole(link: &Link, url: &DatabaseUrl) -> Result<(), Failure> {
    let sql = "SELECT FROM meta WHERE name = 'unfinished'";
    match link.query_now(sql, &[])?.is_empty() {
        true => Ok(()),
        false => Err(Failure::Told(OpenError::Unfinished { folder: url.to_string().into() })),
    }
}

/// A journal that is read.
pub(crate) struct Reading {
    way: Way,
    id: Vec<u8>,
    head: u64,
}

impl Reading {
    /// Reads the journal in the database at `url` up to where it ends now. Nodes may serve it.
    pub(crate) fn open(url: &DatabaseUrl) -> Result<Reading, CopyError> {
        let way = Way::open(url)?;
        way.let_in()?;
        if !way.is_ours()? {
            return Err(OpenError::NoJournal { folder: url.to_string().into() }.into());
        }
        check_whole(&way.link, url).map_err(|failure| failure.of(url))?;
        let (id, (head, _)) = (way.id()?, way.tip()?);
        Ok(Reading { way, id, head })
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
        let sql = "SELECT position, hash FROM links WHERE position <= $1 ORDER BY position DESC LIMIT 1";
        let rows = self.way.query(sql, &[&int(position)])?;
        let link = rows.first().map(|row| Ok::<_, Error>((unsigned(row, 0)?, hash(row, 1)?)));
        let (at, mut hash) = link.transpose().map_err(wrong)?.unwrap_or((0, Hash::START));
        let left = usize::try_from(position - at).unwrap_or(usize::MAX);
        for entry in block_on(entries::after(&self.way.link, at, left))? {
            hash = log_link(hash, entry.position, entry.hash);
        }
        Ok(hash)
    }

    fn entries(&mut self, mut after: u64, take: &mut Take<'_, Recorded>) -> Result<(), CopyError> {
        while after < self.head {
            let batch = block_on(entries::after(&self.way.link, after, READ as usize))?;
            for entry in batch.into_iter().filter(|entry| entry.position <= self.head) {
                after = entry.position;
                if !take(entry)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn answers(&mut self, from: u64, take: &mut Take<'_, Answered>) -> Result<(), CopyError> {
        let (mut scope, mut key) = (String::new(), String::new());
        let sql = "SELECT scope, key, request, answer, position FROM answers
            WHERE (scope, key) > ($1, $2) AND position >= $3 ORDER BY scope, key LIMIT $4";
        loop {
            let rows = self.way.query(sql, &[&scope, &key, &int(from), &READ])?;
            let Some(last) = rows.last() else { return Ok(()) };
            (scope, key) = (last.get(0), last.get(1));
            for row in &rows {
                let ((scope, key), stored) = entries::stored(row)?;
                let position = unsigned(row, 4).map_err(wrong)?;
                let (request, answer) = (stored.request, stored.answer);
                if !take(Answered { position, scope, key, request, answer })? {
                    return Ok(());
                }
            }
        }
    }

    fn checkpoints(&mut self) -> Result<Vec<(String, u64)>, CopyError> {
        let rows = self.way.query("SELECT name, position FROM checkpoints ORDER BY name", &[])?;
        let read = |row: &Row| Ok((read(row.try_get(0)?).into_owned(), unsigned(row, 1)?));
        rows.iter().map(read).collect::<Result<_, Error>>().map_err(wrong)
    }
}

/// A journal in the making. No store opens it before it is finished.
pub(crate) struct Loading {
    way: Way,
    order: String,
}

impl Loading {
    /// The journal of the store called `id` in the database at `url`: made in an empty one, or gone on with where an earlier copy by the
    /// same `order` stopped.
    pub(crate) fn open(url: &DatabaseUrl, id: &[u8], order: &str) -> Result<Loading, CopyError> {
        let way = Way::open(url)?;
        let is_empty = !way.is_ours()?;
        block_on(migrate::apply(&way.link.client, false)).map_err(|failure| failure.of(url))?;
        // A database in which nothing was ever sealed or recorded is as good as a new one.
        let unused = "SELECT head = 0 AND NOT EXISTS (SELECT FROM vault.meta) FROM log";
        if (is_empty || way.query(unused, &[])?[0].get(0)) && way.noted("unfinished")?.is_none() {
            way.link.batch_now("BEGIN").map_err(wrong)?;
            way.execute("UPDATE meta SET value = $1 WHERE name = 'store'", &[&id])?;
            way.note("unfinished", Some(order))?;
            way.link.batch_now("COMMIT").map_err(wrong)?;
        }
        way.let_in()?;
        let path = way.place();
        if way.id()? != id {
            return Err(CopyError::OtherStore { path });
        }
        match way.noted("unfinished")? {
            Some(begun) if begun == order => Ok(Loading { way, order: order.to_owned() }),
            None if way.noted("copied")?.as_deref() == Some(order) => Err(CopyError::Whole { path }),
            _ => Err(CopyError::NotEmpty { path }),
        }
    }

    fn put(&self, batch: &Batch, rest: impl FnOnce(&Way) -> Result<(), CopyError>) -> Result<(), CopyError> {
        let way = &self.way;
        way.link.batch_now("BEGIN").map_err(wrong)?;
        let put = || {
            if !batch.entries.is_empty() {
                way.execute(entries::INSERT, &parameters(&entries::as_columns(&batch.entries)))?;
                let last: BTreeMap<&str, i64> = batch
                    .entries
                    .iter()
                    .map(|entry| (entry.stream.category(), int(entry.position)))
                    .collect();
                let (categories, positions): (Vec<_>, Vec<_>) =
                    last.into_iter().map(|(category, position)| (kept(category), position)).unzip();
                way.execute(entries::KEEP_LAST_OF, &[&categories, &positions])?;
            }
            let (positions, hashes): (Vec<i64>, Vec<&[u8]>) =
                batch.links.iter().map(|(position, hash)| (int(*position), &hash.0[..])).unzip();
            way.execute(entries::KEEP_LINKS, &[&positions, &hashes])?;
            for part in batch.answers.chunks(READ as usize) {
                let texts =
                    |cell: fn(&Answered) -> &str| part.iter().map(|one| kept(cell(one))).collect::<Vec<_>>();
                let requests: Vec<&[u8]> = part.iter().map(|one| &one.request[..]).collect();
                let positions: Vec<i64> = part.iter().map(|one| int(one.position)).collect();
                way.execute(
                    "INSERT INTO answers (scope, key, request, answer, position)
                     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::bigint[])
                     ON CONFLICT DO NOTHING",
                    &[
                        &texts(|one| &one.scope),
                        &texts(|one| &one.key),
                        &requests,
                        &texts(|one| &one.answer),
                        &positions,
                    ],
                )?;
            }
            way.execute("UPDATE log SET head = $1, hash = $2", &[&int(batch.position), &&batch.tip.0[..]])?;
            if let Some(position) = batch.answered {
                way.note("answered", Some(&position.to_string()))?;
            }
            rest(way)
        };
        match put() {
            Ok(()) => way.link.batch_now("COMMIT").map_err(wrong),
            Err(error) => {
                // A connection that is gone has taken its work back by itself; the first error is the one to tell.
                let _ = way.link.batch_now("ROLLBACK");
                Err(error)
            }
        }
    }
}

impl Target for Loading {
    fn place(&self) -> PathBuf {
        self.way.place()
    }

    fn tip(&mut self) -> Result<(u64, Hash), CopyError> {
        self.way.tip()
    }

    fn answered(&mut self) -> Result<u64, CopyError> {
        Ok(self.way.noted("answered")?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn standing(&mut self, stream: &StreamId) -> Result<Standing, CopyError> {
        let sql = "SELECT version, hash FROM events WHERE stream = $1 ORDER BY version DESC LIMIT 1";
        let rows = self.way.query(sql, &[&kept(stream.as_str())])?;
        let Some(row) = rows.first() else { return Ok(Standing::START) };
        Ok(Standing { version: unsigned(row, 0).map_err(wrong)?, hash: hash(row, 1).map_err(wrong)? })
    }

    fn write(&mut self, batch: &Batch) -> Result<(), CopyError> {
        self.put(batch, |_| Ok(()))
    }

    fn finish(&mut self, batch: &Batch, checkpoints: &[(String, u64)]) -> Result<(), CopyError> {
        self.put(batch, |way| {
            for (name, position) in checkpoints {
                way.execute(
                    "INSERT INTO checkpoints (name, position) VALUES ($1, $2)
                     ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                    &[&kept(name), &int(*position)],
                )?;
            }
            way.note("unfinished", None)?;
            way.note("copied", Some(&self.order))
        })
    }
}

/// Everything in the vault of the database at `url`.
pub(crate) fn read_keys(url: &DatabaseUrl) -> Result<WrappedKeys, CopyError> {
    let way = Way::open(url)?;
    way.let_in()?;
    let rows = way.query("SELECT value FROM vault.meta WHERE name = 'check'", &[])?;
    let none = || Unavailable("the database holds no keys yet; start the service on it once".to_owned());
    let check = rows.first().ok_or_else(none)?.get(0);
    let mut keys = WrappedKeys { check, ..WrappedKeys::default() };
    let sql = "SELECT subject, wrapped FROM vault.keys WHERE subject > $1 ORDER BY subject LIMIT $2";
    let mut last = String::new();
    loop {
        let rows = way.query(sql, &[&last, &READ])?;
        let Some(row) = rows.last() else { return Ok(keys) };
        last = row.get(0);
        for row in &rows {
            let subject = read(row.try_get(0).map_err(wrong)?).into_owned();
            match row.try_get::<_, Option<Vec<u8>>>(1).map_err(wrong)? {
                Some(wrapped) => keys.wrapped.push((subject, wrapped)),
                None => keys.erased.push(subject),
            }
        }
    }
}

/// Keeps `keys` of the store called `store` in the vault of the database at `url`, which is in the making. Who is erased there stays erased.
pub(crate) fn write_keys(url: &DatabaseUrl, store: &[u8], keys: &WrappedKeys) -> Result<(), CopyError> {
    let way = Way::open(url)?;
    way.let_in()?;
    let sql =
        "INSERT INTO vault.meta (name, value) VALUES ('store', $1), ('check', $2) ON CONFLICT DO NOTHING";
    way.execute(sql, &[&store, &keys.check])?;
    for part in keys.wrapped.chunks(READ as usize) {
        let (subjects, wrapped): (Vec<_>, Vec<&[u8]>) =
            part.iter().map(|(subject, wrapped)| (kept(subject), &wrapped[..])).unzip();
        let sql = "INSERT INTO vault.keys (subject, wrapped) SELECT * FROM unnest($1::text[], $2::bytea[])
            ON CONFLICT DO NOTHING";
        way.execute(sql, &[&subjects, &wrapped])?;
    }
    for part in keys.erased.chunks(READ as usize) {
        let subjects: Vec<_> = part.iter().map(|subject| kept(subject)).collect();
        let sql = "INSERT INTO vault.keys (subject, wrapped) SELECT subject, NULL FROM unnest($1::text[]) AS erased (subject)
            ON CONFLICT (subject) DO UPDATE SET wrapped = NULL";
        way.execute(sql, &[&subjects])?;
    }
    Ok(())
}
