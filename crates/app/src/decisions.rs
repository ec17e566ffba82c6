//! Deciding on aggregates and recording what follows, also when somebody else is faster or the request is a repeat.

use books::Books;
use claim::incident::Incidents;
use claim::{Claim, Claims};
use journal::{AppendError, Decider};
use lexicon::ClaimId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::Request;
use crate::streams::{Loaded, Outcome, Unit, scope};

/// How often a decision is made again when somebody else was faster. Of those who race on one stream one gets through at every
/// turn, so this is how many may race.
const TRIES: usize = 256;

/// Aggregates on which decisions about one of `D` stand too.
pub(crate) trait Beside<D: Decider>: Decider {
    /// Which one, of `claim`.
    fn id(claim: &ClaimId, state: &D::State) -> Result<String, Failure>;
}

impl Beside<Claims> for Incidents {
    fn id(_: &ClaimId, state: &Claim) -> Result<String, Failure> {
        Ok(state.notice.as_ref().ok_or(Failure::NotFound)?.incident.to_string())
    }
}

impl Beside<Claims> for Books {
    fn id(claim: &ClaimId, _: &Claim) -> Result<String, Failure> {
        Ok(claim.to_string())
    }
}

impl Beside<Books> for Claims {
    fn id(claim: &ClaimId, _: &Books) -> Result<String, Failure> {
        Ok(claim.to_string())
    }
}

impl App {
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

    /// As [`App::run`] on an aggregate of `claim`, while one beside it stands still: what is decided stands on both as they are. The
    /// one beside is read later.
    pub(crate) async fn run_beside<D, B, C, T>(
        &self,
        request: &Request,
        claim: &ClaimId,
        caused_by: Option<u64>,
        commands: C,
    ) -> Result<T, Failure>
    where
        D: Decider,
        B: Beside<D>,
        Failure: From<D::Refusal>,
        C: Fn(&Loaded<D>, &Loaded<B>) -> Result<(Vec<D::Command>, T), Failure>,
        T: Serialize + DeserializeOwned,
    {
        let mut tries = 0;
        loop {
            let loaded = self.streams().load::<D>(claim).await?;
            let beside = self.streams().load::<B>(B::id(claim, &loaded.state)?).await?;
            let mut unit = Unit::new(self.streams());
            unit.hold(&beside);
            let commands = |loaded: &Loaded<D>| commands(loaded, &beside);
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
