//! Tells other systems: follows the journal for each address by itself, so that a slow receiver slows nobody else.
//!
//! What goes through at once leaves no trace but the address's checkpoint, which stands behind a batch that is finished: after a
//! crash the batch is told again, under the same ids. What does not is held as a fact and tried on its own; what follows it on the
//! same claim waits behind it. A receiver that takes nothing at all is not read for any further: what it has not been told stays
//! in the journal until it comes back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use futures::{StreamExt, stream};
use identity::door::{DeliveryCommand, Ended, Listening, Message, Sees, Why, retry_rule};
use insight::view::{Query, Value};
use insight::{DELIVERIES, DeliveryRow, ENDPOINTS, EndpointRow};
use lexicon::Moment;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tracing::Instrument;

use super::lease::{Held, hold, nobody_else};
use crate::app::App;
use crate::failure::Failure;
use crate::outside::{CloudEvent, OutsideEvent, OutsideType};
use crate::ports::{HookAnswer, HookCall, HookError, Hooks, RetryAfter};

/// The lease under which one process tells others.
const LEASE: &str = "deliveries";
/// Entries read at once.
const READ: usize = 512;
/// Messages told before the checkpoint is kept: so many may be told again after a crash.
const BATCH: usize = 64;
/// Claims told side by side to one address.
const SIDE_BY_SIDE: usize = 8;
/// After so many failures without a success the receiver is left to rest.
const FAILURES_MAX: u32 = 16;
/// Rows read at once.
const ROWS: usize = 64;
/// The longest wait when the store cannot serve.
const BACK_OFF_MAX: Duration = Duration::from_secs(30);

/// Tells other systems until it is told to stop.
#[derive(Clone)]
pub struct Deliverer {
    app: App,
    hooks: Arc<dyn Hooks>,
    source: Arc<str>,
    node: Arc<str>,
    every: Duration,
}

/// The position up to which an address was told, kept under this name.
fn checkpoint(endpoint: &str) -> String {
    format!("endpoint:{endpoint}")
}

impl Deliverer {
    /// Tells what `app` records through `hooks`, as CloudEvents of `source`.
    pub fn new(app: App, hooks: Arc<dyn Hooks>, source: &str) -> Deliverer {
        let node = nobody_else(&*app.ports().chance).into();
        Deliverer { app, hooks, source: source.into(), node, every: Duration::from_secs(1) }
    }

    /// The same, on the process called `node`.
    pub fn named(self, node: &str) -> Deliverer {
        Deliverer { node: node.into(), ..self }
    }

    /// The same, looking for what is due this often.
    pub fn every(self, every: Duration) -> Deliverer {
        Deliverer { every, ..self }
    }

    /// Works until `stop` says so; what is in hand is told again by the next start.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let leases = self.app.ports().leases.clone();
        hold(&leases, LEASE, &self.node, stop, |held| self.supervise(held)).await;
    }

    /// Has every address that is told anything followed by a task of its own. Dropped, it drops them all.
    async fn supervise(&self, held: Arc<Held>) {
        let mut tasks = JoinSet::new();
        let mut running: HashMap<String, AbortHandle> = HashMap::new();
        loop {
            match self.enabled().await {
                Ok(enabled) => {
                    running.retain(|endpoint, task| {
                        let wanted = enabled.contains(endpoint);
                        if !wanted {
                            task.abort();
                        }
                        wanted && !task.is_finished()
                    });
                    for endpoint in enabled {
                        running.entry(endpoint.clone()).or_insert_with(|| {
                            let line = Line::new(self.clone(), endpoint, held.clone());
                            tasks.spawn(line.run())
                        });
                    }
                }
                Err(failure) => tracing::warn!(%failure, "addresses of other systems cannot be read"),
            }
            while tasks.try_join_next().is_some() {}
            tokio::time::sleep(self.every).await;
        }
    }

    /// Every address that is told. What waits for one that ended by itself becomes dead letters here, should a crash have come between.
    async fn enabled(&self) -> Result<BTreeSet<String>, Failure> {
        let mut found = BTreeSet::new();
        for enabled in [true, false] {
            let mut query = Query::of(&ENDPOINTS, "by_enabled", ROWS).equal(i64::from(enabled));
            loop {
                let rows = self.app.ports().views.page(query.clone()).await?;
                for row in &rows {
                    let row = EndpointRow::read(&ENDPOINTS, row)?;
                    match row
                        .ended
                        .as_deref()
                        .and_then(|word| Ended::ALL.into_iter().find(|why| why.word() == word))
                    {
                        None => _ = found.insert(row.endpoint),
                        Some(ended) => self.app.bury(&row.endpoint, ended).await?,
                    }
                }
                let Some(last) = rows.last().filter(|_| rows.len() == ROWS) else { break };
                let place = query.place(last);
                query = query.after(Some(place));
            }
        }
        Ok(found)
    }
}

/// What one address is told.
struct Line {
    whole: Deliverer,
    endpoint: String,
    held: Arc<Held>,
    /// Failures since the last success.
    failures: AtomicU32,
    /// The receiver asked not to be bothered before, in microseconds.
    rest_until: AtomicI64,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    Taken,
    Failed,
    /// The receiver is gone; nothing more is told.
    Gone,
    /// It is not our turn, or the receiver is at rest: nothing was tried.
    NotNow,
}

impl Line {
    fn new(whole: Deliverer, endpoint: String, held: Arc<Held>) -> Line {
        Line { whole, endpoint, held, failures: AtomicU32::new(0), rest_until: AtomicI64::new(i64::MIN) }
    }

    fn app(&self) -> &App {
        &self.whole.app
    }

    async fn run(self) {
        let mut back_off = self.whole.every;
        let mut begun = false;
        loop {
            match self.follow(&mut begun).await {
                // Its end is a fact; the supervisor starts it again when it is enabled.
                Ok(()) => return,
                Err(failure) => {
                    tracing::warn!(endpoint = self.endpoint, %failure, "telling another system waits for the store");
                    tokio::time::sleep(back_off).await;
                    back_off = (back_off * 2).min(BACK_OFF_MAX);
                }
            }
        }
    }

    async fn follow(&self, begun: &mut bool) -> Result<(), Failure> {
        let ports = self.app().ports();
        let mut head = ports.journal.head();
        let name = checkpoint(&self.endpoint);
        let listening = self.app().listening(&self.endpoint).await?;
        let mut position = ports.checkpoints.reached(&name).await?.max(listening.after);
        let mut kept = position;
        loop {
            let listening = self.app().listening(&self.endpoint).await?;
            if listening.ended.is_some() || !self.held.stands() {
                return Ok(());
            }
            if !*begun {
                self.wake_held().await?;
                *begun = true;
            }
            self.tell_due(&listening).await?;
            if !self.rests() {
                let (batch, read_to) = self.batch(&listening, position).await?;
                self.tell(&listening, batch).await?;
                position = read_to;
            }
            if position > kept {
                ports.checkpoints.reach(&name, position).await?;
                kept = position;
            }
            if self.rests() || *head.borrow_and_update() <= position {
                // Whichever comes first: something new, or time to look for what is due.
                match tokio::time::timeout(self.whole.every, head.changed()).await {
                    Ok(Err(_)) => return Err(Failure::Unavailable("journal closed".to_owned())),
                    Ok(Ok(())) if self.rests() => tokio::time::sleep(self.whole.every).await,
                    Ok(Ok(())) | Err(_) => {}
                }
            }
        }
    }

    /// Whether the receiver is left alone with what is new.
    fn rests(&self) -> bool {
        self.failures.load(Ordering::Relaxed) >= FAILURES_MAX || self.asked_for_patience()
    }

    fn asked_for_patience(&self) -> bool {
        self.app().now().micros() < self.rest_until.load(Ordering::Relaxed)
    }

    /// The next messages after `position`, and the position that was read up to.
    async fn batch(&self, listening: &Listening, position: u64) -> Result<(Vec<OutsideEvent>, u64), Failure> {
        let mut batch = vec![];
        let mut read_to = position;
        for entry in self.app().ports().journal.read(position, READ).await? {
            if batch.len() == BATCH {
                break;
            }
            read_to = entry.position;
            let heard = OutsideType::of(&entry).filter(|kind| {
                listening.hears(kind.name) && (kind.for_owners || listening.sees == Sees::All)
            });
            if heard.is_none() {
                continue;
            }
            let foreign = listening.sees == Sees::Own
                && !self.app().follows(&listening.owner, entry.stream.id()).await?;
            if !foreign && let Some(event) = OutsideEvent::of(&entry)? {
                batch.push(event);
            }
        }
        Ok((batch, read_to))
    }

    /// Tells `batch`, the messages of one claim in their order, claims side by side. Afterwards each was taken or is held.
    async fn tell(&self, listening: &Listening, batch: Vec<OutsideEvent>) -> Result<(), Failure> {
        let mut by_claim: BTreeMap<String, Vec<OutsideEvent>> = BTreeMap::new();
        for event in batch {
            by_claim.entry(event.claim.clone()).or_default().push(event);
        }
        let mut telling = stream::iter(by_claim.into_values())
            .map(|events| self.tell_claim(listening, events))
            .buffer_unordered(SIDE_BY_SIDE);
        while let Some(told) = telling.next().await {
            told?;
        }
        Ok(())
    }

    async fn tell_claim(&self, listening: &Listening, events: Vec<OutsideEvent>) -> Result<(), Failure> {
        for event in events {
            if self.app().is_held(&self.endpoint, event.position).await? {
                continue;
            }
            if self.app().first_waiting(&self.endpoint, &event.claim).await?.is_some() {
                self.app().hold_delivery(self.message(&event), None).await?;
                continue;
            }
            let tried = match self.rests() {
                true => (Attempt::NotNow, vec![]),
                false => self.attempt(listening, &event).await?,
            };
            match tried {
                (Attempt::Taken, _) => {}
                (outcome, commands) => {
                    let due = Some(self.app().now().plus_seconds(retry_rule(self.app().now()).first_seconds));
                    self.app().hold_delivery(self.message(&event), due).await?;
                    self.settle(event.position, outcome, commands).await?;
                }
            }
        }
        Ok(())
    }

    /// Tells what is due, each claim's first message first, and what waits behind it.
    async fn tell_due(&self, listening: &Listening) -> Result<(), Failure> {
        if self.asked_for_patience() {
            return Ok(());
        }
        let now = self.app().now();
        let query = Query::of(&DELIVERIES, "by_due", ROWS)
            .equal(self.endpoint.as_str())
            .equal("waiting")
            .between(Value::Integer(i64::MIN), now);
        let mut claims = BTreeSet::new();
        for row in self.app().ports().views.page(query).await? {
            claims.insert(DeliveryRow::read(&DELIVERIES, &row)?.claim);
        }
        let mut telling = stream::iter(claims)
            .map(|claim| self.tell_waiting(listening, claim, now))
            .buffer_unordered(SIDE_BY_SIDE);
        while let Some(told) = telling.next().await {
            told?;
        }
        Ok(())
    }

    async fn tell_waiting(&self, listening: &Listening, claim: String, now: Moment) -> Result<(), Failure> {
        let mut tried = None;
        while let Some(row) = self.app().first_waiting(&self.endpoint, &claim).await? {
            // Behind one that has gone the next is due whatever its row says.
            let early = tried.is_none() && row.due.is_some_and(|due| due > now);
            if early || tried == Some(row.position) {
                return Ok(());
            }
            tried = Some(row.position);
            let entries = self.app().ports().journal.read(row.position.saturating_sub(1), 1).await?;
            let event = match entries.first().filter(|entry| entry.position == row.position) {
                Some(entry) => OutsideEvent::of(entry)?,
                None => None,
            };
            let Some(event) = event else {
                return Err(Failure::Unavailable(format!("no event stands at position {}", row.position)));
            };
            let (outcome, commands) = self.attempt(listening, &event).await?;
            self.settle(row.position, outcome, commands).await?;
        }
        Ok(())
    }

    /// Makes due again what waited behind messages that have gone, should a crash have come between.
    async fn wake_held(&self) -> Result<(), Failure> {
        let listening = self.app().listening(&self.endpoint).await?;
        let mut seen = BTreeSet::new();
        let rows = self.app().deliveries_of(&self.endpoint, "waiting").await?;
        self.failures
            .store(u32::try_from(rows.len()).unwrap_or(u32::MAX).min(FAILURES_MAX), Ordering::Relaxed);
        for row in rows {
            if seen.insert(row.claim.clone()) && row.due.is_none() {
                self.tell_waiting(&listening, row.claim, self.app().now()).await?;
            }
        }
        Ok(())
    }

    fn message(&self, event: &OutsideEvent) -> Message {
        Message {
            endpoint: self.endpoint.clone(),
            position: event.position,
            event: event.id.clone(),
            kind: event.kind.name.to_owned(),
            claim: event.claim.clone(),
        }
    }

    /// Hands `event` over once, and says what is to be recorded of it where it waits.
    async fn attempt(
        &self,
        listening: &Listening,
        event: &OutsideEvent,
    ) -> Result<(Attempt, Vec<DeliveryCommand>), Failure> {
        if !self.held.stands() || self.asked_for_patience() {
            return Ok((Attempt::NotNow, vec![]));
        }
        let call = self.call(listening, event)?;
        let span = tracing::debug_span!("webhook.post", kind = "client", cause = event.position);
        let answered = self.whole.hooks.post(call).instrument(span).await;
        let at = self.app().now();
        let (code, status, text, retry_after) = match answered {
            Ok(HookAnswer { status: 200..=299, .. }) => {
                self.failures.store(0, Ordering::Relaxed);
                return Ok((Attempt::Taken, vec![DeliveryCommand::MarkMade]));
            }
            Ok(HookAnswer { status, retry_after, text }) => ("status", Some(status), text, retry_after),
            Err(problem) => (problem.word(), None, String::new(), None),
        };
        if code == HookError::Inside.word() {
            tracing::warn!(
                endpoint = self.endpoint,
                "an address of another system leads inside; nothing was sent"
            );
        }
        self.failures.fetch_add(1, Ordering::Relaxed);
        let patience = retry_after.map(|after| match after {
            RetryAfter::Seconds(seconds) => seconds.max(0),
            RetryAfter::At(moment) => moment.seconds_since(at).max(0),
        });
        let patience = patience.map(|seconds| seconds.min(retry_rule(at).longest_seconds));
        if let (Some(seconds), Some(429 | 503)) = (patience, status) {
            self.rest_until.fetch_max(at.plus_seconds(seconds).micros(), Ordering::Relaxed);
        }
        let fail = DeliveryCommand::Fail {
            answer: self.app().kept_answer(&listening.subject, code, status, &text)?,
            retry_after_seconds: patience,
            chance: self.app().ports().chance.number(),
            at,
        };
        Ok(match status {
            Some(410) => (Attempt::Gone, vec![fail, DeliveryCommand::GiveUp { why: Why::Gone }]),
            _ => (Attempt::Failed, vec![fail]),
        })
    }

    /// Records what became of an attempt at a message that waits. A receiver that is gone, or was silent for as long as is tried,
    /// ends the address.
    async fn settle(
        &self,
        position: u64,
        outcome: Attempt,
        commands: Vec<DeliveryCommand>,
    ) -> Result<(), Failure> {
        if !commands.is_empty() {
            self.app().settle_delivery(&self.endpoint, position, commands).await?;
        }
        match outcome {
            Attempt::Gone => self.app().end_endpoint(&self.endpoint, Ended::Gone).await,
            Attempt::Failed
                if self.failures.load(Ordering::Relaxed) >= FAILURES_MAX
                    && self.app().is_dead(&self.endpoint, position).await? =>
            {
                self.app().end_endpoint(&self.endpoint, Ended::Silent).await
            }
            Attempt::Taken | Attempt::Failed | Attempt::NotNow => Ok(()),
        }
    }

    fn call(&self, listening: &Listening, event: &OutsideEvent) -> Result<HookCall, Failure> {
        let body = event.cloud_event(&self.whole.source).to_bytes();
        let now = self.app().now();
        let timestamp = now.micros() / 1_000_000;
        let secrets = self.app().secrets(listening, now)?;
        let signatures: Vec<String> =
            secrets.iter().map(|secret| secret.sign(&event.id, timestamp, &body)).collect();
        let headers = vec![
            ("content-type", CloudEvent::MEDIA_TYPE.to_owned()),
            ("webhook-id", event.id.clone()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        Ok(HookCall { url: listening.url.clone(), headers, body })
    }
}
