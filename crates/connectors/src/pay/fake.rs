//! A bank for demonstrations, tests and benches. It keeps a ledger of its own, so that a test can ask what really happened.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use app::ports::{Bank, BankAnswer, BankError, PaymentInstruction, StatementLine};
use journal::BoxFuture;
use lexicon::{ClaimId, Moment, Money, PaymentId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::file::{Ledger, Turn};

/// A bank that makes at most one payment per reference, as banks promise, and answers as [`Behaviour`] says.
///
/// A second request under a reference gets the first one's result, whatever amount it names. Names and account numbers are not kept.
/// Several processes that open one ledger are clients of one bank.
pub struct FakeBank {
    plan: Box<Plan>,
    inner: Mutex<Inner>,
}

/// Which behaviour meets an instruction. Asked once per reference.
type Plan = dyn Fn(&PaymentInstruction) -> Behaviour + Send + Sync;

struct Inner {
    ledger: Ledger,
    /// Entries of the ledger that stand in `orders` and `paid`.
    heard: usize,
    orders: HashMap<PaymentId, Known>,
    paid: u64,
    requests: Requests,
}

/// A reference that the bank has heard of.
#[derive(Clone)]
struct Known {
    amount: Money,
    claim: Option<ClaimId>,
    behaviour: Behaviour,
    outcome: Outcome,
    asked: u32,
}

/// How the bank deals with one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// Pays and says so.
    AtOnce,
    /// Says "pending" to the request and to the first questions after it, then pays.
    Late {
        /// How many questions are answered "pending".
        questions: u32,
    },
    /// Pays, but the answer to the request is lost; questions are answered.
    TimeoutAfterPaying,
    /// The first request is lost on its way: the bank has never heard of it. The next one is paid.
    TimeoutBeforePaying,
    /// Declines with a code.
    Rejects {
        /// The bank's code.
        code: String,
    },
    /// Says "pending" to the request and to the first questions after it, then declines with a code.
    RejectsLate {
        /// How many questions are answered "pending".
        questions: u32,
        /// The bank's code.
        code: String,
    },
    /// Pays once, yet gives the payment one number in the answer to the request and another in answers to questions.
    Twice,
    /// Never pays and never answers.
    Silent,
}

/// How much a written entry withstands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The death of the process.
    Process,
    /// The loss of power: every entry waits for the disk.
    Power,
}

/// One line of the bank's ledger. A reference has at most one line of each kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The reference.
    pub reference: PaymentId,
    /// How much.
    pub amount: Money,
    /// The claim that the instruction named as its purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// What became of it.
    pub outcome: Outcome,
    /// How the bank deals with this payment.
    pub behaviour: Behaviour,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Taken, not decided.
    Accepted,
    /// Money has left.
    Paid {
        /// The bank's number of the payment.
        bank_reference: String,
    },
    /// Declined.
    Rejected {
        /// The bank's code.
        code: String,
    },
}

/// How often the bank was asked since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Requests to pay.
    pub pay: u64,
    /// Questions by reference.
    pub find: u64,
}

impl FakeBank {
    /// A bank whose ledger ends with it. Every instruction meets the behaviour that `plan` gives for it.
    pub fn in_memory(plan: impl Fn(&PaymentInstruction) -> Behaviour + Send + Sync + 'static) -> FakeBank {
        FakeBank::on(Ledger::in_memory(), plan)
    }

    /// A bank whose ledger is the file `path`, in JSON lines; it goes on where it stopped. Other processes may have it open.
    pub fn open(
        path: &Path,
        durability: Durability,
        plan: impl Fn(&PaymentInstruction) -> Behaviour + Send + Sync + 'static,
    ) -> io::Result<FakeBank> {
        Ok(FakeBank::on(Ledger::open(path, durability)?, plan))
    }

    fn on(
        ledger: Ledger,
        plan: impl Fn(&PaymentInstruction) -> Behaviour + Send + Sync + 'static,
    ) -> FakeBank {
        let (orders, requests) = (HashMap::new(), Requests::default());
        let mut inner = Inner { ledger, heard: 0, orders, paid: 0, requests };
        inner.hear();
        FakeBank { plan: Box::new(plan), inner: Mutex::new(inner) }
    }

    /// Every line of the ledger, in order; those of other processes as far as the file can be read.
    pub fn ledger(&self) -> Vec<Entry> {
        let mut inner = self.lock();
        let _turn = inner.turn();
        inner.ledger.entries().to_vec()
    }

    /// Every payment that was really made, in order: a reference that stands here twice was paid twice.
    pub fn payments(&self) -> Vec<(PaymentId, Money)> {
        let ledger = self.ledger().into_iter();
        let paid = ledger.filter(|entry| matches!(entry.outcome, Outcome::Paid { .. }));
        paid.map(|entry| (entry.reference, entry.amount)).collect()
    }

    /// How often the bank was asked since it was opened.
    pub fn requests(&self) -> Requests {
        self.lock().requests
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bank for FakeBank {
    fn pay(&self, instruction: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>> {
        Box::pin(async move {
            let mut inner = self.lock();
            inner.requests.pay += 1;
            let turn = inner.turn()?;
            inner.pay(&turn, &instruction, &*self.plan)
        })
    }

    fn find<'a>(&'a self, reference: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>> {
        Box::pin(async move {
            let mut inner = self.lock();
            inner.requests.find += 1;
            let turn = inner.turn()?;
            inner.find(&turn, reference)
        })
    }

    /// A stand-in keeps no dates: it tells of every payment that it ever made.
    fn statement(&self, _since: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>> {
        Box::pin(async move {
            let paid = self.ledger().into_iter().filter_map(|entry| match entry.outcome {
                Outcome::Paid { bank_reference } => Some(StatementLine {
                    reference: entry.reference,
                    amount: entry.amount,
                    bank_reference,
                    claim: entry.claim,
                }),
                Outcome::Accepted | Outcome::Rejected { .. } => None,
            });
            Ok(paid.collect())
        })
    }
}

impl Inner {
    /// Waits for the turn of this process, and hears what others did in theirs.
    fn turn(&mut self) -> Result<Turn, BankError> {
        let turn = self.ledger.turn().map_err(unkept)?;
        self.hear();
        Ok(turn)
    }

    fn hear(&mut self) {
        for entry in &self.ledger.entries()[self.heard..] {
            self.paid += u64::from(matches!(entry.outcome, Outcome::Paid { .. }));
            let asked = self.orders.get(&entry.reference).map_or(0, |known| known.asked);
            let Entry { reference, amount, claim, behaviour, outcome } = entry.clone();
            self.orders.insert(reference, Known { amount, claim, behaviour, outcome, asked });
        }
        self.heard = self.ledger.entries().len();
    }

    fn pay(
        &mut self,
        turn: &Turn,
        instruction: &PaymentInstruction,
        plan: &Plan,
    ) -> Result<BankAnswer, BankError> {
        let reference = &instruction.reference;
        let claim = Some(instruction.claim.clone());
        match self.orders.get(reference) {
            Some(Known { behaviour: Behaviour::TimeoutBeforePaying, outcome: Outcome::Accepted, .. }) => {
                let (behaviour, outcome) = (Behaviour::TimeoutBeforePaying, Outcome::Accepted);
                let first_heard = Known { amount: instruction.amount, claim, behaviour, outcome, asked: 0 };
                return self.settle(turn, reference, first_heard);
            }
            Some(_) => return self.find(turn, reference),
            None => {}
        }
        let behaviour = plan(instruction);
        let outcome = Outcome::Accepted;
        let known = Known { amount: instruction.amount, claim, behaviour, outcome, asked: 0 };
        match known.behaviour.clone() {
            Behaviour::AtOnce | Behaviour::Twice => self.settle(turn, reference, known),
            Behaviour::TimeoutAfterPaying => {
                self.settle(turn, reference, known)?;
                Err(timed_out())
            }
            Behaviour::Rejects { code } => self.reject(turn, reference, known, code),
            Behaviour::Late { .. } | Behaviour::RejectsLate { .. } => {
                self.note(turn, reference, known)?;
                Ok(BankAnswer::Pending)
            }
            Behaviour::TimeoutBeforePaying | Behaviour::Silent => {
                // Lost on the way: kept out of the ledger, for the bank has not heard of it.
                self.orders.insert(reference.clone(), known);
                Err(timed_out())
            }
        }
    }

    fn find(&mut self, turn: &Turn, reference: &PaymentId) -> Result<BankAnswer, BankError> {
        let Some(known) = self.orders.get_mut(reference) else { return Ok(BankAnswer::Unknown) };
        known.asked += 1;
        let known = known.clone();
        match (&known.outcome, &known.behaviour) {
            (_, Behaviour::Silent) => Err(timed_out()),
            (Outcome::Accepted, Behaviour::TimeoutBeforePaying) => Ok(BankAnswer::Unknown),
            (Outcome::Paid { bank_reference }, Behaviour::Twice) => {
                Ok(BankAnswer::Paid { bank_reference: format!("{bank_reference}-S") })
            }
            (Outcome::Paid { bank_reference }, _) => {
                Ok(BankAnswer::Paid { bank_reference: bank_reference.clone() })
            }
            (Outcome::Rejected { code }, _) => Ok(BankAnswer::Rejected { code: code.clone() }),
            (Outcome::Accepted, Behaviour::Late { questions } | Behaviour::RejectsLate { questions, .. })
                if known.asked <= *questions =>
            {
                Ok(BankAnswer::Pending)
            }
            (Outcome::Accepted, Behaviour::RejectsLate { code, .. }) => {
                let code = code.clone();
                self.reject(turn, reference, known, code)
            }
            (Outcome::Accepted, _) => self.settle(turn, reference, known),
        }
    }

    /// Pays. The money leaves when the line is kept, and not before.
    fn settle(&mut self, turn: &Turn, reference: &PaymentId, known: Known) -> Result<BankAnswer, BankError> {
        let bank_reference = format!("FB{:010}", self.paid + 1);
        let outcome = Outcome::Paid { bank_reference: bank_reference.clone() };
        self.note(turn, reference, Known { outcome, ..known })?;
        Ok(BankAnswer::Paid { bank_reference })
    }

    fn reject(
        &mut self,
        turn: &Turn,
        reference: &PaymentId,
        known: Known,
        code: String,
    ) -> Result<BankAnswer, BankError> {
        let outcome = Outcome::Rejected { code: code.clone() };
        self.note(turn, reference, Known { outcome, ..known })?;
        Ok(BankAnswer::Rejected { code })
    }

    fn note(&mut self, turn: &Turn, reference: &PaymentId, known: Known) -> Result<(), BankError> {
        let Known { amount, claim, behaviour, outcome, .. } = known;
        let entry = Entry { reference: reference.clone(), amount, claim, outcome, behaviour };
        self.ledger.add(turn, entry).map_err(unkept)?;
        self.hear();
        Ok(())
    }
}

/// A plan that deals `behaviours` out by their weights; the same `seed` gives a reference the same behaviour for ever.
///
/// # Panics
///
/// When all weights are 0.
pub fn seeded(
    seed: u64,
    behaviours: Vec<(u32, Behaviour)>,
) -> impl Fn(&PaymentInstruction) -> Behaviour + Send + Sync + 'static {
    let total: u64 = behaviours.iter().map(|(weight, _)| u64::from(*weight)).sum();
    assert!(total > 0, "some behaviour needs a weight");
    move |instruction| {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_be_bytes());
        hasher.update(instruction.reference.as_str());
        let digest = hasher.finalize();
        let mut drawn =
            digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte)) % total;
        for (weight, behaviour) in &behaviours {
            match drawn.checked_sub(u64::from(*weight)) {
                None => return behaviour.clone(),
                Some(rest) => drawn = rest,
            }
        }
        unreachable!("the draw is below the sum of the weights")
    }
}

fn unkept(error: io::Error) -> BankError {
    BankError(format!("bank's own ledger: {error}"))
}

fn timed_out() -> BankError {
    BankError("timed out".to_owned())
}
