//! Work that one process at a time does, whichever of them that is.
//!
//! A lease says whose turn it is. It is no lock: a process that was paused may wake up in the middle of a step after its lease went
//! to another, and finish that step. What is in hand twice changes nothing, for appends name the version they stand on and the
//! bank's reference is derived from the approval; so the lease is there to save work, and to ask partners once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use journal::Unavailable;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::ports::{Chance, Lease, Leases};

/// For how long a lease is taken: another process takes over at the latest this long after its holder died.
const LEASE: Duration = Duration::from_secs(5);
/// For how long its holder trusts it, whose clock may be slower than the store's.
const TRUSTED: Duration = Duration::from_secs(4);
/// How often its holder renews it, and others ask for it.
const EVERY: Duration = Duration::from_secs(1);

/// A lease that this process holds, until it is lost.
pub(super) struct Held {
    leases: Arc<dyn Leases>,
    name: &'static str,
    lease: Lease,
    /// As far as is known; `None` when it is over.
    until: Mutex<Option<Instant>>,
}

impl Held {
    /// Whether it is still our turn, as far as this process can know by itself. Asked before every step.
    pub(super) fn stands(&self) -> bool {
        self.until().is_some_and(|until| Instant::now() < until)
    }

    /// Whether it is, as the store says: asked before a step that leaves the house.
    pub(super) async fn is_confirmed(&self) -> bool {
        let Some(until) = self.until() else { return false };
        let told = timeout_at(until, self.leases.holds(self.name, self.lease)).await;
        matches!(told, Ok(Ok(true))) && self.stands()
    }

    /// Renews the lease until it is lost.
    async fn keep(&self) {
        loop {
            sleep(EVERY).await;
            let (Some(until), begun) = (self.until(), Instant::now()) else { return };
            match timeout_at(until, self.leases.renew(self.name, self.lease, LEASE)).await {
                Ok(Ok(true)) if self.extend(begun + TRUSTED) => {}
                // A store that cannot be reached now may be in time again.
                Ok(Err(_)) if Instant::now() < until => {}
                Ok(_) | Err(_) => return self.set(None),
            }
        }
    }

    async fn give_back(&self) {
        self.set(None);
        // Unheard it is over as soon as its time is.
        let _ = timeout(EVERY, self.leases.give_back(self.name, self.lease)).await;
    }

    /// `false`: it was over before the answer came. Once [`Held::stands`] denied it nothing revives it, for work has left by that.
    fn extend(&self, until: Instant) -> bool {
        let mut known = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let stood = known.is_some_and(|known| Instant::now() < known);
        *known = stood.then_some(until);
        stood
    }

    fn until(&self) -> Option<Instant> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// How a process stands to a lease; told in the log when it changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    New,
    By,
    Cut,
}

/// Does `work` whenever `holder` holds the lease called `name`, until `stop` says so. Work that is in hand when the lease is lost is
/// dropped where it waits; what it has started elsewhere must ask [`Held::stands`].
pub(super) async fn hold<F: Future<Output = ()>>(
    leases: &Arc<dyn Leases>,
    name: &'static str,
    holder: &str,
    mut stop: watch::Receiver<bool>,
    work: impl Fn(Arc<Held>) -> F,
) {
    let mut standing = Standing::New;
    loop {
        let begun = Instant::now();
        let asked = timeout(LEASE, leases.take(name, holder, LEASE));
        // In a fixed order, here and below, so that a simulated run repeats itself.
        let taken = tokio::select! {
            biased;
            taken = asked => taken.unwrap_or_else(|_| Err(Unavailable("it does not answer".to_owned()))),
            () = told(&mut stop) => return,
        };
        let now = match taken {
            Ok(Some(lease)) => {
                tracing::info!(lease = name, fence = lease.fence, "holding the lease");
                let until = Mutex::new(Some(begun + TRUSTED));
                let held = Arc::new(Held { leases: leases.clone(), name, lease, until });
                tokio::select! {
                    biased;
                    () = work(held.clone()) => held.give_back().await,
                    () = held.keep() => tracing::warn!(lease = name, fence = lease.fence, "the lease is lost"),
                    () = told(&mut stop) => return held.give_back().await,
                }
                Standing::New
            }
            Ok(None) => {
                if standing != Standing::By {
                    tracing::info!(lease = name, "standing by: another process holds the lease");
                }
                Standing::By
            }
            Err(problem) => {
                if standing != Standing::Cut {
                    tracing::warn!(lease = name, %problem, "the store gives no leases");
                }
                Standing::Cut
            }
        };
        standing = now;
        tokio::select! {
            biased;
            () = sleep(EVERY) => {}
            () = told(&mut stop) => return,
        }
    }
}

/// A name for a process that was given none.
pub(super) fn nobody_else(chance: &dyn Chance) -> String {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Waits until `stop` says so; the guard that it answers with must not be held while others wait.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use journal::BoxFuture;

    use super::*;

    /// One lease as a store for several processes gives it.
    #[derive(Default)]
    struct Table(Mutex<Option<(String, u64, Instant)>>);

    /// A line to the table that can be cut.
    struct Line {
        table: Arc<Table>,
        cut: AtomicBool,
        /// How long an answer takes.
        slow: Duration,
    }

    impl Line {
        fn ask<T: Send + 'static>(
            &self,
            ask: impl FnOnce(&mut Option<(String, u64, Instant)>) -> T,
        ) -> BoxFuture<'_, Result<T, Unavailable>> {
            if self.cut.load(Ordering::SeqCst) {
                return Box::pin(std::future::pending());
            }
            let answer = ask(&mut self.table.0.lock().unwrap());
            Box::pin(async {
                sleep(self.slow).await;
                Ok(answer)
            })
        }
    }

    impl Leases for Line {
        fn take<'a>(
            &'a self,
            _: &'a str,
            holder: &'a str,
            time: Duration,
        ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
            self.ask(|row| {
                let now = Instant::now();
                let fence = match row {
                    Some((other, _, until)) if other != holder && *until > now => return None,
                    Some((_, fence, _)) => *fence + 1,
                    None => 1,
                };
                *row = Some((holder.to_owned(), fence, now + time));
                Some(Lease { fence })
            })
        }

        fn renew<'a>(
            &'a self,
            _: &'a str,
            lease: Lease,
            time: Duration,
        ) -> BoxFuture<'a, Result<bool, Unavailable>> {
            self.ask(|row| {
                let now = Instant::now();
                let row = row.as_mut().filter(|(_, fence, until)| *fence == lease.fence && *until > now);
                row.map(|(_, _, until)| *until = now + time).is_some()
            })
        }

        fn holds<'a>(&'a self, _: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
            self.ask(|row| {
                row.as_ref().is_some_and(|(_, fence, until)| *fence == lease.fence && *until > Instant::now())
            })
        }

        fn give_back<'a>(&'a self, _: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
            self.ask(|row| {
                if let Some((_, fence, until)) = row
                    && *fence == lease.fence
                {
                    *until = Instant::now();
                }
            })
        }
    }

    /// A process: it counts its steps, ten a second, and never takes one while another process does.
    struct Process {
        line: Arc<Line>,
        stop: watch::Sender<bool>,
        steps: Arc<AtomicUsize>,
        running: tokio::task::JoinHandle<()>,
    }

    /// Who took the last step, and when. Two processes never work within one lease's time of doubt.
    type Last = Arc<Mutex<Option<(&'static str, Instant)>>>;

    fn start(table: &Arc<Table>, name: &'static str, last: &Last) -> Process {
        let line = Arc::new(Line { table: table.clone(), cut: AtomicBool::new(false), slow: Duration::ZERO });
        let (stop, stopped) = watch::channel(false);
        let steps = Arc::new(AtomicUsize::new(0));
        let (leases, counted, last): (Arc<dyn Leases>, _, _) = (line.clone(), steps.clone(), last.clone());
        let running = tokio::spawn(async move {
            hold(&leases, "turns", name, stopped, |held| {
                let (counted, last) = (counted.clone(), last.clone());
                // Started elsewhere, as the work on a stream is: it ends only by asking.
                let elsewhere = tokio::spawn(async move {
                    while held.stands() {
                        counted.fetch_add(1, Ordering::SeqCst);
                        if let Some((other, at)) = last.lock().unwrap().replace((name, Instant::now())) {
                            assert!(other == name || at < Instant::now(), "two at work at once");
                        }
                        sleep(Duration::from_millis(100)).await;
                    }
                });
                async move {
                    elsewhere.await.unwrap();
                    std::future::pending().await
                }
            })
            .await;
        });
        Process { line, stop, steps, running }
    }

    impl Process {
        /// How many steps it takes within `time`.
        async fn steps_within(&self, time: Duration) -> usize {
            let before = self.steps.load(Ordering::SeqCst);
            sleep(time).await;
            self.steps.load(Ordering::SeqCst) - before
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_works_and_the_other_takes_over_within_seconds_of_its_death() {
        let (table, last) = (Arc::default(), Last::default());
        let one = start(&table, "one", &last);
        sleep(Duration::from_millis(10)).await;
        let other = start(&table, "other", &last);
        assert!(one.steps_within(Duration::from_secs(60)).await > 590, "the lease is renewed");
        assert_eq!(other.steps.load(Ordering::SeqCst), 0);

        one.running.abort();
        one.line.cut.store(true, Ordering::SeqCst);
        sleep(LEASE + EVERY).await;
        assert!(other.steps_within(Duration::from_secs(1)).await >= 9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_holder_cut_from_the_store_stops_before_another_begins_and_may_come_back() {
        let (table, last) = (Arc::default(), Last::default());
        let one = start(&table, "one", &last);
        sleep(Duration::from_millis(10)).await;
        let other = start(&table, "other", &last);
        one.line.cut.store(true, Ordering::SeqCst);
        while other.steps.load(Ordering::SeqCst) == 0 {
            sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(one.steps_within(Duration::from_secs(10)).await, 0, "it has stopped");
        one.line.cut.store(false, Ordering::SeqCst);
        assert_eq!(one.steps_within(Duration::from_secs(10)).await, 0, "it stands by");
        other.line.cut.store(true, Ordering::SeqCst);
        sleep(LEASE + EVERY).await;
        assert!(one.steps_within(Duration::from_secs(1)).await >= 9);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_told_to_stop_gives_it_back_at_once() {
        let (table, last) = (Arc::default(), Last::default());
        let one = start(&table, "one", &last);
        sleep(Duration::from_millis(10)).await;
        let other = start(&table, "other", &last);
        sleep(Duration::from_millis(10)).await;
        one.stop.send_replace(true);
        one.running.await.unwrap();
        assert!(other.steps_within(EVERY * 2).await >= 8);
    }

    #[tokio::test(start_paused = true)]
    async fn before_a_step_outside_the_store_itself_is_asked() {
        let table = Arc::<Table>::default();
        let line = Arc::new(Line { table: table.clone(), cut: AtomicBool::new(false), slow: Duration::ZERO });
        let lease = line.take("turns", "one", LEASE).await.unwrap().unwrap();
        let until = Mutex::new(Some(Instant::now() + TRUSTED));
        let held = Held { leases: line, name: "turns", lease, until };
        assert!(held.stands() && held.is_confirmed().await);
        // The machine slept: for its own clock no time went by.
        *table.0.lock().unwrap() = Some(("other".to_owned(), lease.fence + 1, Instant::now() + LEASE));
        assert!(held.stands() && !held.is_confirmed().await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_is_heard_too_late_revives_nothing() {
        let slow = TRUSTED - EVERY;
        let line = Arc::new(Line { table: Arc::default(), cut: AtomicBool::new(false), slow });
        *line.table.0.lock().unwrap() = Some(("one".to_owned(), 1, Instant::now() + LEASE));
        let until = Instant::now() + TRUSTED;
        let lease = Lease { fence: 1 };
        let held = Held { leases: line, name: "turns", lease, until: Mutex::new(Some(until)) };
        let kept = async {
            tokio::select! {
                biased;
                () = async {
                    tokio::time::sleep_until(until).await;
                    assert!(!held.stands(), "whoever asks now leaves");
                    std::future::pending().await
                } => {}
                () = held.keep() => {}
            }
        };
        let lost = timeout(TRUSTED + EVERY / 2, kept).await;
        assert!(lost.is_ok() && !held.stands(), "it is lost at once, so that it can be taken anew");
    }
}
