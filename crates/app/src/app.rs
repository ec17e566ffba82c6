//! The product as one value: what every use case stands on.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use claim::incident::Incidents;
use claim::{Claim, Claims};
use insight::view::Views;
use journal::{AppendError, Decider, Journal};
use lexicon::{ClaimId, Moment, Vault};
use rulebook::Tables;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::doors::Doors;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::outside::DoorRules;
use crate::ports::{
    Bank, Blobs, Chance, Checkpoints, Clock, Leases, Messenger, Passwords, Pictures, Sessions,
};
use crate::principal::Request;
use crate::streams::{Loaded, Outcome, Streams, Unit, scope};
use crate::work::Signs;

/// What `server` wires together.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is the port of its name")]
pub struct Ports {
    pub journal: Arc<dyn Journal>,
    pub views: Arc<dyn Views>,
    pub vault: Arc<dyn Vault>,
    pub blobs: Arc<dyn Blobs>,
    pub sessions: Arc<dyn Sessions>,
    pub checkpoints: Arc<dyn Checkpoints>,
    pub leases: Arc<dyn Leases>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub bank: Arc<dyn Bank>,
    pub messenger: Arc<dyn Messenger>,
    pub passwords: Arc<dyn Passwords>,
    pub pictures: Arc<dyn Pictures>,
}

/// The product. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    streams: Streams,
    tables: Arc<Tables>,
    doors: Doors,
    signs: Signs,
    /// Whether payments are known to wait for no reconciliation.
    payments_free: AtomicBool,
}

/// Aggregates kept at hand.
const KEPT: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
/// How often a decision is made again when somebody else was faster. Of those who race on one stream one gets through at every
/// turn, so this is how many may race.
const TRIES: usize = 256;

impl App {
    /// The product on `ports`, ruling by `tables`.
    pub fn new(ports: Ports, tables: Tables) -> App {
        App::with_doors(ports, tables, DoorRules::default())
    }

    /// The same, with what the operator lets addresses of other systems be.
    pub fn with_doors(ports: Ports, tables: Tables, rules: DoorRules) -> App {
        let streams = Streams::new(ports.journal.clone(), KEPT);
        let (tables, payments_free) = (Arc::new(tables), AtomicBool::new(false));
        App {
            inner: Arc::new(Inner {
                ports,
                streams,
                tables,
                doors: Doors::new(rules),
                signs: Signs::default(),
                payments_free,
            }),
        }
    }

    /// The ports.
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// The tables.
    pub fn tables(&self) -> &Arc<Tables> {
        &self.inner.tables
    }

    /// The streams.
    pub fn streams(&self) -> &Streams {
        &self.inner.streams
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.inner.ports.clock.now()
    }

    /// What the work in the background shows of itself.
    pub fn signs(&self) -> &Signs {
        &self.inner.signs
    }

    pub(crate) fn doors(&self) -> &Doors {
        &self.inner.doors
    }

    pub(crate) fn payments_are_free(&self) -> bool {
        self.inner.payments_free.load(Ordering::Relaxed)
    }

    pub(crate) fn payments_free(&self) {
        self.inner.payments_free.store(true, Ordering::Relaxed);
    }

    pub(crate) fn vault(&self) -> &dyn Vault {
        &*self.inner.ports.vault
    }

    /// The answer that this request got before, if it did.
    pub(crate) async fn answered<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<Option<T>, Failure> {
        let Some(key) = &request.key else { return Ok(None) };
        let scope = scope(&request.principal.actor(), &key.route);
        let Some(stored) = self.ports().journal.answer(&scope, &key.key).await? else { return Ok(None) };
        if stored.request != key.request {
            return Err(Failure::KeyReused);
        }
        read_answer(&stored.answer).map(Some)
    }

    /// Decides `commands` on the aggregate of `id` and records what follows, again when somebody else was faster. A request that
    /// names the version it saw is told of a conflict instead.
    pub(crate) async fn run<D, C, T>(
        &self,
        request: &Request,
        id: &(impl std::fmt::Display + Sync),
        caused_by: Option<u64>,
        commands: C,
    ) -> Result<T, Failure>
    where
        D: Decider,
        Failure: From<D::Refusal>,
        C: Fn(&Loaded<D>) -> Result<(Vec<D::Command>, T), Failure>,
        T: Serialize + DeserializeOwned,
    {
        let mut tries = 0;
        loop {
            let loaded = self.streams().load::<D>(id).await?;
            let unit = Unit::new(self.streams());
            match self.attempt(request, &loaded, unit, caused_by, &commands).await {
                Err(failure) if as_seen(request, &loaded) && again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    /// As [`App::run`] on a claim, whose accident stands still meanwhile: what is decided stands on both as they are.
    pub(crate) async fn run_on_accident<C, T>(
        &self,
        request: &Request,
        claim: &ClaimId,
        caused_by: Option<u64>,
        commands: C,
    ) -> Result<T, Failure>
    where
        C: Fn(&Claim, &Loaded<Incidents>) -> Result<(Vec<claim::Command>, T), Failure>,
        T: Serialize + DeserializeOwned,
    {
        let mut tries = 0;
        loop {
            let loaded = self.streams().load::<Claims>(claim).await?;
            let incident = self.incident_in(&loaded.state).await?;
            let mut unit = Unit::new(self.streams());
            unit.hold(&incident);
            let commands = |loaded: &Loaded<Claims>| commands(&loaded.state, &incident);
            match self.attempt(request, &loaded, unit, caused_by, &commands).await {
                Err(failure) if as_seen(request, &loaded) && again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    /// Decides `commands` on `loaded` and records what follows with what `unit` holds.
    pub(crate) async fn attempt<D, C, T>(
        &self,
        request: &Request,
        loaded: &Loaded<D>,
        mut unit: Unit<'_>,
        caused_by: Option<u64>,
        commands: &C,
    ) -> Result<T, Failure>
    where
        D: Decider,
        Failure: From<D::Refusal>,
        C: Fn(&Loaded<D>) -> Result<(Vec<D::Command>, T), Failure>,
        T: Serialize + DeserializeOwned,
    {
        if !as_seen(request, loaded) {
            // The request may be a repeat of one that moved the version itself.
            return self.or_answered(request, Err(Failure::Conflict)).await;
        }
        let decided = commands(loaded).and_then(|(commands, answer)| {
            unit.decide(loaded, commands)?;
            Ok(answer)
        });
        self.conclude(request, unit, decided, caused_by).await
    }

    /// Records `unit` and answers what was `decided`. A repeat finds done what it asks for: it is refused, or changes nothing. It gets
    /// the first answer.
    pub(crate) async fn conclude<T: Serialize + DeserializeOwned>(
        &self,
        request: &Request,
        unit: Unit<'_>,
        decided: Result<T, Failure>,
        caused_by: Option<u64>,
    ) -> Result<T, Failure> {
        if (decided.is_err() || unit.is_empty())
            && let Some(first) = self.answered(request).await?
        {
            return Ok(first);
        }
        let answer = decided?;
        let text = write_answer(&answer)?;
        let committed = unit.commit(request, self.now(), caused_by, &text).await;
        match committed.map_err(<Failure as From<AppendError>>::from) {
            Ok(Outcome::Done) => Ok(answer),
            Ok(Outcome::Replayed(first)) => read_answer(&first),
            #[cfg(feature = "mutants")]
            Err(Failure::Conflict)
                if at_work(Mutant::ConflictDropsReaction) && request.principal.account.is_none() =>
            {
                Ok(answer)
            }
            Err(failure) => Err(failure),
        }
    }

    /// `done`; or what the same request was answered before, where it failed because that had been done already.
    pub(crate) async fn or_answered<T: DeserializeOwned>(
        &self,
        request: &Request,
        done: Result<T, Failure>,
    ) -> Result<T, Failure> {
        match done {
            Err(failure @ (Failure::Refused(_) | Failure::Conflict)) => {
                self.answered(request).await?.ok_or(failure)
            }
            done => done,
        }
    }
}

/// Whether `loaded` is at the version that the request saw, where it names one.
pub(crate) fn as_seen<D: Decider>(request: &Request, loaded: &Loaded<D>) -> bool {
    request.expected_version.is_none_or(|expected| expected == loaded.version)
}

/// Whether a unit that met a conflict may be tried again.
pub(crate) fn again(tries: &mut usize, failure: &Failure) -> bool {
    *tries += 1;
    *failure == Failure::Conflict && *tries <= TRIES
}

pub(crate) fn write_answer<T: Serialize>(answer: &T) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(|problem| Failure::Unavailable(problem.to_string()))
}

pub(crate) fn read_answer<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|problem| Failure::Unavailable(problem.to_string()))
}
