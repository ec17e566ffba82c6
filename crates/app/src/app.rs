//! The product as one value: what every use case stands on.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use insight::view::Views;
use journal::Journal;
use lexicon::{Moment, Vault};
use rulebook::Tables;

use crate::doors::Doors;
use crate::outside::DoorRules;
use crate::ports::{
    Bank, Blobs, Chance, Checkpoints, Clock, Leases, Messenger, Passwords, Pictures, Sessions,
};
use crate::streams::Streams;
use crate::work::Signs;

/// What `server` wires together.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is the port of its name")]
pub struct Ports {
    pub journal: Arc<dyn Journal>,
    pub views: Arc<dyn Views>,
    pub vault: Arc<dyn Vault>,
    pub blobs: Arc<dyn Blobs>,
    pub sessions: Arc<dyn Sessions>,
    pub checkpoints: Arc<dyn Checkpoints>,
    pub leases: Arc<dyn Leases>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub bank: Arc<dyn Bank>,
    pub messenger: Arc<dyn Messenger>,
    pub passwords: Arc<dyn Passwords>,
    pub pictures: Arc<dyn Pictures>,
}

/// The product. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    streams: Streams,
    tables: Arc<Tables>,
    doors: Doors,
    signs: Signs,
    /// Whether payments are known to wait for no reconciliation.
    payments_free: AtomicBool,
}

/// Aggregates kept at hand.
const KEPT: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

impl App {
    /// The product on `ports`, ruling by `tables`.
    pub fn new(ports: Ports, tables: Tables) -> App {
        App::with_doors(ports, tables, DoorRules::default())
    }

    /// The same, with what the operator lets addresses of other systems be.
    pub fn with_doors(ports: Ports, tables: Tables, rules: DoorRules) -> App {
        let streams = Streams::new(ports.journal.clone(), KEPT);
        let (tables, payments_free) = (Arc::new(tables), AtomicBool::new(false));
        App {
            inner: Arc::new(Inner {
                ports,
                streams,
                tables,
                doors: Doors::new(rules),
                signs: Signs::default(),
                payments_free,
            }),
        }
    }

    /// The ports.
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// The tables.
    pub fn tables(&self) -> &Arc<Tables> {
        &self.inner.tables
    }

    /// The streams.
    pub fn streams(&self) -> &Streams {
        &self.inner.streams
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.inner.ports.clock.now()
    }

    /// What the work in the background shows of itself.
    pub fn signs(&self) -> &Signs {
        &self.inner.signs
    }

    pub(crate) fn doors(&self) -> &Doors {
        &self.inner.doors
    }

    pub(crate) fn payments_are_free(&self) -> bool {
        self.inner.payments_free.load(Ordering::Relaxed)
    }

    pub(crate) fn payments_free(&self) {
        self.inner.payments_free.store(true, Ordering::Relaxed);
    }

    pub(crate) fn vault(&self) -> &dyn Vault {
        &*self.inner.ports.vault
    }
}
