//! The product on a store in memory, whose clock the test moves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::outside::DoorRules;
use app::pages::DeliveryEntry;
use app::ports::{Chance, Clock, EventStream, Hooks, Passwords};
use app::words::Lang;
use app::work::{Deliverer, Outbox};
use app::{App, NewAccount, NewEndpoint, Ports, Principal, Registered, Request, Role};
use journal::{Actor, ActorKind, Append, Event, Journal, StreamId, Write};
use lexicon::{AccountId, Moment};
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub const SOURCE: &str = "https://claims.example.com";

/// Rules under which a receiver may stand beside us.
pub const BESIDE_US: DoorRules = DoorRules { allow_loopback: true, allow_private: false };

#[derive(Default)]
struct Machine {
    micros: AtomicI64,
    drawn: AtomicU64,
}

impl Clock for Machine {
    fn now(&self) -> Moment {
        Moment::from_micros(1_777_705_200_000_000 + self.micros.load(Ordering::SeqCst))
    }
}

impl Chance for Machine {
    fn fill(&self, bytes: &mut [u8]) {
        for eight in bytes.chunks_mut(8) {
            let drawn =
                self.drawn.fetch_add(1, Ordering::SeqCst).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            eight.copy_from_slice(&drawn.to_be_bytes()[..eight.len()]);
        }
    }
}

impl Passwords for Machine {
    fn hash(&self, password: &str) -> String {
        password.to_owned()
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        hash == Some(password)
    }
}

pub struct House {
    pub app: App,
    store: Store,
    machine: Arc<Machine>,
    versions: Mutex<HashMap<String, u64>>,
}

/// Work that runs until it is dropped.
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// As a crash ends it: nothing more is kept.
    pub async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    pub async fn end(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

impl House {
    pub fn open() -> House {
        House::under(BESIDE_US)
    }

    pub fn under(rules: DoorRules) -> House {
        let store = Store::memory(insight::VIEWS);
        let machine = Arc::new(Machine::default());
        let ports = Ports {
            journal: Arc::new(store.clone()),
            views: Arc::new(store.clone()),
            vault: Arc::new(store.clone()),
            blobs: Arc::new(store.clone()),
            sessions: Arc::new(store.clone()),
            checkpoints: Arc::new(store.clone()),
            leases: Arc::new(store.clone()),
            clock: machine.clone(),
            chance: machine.clone(),
            bank: Arc::new(connectors::FakeBank::in_memory(|_| connectors::Behaviour::AtOnce)),
            messenger: Arc::new(connectors::FakeMessenger::reliable(10)),
            passwords: machine.clone(),
            pictures: Arc::new(perception::CheckedPictures),
        };
        let tables = rulebook::Tables::shipped().unwrap();
        let app = App::with_doors(ports, tables, rules);
        House { app, store, machine, versions: Mutex::default() }
    }

    /// So many seconds go by.
    pub fn passes(&self, seconds: i64) {
        self.machine.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub fn now(&self) -> Moment {
        self.machine.now()
    }

    /// An account of `role`.
    pub async fn account(&self, login: &str, role: Role) -> Principal {
        let new =
            NewAccount { login: login.to_owned(), name: login.to_owned(), phone: None, roles: [role].into() };
        let account = self.app.open_account(&Request::system(), &new).await.unwrap();
        let kind = if role == Role::Client { ActorKind::Client } else { ActorKind::Staff };
        Principal { account: Some(account), kind, roles: [role].into() }
    }

    /// An address that an administrator registers, told of everything.
    pub async fn register(&self, login: &str, url: &str) -> Registered {
        let owner = self.account(login, Role::Administrator).await;
        self.register_by(&owner, url, &[]).await
    }

    pub async fn register_by(&self, owner: &Principal, url: &str, types: &[&str]) -> Registered {
        let types = types.iter().map(|&kind| kind.to_owned()).collect();
        let new = NewEndpoint { url: url.to_owned(), types };
        self.app.register_endpoint(&request(owner), &new).await.unwrap()
    }

    /// A claim is rated: what others are told of as `cn.anpei.claim.rated.v1`, the stars counting what happened.
    pub async fn rated(&self, claim: &str, stars: u8) -> u64 {
        let event = claim::events::Rated { stars, comment: None, at: self.now() };
        self.happens(claim, claim::Event::Rated(event)).await
    }

    /// An accident is notified through `account`, who may then follow the claim.
    pub async fn notified(&self, claim: &str, account: &AccountId) -> u64 {
        let golden = include_str!("../../../claim/tests/golden/events/claim/Notified.v1.json");
        let told = golden.replace("A260502-7K3M9Q", claim).replace("c-17", account.as_str());
        self.happens(claim, claim::Event::decode("Notified", 1, &told).unwrap()).await
    }

    async fn happens(&self, claim: &str, event: claim::Event) -> u64 {
        let expected = {
            let mut versions = self.versions.lock().unwrap();
            let version = versions.entry(claim.to_owned()).or_default();
            *version += 1;
            *version - 1
        };
        let append = Append {
            writes: vec![Write {
                stream: StreamId::of::<claim::Event>(claim),
                expected,
                events: vec![event.encode()],
            }],
            guards: vec![],
            at: self.now(),
            actor: Actor::new(ActorKind::System, "test"),
            caused_by: None,
            idempotency: None,
        };
        match self.store.append(append).await.unwrap() {
            journal::Appended::Recorded { position } => position,
            journal::Appended::Replayed { .. } => unreachable!("no key was given"),
        }
    }

    /// Starts telling.
    pub fn tells(&self, hooks: impl Hooks + 'static) -> Running {
        let (stop, stopped) = watch::channel(false);
        let deliverer =
            Deliverer::new(self.app.clone(), Arc::new(hooks), SOURCE).every(Duration::from_millis(10));
        Running { stop, task: tokio::spawn(deliverer.run(stopped)) }
    }

    /// Starts publishing.
    pub fn publishes(&self, stream: Arc<dyn EventStream>) -> Running {
        let (stop, stopped) = watch::channel(false);
        let outbox = Outbox::new(self.app.clone(), stream, SOURCE).looking_every(Duration::from_millis(200));
        Running { stop, task: tokio::spawn(outbox.run(stopped)) }
    }

    /// What stands at `status`, in the order of positions.
    pub async fn deliveries(&self, status: &str) -> Vec<DeliveryEntry> {
        let mut found = self.app.all_deliveries_page(status, None, 500).await.unwrap().deliveries;
        found.sort_by(|one, other| one.event.cmp(&other.event));
        found
    }

    /// Waits until so many stand at `status`.
    pub async fn waits_for(&self, status: &str, count: usize) -> Vec<DeliveryEntry> {
        let mut found = vec![];
        for _ in 0..1_000 {
            found = self.deliveries(status).await;
            if found.len() == count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} {status} instead of {count}: {found:#?}", found.len());
    }
}

/// A request of `principal`.
pub fn request(principal: &Principal) -> Request {
    Request::of(principal.clone(), Lang::En)
}
