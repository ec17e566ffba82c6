//! A whole insurer in one process: the product on a store, a bank and a messenger that a test can ask.

mod audit;
mod doing;
mod ports;
mod telling;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::ports::{Bank, Clock};
use app::work::{Reactor, Rounds};
use app::{App, NewAccount, Ports, Principal, Request, RequestKey, Role};
use connectors::{Behaviour, Delivery, FakeBank, FakeMessenger};
use insight::VIEWS;
use journal::{ActorKind, Journal};
use lexicon::{Moment, Money};
use perception::CheckedPictures;
use register::import::Format;
use rulebook::Tables;
use store::{Config, MasterKey, Store};
use tokio::runtime::Runtime;
use tokio::sync::watch;

pub use doing::{crash, fang, foreign, lin, notice, photo, seen};
pub use ports::{GatedBank, Hold};
use ports::{PlainPasswords, SeededChance, SetClock};

/// The morning on which stories begin; a Wednesday.
const MORNING: &str = "2026-05-20T10:00:00+08:00";

/// The policies that the insurer begins with.
const POLICIES: &str = include_str!("../../../../../fixtures/policies.csv");

/// A whole insurer.
pub struct World {
    pub app: App,
    pub store: Store,
    pub bank: Arc<FakeBank>,
    pub messenger: Arc<FakeMessenger>,
    rounds: Rounds,
    clock: Arc<SetClock>,
    people: Mutex<HashMap<String, Principal>>,
    keys: AtomicU64,
    photos: AtomicU64,
    /// Background work; taken away when the machine dies.
    machine: Option<Machine>,
}

/// Where background work runs.
struct Machine {
    runtime: Runtime,
    progress: watch::Receiver<u64>,
    _stop: watch::Sender<bool>,
}

impl World {
    /// An insurer in memory, with the shipped policies and a bank that pays at once.
    pub async fn open() -> World {
        World::with_bank(|_| Behaviour::AtOnce).await
    }

    /// The same with another bank.
    pub async fn with_bank(
        plan: impl Fn(&app::ports::PaymentInstruction) -> Behaviour + Send + Sync + 'static,
    ) -> World {
        World::on(Store::memory(VIEWS), Arc::new(FakeBank::in_memory(plan)), FakeMessenger::reliable(10_000))
            .await
    }

    /// The same with a bank that pays at once, and a provider of messages that does as `plan` says.
    pub async fn with_messenger(
        plan: impl Fn(&app::ports::Letter, u32) -> Delivery + Send + Sync + 'static,
    ) -> World {
        let bank = Arc::new(FakeBank::in_memory(|_| Behaviour::AtOnce));
        World::on(Store::memory(VIEWS), bank, FakeMessenger::with_plan(10_000, plan)).await
    }

    /// An insurer on disk.
    pub async fn on_disk(folder: &Path) -> World {
        let bank = Arc::new(FakeBank::in_memory(|_| Behaviour::AtOnce));
        World::on(open_folder(folder), bank, FakeMessenger::reliable(10_000)).await
    }

    async fn on(store: Store, bank: Arc<FakeBank>, messenger: FakeMessenger) -> World {
        let messenger = Arc::new(messenger);
        let clock = Arc::new(SetClock::at(MORNING.parse().unwrap()));
        let app = App::new(ports(&store, bank.clone(), &messenger, &clock, 1), Tables::shipped().unwrap());
        let mut world = World {
            rounds: Rounds::new(app.clone()),
            app,
            store,
            bank,
            messenger,
            clock,
            people: Mutex::default(),
            keys: AtomicU64::new(0),
            photos: AtomicU64::new(0),
            machine: None,
        };
        let report = world.app.import_policies(&Request::system(), POLICIES.as_bytes(), Format::Csv).await;
        let report = report.unwrap();
        assert_eq!((report.entered, report.refused.len()), (20, 0), "{report:?}");
        world.start();
        world
    }

    /// Starts background work.
    fn start(&mut self) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        let reactor = Reactor::new(self.app.clone());
        let progress = reactor.progress();
        let (stop, stopped) = watch::channel(false);
        runtime.spawn(reactor.run(stopped));
        self.machine = Some(Machine { runtime, progress, _stop: stop });
    }

    /// The machine dies: what is under way stops where it is.
    pub fn die(&mut self) {
        if let Some(machine) = self.machine.take() {
            // A runtime may not wait inside another one.
            let death = std::thread::spawn(move || machine.runtime.shutdown_timeout(Duration::from_secs(10)));
            death.join().unwrap();
        }
    }

    /// A new process on the same store, with nothing in memory; `bank` as it is reached now.
    pub fn rise(&mut self, bank: Arc<dyn Bank>) {
        self.rise_without_work(bank);
        self.start();
    }

    /// The same with nobody at work in the background.
    pub fn rise_without_work(&mut self, bank: Arc<dyn Bank>) {
        self.die();
        let seed = 2 + self.keys.fetch_add(1, Ordering::Relaxed);
        let ports = ports(&self.store, bank, &self.messenger, &self.clock, seed);
        self.app = App::new(ports, Tables::shipped().unwrap());
        self.rounds = Rounds::new(self.app.clone());
    }

    /// A new process that has forgotten how far reactions had come.
    pub async fn react_again(&mut self) {
        self.die();
        self.app.ports().checkpoints.reach(Reactor::CHECKPOINT, 0).await.unwrap();
        self.rise(self.bank.clone());
        self.settle().await;
    }

    /// The process ends, the store in `folder` is closed, and a new process opens it.
    pub fn reopen_store(&mut self, folder: &Path) {
        self.die();
        // The old store is let go before the folder is taken again.
        self.store = Store::memory(VIEWS);
        self.rise_without_work(self.bank.clone());
        self.store = open_folder(folder);
        self.rise(self.bank.clone());
    }

    /// Waits until everything that was recorded has been reacted to, and all that followed from it.
    pub async fn settle(&self) {
        let mut progress = self.machine.as_ref().unwrap().progress.clone();
        loop {
            let head = *self.store.head().borrow();
            progress.wait_for(|done| *done >= head).await.unwrap();
            if *self.store.head().borrow() == head {
                return;
            }
        }
    }

    /// One round of the regular work, and all that follows.
    pub async fn round(&self) {
        self.rounds.once().await.unwrap();
        self.settle().await;
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The clock is set to `moment`.
    pub fn at(&self, moment: &str) {
        self.clock.set(moment.parse().unwrap());
    }

    pub fn wait_minutes(&self, minutes: i64) {
        self.clock.set(self.now().plus_seconds(minutes * 60));
    }

    /// Somebody of `role`, by name: a new account at the first time.
    pub async fn person(&self, name: &str, role: Role) -> Principal {
        let login = format!("{name}-{}", role.word());
        if let Some(known) = self.people.lock().unwrap().get(&login) {
            return known.clone();
        }
        let new = NewAccount {
            login: login.clone(),
            name: name.to_owned(),
            phone: None,
            roles: [role].into_iter().collect(),
        };
        let account = self.app.open_account(&Request::system(), &new).await.unwrap();
        let kind = match role {
            Role::Customer => ActorKind::Customer,
            Role::Client => ActorKind::Client,
            _ => ActorKind::Staff,
        };
        let principal = Principal { account: Some(account), kind, roles: [role].into() };
        self.people.lock().unwrap().insert(login, principal.clone());
        principal
    }

    /// A request of `name` in `role`, with a key of its own.
    pub async fn by(&self, name: &str, role: Role) -> Request {
        let number = self.keys.fetch_add(1, Ordering::Relaxed);
        let key = RequestKey {
            route: "story".to_owned(),
            key: format!("key-{number}"),
            request: [number as u8; 32],
        };
        let principal = self.person(name, role).await;
        Request { principal, lang: app::words::Lang::Zh, key: Some(key), expected_version: None }
    }

    pub async fn customer(&self, name: &str) -> Request {
        self.by(name, Role::Customer).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.die();
    }
}

fn open_folder(folder: &Path) -> Store {
    let folder = folder.to_owned();
    Store::open(Config { folder, database: None, views: VIEWS, master_key: MasterKey::InFolder }).unwrap()
}

fn ports(
    store: &Store,
    bank: Arc<dyn Bank>,
    messenger: &Arc<FakeMessenger>,
    clock: &Arc<SetClock>,
    seed: u64,
) -> Ports {
    let store = Arc::new(store.clone());
    Ports {
        journal: store.clone(),
        views: store.clone(),
        vault: store.clone(),
        blobs: store.clone(),
        sessions: store.clone(),
        checkpoints: store.clone(),
        leases: store,
        clock: clock.clone(),
        chance: Arc::new(SeededChance::new(seed)),
        bank,
        messenger: messenger.clone(),
        passwords: Arc::new(PlainPasswords),
        pictures: Arc::new(CheckedPictures),
    }
}

pub fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

pub fn party(id: &str) -> claim::incident::PartyId {
    claim::incident::PartyId::from_text(id)
}
