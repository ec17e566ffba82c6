//! Faults, drawn from the seed. Fair weather ends them all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::dice::Dice;
use crate::plan::Faults;

/// Decides what goes wrong, call by call.
pub struct Weather {
    faults: Faults,
    calm: AtomicBool,
    sky: Mutex<Sky>,
}

struct Sky {
    dice: Dice,
    /// So many conflicts of a storm are still to come.
    storm: u64,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// Nothing.
    None,
    /// It is lost on its way.
    Before,
    /// It is done, and the answer is lost.
    After,
    /// It meets a conflict that is none.
    Conflict,
}

impl Weather {
    /// The weather of `seed`; it is fair at first.
    pub fn new(seed: u64, faults: Faults) -> Weather {
        let sky = Sky { dice: Dice::new(seed, "weather"), storm: 0 };
        Weather { faults, calm: AtomicBool::new(true), sky: Mutex::new(sky) }
    }

    /// Fair weather begins or ends.
    pub fn set_calm(&self, calm: bool) {
        self.calm.store(calm, Ordering::SeqCst);
    }

    /// Whether nothing goes wrong any more.
    pub fn is_calm(&self) -> bool {
        self.calm.load(Ordering::SeqCst)
    }

    /// What happens to an append.
    pub fn append(&self) -> Strike {
        let mut sky = self.sky();
        if self.is_calm() {
            return Strike::None;
        }
        if sky.storm > 0 {
            sky.storm -= 1;
            return Strike::Conflict;
        }
        if sky.dice.chance(self.faults.lost_before) {
            return Strike::Before;
        }
        if sky.dice.chance(self.faults.lost_after) {
            return Strike::After;
        }
        if sky.dice.chance(self.faults.conflicts) {
            sky.storm = sky.dice.below(12);
            return Strike::Conflict;
        }
        Strike::None
    }

    /// Whether a read of the store fails.
    pub fn read_fails(&self) -> bool {
        self.happens(self.faults.reads)
    }

    /// What happens to a call to the bank.
    pub fn bank(&self) -> Strike {
        self.outside(self.faults.bank)
    }

    /// What happens to a call to the provider of messages.
    pub fn messenger(&self) -> Strike {
        self.outside(self.faults.messenger)
    }

    /// Whether a request is delivered twice.
    pub fn duplicates(&self) -> bool {
        self.happens(self.faults.duplicates)
    }

    /// By how many seconds the clock jumps now.
    pub fn jump(&self) -> Option<i64> {
        if !self.happens(self.faults.jumps) {
            return None;
        }
        let mut sky = self.sky();
        let size = *sky.dice.pick(&[60, 1_800, 7_200, 86_400]);
        Some(if sky.dice.chance(300) { -sky.dice.between(1, 1_800) } else { size })
    }

    /// Whether something with a chance of `permille` happens; never in fair weather.
    fn happens(&self, permille: u64) -> bool {
        !self.is_calm() && self.sky().dice.chance(permille)
    }

    fn outside(&self, permille: u64) -> Strike {
        match self.happens(permille) {
            false => Strike::None,
            true if self.sky().dice.chance(500) => Strike::Before,
            true => Strike::After,
        }
    }

    /// Waits as long as a call takes: mostly not at all, so that others come in between at some places and not at others.
    pub async fn wait(&self) {
        let draw = self.sky().dice.below(5_000);
        match draw {
            // Now and then everything stands for a while, so that much is in hand when the process dies.
            0..20 if !self.is_calm() => {
                let wait = self.sky().dice.between(400, 3_000).unsigned_abs();
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            0..3_500 => {}
            3_500..4_250 => tokio::task::yield_now().await,
            _ => {
                let wait = self.sky().dice.between(1, 60).unsigned_abs();
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }
    }

    fn sky(&self) -> MutexGuard<'_, Sky> {
        self.sky.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
