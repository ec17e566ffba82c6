//! Publishes what others are told to a stream of messages, behind the journal and by its positions.
//!
//! The stream is never where facts are kept: its checkpoint moves only when the stream has acknowledged, and when the stream has
//! less than the checkpoint says, because it was wiped or put back, what is missing is published again under the same ids.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::lease::{hold, nobody_else};
use crate::app::App;
use crate::failure::Failure;
use crate::outside::OutsideEvent;
use crate::ports::{EventStream, EventStreamError, Published};

/// The lease under which one process publishes, and the name of the checkpoint.
const NAME: &str = "outbox";
/// Entries read at once.
const BATCH: usize = 256;
/// How often the stream is asked what it has, when nothing went wrong.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// The first wait when store or stream cannot serve.
const BACK_OFF_MIN: Duration = Duration::from_millis(200);
/// The longest wait when store or stream cannot serve.
const BACK_OFF_MAX: Duration = Duration::from_secs(15);

/// Publishes until it is told to stop.
#[derive(Clone)]
pub struct Outbox {
    app: App,
    stream: Arc<dyn EventStream>,
    source: Arc<str>,
    node: Arc<str>,
    look_again: Duration,
}

/// What the stream had when it was looked at last, and up to where nothing is told behind that.
#[derive(Default)]
struct Seen {
    last: u64,
    quiet_to: u64,
}

impl Outbox {
    /// Publishes what `app` records to `stream`, as CloudEvents of `source`.
    pub fn new(app: App, stream: Arc<dyn EventStream>, source: &str) -> Outbox {
        let node = nobody_else(&*app.ports().chance).into();
        Outbox { app, stream, source: source.into(), node, look_again: LOOK_AGAIN }
    }

    /// The same, on the process called `node`.
    pub fn named(self, node: &str) -> Outbox {
        Outbox { node: node.into(), ..self }
    }

    /// The same, asking the stream this often what it has.
    pub fn looking_every(self, look_again: Duration) -> Outbox {
        Outbox { look_again, ..self }
    }

    /// Works until `stop` says so.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let leases = self.app.ports().leases.clone();
        hold(&leases, NAME, &self.node, stop, |_| self.work()).await;
    }

    async fn work(&self) {
        let mut back_off = BACK_OFF_MIN;
        loop {
            let begun = Instant::now();
            let Err(failure) = self.follow().await else { return };
            tracing::warn!(%failure, "publishing waits");
            if begun.elapsed() > BACK_OFF_MAX {
                back_off = BACK_OFF_MIN;
            }
            tokio::time::sleep(back_off).await;
            back_off = (back_off * 2).min(BACK_OFF_MAX);
        }
    }

    async fn follow(&self) -> Result<(), Failure> {
        let ports = self.app.ports();
        let mut head = ports.journal.head();
        let mut seen = Seen::default();
        let mut position = self.resume(&mut seen).await?;
        let mut looked = Instant::now();
        loop {
            if looked.elapsed() >= self.look_again {
                position = self.resume(&mut seen).await?;
                looked = Instant::now();
            }
            let reached = self.publish_after(position, BATCH).await?;
            if reached > position {
                ports.checkpoints.reach(NAME, reached).await?;
                position = reached;
            }
            if *head.borrow_and_update() <= position {
                let waited = tokio::time::timeout(self.look_again, head.changed()).await;
                if matches!(waited, Ok(Err(_))) {
                    return Err(Failure::Unavailable("journal closed".to_owned()));
                }
            }
        }
    }

    /// Where to go on: behind the checkpoint where the stream has less than was acknowledged. Of entries that nobody is told of the
    /// stream has nothing, so that only what was told is compared.
    async fn resume(&self, seen: &mut Seen) -> Result<u64, Failure> {
        let reached = self.app.ports().checkpoints.reached(NAME).await?;
        let Some(last) = self.stream.last().await? else { return Ok(reached) };
        if seen.last != last {
            *seen = Seen { last, quiet_to: last };
        }
        while seen.quiet_to < reached {
            let entries = self.app.ports().journal.read(seen.quiet_to, BATCH).await?;
            let Some(end) = entries.last().map(|entry| entry.position) else { break };
            for entry in entries.iter().filter(|entry| entry.position <= reached) {
                if OutsideEvent::of(entry)?.is_some() {
                    tracing::warn!(
                        last,
                        reached,
                        "the stream has less than it acknowledged; publishing again"
                    );
                    return Ok(last);
                }
            }
            seen.quiet_to = end.min(reached);
        }
        Ok(reached)
    }

    /// Publishes what stands after `position`, at most `limit` entries; answers how far it came.
    async fn publish_after(&self, position: u64, limit: usize) -> Result<u64, Failure> {
        let entries = self.app.ports().journal.read(position, limit).await?;
        let reached = entries.last().map_or(position, |entry| entry.position);
        let mut messages = vec![];
        for entry in &entries {
            messages.extend(OutsideEvent::of(entry)?.map(|event| self.published(&event)));
        }
        if !messages.is_empty() {
            self.stream.publish(messages).await?;
        }
        Ok(reached)
    }

    fn published(&self, event: &OutsideEvent) -> Published {
        Published {
            subject: event.kind.subject(),
            id: event.id.clone(),
            position: event.position,
            body: event.cloud_event(&self.source).to_bytes(),
        }
    }

    /// Publishes everything from `position` on once more, up to what is recorded now; answers how far it came. The checkpoint stays.
    pub async fn replay(&self, position: u64) -> Result<u64, Failure> {
        let head = *self.app.ports().journal.head().borrow();
        let mut reached = position.saturating_sub(1);
        while reached < head {
            let next = self.publish_after(reached, BATCH).await?;
            if next == reached {
                break;
            }
            reached = next;
        }
        Ok(reached)
    }
}

impl From<EventStreamError> for Failure {
    fn from(problem: EventStreamError) -> Failure {
        Failure::Unavailable(problem.to_string())
    }
}
