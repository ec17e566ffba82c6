//! One life of the process: it begins with what stands on disk, and ends at any moment.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use app::App;
use app::work::{Reactor, Rounds};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::people;
use crate::ports::Gate;
use crate::world::World;

/// Every so often it is looked whether everything is quiet.
const LOOK: Duration = Duration::from_secs(1);
/// So long the journal must rest until it is quiet.
const REST: Duration = Duration::from_secs(25);
/// And so long it is waited for at the most.
const QUIET_MAX: Duration = Duration::from_secs(400);

/// A runtime with its own virtual time.
pub struct Life {
    runtime: Option<Runtime>,
    gate: Arc<Gate>,
}

impl Life {
    /// A runtime in which work on other threads comes in only when nothing else is to be done.
    pub fn new() -> Result<Life> {
        let gate = Arc::new(Gate::default());
        let (idle, busy) = (gate.clone(), gate.clone());
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .max_blocking_threads(1)
            .on_thread_park(move || idle.idle(true))
            .on_thread_unpark(move || busy.idle(false))
            .build()
            .context("no runtime")?;
        Ok(Life { runtime: Some(runtime), gate })
    }

    /// The gate of its other threads.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// Lives until `life` is over; whatever is under way then stops where it is.
    pub fn run<T>(self, world: &World, life: impl Future<Output = Result<T>>) -> Result<T> {
        let runtime = self.runtime.as_ref().context("a life is lived once")?;
        runtime.block_on(async {
            world.clock.begin();
            let done = life.await;
            world.clock.end();
            done
        })
    }
}

impl Life {
    /// The runtime alone, for work that nothing happens beside.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        Ok(self.runtime.as_ref().context("a life is lived once")?.block_on(work))
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.gate.close();
        drop(self.runtime.take());
    }
}

/// What works in the background, and the people.
pub struct Busy {
    progress: watch::Receiver<u64>,
    people: Vec<JoinHandle<()>>,
    _stop: watch::Sender<bool>,
}

/// Starts the reactor, the rounds, and everybody's turns.
pub fn start(world: &Arc<World>, app: &App) -> Busy {
    let (stop, stopped) = watch::channel(false);
    let reactor = Reactor::new(app.clone());
    let progress = reactor.progress();
    tokio::spawn(reactor.run(stopped.clone()));
    tokio::spawn(Rounds::new(app.clone()).run(stopped));
    let people = (0..world.people.len()).map(|me| {
        let (world, app) = (world.clone(), app.clone());
        tokio::spawn(async move {
            loop {
                let pause = world.people[me].roll(|dice| dice.between(400, 4_000)).unsigned_abs();
                tokio::time::sleep(Duration::from_millis(pause)).await;
                people::turn(&world, &app, me).await;
            }
        })
    });
    Busy { progress, people: people.collect(), _stop: stop }
}

impl Busy {
    /// Waits until the journal rests and nobody waits for an answer.
    pub async fn until_quiet(&mut self, world: &World, app: &App) {
        let head = app.ports().journal.head();
        let (mut last, mut rested, mut waited) = (0, Duration::ZERO, Duration::ZERO);
        while rested < REST && waited < QUIET_MAX {
            tokio::time::sleep(LOOK).await;
            let now = *head.borrow();
            let open = (0..world.people.len()).any(|me| world.requests.open_of(me).is_some());
            rested = if now == last && !open { rested + LOOK } else { Duration::ZERO };
            last = now;
            waited += LOOK;
        }
    }

    /// Everybody goes home; what was begun by them stops.
    pub async fn send_home(&mut self) {
        for person in &self.people {
            person.abort();
        }
        for person in self.people.drain(..) {
            // An end by abortion is what was asked for.
            let _ = person.await;
        }
    }

    /// Waits until everything was reacted to; whether it was in time.
    pub async fn settled(&mut self, app: &App) -> bool {
        let head = app.ports().journal.head();
        let mut progress = self.progress.clone();
        let settled = async {
            loop {
                let now = *head.borrow();
                if progress.wait_for(|done| *done >= now).await.is_err() || *head.borrow() == now {
                    return;
                }
            }
        };
        tokio::time::timeout(QUIET_MAX, settled).await.is_ok()
    }
}

/// Reacts to the whole journal once more, from the first entry; whether that came to an end.
pub async fn react_again(app: &App) -> bool {
    let before = *app.ports().journal.head().borrow();
    let reactor = Reactor::new(app.clone());
    let mut progress = reactor.progress();
    let (_stop, stopped) = watch::channel(false);
    tokio::spawn(reactor.run(stopped));
    let done = progress.wait_for(|done| *done >= before);
    matches!(tokio::time::timeout(QUIET_MAX, done).await, Ok(Ok(_)))
}
