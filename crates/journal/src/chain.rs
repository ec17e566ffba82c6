//! The hash chain of a stream.
//!
//! `content(n) = SHA-256(fields of entry n)`, each field behind its length as 8 bytes big-endian, so that no two different entries
//! give the same bytes; `hash(n) = SHA-256(hash(n−1) ‖ content(n))`. The content does not depend on what stands before it, so many
//! entries can be hashed at once. The first entry stands on 32 zero bytes. The position is left out: it belongs to the log.

use std::fmt;

use lexicon::Moment;
use sha2::{Digest, Sha256};

use crate::{Actor, StreamId};

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first entry stands on.
    pub const START: Hash = Hash([0; 32]);
}

/// Hexadecimal text.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An entry as it is hashed.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The stream.
    pub stream: &'a StreamId,
    /// Place in the stream.
    pub version: u64,
    /// Name of the event.
    pub name: &'a str,
    /// Version of its shape.
    pub shape: u16,
    /// When it was recorded.
    pub at: Moment,
    /// Who made it true.
    pub actor: &'a Actor,
    /// Position of its cause.
    pub caused_by: Option<u64>,
    /// The stored JSON text.
    pub data: &'a str,
}

/// The hash of what `entry` says by itself.
pub fn content(entry: Link<'_>) -> Hash {
    let mut hasher = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    field(entry.stream.as_str().as_bytes());
    field(&entry.version.to_be_bytes());
    field(entry.name.as_bytes());
    field(&entry.shape.to_be_bytes());
    field(&entry.at.micros().to_be_bytes());
    field(entry.actor.kind.word().as_bytes());
    field(entry.actor.id.as_bytes());
    field(&entry.caused_by.unwrap_or(0).to_be_bytes());
    field(entry.data.as_bytes());
    Hash(hasher.finalize().into())
}

/// The hash of an entry that says `content`, standing on `before`.
pub fn link(before: Hash, content: Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before.0);
    hasher.update(content.0);
    Hash(hasher.finalize().into())
}

/// The hash of the log at `position`: the log's hash before it, the position, and the entry's own hash.
pub fn log_link(before: Hash, position: u64, entry: Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before.0);
    hasher.update(position.to_be_bytes());
    hasher.update(entry.0);
    Hash(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ActorKind;

    #[test]
    fn every_field_moves_the_hash() {
        let stream: StreamId = "claim-1".parse().unwrap();
        let (other_stream, actor) = ("claim-2".parse().unwrap(), Actor::system("test"));
        let other_actor = Actor::new(ActorKind::Staff, "test");
        let entry = Link {
            stream: &stream,
            version: 1,
            name: "Notified",
            shape: 1,
            at: Moment::from_micros(1),
            actor: &actor,
            caused_by: None,
            data: "{}",
        };
        let changed = [
            Link { stream: &other_stream, ..entry },
            Link { version: 2, ..entry },
            Link { name: "Closed", ..entry },
            Link { shape: 2, ..entry },
            Link { at: Moment::from_micros(2), ..entry },
            Link { actor: &other_actor, ..entry },
            Link { caused_by: Some(1), ..entry },
            Link { data: "{ }", ..entry },
        ];
        let said = content(entry);
        assert!(changed.into_iter().all(|other| content(other) != said));
        let first = link(Hash::START, said);
        assert!(first != said && link(first, said) != first);
    }
}
