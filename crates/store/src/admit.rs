//! Whether an append may be recorded, and the entries it becomes. The order of checks exists once, for every backend.

use std::collections::HashSet;

use journal::chain::{self, Link};
use journal::{Append, AppendError, Guard, Hash, Recorded, StoredAnswer, StreamId, Unavailable};

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

/// What becomes of an append that was not refused.
pub(crate) enum Admitted {
    /// The entries to record.
    Record(Vec<Recorded>),
    /// The answer given before.
    Replay(String),
}

/// Checks `append` and makes its entries, the first of them at `position`.
pub(crate) fn admit(
    append: &Append,
    ground: &mut dyn Ground,
    position: u64,
) -> Result<Admitted, AppendError> {
    if let Some(asked) = &append.idempotency
        && let Some(kept) = ground.answer(&asked.scope, &asked.key)?
    {
        return match kept.request == asked.request {
            true => Ok(Admitted::Replay(kept.answer)),
            false => Err(AppendError::KeyReused),
        };
    }
    let standings = expected_standings(append, ground)?;
    for guard in &append.guards {
        let holds = match guard {
            Guard::StreamAt { stream, version } => ground.standing(stream)?.version == *version,
            Guard::NoneSince { category, position } => ground.last_of(category)? <= *position,
        };
        if !holds {
            return Err(AppendError::Guard(guard.clone()));
        }
    }
    Ok(Admitted::Record(entries(append, &standings, position)))
}

/// Where the streams of the writes stand, all of them as the writer had read them.
fn expected_standings(append: &Append, ground: &mut dyn Ground) -> Result<Vec<Standing>, AppendError> {
    let mut seen = HashSet::new();
    let mut standings = Vec::with_capacity(append.writes.len());
    for write in &append.writes {
        if append.writes.len() > 1 && !seen.insert(&write.stream) {
            let twice = format!("stream {} stands twice in one append", write.stream);
            return Err(Unavailable(twice).into());
        }
        let standing = ground.standing(&write.stream)?;
        if standing.version != write.expected {
            return Err(AppendError::Conflict {
                stream: write.stream.clone(),
                expected: write.expected,
                actual: standing.version,
            });
        }
        standings.push(standing);
    }
    Ok(standings)
}

fn entries(append: &Append, standings: &[Standing], first: u64) -> Vec<Recorded> {
    let mut entries = Vec::with_capacity(append.writes.iter().map(|write| write.events.len()).sum());
    for (write, &Standing { mut version, mut hash }) in append.writes.iter().zip(standings) {
        for event in &write.events {
            version += 1;
            hash = chain::link(
                hash,
                Link {
                    stream: &write.stream,
                    version,
                    name: event.name,
                    shape: event.shape,
                    at: append.at,
                    actor: &append.actor,
                    caused_by: append.caused_by,
                    data: &event.data,
                },
            );
            entries.push(Recorded {
                position: first + entries.len() as u64,
                stream: write.stream.clone(),
                version,
                name: event.name.into(),
                shape: event.shape,
                at: append.at,
                actor: append.actor.clone(),
                caused_by: append.caused_by,
                data: event.data.as_str().into(),
                hash,
            });
        }
    }
    entries
}
