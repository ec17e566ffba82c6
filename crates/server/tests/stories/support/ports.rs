//! Ports that a test holds in its hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use app::ports::{Bank, BankAnswer, BankError, Chance, Clock, Passwords, PaymentInstruction, StatementLine};
use journal::BoxFuture;
use lexicon::{Moment, PaymentId};
use tokio::sync::watch;

/// A clock that stands until it is set.
pub struct SetClock(AtomicI64);

impl SetClock {
    pub fn at(moment: Moment) -> SetClock {
        SetClock(AtomicI64::new(moment.micros()))
    }

    pub fn set(&self, moment: Moment) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers every time (SplitMix64).
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    pub fn new(seed: u64) -> SeededChance {
        SeededChance(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes()[..chunk.len()]);
        }
    }
}

/// Hashes that cost nothing; nobody signs in here.
pub struct PlainPasswords;

impl Passwords for PlainPasswords {
    fn hash(&self, password: &str) -> String {
        format!("plain:{password}")
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        hash == Some(&self.hash(password))
    }
}

/// A line to the bank on which a request hangs, at a place of the test's choice.
pub struct GatedBank {
    bank: Arc<dyn Bank>,
    hold: Hold,
    hanging: watch::Sender<u32>,
}

/// Where requests hang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// On the way to the bank.
    BeforePaying,
    /// On the way back: the bank has paid.
    AfterPaying,
}

impl GatedBank {
    pub fn new(bank: Arc<dyn Bank>, hold: Hold) -> GatedBank {
        GatedBank { bank, hold, hanging: watch::Sender::new(0) }
    }

    /// Waits until a request hangs.
    pub async fn hangs(&self) {
        self.hanging.subscribe().wait_for(|hanging| *hanging > 0).await.unwrap();
    }

    async fn hang(&self) -> ! {
        self.hanging.send_modify(|hanging| *hanging += 1);
        std::future::pending().await
    }
}

impl Bank for GatedBank {
    fn pay(&self, instruction: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>> {
        Box::pin(async move {
            if self.hold == Hold::AfterPaying {
                self.bank.pay(instruction).await?;
            }
            self.hang().await
        })
    }

    fn find<'a>(&'a self, reference: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>> {
        self.bank.find(reference)
    }

    fn statement(&self, since: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>> {
        self.bank.statement(since)
    }
}
