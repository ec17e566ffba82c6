//! Entries of the journal as they are read.

use std::any::Any;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use lexicon::Moment;
use serde::{Deserialize, Serialize};

use crate::{DecodeError, Event, Hash};

/// The name of a stream, `category-id`. The category has no dash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamId(Arc<str>);

/// The text is no stream name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stream-form")]
pub struct BadStream;

/// Who made something true.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The account, client, rule or worker; never a person's name.
    pub id: Arc<str>,
}

/// Kinds of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A customer, by account.
    Customer,
    /// A member of staff, by account.
    Staff,
    /// Another program with a token, by client.
    Client,
    /// The product itself: a reaction, a rule or a worker.
    System,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Place in the whole journal, from 1, growing.
    pub position: u64,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Place in the stream, from 1, without gaps.
    pub version: u64,
    /// Name of the event.
    pub name: Arc<str>,
    /// Version of the event's shape.
    pub shape: u16,
    /// When it was recorded.
    pub at: Moment,
    /// Who made it true.
    pub actor: Actor,
    /// Position of the entry that caused it, if one did.
    pub caused_by: Option<u64>,
    /// The event as JSON text; personal text in it is sealed.
    pub data: Arc<str>,
    /// Hash of this entry and, through it, of all before it in its stream.
    pub hash: Hash,
    /// The event itself, when this process recorded it.
    pub decoded: Decoded,
}

/// An event beside its JSON text, or nothing. It adds no fact to the text, so all values of it are equal.
#[derive(Clone, Default)]
pub struct Decoded(Option<Arc<dyn Any + Send + Sync>>);

impl Recorded {
    /// The event in its vocabulary.
    pub fn decode<E: Event>(&self) -> Result<E, DecodeError> {
        match self.decoded.get() {
            Some(event) => Ok(E::clone(event)),
            None => E::decode(&self.name, self.shape, &self.data),
        }
    }
}

impl Decoded {
    /// `event`.
    pub fn of<E: Event>(event: E) -> Decoded {
        Decoded(Some(Arc::new(event)))
    }

    fn get<E: Event>(&self) -> Option<&E> {
        self.0.as_ref()?.downcast_ref()
    }
}

impl PartialEq for Decoded {
    fn eq(&self, _: &Decoded) -> bool {
        true
    }
}

impl Eq for Decoded {}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Decoded" } else { "-" })
    }
}

impl StreamId {
    /// The stream of `id` in the category of `E`.
    pub fn of<E: Event>(id: impl fmt::Display) -> StreamId {
        StreamId(format!("{}-{id}", E::CATEGORY).into())
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the first dash.
    pub fn category(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(category, _)| category)
    }

    /// The part after the first dash.
    pub fn id(&self) -> &str {
        self.0.split_once('-').map_or("", |(_, id)| id)
    }
}

impl FromStr for StreamId {
    type Err = BadStream;

    fn from_str(text: &str) -> Result<StreamId, BadStream> {
        match text.split_once('-') {
            Some((category, id)) if !category.is_empty() && !id.is_empty() && text.len() <= 128 => {
                Ok(StreamId(text.into()))
            }
            _ => Err(BadStream),
        }
    }
}

impl TryFrom<String> for StreamId {
    type Error = BadStream;

    fn try_from(text: String) -> Result<StreamId, BadStream> {
        text.parse()
    }
}

impl From<StreamId> for String {
    fn from(stream: StreamId) -> String {
        stream.0.to_string()
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Actor {
    /// An actor of `kind` known as `id`.
    pub fn new(kind: ActorKind, id: impl Into<Arc<str>>) -> Actor {
        Actor { kind, id: id.into() }
    }

    /// The product itself, acting as `part`.
    pub fn system(part: &str) -> Actor {
        Actor::new(ActorKind::System, part)
    }
}

impl ActorKind {
    /// The word as stored.
    pub const fn word(self) -> &'static str {
        match self {
            ActorKind::Customer => "customer",
            ActorKind::Staff => "staff",
            ActorKind::Client => "client",
            ActorKind::System => "system",
        }
    }
}

/// `kind:id`, as stored and hashed.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.word(), self.id)
    }
}

impl FromStr for Actor {
    type Err = BadStream;

    fn from_str(text: &str) -> Result<Actor, BadStream> {
        let (kind, id) = text.split_once(':').ok_or(BadStream)?;
        let kinds = [ActorKind::Customer, ActorKind::Staff, ActorKind::Client, ActorKind::System];
        let kind = kinds.into_iter().find(|known| known.word() == kind).ok_or(BadStream)?;
        Ok(Actor::new(kind, id))
    }
}
