//! The bank and the provider of messages: slow, silent, or acting without saying so.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};

use app::ports::{
    Bank, BankAnswer, BankError, Letter, Messenger, MessengerError, PaymentInstruction, StatementLine,
};
use connectors::{Behaviour, Delivery, FakeBank, FakeMessenger};
use futures::executor::block_on;
use journal::{BoxFuture, Journal};
use lexicon::{Moment, PaymentId};

use crate::dice::Dice;
use crate::disk::Disk;
use crate::weather::{Strike, Weather};

/// Entries read at once.
const BATCH: usize = 4_096;

/// A bank with a ledger that outlives every crash.
pub struct StormyBank {
    bank: FakeBank,
    disk: Arc<Disk>,
    weather: Arc<Weather>,
    unannounced: Mutex<Vec<PaymentId>>,
}

impl StormyBank {
    /// The bank of `seed`: each reference draws its own behaviour.
    pub fn new(seed: u64, disk: Arc<Disk>, weather: Arc<Weather>) -> StormyBank {
        let bank = FakeBank::in_memory(move |instruction| behaviour(seed, &instruction.reference));
        StormyBank { bank, disk, weather, unannounced: Mutex::default() }
    }

    /// What really happened.
    pub fn ledger(&self) -> &FakeBank {
        &self.bank
    }

    /// Payments that the bank was asked for before it stood on disk that it would be.
    pub fn unannounced(&self) -> Vec<PaymentId> {
        self.unannounced.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_announced(&self, reference: &PaymentId) -> bool {
        let reference = reference.as_str().to_owned();
        self.disk.perform(move |store| {
            let mut position = 0;
            loop {
                let entries = block_on(store.read(position, BATCH)).unwrap_or_default();
                let Some(last) = entries.last() else { return false };
                position = last.position;
                if entries
                    .iter()
                    .any(|entry| &*entry.name == "PaymentSent" && entry.data.contains(&reference))
                {
                    return true;
                }
            }
        })
    }
}

fn behaviour(seed: u64, reference: &PaymentId) -> Behaviour {
    let mut dice = Dice::new(seed, reference.as_str());
    match dice.below(100) {
        0..62 => Behaviour::AtOnce,
        62..74 => Behaviour::Late { questions: dice.below(5) as u32 },
        74..82 => Behaviour::TimeoutAfterPaying,
        82..89 => Behaviour::TimeoutBeforePaying,
        89..92 => {
            Behaviour::RejectsLate { questions: dice.below(5) as u32, code: "account-closed".to_owned() }
        }
        92..96 => Behaviour::Rejects { code: "account-closed".to_owned() },
        _ => Behaviour::Silent,
    }
}

impl Bank for StormyBank {
    fn pay(&self, instruction: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>> {
        Box::pin(async move {
            if !self.is_announced(&instruction.reference) {
                let mut unannounced = self.unannounced.lock().unwrap_or_else(PoisonError::into_inner);
                unannounced.push(instruction.reference.clone());
            }
            self.weather.wait().await;
            let strike = self.weather.bank();
            if strike == Strike::Before {
                return pending().await;
            }
            if self.weather.duplicates() {
                // The line delivers it twice; what the first one got is lost.
                let _ = self.bank.pay(instruction.clone()).await;
            }
            let answer = self.bank.pay(instruction).await;
            self.weather.wait().await;
            if strike == Strike::After { pending().await } else { answer }
        })
    }

    fn find<'a>(&'a self, reference: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>> {
        Box::pin(async move {
            self.weather.wait().await;
            match self.weather.bank() {
                Strike::None => self.bank.find(reference).await,
                _ => pending().await,
            }
        })
    }

    fn statement(&self, since: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>> {
        self.bank.statement(since)
    }
}

/// A provider that remembers every letter.
pub struct StormyMessenger {
    messenger: FakeMessenger,
    weather: Arc<Weather>,
}

/// More letters than any world sends.
const LETTERS: usize = 100_000;

impl StormyMessenger {
    /// The provider of `seed`.
    pub fn new(seed: u64, weather: Arc<Weather>) -> StormyMessenger {
        let moods = weather.clone();
        let plan = move |letter: &Letter, attempt: u32| {
            let mut dice = Dice::new(seed ^ u64::from(attempt), &letter.id);
            match dice.below(20) {
                _ if moods.is_calm() => Delivery::Taken,
                0 => Delivery::Refused,
                1 => Delivery::TakenUnheard,
                _ => Delivery::Taken,
            }
        };
        StormyMessenger { messenger: FakeMessenger::with_plan(LETTERS, plan), weather }
    }

    /// The letters it took.
    pub fn sent(&self) -> Vec<Letter> {
        self.messenger.sent()
    }
}

impl Messenger for StormyMessenger {
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), MessengerError>> {
        Box::pin(async move {
            self.weather.wait().await;
            let strike = self.weather.messenger();
            if strike == Strike::Before {
                return pending().await;
            }
            let taken = self.messenger.send(letter).await;
            if strike == Strike::After { pending().await } else { taken }
        })
    }
}
