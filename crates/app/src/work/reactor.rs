//! Carries out the reaction table.
//!
//! It follows the journal by position. Entries of one stream are taken in their order, different streams side by side; a stream
//! whose reaction cannot be carried out now waits alone. The checkpoint stands below everything unfinished, so that after a crash
//! nothing is left out; what is done twice changes nothing. Of several processes the one that holds the lease is at it.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use claim::incident::{self, Incidents, PartyId, VehicleLoss};
use claim::{Ask, Claims, TaskKind};
use futures::FutureExt;
use journal::{ActorKind, Recorded, StreamId};
use lexicon::ClaimId;
use rulebook::Team;
use tokio::sync::{Notify, Semaphore, watch};
use tracing::Instrument;

use super::super::use_cases::claims::unknown;
use super::lease::{Held, hold, nobody_else};
use crate::app::App;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::Request;
use crate::reactions::{About, Consequence, Then, consequences, is_awaited};
use crate::streams::Loaded;

/// Entries read at once.
const BATCH: usize = 512;
/// Streams worked on side by side.
const SIDE_BY_SIDE: usize = 512;
/// Entries in hand at the most, so that memory stays bounded when the journal runs ahead.
const IN_HAND_MAX: usize = 8 * BATCH;
/// The checkpoint is kept at most this often.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);
/// Name of the lease.
const LEASE: &str = "reactions";
/// Waits before trying again when the store or a partner cannot serve.
const BACK_OFF_MAX: Duration = Duration::from_secs(30);

/// Carries out reactions until it is told to stop.
pub struct Reactor {
    app: App,
    node: String,
    done: watch::Sender<u64>,
}

/// The time for which this process carries them out.
struct Term<'a> {
    app: &'a App,
    hand: Arc<Hand>,
}

/// What is being worked on under one lease.
struct Hand {
    held: Arc<Held>,
    queues: Mutex<HashMap<StreamId, VecDeque<Recorded>>>,
    open: Mutex<Open>,
    room: Notify,
    slots: Semaphore,
    done: watch::Sender<u64>,
}

/// Entries that were read, and those of them that are not finished.
#[derive(Default)]
struct Open {
    read: u64,
    positions: BTreeSet<u64>,
}

impl Reactor {
    /// The name under which it keeps how far everything has been reacted to.
    pub const CHECKPOINT: &str = "reactor";

    /// A reactor of `app`.
    pub fn new(app: App) -> Reactor {
        let node = nobody_else(&*app.ports().chance);
        Reactor { app, node, done: watch::Sender::new(0) }
    }

    /// The name under which this process holds the lease; no other process has it.
    pub fn named(self, node: &str) -> Reactor {
        Reactor { node: node.to_owned(), ..self }
    }

    /// The position up to which this process has reacted to everything, as it moves.
    pub fn progress(&self) -> watch::Receiver<u64> {
        self.done.subscribe()
    }

    /// Works whenever it is this process's turn, until `stop` says so; what is in hand is finished by the next start.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        hold(&self.app.ports().leases, LEASE, &self.node, stop, |held| self.work(held)).await;
    }

    async fn work(&self, held: Arc<Held>) {
        let _turn = self.app.signs().turn(LEASE, self.app.now());
        let hand = Hand {
            held,
            queues: Mutex::default(),
            open: Mutex::default(),
            room: Notify::new(),
            slots: Semaphore::new(SIDE_BY_SIDE),
            done: self.done.clone(),
        };
        let term = Term { app: &self.app, hand: Arc::new(hand) };
        let mut back_off = Duration::from_millis(100);
        loop {
            if let Err(failure) = term.follow().await {
                tracing::warn!(%failure, "reactions wait for the store");
                tokio::time::sleep(back_off).await;
                back_off = (back_off * 2).min(BACK_OFF_MAX);
            }
        }
    }

    /// Waits until everything that was recorded when it is called has been reacted to, consequences of consequences included.
    /// For benches and tests; it does not end while somebody keeps adding.
    pub async fn settle(app: &App) -> Result<(), Failure> {
        loop {
            let head = *app.ports().journal.head().borrow();
            if app.ports().checkpoints.reached(Reactor::CHECKPOINT).await? >= head {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Term<'_> {
    async fn follow(&self) -> Result<(), Failure> {
        let ports = self.app.ports();
        let mut head = ports.journal.head();
        let mut position = ports.checkpoints.reached(Reactor::CHECKPOINT).await?;
        let mut kept = (position, tokio::time::Instant::now());
        self.hand.change(|open| open.read = position);
        loop {
            let entries = ports.journal.read(position, BATCH).await?;
            if let Some(last) = entries.last() {
                position = last.position;
                self.take(entries);
                self.app.signs().set_in_hand(self.hand.change(|open| open.read = position));
                self.wait_for_room().await;
            }
            let done = lock(&self.hand.open).done();
            #[cfg(feature = "mutants")]
            let done = if at_work(Mutant::CheckpointTooFar) { position } else { done };
            if done > kept.0 && kept.1.elapsed() >= CHECKPOINT_EVERY && self.hand.held.stands() {
                ports.checkpoints.reach(Reactor::CHECKPOINT, done).await?;
                kept = (done, tokio::time::Instant::now());
            }
            if *head.borrow_and_update() <= position {
                let waited = tokio::time::timeout(CHECKPOINT_EVERY, head.changed()).await;
                if matches!(waited, Ok(Err(_))) {
                    return Err(Failure::Unavailable("journal closed".to_owned()));
                }
            }
        }
    }

    /// Puts entries that something follows into the queues of their streams, and has each stream worked on by one task.
    fn take(&self, entries: Vec<Recorded>) {
        for entry in entries.into_iter().filter(is_awaited) {
            lock(&self.hand.open).positions.insert(entry.position);
            let stream = entry.stream.clone();
            let mut queues = lock(&self.hand.queues);
            if let Some(queue) = queues.get_mut(&stream) {
                queue.push_back(entry);
                continue;
            }
            queues.insert(stream.clone(), VecDeque::from([entry]));
            drop(queues);
            tokio::spawn(work(self.app.clone(), self.hand.clone(), stream));
        }
    }

    async fn wait_for_room(&self) {
        loop {
            let room = self.hand.room.notified();
            if lock(&self.hand.open).positions.len() < IN_HAND_MAX {
                return;
            }
            room.await;
        }
    }
}

impl Hand {
    /// Changes what is open, and tells how far everything is done; how much is open comes back.
    fn change(&self, change: impl FnOnce(&mut Open)) -> usize {
        let mut open = lock(&self.open);
        change(&mut open);
        let done = open.done();
        self.done.send_if_modified(|told| std::mem::replace(told, done) != done);
        open.positions.len()
    }
}

impl Open {
    /// The position below which nothing is unfinished.
    fn done(&self) -> u64 {
        self.positions.first().map_or(self.read, |first| first - 1)
    }
}

/// Works off the queue of one stream, then leaves; also when the lease is lost, for another process is at it then.
async fn work(app: App, hand: Arc<Hand>, stream: StreamId) {
    loop {
        let entry = {
            let mut queues = lock(&hand.queues);
            match queues.get_mut(&stream).and_then(VecDeque::pop_front) {
                Some(entry) => entry,
                None => {
                    queues.remove(&stream);
                    return;
                }
            }
        };
        if !react(&app, &hand, &entry).await {
            return;
        }
        let open = hand.change(|open| {
            open.positions.remove(&entry.position);
        });
        app.signs().set_in_hand(open);
        hand.room.notify_one();
    }
}

/// Carries out what follows `entry`: what cannot be done now is tried until it can, what is refused goes to a person. `false`: the
/// lease was lost before it was done.
async fn react(app: &App, hand: &Hand, entry: &Recorded) -> bool {
    let follow = match consequences(entry) {
        Ok(follow) => follow,
        Err(problem) => {
            tracing::error!(position = entry.position, %problem, "an entry cannot be read; nothing follows it");
            return true;
        }
    };
    for consequence in follow {
        let mut back_off = Duration::from_millis(50);
        loop {
            // A bank that is slow to answer must not keep others from being worked on.
            let pays = consequence.then == Then::Pay;
            let slot = if pays { None } else { hand.slots.acquire().await.ok() };
            if !hand.held.stands() {
                return false;
            }
            if pays && !hand.held.is_confirmed().await {
                // A store that does not say whose turn it is may be asked again, for as long as it is ours.
                tokio::time::sleep(back_off).await;
                back_off = (back_off * 2).min(BACK_OFF_MAX);
                continue;
            }
            let span =
                tracing::debug_span!("reaction", cause = entry.position, then = consequence.then.word());
            let work = carry_out(app, &consequence, entry.position).instrument(span);
            let result = AssertUnwindSafe(work).catch_unwind().await;
            drop(slot);
            let result = result.unwrap_or_else(|_| Err(Failure::refused("reaction.refused.broken")));
            match result {
                Ok(()) | Err(Failure::NotFound) => break,
                Err(Failure::Conflict) => tokio::task::yield_now().await,
                #[cfg(feature = "mutants")]
                Err(Failure::Unavailable(_)) if at_work(Mutant::UnavailableDropsReaction) => break,
                Err(Failure::Unavailable(problem)) => {
                    tracing::warn!(position = entry.position, then = ?consequence.then, problem, "a reaction waits");
                    tokio::time::sleep(back_off).await;
                    back_off = (back_off * 2).min(BACK_OFF_MAX);
                }
                Err(failure) => {
                    hand_to_a_person(app, &consequence, &failure).await;
                    break;
                }
            }
        }
    }
    true
}

async fn carry_out(app: &App, consequence: &Consequence, cause: u64) -> Result<(), Failure> {
    let Consequence { then, about } = consequence;
    match (then, about) {
        (Then::Triage, About::Claim(claim)) => triage(app, claim, cause).await,
        (Then::StateLoss, About::Claim(claim)) => state_losses(app, claim).await,
        (Then::Adjudicate, About::Claim(claim)) => adjudicate(app, claim).await,
        (Then::Reserve, About::Claim(claim) | About::Payment(claim, _)) => app.reserve(claim, cause).await,
        (Then::OrderPayments, About::Claim(claim) | About::Payment(claim, _)) => {
            app.order_payments(claim, cause).await
        }
        (Then::OrderRisen, About::Claim(claim)) => app.order_risen(claim, cause).await,
        (Then::OrderWithheld, About::Claim(claim)) => app.order_withheld(claim, cause).await,
        (Then::Close, About::Claim(claim)) => close(app, claim).await,
        (Then::Tell(template), About::Claim(claim)) => app.tell(claim, None, template, cause).await,
        (Then::Tell(template), About::Payment(claim, payment)) => {
            app.tell(claim, Some(payment), template, cause).await
        }
        (Then::Send, About::Claim(claim)) => app.send_due(claim).await,
        (Then::Pay, About::Payment(claim, payment)) => app.pay(claim, payment).await,
        (Then::RecordPayment, About::Payment(claim, payment)) => {
            app.record_payment(claim, payment, cause).await
        }
        (Then::AdjudicateAll | Then::TriageAll, About::Incident(incident)) => {
            let loaded = app.streams().load::<Incidents>(incident).await?;
            for claim in loaded.state.claims.values() {
                match then {
                    Then::TriageAll => triage(app, claim, cause).await?,
                    _ => adjudicate(app, claim).await?,
                }
            }
            Ok(())
        }
        // A row that pairs a consequence with a stream it is not about says nothing; the table's test holds the names.
        _ => Ok(()),
    }
}

async fn adjudicate(app: &App, claim: &ClaimId) -> Result<(), Failure> {
    app.adjudicate(&Request::system(), claim).await
}

async fn triage(app: &App, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
    let request = Request::system();
    app.run_beside::<Claims, Incidents, _, _>(&request, claim, Some(cause), |_, incident| {
        Ok((vec![app.command(&request, Ask::Triage { incident: incident.state.clone() })], ()))
    })
    .await
}

/// States what `claim` put at an amount. Two claims on one accident may both have looked at a vehicle: the latest look counts, and
/// the own claim's where both are as late, so that a reaction that is repeated never brings an older amount back. What a person said
/// since stands.
async fn state_losses(app: &App, claim: &ClaimId) -> Result<(), Failure> {
    let loaded = app.streams().load::<Claims>(claim).await?;
    let incident = app.incident_of(claim).await?;
    let mut looks = vec![];
    for (party, other) in &incident.state.claims {
        let state = match other == claim {
            true => loaded.state.clone(),
            false => app.streams().load::<Claims>(other).await?.state,
        };
        looks.push((party, other, state));
    }
    let mut changed = false;
    for vehicle in loaded.state.assessments.keys() {
        let looks = looks
            .iter()
            .filter_map(|(party, other, state)| Some((*party, *other, state.assessments.get(vehicle)?)));
        let latest = looks.max_by_key(|(party, _, assessed)| (assessed.at, *party == vehicle));
        let Some((_, looked, latest)) = latest else { continue };
        let stated = App::loss_of(latest);
        let known = incident.state.vehicle(vehicle).map(|vehicle| &vehicle.loss);
        // Of a loss that is unknown nobody has said anything, so that nothing need be read.
        let said = known.is_some_and(|loss| *loss != VehicleLoss::Unknown);
        if known != Some(&VehicleLoss::Stated(stated.clone()))
            && !(said && person_said_since(app, &incident, looked, vehicle).await?)
        {
            app.state_loss(&Request::system(), claim, stated).await?;
            changed = true;
        }
    }
    // What was known already tells nobody anything; this claim has waited for its own assessment.
    if changed { Ok(()) } else { adjudicate(app, claim).await }
}

/// Whether a person put the loss of `vehicle` at something, or waived it, after the last look that `looked` took at it.
async fn person_said_since(
    app: &App,
    incident: &Loaded<Incidents>,
    looked: &ClaimId,
    vehicle: &PartyId,
) -> Result<bool, Failure> {
    let said = app.streams().journal().stream(&incident.stream, 0).await?;
    let said = said.iter().rev().filter(|entry| entry.actor.kind != ActorKind::System).find(|entry| {
        match entry.decode() {
            Ok(incident::Event::LossStated(stated)) => stated.vehicle == *vehicle,
            Ok(incident::Event::LossWaived(waived)) => waived.vehicle == *vehicle,
            _ => false,
        }
    });
    let Some(said) = said else { return Ok(false) };
    let looks = app.streams().entries::<claim::Event>(looked).await?;
    let look = looks.iter().rev().find(
        |entry| matches!(entry.decode(), Ok(claim::Event::Assessed(assessed)) if assessed.vehicle == *vehicle),
    );
    Ok(look.is_some_and(|look| look.position < said.position))
}

async fn close(app: &App, claim: &ClaimId) -> Result<(), Failure> {
    let request = Request::system();
    app.run_beside::<Claims, Incidents, _, _>(&request, claim, None, |known, incident| {
        let ask = Ask::Close { losses_unknown: unknown(&known.state, incident), quietly: true };
        Ok((vec![app.command(&request, ask)], ()))
    })
    .await
}

/// A reaction that is refused is a person's to finish.
async fn hand_to_a_person(app: &App, consequence: &Consequence, failure: &Failure) {
    let claim = match &consequence.about {
        About::Claim(claim) | About::Payment(claim, _) => claim,
        About::Incident(incident) => {
            tracing::error!(%incident, then = ?consequence.then, %failure, "a reaction on an accident was refused");
            return;
        }
    };
    let details = [
        ("reaction".to_owned(), format!("{:?}", consequence.then)),
        ("failure".to_owned(), failure.to_string()),
    ];
    let ask = Ask::OpenTask { kind: TaskKind::FixReaction, team: Team::ServiceDesk, details: details.into() };
    let request = Request::system();
    let opened = app
        .run::<Claims, _, _>(&request, claim, None, |_| Ok((vec![app.command(&request, ask.clone())], ())))
        .await;
    if let Err(problem) = opened {
        tracing::error!(%claim, %failure, %problem, "a refused reaction found no person");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
