//! Wrapped keys in the database, where every node sees them at once.
//!
//! A node remembers keys only for a moment after it last saw that nobody was erased, and an erasure waits for that moment to pass:
//! when it is answered, no node opens or seals with the key any more, and opening costs no way to the server.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use futures::executor::block_on;
use tokio_postgres::Error;

use super::ERASED_CHANNEL;
use super::failure::Failure;
use super::link::{Connector, Link, Purpose, told};
use super::text::kept;

/// How long what was seen is relied on.
const RELIED_ON: Duration = Duration::from_millis(600);
/// How much longer an erasure waits: clocks of different machines do not run equally fast.
const MARGIN: Duration = Duration::from_millis(50);

/// So many connections lie idle at most.
const IDLE_MAX: usize = 4;

/// The keys of all nodes.
pub(crate) struct SharedKeys {
    connector: Connector,
    /// Taken and given back for each question: those who seal at once do not wait for each other.
    idle: Mutex<Vec<Link>>,
    /// When the count was asked for that was answered last, and the count.
    seen: Mutex<Option<(Instant, i64)>>,
}

impl SharedKeys {
    pub(super) fn new(connector: Connector) -> SharedKeys {
        SharedKeys { connector, idle: Mutex::default(), seen: Mutex::default() }
    }

    /// Whether nothing was ever kept here.
    pub(crate) fn is_new(&self) -> Result<bool, crate::OpenError> {
        let rows = self.ask(async |link| link.query("SELECT FROM vault.meta", &[]).await);
        rows.map(|rows| rows.is_empty()).map_err(|error| Failure::from(error).of(self.connector.url()))
    }

    /// Keys are missing that the journal needs.
    pub(crate) fn parted(&self) -> crate::OpenError {
        Failure::Parted.of(self.connector.url())
    }

    /// Marks a new vault with the store and with `check`, which tells the master key; compares those of another.
    pub(crate) fn check(&self, store: &[u8], check: &[u8]) -> Result<(), crate::OpenError> {
        let wrong = |failure: Failure| failure.of(self.connector.url());
        let marks = async |link: &Link| {
            let sql = "INSERT INTO vault.meta (name, value) VALUES ('store', $1), ('check', $2) ON CONFLICT DO NOTHING";
            link.execute(sql, &[&store, &check]).await?;
            link.query("SELECT value FROM vault.meta ORDER BY name", &[]).await
        };
        let rows = self.ask(marks).map_err(|error| wrong(error.into()))?;
        let values: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
        match &values[..] {
            [_, kept] if kept != store => Err(wrong(Failure::Parted)),
            [kept, _] if kept == check => Ok(()),
            _ => {
                let problem = format!("it is not the one that {} was made with", self.connector.url());
                Err(crate::OpenError::MasterKey { problem })
            }
        }
    }

    /// The wrapped key of `subject`; `Some(None)` when it was erased.
    pub(crate) fn find(&self, subject: &str) -> Result<Option<Option<Vec<u8>>>, String> {
        let sql = "SELECT wrapped FROM vault.keys WHERE subject = $1";
        let rows = self.asked(async |link| link.query(sql, &[&kept(subject)]).await)?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// Keeps `wrapped` for `subject` unless another node was faster; what is kept.
    pub(crate) fn claim(&self, subject: &str, wrapped: &[u8]) -> Result<Option<Option<Vec<u8>>>, String> {
        let sql =
            "INSERT INTO vault.keys (subject, wrapped) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING";
        self.asked(async |link| link.execute(sql, &[&kept(subject), &wrapped]).await)?;
        self.find(subject)
    }

    /// Destroys the key of `subject`. When this returns, no node uses it any more.
    pub(crate) fn erase(&self, subject: &str) -> Result<(), String> {
        let erase = async |link: &Link| {
            link.execute(
                "WITH gone AS (INSERT INTO vault.keys (subject, wrapped) VALUES ($1, NULL)
                    ON CONFLICT (subject) DO UPDATE SET wrapped = NULL),
                 counted AS (UPDATE vault.erasures SET count = count + 1 RETURNING count)
                 SELECT pg_notify($2, count::text) FROM counted",
                &[&kept(subject), &ERASED_CHANNEL],
            )
            .await
        };
        self.asked(erase)?;
        let relied_on = Instant::now() + RELIED_ON + MARGIN;
        // The old row is dead; this gives its place to others. It is not waited for where it cannot be had.
        if let Err(problem) = self.asked(async |link| link.client.batch_execute("VACUUM vault.keys").await) {
            tracing::warn!(%problem, "the place of an erased key is not free yet");
        }
        thread::sleep(relied_on.saturating_duration_since(Instant::now()));
        Ok(())
    }

    /// Whether what was remembered may be relied on still.
    pub(crate) fn is_fresh(&self) -> bool {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.is_some_and(|(asked, _)| asked.elapsed() < RELIED_ON)
    }

    /// How many erasures there are, and when that was asked.
    pub(crate) fn look(&self) -> Result<(Instant, i64), String> {
        let asked = Instant::now();
        let rows = self.asked(async |link| link.query("SELECT count FROM vault.erasures", &[]).await)?;
        let count = rows.first().ok_or("the vault does not count its erasures")?.get(0);
        Ok((asked, count))
    }

    /// How many erasures were seen last.
    pub(crate) fn known(&self) -> Option<i64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).map(|(_, count)| count)
    }

    /// `count` answered a question asked at `asked`, and what was remembered agrees with it.
    pub(crate) fn seen(&self, asked: Instant, count: i64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.is_none_or(|(before, _)| before < asked) {
            *seen = Some((asked, count));
        }
    }

    /// Works with a connection, twice when the first is lost: everything here can be done twice.
    fn ask<T>(&self, work: impl AsyncFn(&Link) -> Result<T, Error>) -> Result<T, Error> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        block_on(async {
            let known = idle().pop();
            if let Some(link) = known.filter(|link| !link.is_closed()) {
                let done = work(&link).await;
                if !link.is_closed() {
                    idle().push(link);
                    return done;
                }
                // The others are as old.
                idle().clear();
            }
            let link = self.connector.link(Purpose::Read).await?;
            let done = work(&link).await;
            let mut idle = idle();
            if idle.len() < IDLE_MAX {
                idle.push(link);
            }
            done
        })
    }

    fn asked<T>(&self, work: impl AsyncFn(&Link) -> Result<T, Error>) -> Result<T, String> {
        self.ask(work).map_err(|error| told(&error))
    }
}
