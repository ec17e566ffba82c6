//! Payments outside.

use journal::BoxFuture;
use lexicon::{ClaimId, Moment, Money, PaymentId};

/// A payment to be made. The reference is derived from the approval: the bank makes one payment per reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentInstruction {
    /// The reference under which the bank must pay at most once.
    pub reference: PaymentId,
    /// How much.
    pub amount: Money,
    /// Account number of the payee.
    pub account: String,
    /// Name of the payee.
    pub name: String,
    /// The claim that is paid: the purpose, which the payee reads and the bank's statement repeats.
    pub claim: ClaimId,
}

/// A payment that the bank has made, as its statement tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The reference that it was asked for under.
    pub reference: PaymentId,
    /// How much left.
    pub amount: Money,
    /// The bank's own number of the payment.
    pub bank_reference: String,
    /// The claim, by the purpose; `None` where the bank does not repeat it.
    pub claim: Option<ClaimId>,
}

/// What the bank says of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankAnswer {
    /// Money has left; `bank_reference` is the bank's own.
    Paid {
        /// The bank's own number of the payment.
        bank_reference: String,
    },
    /// The bank declined and will not pay under this reference.
    Rejected {
        /// The bank's code.
        code: String,
    },
    /// The bank has it and has not decided.
    Pending,
    /// The bank has never heard of it.
    Unknown,
}

/// The bank gave no answer: it may or may not have acted. Ask again by reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bank did not answer: {0}")]
pub struct BankError(pub String);

/// A bank.
pub trait Bank: Send + Sync {
    /// Asks for a payment. Asking twice under one reference pays once.
    fn pay(&self, instruction: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>>;

    /// What became of a reference.
    fn find<'a>(&'a self, reference: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>>;

    /// Every payment that left our account at `since` or later, in any order. It may tell of earlier ones too.
    fn statement(&self, since: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>>;
}
