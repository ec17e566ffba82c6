//! The product on a store in memory, for tests of the foundation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::ports::{Chance, Clock, Passwords};
use app::{App, Ports};
use lexicon::Moment;

struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment::from_micros(1_777_705_200_000_000)
    }
}

impl Chance for Still {
    fn fill(&self, bytes: &mut [u8]) {
        // The same in every run, and never the same twice.
        static DRAWN: AtomicU64 = AtomicU64::new(7);
        for eight in bytes.chunks_mut(8) {
            // An odd factor maps no two numbers to the same one.
            let drawn = DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            eight.copy_from_slice(&drawn.to_be_bytes()[..eight.len()]);
        }
    }
}

impl Passwords for Still {
    fn hash(&self, password: &str) -> String {
        password.chars().rev().collect()
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        hash.is_some_and(|hash| self.hash(password) == hash)
    }
}

/// The product on an empty store in memory.
pub fn app() -> App {
    let store = store::Store::memory(insight::VIEWS);
    let still = Arc::new(Still);
    let ports = Ports {
        journal: Arc::new(store.clone()),
        views: Arc::new(store.clone()),
        vault: Arc::new(store.clone()),
        blobs: Arc::new(store.clone()),
        sessions: Arc::new(store.clone()),
        checkpoints: Arc::new(store.clone()),
        leases: Arc::new(store),
        clock: still.clone(),
        chance: still.clone(),
        bank: Arc::new(connectors::FakeBank::in_memory(|_| connectors::Behaviour::AtOnce)),
        messenger: Arc::new(connectors::FakeMessenger::reliable(10)),
        passwords: still,
        pictures: Arc::new(perception::CheckedPictures),
    };
    App::new(ports, rulebook::Tables::shipped().expect("the shipped tables can be read"))
}
