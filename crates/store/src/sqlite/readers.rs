//! Connections that only read.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use journal::Unavailable;
use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::schema::open_to_read;
use super::unavailable;

/// At most so many connections read at once; more readers wait.
const READERS_MAX: usize = 8;

pub(super) struct Readers {
    path: PathBuf,
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Arc<Readers> {
        Arc::new(Readers { path, permits: Semaphore::new(READERS_MAX), idle: Mutex::new(vec![]) })
    }

    /// How many connections read now, and how many may.
    pub(super) fn busy(&self) -> (u64, u64) {
        ((READERS_MAX - self.permits.available_permits().min(READERS_MAX)) as u64, READERS_MAX as u64)
    }

    /// A connection of the caller's own.
    pub(super) fn open(&self) -> Result<Connection, Unavailable> {
        open_to_read(&self.path).map_err(unavailable)
    }

    /// Reads a few rows here and now: faster than handing the work to another thread.
    pub(super) async fn here<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let _permit = self.permits.acquire().await.map_err(|error| Unavailable(error.to_string()))?;
        self.with(read)
    }

    /// Reads many rows on a thread for it, so that no other task waits behind them.
    pub(super) async fn aside<T: Send + 'static>(
        self: &Arc<Readers>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let _permit = self.permits.acquire().await.map_err(|error| Unavailable(error.to_string()))?;
        let readers = self.clone();
        match Handle::try_current() {
            Ok(runtime) => runtime
                .spawn_blocking(move || readers.with(read))
                .await
                .map_err(|error| Unavailable(error.to_string()))?,
            Err(_) => self.with(read),
        }
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Unavailable> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        let result = read(&connection).map_err(unavailable)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(result)
    }
}
