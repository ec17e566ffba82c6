//! Puts the parts together: the store, the machine, and the partners outside become the [`App`].

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use app::outside::DoorRules;
use app::ports::{
    Bank, BankAnswer, BankError, Clock, Letter, Messenger, MessengerError, PaymentInstruction, StatementLine,
};
use app::{App, Ports};
use connectors::{Behaviour, Durability, FakeBank, FakeMessenger, seeded};
use insight::VIEWS;
use insight::view::Views;
use journal::BoxFuture;
use lexicon::{Moment, PaymentId};
use perception::CheckedPictures;
use rulebook::Tables;
use store::{DatabaseUrl, MasterKey, Store};

use crate::config::{Config, Mood, Partners};
use crate::host::{Argon2Passwords, SystemChance};
use crate::observe::ports::{Seen, SeenJournal};

/// The ledger of the stand-in bank, in the data folder.
pub const FAKE_LEDGER: &str = "fake-bank.jsonl";
/// Letters that the stand-in for messages remembers.
const LETTERS: usize = 2_000;

/// Whom we speak to outside.
#[derive(Clone)]
pub struct Outside {
    /// The bank.
    pub bank: Arc<dyn Bank>,
    /// Who carries messages.
    pub messenger: Arc<dyn Messenger>,
}

/// Where the store is that `config` names.
pub fn place(config: &Config) -> store::Config {
    let (folder, database) = (config.data.clone(), config.database.clone());
    store::Config { folder, database, views: VIEWS, master_key: config.master_key.clone() }
}

/// Opens the store that `config` names, or makes one there.
pub fn open_store(config: &Config) -> Result<Store> {
    open(&config.data, config.database.clone(), config.master_key.clone())
}

/// Opens a store that must be there already.
pub fn open_existing(config: &Config) -> Result<Store> {
    let data = &config.data;
    match &config.database {
        Some(database) if !Store::migrate(database, VIEWS, true, false)?.iter().any(|step| step.applied) => {
            bail!("{database} holds no journal; name the right one with --database");
        }
        None if data.is_dir() && !data.join("journal.db").exists() => {
            bail!("data folder {} holds no journal; name the right one with --data", data.display());
        }
        _ => open_store(config),
    }
}

/// Opens the store in a folder that holds its keys and, without a database, everything else, or makes one there.
pub fn open_folder(data: &Path, database: Option<DatabaseUrl>) -> Result<Store> {
    open(data, database, MasterKey::InFolder)
}

/// Every command comes here for its store.
fn open(data: &Path, database: Option<DatabaseUrl>, master_key: MasterKey) -> Result<Store> {
    Ok(Store::open(store::Config { folder: data.to_owned(), database, views: VIEWS, master_key })?)
}

/// The product on `store`, telling the time by `clock`.
pub fn app(store: &Store, outside: Outside, clock: Arc<dyn Clock>) -> Result<App> {
    app_with_doors(store, outside, clock, DoorRules::default())
}

/// The same, with where webhooks may go.
pub fn app_with_doors(
    store: &Store,
    outside: Outside,
    clock: Arc<dyn Clock>,
    rules: DoorRules,
) -> Result<App> {
    let ports = Ports {
        journal: Arc::new(SeenJournal::new(Arc::new(store.clone()))),
        views: Arc::new(Seen::<dyn Views>(Arc::new(store.clone()))),
        vault: Arc::new(store.clone()),
        blobs: Arc::new(store.clone()),
        sessions: Arc::new(store.clone()),
        checkpoints: Arc::new(store.clone()),
        leases: Arc::new(store.clone()),
        clock,
        chance: Arc::new(SystemChance),
        bank: Arc::new(Seen(outside.bank)),
        messenger: Arc::new(Seen(outside.messenger)),
        passwords: Arc::new(Argon2Passwords::new()),
        pictures: Arc::new(CheckedPictures),
    };
    Ok(App::with_doors(ports, Tables::shipped()?, rules))
}

impl Outside {
    /// The partners that `config` names. There are no real ones yet, and nobody is given a stand-in unasked.
    pub fn of(config: &Config) -> Result<Outside> {
        let mood = mood(config)?;
        Ok(Outside {
            bank: Arc::new(fake_bank(&config.data, seeded(1, plan(mood)))?),
            messenger: Arc::new(FakeMessenger::reliable(LETTERS)),
        })
    }

    /// Nobody: for commands that move no money and send nothing.
    pub fn nobody() -> Outside {
        Outside { bank: Arc::new(Nobody), messenger: Arc::new(Nobody) }
    }
}

/// How the stand-ins behave, where stand-ins were asked for.
pub fn mood(config: &Config) -> Result<Mood> {
    match config.partners {
        Partners::Fake(mood) => Ok(mood),
        Partners::None => bail!(
            "no bank and no message provider is set, and connectors to real ones are not built yet; with \
             --allow-fake-partners (or partners = \"fake\") stand-ins take their place: no money moves and no message leaves"
        ),
    }
}

/// The stand-in bank with its ledger in the data folder; processes that share the folder are clients of one bank.
pub fn fake_bank(
    data: &Path,
    plan: impl Fn(&PaymentInstruction) -> Behaviour + Send + Sync + 'static,
) -> Result<FakeBank> {
    let ledger = data.join(FAKE_LEDGER);
    FakeBank::open(&ledger, Durability::Process, plan)
        .with_context(|| format!("the stand-in bank's ledger {} cannot be opened", ledger.display()))
}

/// What the stand-in bank does, with weights.
fn plan(mood: Mood) -> Vec<(u32, Behaviour)> {
    match mood {
        Mood::Prompt => vec![(1, Behaviour::AtOnce)],
        Mood::Faulty => vec![
            (60, Behaviour::AtOnce),
            (12, Behaviour::Late { questions: 2 }),
            (10, Behaviour::TimeoutAfterPaying),
            (10, Behaviour::TimeoutBeforePaying),
            (4, Behaviour::Twice),
            (2, Behaviour::Rejects { code: "account-closed".to_owned() }),
            (1, Behaviour::RejectsLate { questions: 1, code: "account-closed".to_owned() }),
            (1, Behaviour::Silent),
        ],
    }
}

/// A partner that is not there: every request fails, and is tried again by a process that has one.
struct Nobody;

impl Bank for Nobody {
    fn pay(&self, _: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>> {
        Box::pin(async { Err(BankError("no bank is set".to_owned())) })
    }

    fn find<'a>(&'a self, _: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>> {
        Box::pin(async { Err(BankError("no bank is set".to_owned())) })
    }

    fn statement(&self, _: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>> {
        Box::pin(async { Err(BankError("no bank is set".to_owned())) })
    }
}

impl Messenger for Nobody {
    fn send(&self, _: Letter) -> BoxFuture<'_, Result<(), MessengerError>> {
        Box::pin(async { Err(MessengerError("no message provider is set".to_owned())) })
    }
}
