//! Connections that only read, or write one row by itself.

use std::sync::{Arc, Mutex, PoisonError};

use journal::Unavailable;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::Row;

use super::link::{Connector, Link, Parameter, Purpose, unavailable};

/// At most so many connections at once; more callers wait.
const READERS_MAX: usize = 8;

pub(super) struct Readers {
    connector: Connector,
    permits: Semaphore,
    idle: Mutex<Vec<Link>>,
}

/// A connection on loan; it goes back when this is dropped.
struct Lent<'a> {
    readers: &'a Readers,
    link: Option<Link>,
    _permit: SemaphorePermit<'a>,
}

impl Readers {
    pub(super) fn new(connector: Connector) -> Arc<Readers> {
        Arc::new(Readers { connector, permits: Semaphore::new(READERS_MAX), idle: Mutex::default() })
    }

    /// How many connections are lent, and how many there may be.
    pub(super) fn busy(&self) -> (u64, u64) {
        ((READERS_MAX - self.permits.available_permits()) as u64, READERS_MAX as u64)
    }

    /// A connection: one that lies idle, else a new one.
    async fn lend(&self) -> Result<Lent<'_>, Unavailable> {
        let permit = self.permits.acquire().await.map_err(|error| Unavailable(error.to_string()))?;
        let idle = loop {
            match self.idle().pop() {
                Some(link) if link.is_closed() => {}
                idle => break idle,
            }
        };
        let link = match idle {
            Some(link) => link,
            None => self.connector.link(Purpose::Read).await.map_err(unavailable)?,
        };
        Ok(Lent { readers: self, link: Some(link), _permit: permit })
    }

    /// The rows of `sql`; asked once more on another connection when the first is lost.
    pub(super) async fn query(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, Unavailable> {
        let lent = self.lend().await?;
        match lent.link().query(sql, parameters).await {
            Err(error) if lent.link().is_closed() || error.is_closed() => {
                drop(lent);
                self.idle().clear();
                self.lend().await?.link().query(sql, parameters).await.map_err(unavailable)
            }
            done => done.map_err(unavailable),
        }
    }

    /// Changes rows by one statement that can be done twice.
    pub(super) async fn execute(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<(), Unavailable> {
        self.query(sql, parameters).await.map(drop)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    fn link(&self) -> &Link {
        self.link.as_ref().expect("it is taken only when this is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(link) = self.link.take().filter(|link| !link.is_closed()) {
            self.readers.idle().push(link);
        }
    }
}
