//! What was measured: every answer with when it was due.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One request that was answered, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What was asked.
    pub kind: &'static str,
    /// When it was due, since the beginning.
    pub due: Duration,
    /// From when it was due to the last byte of its answer: who was kept from asking waited too.
    pub took: Duration,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was done.
    Done,
    /// 429 or 503 with the time to come again.
    Shed,
    /// Anything else: an error page, a connection that broke.
    Broken,
}

/// Everything measured.
#[derive(Debug, Default)]
pub struct Measured(Mutex<(Vec<Sample>, Vec<String>)>);

impl Measured {
    /// Adds one, and a word on what broke.
    pub fn add(&self, sample: Sample, why: Option<String>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0.push(sample);
        inner.1.extend(why);
    }

    /// Every sample so far, and what was said of broken ones.
    pub fn taken(&self) -> (Vec<Sample>, Vec<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The value below which `per_mille` of the sorted lie.
pub fn at(sorted: &[Duration], per_mille: usize) -> Duration {
    let place = (sorted.len() * per_mille / 1_000).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

/// How long the done ones took, sorted, by kind.
pub fn by_kind(samples: &[Sample]) -> BTreeMap<&'static str, Vec<Duration>> {
    let mut kinds: BTreeMap<_, Vec<Duration>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.fate == Fate::Done) {
        kinds.entry(sample.kind).or_default().push(sample.took);
    }
    kinds.values_mut().for_each(|took| took.sort());
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted() {
        let took: Vec<Duration> = (1..=1_000).map(Duration::from_millis).collect();
        for (per_mille, expected) in [(500, 501), (990, 991), (999, 1_000), (1_000, 1_000)] {
            assert_eq!(at(&took, per_mille), Duration::from_millis(expected));
        }
        assert_eq!(at(&[], 500), Duration::ZERO);
    }
}
