//! What is asked of the journal when facts are added.

use lexicon::Moment;
use serde::Serialize;

use crate::{Actor, Decoded, Event, StreamId, Unavailable};

/// Facts to add, to one stream or several at once: all of them or none.
#[derive(Clone, Debug)]
pub struct Append {
    /// The streams and their new events. A stream stands here at most once.
    pub writes: Vec<Write>,
    /// What must still hold in other streams.
    pub guards: Vec<Guard>,
    /// The time to record.
    pub at: Moment,
    /// Who makes them true.
    pub actor: Actor,
    /// Position of the entry that causes them.
    pub caused_by: Option<u64>,
    /// The request this answers, so that a repeat gets the first answer.
    pub idempotency: Option<Idempotency>,
}

/// New events of one stream.
#[derive(Clone, Debug)]
pub struct Write {
    /// The stream.
    pub stream: StreamId,
    /// The version it must have now; 0 for a stream that has not begun.
    pub expected: u64,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
}

/// An event about to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its name.
    pub name: &'static str,
    /// Version of its shape.
    pub shape: u16,
    /// Its data as JSON text.
    pub data: String,
    /// The event itself.
    pub decoded: Decoded,
}

/// A condition across streams, held in the same commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// `stream` must stand at exactly `version`.
    StreamAt {
        /// The stream that was read.
        stream: StreamId,
        /// The version that was read.
        version: u64,
    },
    /// No event of `category` may stand after `position`: nothing the decision looked for has appeared since.
    NoneSince {
        /// The category that was searched.
        category: String,
        /// The position up to which it was searched.
        position: u64,
    },
}

/// Ties a commit to the request that asked for it. Kept for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Principal and route; a key means something only inside its scope.
    pub scope: String,
    /// The key the client chose.
    pub key: String,
    /// Hash of the request: the same key with another request is refused.
    pub request: [u8; 32],
    /// The answer that a repeat gets.
    pub answer: String,
}

/// An answer kept for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Hash of the request that it answered.
    pub request: [u8; 32],
    /// The answer.
    pub answer: String,
}

/// A successful append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The facts are on disk.
    Recorded {
        /// Position of the last of them.
        position: u64,
    },
    /// The same request was answered before; nothing was added.
    Replayed {
        /// The first answer.
        answer: String,
    },
}

/// Why nothing was added. Checked in this order: the key, each write in order, each guard in order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The key was used for another request.
    #[error("idempotency key was used for another request")]
    KeyReused,
    /// The stream moved on: read it again and decide again.
    #[error("stream {stream} stands at {actual}, not {expected}")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// The version that the writer had read.
        expected: u64,
        /// The version it has.
        actual: u64,
    },
    /// A guard does not hold: read again and decide again.
    #[error("guard no longer holds: {0:?}")]
    Guard(Guard),
    /// The store cannot serve now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl NewEvent {
    /// `event` under `name`, in version `shape`.
    ///
    /// # Panics
    ///
    /// When `event` has no JSON form: a map with keys that are no text. Goldens of every event hold against that.
    pub fn of<E: Serialize>(name: &'static str, shape: u16, event: &E) -> NewEvent {
        let data = serde_json::to_string(event).expect("an event has a JSON form");
        NewEvent { name, shape, data, decoded: Decoded::default() }
    }

    /// With the event itself, which spares its readers in this process the JSON.
    pub fn with<E: Event>(self, event: &E) -> NewEvent {
        NewEvent { decoded: Decoded::of(event.clone()), ..self }
    }
}
