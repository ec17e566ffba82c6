//! A message provider for demonstrations, tests and benches: it shows what it was given instead of sending it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use app::ports::{Letter, Messenger, MessengerError};
use journal::BoxFuture;

/// Remembers the latest letters, each id once. A letter that has fallen out of the memory would be taken again.
pub struct FakeMessenger {
    plan: Box<Plan>,
    capacity: usize,
    inner: Mutex<Inner>,
}

/// What happens to a letter at an attempt, counted from 1.
type Plan = dyn Fn(&Letter, u32) -> Delivery + Send + Sync;

#[derive(Default)]
struct Inner {
    letters: VecDeque<Letter>,
    /// Attempts at letters that have not been acknowledged.
    attempts: HashMap<String, u32>,
}

/// What the provider does with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Takes it and says so.
    Taken,
    /// Does not take it.
    Refused,
    /// Takes it, but the answer is lost.
    TakenUnheard,
}

impl FakeMessenger {
    /// A provider that takes everything and remembers the latest `capacity` letters.
    pub fn reliable(capacity: usize) -> FakeMessenger {
        FakeMessenger::with_plan(capacity, |_, _| Delivery::Taken)
    }

    /// A provider that does with each attempt at a letter what `plan` says.
    pub fn with_plan(
        capacity: usize,
        plan: impl Fn(&Letter, u32) -> Delivery + Send + Sync + 'static,
    ) -> FakeMessenger {
        FakeMessenger { plan: Box::new(plan), capacity, inner: Mutex::default() }
    }

    /// The letters still remembered, oldest first.
    pub fn sent(&self) -> Vec<Letter> {
        self.lock().letters.iter().cloned().collect()
    }

    /// The letters still remembered that went to `number`, oldest first.
    pub fn sent_to(&self, number: &str) -> Vec<Letter> {
        self.lock().letters.iter().filter(|letter| letter.to == number).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Messenger for FakeMessenger {
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), MessengerError>> {
        Box::pin(async move {
            let mut inner = self.lock();
            let attempt = inner.attempts.get(&letter.id).map_or(1, |attempts| attempts + 1);
            let delivery = (self.plan)(&letter, attempt);
            match delivery {
                Delivery::Taken => inner.attempts.remove(&letter.id),
                Delivery::Refused | Delivery::TakenUnheard => {
                    inner.attempts.insert(letter.id.clone(), attempt)
                }
            };
            let known = inner.letters.iter().any(|sent| sent.id == letter.id);
            if delivery != Delivery::Refused && !known {
                if inner.letters.len() >= self.capacity {
                    inner.letters.pop_front();
                }
                inner.letters.push_back(letter);
            }
            match delivery {
                Delivery::Taken => Ok(()),
                Delivery::Refused => Err(MessengerError("provider is busy".to_owned())),
                Delivery::TakenUnheard => Err(MessengerError("timed out".to_owned())),
            }
        })
    }
}
