//! Which span recorded which entry of the journal: what follows an entry belongs to the trace that brought it about.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::SpanContext;

/// So many entries are remembered; what reacts to an older one has a trace of its own.
const ENTRIES: u64 = 16_384;

/// The spans of the last entries, each at its position's place in a ring.
pub(super) struct Recent(Mutex<Vec<Option<(u64, SpanContext)>>>);

impl Recent {
    pub(super) fn new() -> Recent {
        Recent(Mutex::new(vec![None; ENTRIES as usize]))
    }

    /// `span` recorded the entries `first..=last`.
    pub(super) fn recorded(&self, first: u64, last: u64, span: &SpanContext) {
        let mut ring = self.lock();
        for position in first.max(last.saturating_sub(ENTRIES - 1))..=last {
            ring[(position % ENTRIES) as usize] = Some((position, span.clone()));
        }
    }

    /// The span that recorded the entry at `position`, if it did so here and not long ago.
    pub(super) fn of(&self, position: u64) -> Option<SpanContext> {
        match &self.lock()[(position % ENTRIES) as usize] {
            Some((known, span)) if *known == position => Some(span.clone()),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<(u64, SpanContext)>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parent;
    use super::*;

    #[test]
    fn an_entry_is_known_until_its_place_is_taken() {
        let recent = Recent::new();
        let span = parent::read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        recent.recorded(3, 5, &span);
        assert_eq!([2, 3, 5, 6].map(|position| recent.of(position).is_some()), [false, true, true, false]);
        recent.recorded(ENTRIES + 4, ENTRIES + 4, &span);
        assert_eq!(recent.of(4), None);
        assert!(recent.of(5).is_some() && recent.of(ENTRIES + 4).is_some());
    }
}
