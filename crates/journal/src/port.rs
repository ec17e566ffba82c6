//! The journal as a port. Every backend passes the same conformance suite.

use std::pin::Pin;

use tokio::sync::watch;

use crate::{Append, AppendError, Appended, Recorded, StoredAnswer, StreamId};

/// A boxed future, so that the port can be used as a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The store cannot serve now; the operator must act. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("store unavailable: {0}")]
pub struct Unavailable(pub String);

/// The journal.
pub trait Journal: Send + Sync {
    /// Adds facts, all or none. Answers only when they are on disk, inline views included.
    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, AppendError>>;

    /// The entries of `stream` after `version` (0 for all), in order.
    fn stream<'a>(
        &'a self,
        stream: &'a StreamId,
        version: u64,
    ) -> BoxFuture<'a, Result<Vec<Recorded>, Unavailable>>;

    /// At most `limit` entries of the whole journal after `position` (0 for the start), in order, without skipping any.
    fn read(&self, position: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>>;

    /// The answer kept for `key` in `scope`.
    fn answer<'a>(
        &'a self,
        scope: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, Unavailable>>;

    /// The position of the last committed entry, told anew after every commit.
    fn head(&self) -> watch::Receiver<u64>;
}
