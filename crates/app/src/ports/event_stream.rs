//! A stream of messages that others read at their own pace.

use journal::BoxFuture;

/// A message for the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where in the stream it belongs.
    pub subject: String,
    /// Its id: the stream drops a message whose id it has taken lately.
    pub id: String,
    /// The position of the entry that it tells of.
    pub position: u64,
    /// What it says.
    pub body: Vec<u8>,
}

/// The stream cannot serve now; what was handed over may or may not be in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event stream: {0}")]
pub struct EventStreamError(pub String);

/// A stream of messages. It is never where facts are kept: what it loses is published again.
pub trait EventStream: Send + Sync {
    /// The position that the last message in it tells of; 0 where there never was one. `None` where it cannot be told, since old
    /// messages have gone by themselves.
    fn last(&self) -> BoxFuture<'_, Result<Option<u64>, EventStreamError>>;

    /// Puts `messages` into it in this order; answers when all are kept.
    fn publish(&self, messages: Vec<Published>) -> BoxFuture<'_, Result<(), EventStreamError>>;
}
