//! The last steps of a run, for whoever reads of a failure.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use lexicon::Moment;

/// So many steps are remembered.
const STEPS: usize = 60;

/// Remembers the last steps.
#[derive(Default)]
pub struct Trace(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    steps: VecDeque<String>,
    taken: u64,
}

impl Trace {
    /// Notes a step.
    pub fn note(&self, at: Moment, step: impl fmt::Display) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.steps.len() >= STEPS {
            kept.steps.pop_front();
        }
        kept.taken += 1;
        kept.steps.push_back(format!("{at} {step}"));
    }

    /// The last steps, oldest first.
    pub fn last(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).steps.iter().cloned().collect()
    }

    /// How many steps were taken.
    pub fn taken(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).taken
    }
}
