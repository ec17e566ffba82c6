//! Lets time go by: stories wait for their hour, and the clock follows the earliest of them.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::ports::Clock;
use lexicon::Moment;
use tokio::sync::oneshot;

use crate::host::SystemClock;

/// Stories that act side by side.
const SIDE_BY_SIDE: usize = 16;
/// And whose hours lie no further apart: to the earliest of them the clock must not seem to leap over days.
const APART_SECONDS_MAX: i64 = 12 * 3_600;
/// Every look at a clock that is set to the past takes it on by so much, as if people needed time for what they do.
const LOOK_MICROS: i64 = 4_000_000;
/// The clock shows the real time.
const PRESENT: i64 = i64::MAX;

/// A clock that can be set to the past, and never goes back.
pub struct PastClock(AtomicI64);

impl PastClock {
    /// A clock that shows the real time until it is set.
    pub fn new() -> PastClock {
        PastClock(AtomicI64::new(PRESENT))
    }

    /// The real time.
    pub fn real_now(&self) -> Moment {
        SystemClock.now()
    }

    /// Sets a clock that shows the real time to the past, or takes one that shows the past on to `moment`.
    pub(super) fn reach(&self, moment: Moment) {
        let later = |shown| if shown == PRESENT { moment.micros() } else { moment.micros().max(shown) };
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |shown| Some(later(shown)));
    }

    /// Shows the real time from now on.
    fn arrive(&self) {
        self.0.store(PRESENT, Ordering::SeqCst);
    }
}

impl Default for PastClock {
    fn default() -> PastClock {
        PastClock::new()
    }
}

impl Clock for PastClock {
    fn now(&self) -> Moment {
        let tick = |shown| (shown != PRESENT).then(|| shown + LOOK_MICROS);
        match self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, tick) {
            Ok(shown) => Moment::from_micros(shown).min(SystemClock.now()),
            Err(_) => SystemClock.now(),
        }
    }
}

/// Gives the stories their turns, in the order of their hours.
pub(super) struct Director {
    clock: Arc<PastClock>,
    stage: Mutex<Stage>,
}

#[derive(Default)]
struct Stage {
    waiting: BTreeMap<(Moment, u64), oneshot::Sender<()>>,
    /// Tells those who wait for one hour apart.
    number: u64,
    /// How many act, by their hour.
    acting: BTreeMap<Moment, usize>,
    begun: bool,
    arrived: bool,
}

impl Director {
    pub(super) fn new(clock: Arc<PastClock>) -> Director {
        Director { clock, stage: Mutex::default() }
    }

    /// A story that begins at `hour`; what comes back is its first turn.
    pub(super) fn enter(&self, hour: Moment) -> impl Future<Output = ()> + Send + 'static {
        let mut stage = self.lock();
        let turn = stage.wait(hour);
        async move {
            // The director stays for as long as anybody waits.
            let _ = turn.await;
        }
    }

    /// Lets the first stories act.
    pub(super) fn begin(&self) {
        let mut stage = self.lock();
        stage.begun = true;
        stage.go_on(&self.clock);
    }

    /// The story that acts since `began` waits until `hour`.
    pub(super) async fn wait_until(&self, began: Moment, hour: Moment) {
        let turn = {
            let mut stage = self.lock();
            let turn = stage.wait(hour);
            stage.ended(began);
            stage.go_on(&self.clock);
            turn
        };
        let _ = turn.await;
    }

    /// The story that acts since `began` has ended.
    pub(super) fn leave(&self, began: Moment) {
        let mut stage = self.lock();
        stage.ended(began);
        stage.go_on(&self.clock);
    }

    /// From here on the time is the real one.
    pub(super) fn arrive(&self) {
        self.lock().arrived = true;
        self.clock.arrive();
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    fn wait(&mut self, hour: Moment) -> oneshot::Receiver<()> {
        let (go, turn) = oneshot::channel();
        self.number += 1;
        self.waiting.insert((hour, self.number), go);
        turn
    }

    fn ended(&mut self, began: Moment) {
        if let Some(acting) = self.acting.get_mut(&began) {
            *acting -= 1;
            if *acting == 0 {
                self.acting.remove(&began);
            }
        }
    }

    fn go_on(&mut self, clock: &PastClock) {
        while self.begun && self.acting.values().sum::<usize>() < SIDE_BY_SIDE {
            let Some(next) = self.waiting.first_entry() else { return };
            let hour = next.key().0;
            let far = |earliest: &Moment| hour.seconds_since(*earliest) > APART_SECONDS_MAX;
            if !self.arrived && self.acting.keys().next().is_some_and(far) {
                return;
            }
            let go = next.remove();
            if !self.arrived {
                clock.reach(hour);
            }
            if go.send(()).is_ok() {
                *self.acting.entry(hour).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(number: i64) -> Moment {
        Moment::from_micros(number * 3_600_000_000)
    }

    #[tokio::test]
    async fn stories_act_in_the_order_of_their_hours_and_the_clock_follows() {
        let clock = Arc::new(PastClock::new());
        clock.reach(hour(0));
        let director = Arc::new(Director::new(clock.clone()));
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let mut stories = tokio::task::JoinSet::new();
        for (name, hours) in [("late", [30, 60]), ("early", [10, 90])] {
            let (turn, director) = (director.enter(hour(hours[0])), director.clone());
            let (clock, told) = (clock.clone(), told.clone());
            stories.spawn(async move {
                turn.await;
                told.send((name, clock.now() >= hour(hours[0]))).unwrap();
                director.wait_until(hour(hours[0]), hour(hours[1])).await;
                told.send((name, clock.now() >= hour(hours[1]))).unwrap();
                director.leave(hour(hours[1]));
            });
        }
        director.begin();
        stories.join_all().await;
        drop(told);
        let mut acts = vec![];
        while let Some((name, in_time)) = heard.recv().await {
            assert!(in_time, "{name}");
            acts.push(name);
        }
        assert_eq!(acts, ["early", "late", "late", "early"]);
        director.arrive();
        assert!(clock.now() > "2025-01-01T00:00:00Z".parse().unwrap(), "the present");
    }
}
