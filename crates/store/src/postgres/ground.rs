//! What the checks of a commit stand on: read under the lock of the log in one go, remembered while no other node commits.

use std::collections::{HashMap, HashSet};

use insight::view::{Row, Value, View};
use journal::{Guard, Hash, Idempotency, Recorded, StoredAnswer, StreamId, Unavailable};
use tokio_postgres::Error;

use super::entries::{self, hash, unsigned};
use super::link::{Link, Pipeline, unavailable};
use super::tables::Table;
use super::text::{kept, read};
use crate::admit::{Ground, Prepared, Standing};
use crate::fold::{Folding, Kept};

/// Of so many streams the writer remembers where they stand.
const STREAMS_REMEMBERED: usize = 65_536;

/// Where the log stands: its one row, which every commit locks first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standpoint {
    pub(super) head: u64,
    pub(super) tip: Hash,
    /// The tables of inline views that have heard everything up to `head`.
    pub(super) forms: Vec<String>,
    /// Counts the tables put in place of others.
    pub(super) making: i64,
}

/// Reads the one row and locks it until the end of the transaction.
pub(super) const LOCK: &str = "SELECT head, hash, forms, making FROM log FOR UPDATE";

impl Standpoint {
    pub(super) fn read(row: &tokio_postgres::Row) -> Result<Standpoint, Error> {
        let (head, tip) = (unsigned(row, 0)?, hash(row, 1)?);
        Ok(Standpoint { head, tip, forms: row.try_get(2)?, making: row.try_get(3)? })
    }
}

/// What is remembered of the journal; all of it can be read again.
#[derive(Default)]
pub(super) struct Remembered {
    streams: HashMap<StreamId, Standing>,
    last_of: HashMap<String, u64>,
    touched: HashSet<String>,
    answers: HashMap<(String, String), StoredAnswer>,
}

/// What is still to be read for a group of appends.
#[derive(Default)]
pub(super) struct Wanted {
    streams: Vec<StreamId>,
    keys: Vec<(String, String)>,
    categories: Vec<String>,
    /// For each inline view the keys of rows that its fold will ask for, as far as can be told beforehand.
    rows: Vec<Vec<Vec<Value>>>,
}

/// Rows read beforehand, for each inline view.
pub(super) type Fetched = Vec<HashMap<Vec<Value>, Option<Row>>>;

impl Remembered {
    /// What `appends` need and is not remembered.
    pub(super) fn wanted(&mut self, appends: &[&Prepared]) -> Wanted {
        // Only here, where nothing was read for the group yet.
        if self.streams.len() >= STREAMS_REMEMBERED {
            self.streams.clear();
        }
        self.answers.clear();
        let mut wanted = Wanted::default();
        let (mut streams, mut categories) = (HashSet::new(), HashSet::new());
        for append in appends {
            let asked = append.asked();
            wanted.keys.extend(asked.idempotency.iter().map(|key| (key.scope.clone(), key.key.clone())));
            streams.extend(asked.writes.iter().map(|write| &write.stream));
            for guard in &asked.guards {
                match guard {
                    Guard::StreamAt { stream, .. } => drop(streams.insert(stream)),
                    Guard::NoneSince { category, .. } => drop(categories.insert(category)),
                }
            }
        }
        streams.retain(|stream| !self.streams.contains_key(*stream));
        categories.retain(|category| !self.last_of.contains_key(*category));
        wanted.streams = streams.into_iter().cloned().collect();
        wanted.categories = categories.into_iter().cloned().collect();
        wanted
    }

    pub(super) fn recorded(&mut self, entry: &Recorded) {
        self.streams.insert(entry.stream.clone(), Standing { version: entry.version, hash: entry.hash });
        let category = entry.stream.category();
        self.last_of.insert(category.to_owned(), entry.position);
        self.touched.insert(category.to_owned());
    }

    pub(super) fn answered(&mut self, asked: &Idempotency) {
        let answer = StoredAnswer { request: asked.request, answer: asked.answer.clone() };
        self.answers.insert((asked.scope.clone(), asked.key.clone()), answer);
    }

    /// The categories of this commit, and the last position of each.
    pub(super) fn touched(&mut self) -> (Vec<String>, Vec<i64>) {
        let mut touched: Vec<_> = self.touched.drain().collect();
        touched.sort_unstable();
        let positions = touched.iter().map(|category| entries::int(self.last_of[category])).collect();
        (touched.iter().map(|category| kept(category).into_owned()).collect(), positions)
    }

    pub(super) fn forget(&mut self) {
        *self = Remembered::default();
    }
}

/// Everything that [`Wanted`] asks for has been read: what is not there does not exist.
impl Ground for Remembered {
    fn answer(&mut self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable> {
        Ok(self.answers.get(&(scope.to_owned(), key.to_owned())).cloned())
    }

    fn standing(&mut self, stream: &StreamId) -> Result<Standing, Unavailable> {
        Ok(self.streams.get(stream).copied().unwrap_or(Standing::START))
    }

    fn last_of(&mut self, category: &str) -> Result<u64, Unavailable> {
        Ok(self.last_of.get(category).copied().unwrap_or(0))
    }
}

impl Wanted {
    /// Adds the rows that folding `entries` into those of `views` that serve would ask for: they are folded once for nothing but their questions.
    pub(super) fn scout(&mut self, views: &[Option<&Folding>], entries: &[Recorded]) {
        self.rows.resize_with(views.len(), Vec::new);
        for (known, rows) in views.iter().zip(&mut self.rows) {
            let Some(known) = known else { continue };
            let mut scout = Folding::new(known.view(), 0);
            for entry in entries.iter().filter(|entry| known.hears(entry)) {
                // What goes wrong here goes wrong again where it counts.
                let _ = scout.fold(entry, &mut Questions { known, rows });
                scout.agree();
            }
        }
        for rows in &mut self.rows {
            rows.sort_unstable();
            rows.dedup();
        }
    }

    /// Prepares the statements that [`Wanted::send`] sends.
    pub(super) async fn prepare(&self, link: &Link) -> Result<(), Error> {
        for sql in [entries::STANDINGS, entries::ANSWERS, entries::LAST_OF] {
            link.prepare(sql).await?;
        }
        Ok(())
    }

    /// Sends the questions.
    pub(super) async fn send<'a>(
        &'a self,
        pipeline: &mut Pipeline<'a>,
        link: &Link,
        tables: &[&Table],
    ) -> Result<(), Error> {
        if !self.streams.is_empty() {
            let names: Vec<_> = self.streams.iter().map(|stream| kept(stream.as_str())).collect();
            pipeline.send(link.prepare(entries::STANDINGS).await?, vec![Box::new(names)]);
        }
        if !self.keys.is_empty() {
            let (scopes, keys): (Vec<_>, Vec<_>) =
                self.keys.iter().map(|(scope, key)| (kept(scope), kept(key))).unzip();
            let statement = link.prepare(entries::ANSWERS).await?;
            pipeline.send(statement, vec![Box::new(scopes), Box::new(keys)]);
        }
        if !self.categories.is_empty() {
            let names: Vec<_> = self.categories.iter().map(|category| kept(category)).collect();
            pipeline.send(link.prepare(entries::LAST_OF).await?, vec![Box::new(names)]);
        }
        for (table, rows) in tables.iter().zip(&self.rows).filter(|(_, rows)| !rows.is_empty()) {
            table.ask(pipeline, link, rows).await?;
        }
        Ok(())
    }

    /// The rows asked for of the one view that was scouted.
    pub(super) async fn rows_of(
        mut self,
        link: &Link,
        table: &Table,
    ) -> Result<HashMap<Vec<Value>, Option<Row>>, Unavailable> {
        match self.rows.pop() {
            Some(keys) if !keys.is_empty() => table.rows(link, keys).await,
            _ => Ok(HashMap::new()),
        }
    }

    /// Reads the answers, in the order of the questions.
    pub(super) fn receive(
        self,
        remembered: &mut Remembered,
        tables: &[&Table],
        mut answers: impl Iterator<Item = Vec<tokio_postgres::Row>>,
    ) -> Result<Fetched, Unavailable> {
        if !self.streams.is_empty() {
            for row in answers.next().unwrap_or_default() {
                let name: &str = row.try_get(0).map_err(unavailable)?;
                let stream = read(name).parse().map_err(|error| Unavailable(format!("{name}: {error}")))?;
                let (version, hash) = (unsigned(&row, 1), hash(&row, 2));
                let version = version.map_err(unavailable)?;
                let standing = Standing { version, hash: hash.map_err(unavailable)? };
                remembered.streams.insert(stream, standing);
            }
        }
        if !self.keys.is_empty() {
            for row in answers.next().unwrap_or_default() {
                let (key, answer) = entries::stored(&row)?;
                remembered.answers.insert(key, answer);
            }
        }
        if !self.categories.is_empty() {
            for row in answers.next().unwrap_or_default() {
                let category = read(row.try_get(0).map_err(unavailable)?).into_owned();
                remembered.last_of.insert(category, unsigned(&row, 1).map_err(unavailable)?);
            }
        }
        let mut fetched = vec![];
        for (table, rows) in tables.iter().zip(self.rows) {
            fetched.push(match rows.is_empty() {
                true => HashMap::new(),
                false => table.found(rows, &answers.next().unwrap_or_default())?,
            });
        }
        Ok(fetched)
    }
}

/// Writes down which rows a fold asks for, and tells what is known of them.
struct Questions<'a> {
    known: &'a Folding,
    rows: &'a mut Vec<Vec<Value>>,
}

impl Kept for Questions<'_> {
    fn row(&mut self, _view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        match self.known.known(key) {
            Some(row) => Ok(row),
            None => {
                self.rows.push(key.to_vec());
                Ok(None)
            }
        }
    }
}

/// The rows of one table, for its fold: those read beforehand, else from the database.
pub(super) struct KeptRows<'a> {
    pub(super) link: &'a Link,
    pub(super) table: &'a Table,
    pub(super) fetched: Option<&'a HashMap<Vec<Value>, Option<Row>>>,
}

impl Kept for KeptRows<'_> {
    fn row(&mut self, _view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        if let Some(row) = self.fetched.and_then(|fetched| fetched.get(key)) {
            return Ok(row.clone());
        }
        let mut found = futures::executor::block_on(self.table.rows(self.link, vec![key.to_vec()]))?;
        Ok(found.remove(key).flatten())
    }
}
