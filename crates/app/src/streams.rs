//! Reading aggregates from their streams, and adding to several streams at once.

use std::any::Any;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use journal::{
    Actor, Append, AppendError, Appended, Decider, Event, Guard, Idempotency, Journal, Recorded, StreamId,
    Write,
};
use lexicon::Moment;
use lru::LruCache;

use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::Request;

/// An aggregate as it stands in its stream.
#[derive(Debug)]
pub struct Loaded<D: Decider> {
    /// Its stream.
    pub stream: StreamId,
    /// Its version.
    pub version: u64,
    /// What is true of it.
    pub state: Arc<D::State>,
}

impl<D: Decider> Clone for Loaded<D> {
    fn clone(&self) -> Loaded<D> {
        Loaded { stream: self.stream.clone(), version: self.version, state: self.state.clone() }
    }
}

/// The journal, with the aggregates read last kept at hand.
pub struct Streams {
    journal: Arc<dyn Journal>,
    cache: Mutex<LruCache<StreamId, Kept>>,
}

/// An aggregate at hand: its version, and its state whatever its type.
type Kept = (u64, Arc<dyn Any + Send + Sync>);

impl Streams {
    /// Keeps at most `size` aggregates at hand.
    pub fn new(journal: Arc<dyn Journal>, size: NonZeroUsize) -> Streams {
        Streams { journal, cache: Mutex::new(LruCache::new(size)) }
    }

    /// The journal.
    pub fn journal(&self) -> &dyn Journal {
        &*self.journal
    }

    /// The aggregate of `id` as it stands now.
    pub async fn load<D: Decider>(&self, id: impl std::fmt::Display) -> Result<Loaded<D>, Failure> {
        let stream = StreamId::of::<D::Event>(id);
        let (version, state) = self.kept::<D>(&stream).unwrap_or_default();
        let tail = self.journal.stream(&stream, version).await?;
        let Some(last) = tail.last() else { return Ok(Loaded { stream, version, state }) };
        let version = last.version;
        let state = Arc::new(evolve_all::<D>(state, &tail)?);
        self.keep::<D>(&stream, version, &state);
        Ok(Loaded { stream, version, state })
    }

    /// The aggregate of `id` as it stood at `version`.
    pub async fn load_at<D: Decider>(
        &self,
        id: impl std::fmt::Display,
        version: u64,
    ) -> Result<Loaded<D>, Failure> {
        let stream = StreamId::of::<D::Event>(id);
        let mut entries = self.journal.stream(&stream, 0).await?;
        entries.retain(|entry| entry.version <= version);
        let state = Arc::new(evolve_all::<D>(Arc::default(), &entries)?);
        Ok(Loaded { stream, version, state })
    }

    /// The entries of the stream of `id`.
    pub async fn entries<E: Event>(&self, id: impl std::fmt::Display) -> Result<Vec<Recorded>, Failure> {
        Ok(self.journal.stream(&StreamId::of::<E>(id), 0).await?)
    }

    fn kept<D: Decider>(&self, stream: &StreamId) -> Option<(u64, Arc<D::State>)> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, state) = cache.get(stream)?;
        let state = state.clone().downcast::<D::State>().ok()?;
        Some((*version, state))
    }

    fn keep<D: Decider>(&self, stream: &StreamId, version: u64, state: &Arc<D::State>) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        // A slower reader must not put an older state over a newer one.
        if cache.peek(stream).is_none_or(|(known, _)| *known < version) {
            cache.put(stream.clone(), (version, state.clone()));
        }
    }

    fn forget(&self, stream: &StreamId) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).pop(stream);
    }
}

fn evolve_all<D: Decider>(state: Arc<D::State>, entries: &[Recorded]) -> Result<D::State, Failure> {
    let state = Arc::unwrap_or_clone(state);
    Ok(journal::replay::<D>(state, entries)?)
}

/// Decisions on one or several aggregates that are recorded together, or not at all.
pub struct Unit<'a> {
    streams: &'a Streams,
    writes: Vec<Write>,
    after: Vec<After<'a>>,
    guards: Vec<Guard>,
}

/// What is done once a unit is recorded.
type After<'a> = Box<dyn FnOnce(&Streams) + Send + 'a>;

/// What became of a [`Unit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Recorded, or there was nothing to record.
    Done,
    /// The same request was answered before; this was the answer.
    Replayed(String),
}

impl<'a> Unit<'a> {
    /// Nothing decided yet.
    pub fn new(streams: &'a Streams) -> Unit<'a> {
        Unit { streams, writes: vec![], after: vec![], guards: vec![] }
    }

    /// Decides `commands` one after the other on `loaded`; the state after them comes back.
    pub fn decide<D: Decider>(
        &mut self,
        loaded: &Loaded<D>,
        commands: impl IntoIterator<Item = D::Command>,
    ) -> Result<Arc<D::State>, D::Refusal> {
        let mut state = loaded.state.clone();
        let mut events = vec![];
        for command in commands {
            for event in D::decide(&state, command)? {
                state = Arc::new(D::evolve(Arc::unwrap_or_clone(state), &event));
                events.push(event.encode());
            }
        }
        if !events.is_empty() {
            let version = loaded.version + events.len() as u64;
            let (stream, kept) = (loaded.stream.clone(), state.clone());
            self.after.push(Box::new(move |streams| streams.keep::<D>(&stream, version, &kept)));
            self.writes.push(Write { stream: loaded.stream.clone(), expected: loaded.version, events });
        }
        Ok(state)
    }

    /// Whether nothing was decided that is to be recorded.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Holds `loaded` at its version.
    pub fn hold<D: Decider>(&mut self, loaded: &Loaded<D>) {
        self.guards.push(Guard::StreamAt { stream: loaded.stream.clone(), version: loaded.version });
    }

    /// Records everything, tied to `request`'s key with `answer`.
    pub async fn commit(
        self,
        request: &Request,
        at: Moment,
        caused_by: Option<u64>,
        answer: &str,
    ) -> Result<Outcome, AppendError> {
        // A request that changes nothing still uses up its key: what stands in another body is not what was answered.
        if self.writes.is_empty() && request.key.is_none() {
            return Ok(Outcome::Done);
        }
        let actor = request.principal.actor();
        let idempotency = request.key.as_ref().map(|key| Idempotency {
            scope: scope(&actor, &key.route),
            key: key.key.clone(),
            request: key.request,
            answer: answer.to_owned(),
        });
        let after = self.after;
        #[cfg(feature = "mutants")]
        let after = match at_work(Mutant::CacheBeforeCommit) {
            true => {
                after.into_iter().for_each(|keep| keep(self.streams));
                vec![]
            }
            false => after,
        };
        let touched: Vec<StreamId> = self.writes.iter().map(|write| write.stream.clone()).collect();
        let append = Append { writes: self.writes, guards: self.guards, at, actor, caused_by, idempotency };
        match self.streams.journal.append(append).await {
            Ok(Appended::Recorded { .. }) => {
                after.into_iter().for_each(|keep| keep(self.streams));
                Ok(Outcome::Done)
            }
            Ok(Appended::Replayed { answer }) => Ok(Outcome::Replayed(answer)),
            #[cfg(feature = "mutants")]
            Err(problem) if at_work(Mutant::CacheBeforeCommit) => Err(problem),
            Err(problem) => {
                touched.iter().for_each(|stream| self.streams.forget(stream));
                Err(problem)
            }
        }
    }
}

/// The scope of an idempotency key: principal and route.
pub(crate) fn scope(actor: &Actor, route: &str) -> String {
    format!("{actor} {route}")
}
