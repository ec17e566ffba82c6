//! Whether an append may be recorded, and the entries it becomes. The order of checks exists once, for every backend.

use std::collections::HashSet;

#[cfg(feature = "mutants")]
use app::mutants::{Mutant, at_work};
use journal::chain::{self, Link};
use journal::{Append, AppendError, Guard, Hash, Idempotency, Recorded, StoredAnswer, StreamId, Unavailable};

/// Where a stream stands: its last version and that entry's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) version: u64,
    pub(crate) hash: Hash,
}

impl Standing {
    /// A stream that has not begun.
    pub(crate) const START: Standing = Standing { version: 0, hash: Hash::START };
}

/// What the checks need to know; it includes what earlier appends of the same commit changed.
pub(crate) trait Ground {
    /// The answer kept for `key` in `scope`.
    fn answer(&mut self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable>;
    /// Where `stream` stands.
    fn standing(&mut self, stream: &StreamId) -> Result<Standing, Unavailable>;
    /// Position of the last entry of `category`, 0 when there is none.
    fn last_of(&mut self, category: &str) -> Result<u64, Unavailable>;
}

/// An append with its entries made, but for their positions and what they stand on. Made by whoever asks, so that the one thread that
/// writes need not.
pub(crate) struct Prepared {
    append: Append,
    /// `hash` is that of the content alone until the append is admitted; `position` is 0.
    entries: Vec<Recorded>,
}

/// What becomes of an append that was not refused.
pub(crate) enum Admitted {
    /// The entries to record, and the answer to keep with them.
    Record(Vec<Recorded>, Option<Idempotency>),
    /// The answer given before.
    Replay(String),
}

impl Prepared {
    /// Every write is taken to stand where it is expected to: one that does not is refused.
    pub(crate) fn new(append: Append) -> Prepared {
        let mut entries = Vec::with_capacity(append.writes.iter().map(|write| write.events.len()).sum());
        for write in &append.writes {
            for (version, event) in (write.expected + 1..).zip(&write.events) {
                let content = chain::content(Link {
                    stream: &write.stream,
                    version,
                    name: event.name,
                    shape: event.shape,
                    at: append.at,
                    actor: &append.actor,
                    caused_by: append.caused_by,
                    data: &event.data,
                });
                entries.push(Recorded {
                    position: 0,
                    stream: write.stream.clone(),
                    version,
                    name: event.name.into(),
                    shape: event.shape,
                    at: append.at,
                    actor: append.actor.clone(),
                    caused_by: append.caused_by,
                    data: event.data.as_str().into(),
                    hash: content,
                    decoded: event.decoded.clone(),
                });
            }
        }
        Prepared { append, entries }
    }

    /// What was asked.
    pub(crate) fn asked(&self) -> &Append {
        &self.append
    }

    /// The entries it would become, without their places.
    pub(crate) fn entries(&self) -> &[Recorded] {
        &self.entries
    }

    /// Checks the append; gives its entries their places, the first of them at `position`.
    pub(crate) fn admit(&self, ground: &mut dyn Ground, position: u64) -> Result<Admitted, AppendError> {
        let (append, mut entries) = (&self.append, self.entries.clone());
        let asked = append.idempotency.as_ref();
        #[cfg(feature = "mutants")]
        let asked = asked.filter(|_| !at_work(Mutant::KeyNotLookedUp));
        #[cfg(feature = "mutants")]
        if at_work(Mutant::OrderOfChecks) {
            for write in &append.writes {
                let actual = ground.standing(&write.stream)?.version;
                if actual != write.expected {
                    let (stream, expected) = (write.stream.clone(), write.expected);
                    return Err(AppendError::Conflict { stream, expected, actual });
                }
            }
        }
        if let Some(asked) = asked
            && let Some(kept) = ground.answer(&asked.scope, &asked.key)?
        {
            let same = kept.request == asked.request;
            #[cfg(feature = "mutants")]
            let same = same || at_work(Mutant::OtherRequestReplayed);
            return match same {
                true => Ok(Admitted::Replay(kept.answer)),
                false => Err(AppendError::KeyReused),
            };
        }
        let mut unplaced = entries.iter_mut().zip(position..);
        let mut seen = HashSet::new();
        for write in &append.writes {
            if append.writes.len() > 1 && !seen.insert(&write.stream) {
                let twice = format!("stream {} stands twice in one append", write.stream);
                return Err(Unavailable(twice).into());
            }
            let Standing { version, mut hash } = ground.standing(&write.stream)?;
            let moved = version != write.expected;
            #[cfg(feature = "mutants")]
            let moved = moved && !(at_work(Mutant::VersionOffByOne) && version == write.expected + 1);
            if moved {
                let (stream, expected) = (write.stream.clone(), write.expected);
                return Err(AppendError::Conflict { stream, expected, actual: version });
            }
            for (entry, position) in unplaced.by_ref().take(write.events.len()) {
                entry.position = position;
                entry.hash = chain::link(hash, entry.hash);
                #[cfg(feature = "mutants")]
                if at_work(Mutant::ChainLinkSkipped) {
                    continue;
                }
                hash = entry.hash;
            }
        }
        for guard in &append.guards {
            let holds = match guard {
                Guard::StreamAt { stream, version } => ground.standing(stream)?.version == *version,
                Guard::NoneSince { category, position } => ground.last_of(category)? <= *position,
            };
            #[cfg(feature = "mutants")]
            let holds = holds || at_work(Mutant::GuardNotChecked);
            if !holds {
                return Err(AppendError::Guard(guard.clone()));
            }
        }
        Ok(Admitted::Record(entries, append.idempotency.clone()))
    }
}
