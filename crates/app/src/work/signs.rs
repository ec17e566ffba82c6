//! What this process's work in the background shows of itself, for operators.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lexicon::Moment;

/// Signs of work. Reading them holds nobody up.
#[derive(Debug, Default)]
pub struct Signs {
    in_hand: AtomicU64,
    /// In microseconds; 0 before the first round.
    round_at: AtomicI64,
    turns: Mutex<BTreeMap<&'static str, Option<Moment>>>,
}

impl Signs {
    /// Entries whose reactions are not finished.
    pub fn in_hand(&self) -> u64 {
        self.in_hand.load(Ordering::Relaxed)
    }

    /// When the last regular round was finished here.
    pub fn round_at(&self) -> Option<Moment> {
        let micros = self.round_at.load(Ordering::Relaxed);
        (micros != 0).then(|| Moment::from_micros(micros))
    }

    /// Work that one process at a time does, by the names of its leases, and since when this process has it.
    pub fn turns(&self) -> Vec<(&'static str, Option<Moment>)> {
        self.lock().iter().map(|(name, since)| (*name, *since)).collect()
    }

    pub(super) fn set_in_hand(&self, entries: usize) {
        self.in_hand.store(entries as u64, Ordering::Relaxed);
    }

    pub(super) fn round_done(&self, at: Moment) {
        self.round_at.store(at.micros(), Ordering::Relaxed);
    }

    /// The lease called `name` is this process's from `since` on, until what comes back is dropped.
    pub(super) fn turn(&self, name: &'static str, since: Moment) -> Turn<'_> {
        self.lock().insert(name, Some(since));
        Turn { signs: self, name }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Option<Moment>>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease that is held.
pub(super) struct Turn<'a> {
    signs: &'a Signs,
    name: &'static str,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.signs.lock().insert(self.name, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_known_while_it_lasts_and_remembered_as_ended() {
        let signs = Signs::default();
        assert_eq!((signs.turns(), signs.round_at()), (vec![], None));
        let turn = signs.turn("reactions", Moment::from_micros(7));
        assert_eq!(signs.turns(), [("reactions", Some(Moment::from_micros(7)))]);
        drop(turn);
        assert_eq!(signs.turns(), [("reactions", None)]);
    }
}
