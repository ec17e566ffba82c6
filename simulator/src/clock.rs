//! The clock of the world: it runs as many times faster than virtual time as the plan says, and jumps when told to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use app::ports::Clock;
use lexicon::Moment;
use tokio::time::Instant;

/// A clock over the virtual time of the runtime under way.
pub struct WorldClock {
    scale: i64,
    state: Mutex<State>,
}

struct State {
    /// The time when the life began, or the last one ended; jumps included.
    base: i64,
    /// When the life under way began, in the virtual time of its runtime.
    began: Option<Instant>,
}

impl WorldClock {
    /// A clock that shows `start` and goes `scale` times as fast as virtual time.
    pub fn new(start: Moment, scale: i64) -> WorldClock {
        WorldClock { scale, state: Mutex::new(State { base: start.micros(), began: None }) }
    }

    /// A life begins.
    pub fn begin(&self) {
        self.state().began = Some(Instant::now());
    }

    /// The life under way ends.
    pub fn end(&self) {
        let mut state = self.state();
        state.base = self.micros(&state);
        state.began = None;
    }

    /// The clock jumps, forward or back.
    pub fn jump(&self, seconds: i64) {
        self.state().base += seconds * 1_000_000;
    }

    fn micros(&self, state: &State) -> i64 {
        let gone = state.began.map_or(0, |began| began.elapsed().as_micros() as i64);
        state.base + gone * self.scale
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Moment {
        let state = self.state();
        Moment::from_micros(self.micros(&state))
    }
}
