//! Double entry: what each event books.

use lexicon::Money;

use crate::{Books, Event};

/// An account of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountCode {
    /// What claims cost (赔付成本).
    ClaimsIncurred,
    /// What is still expected to be ordered (未决赔款准备金).
    OutstandingReserve,
    /// Ordered, and not yet paid by the bank (应付赔款).
    PaymentsInTransit,
    /// Money at the bank (银行存款).
    Bank,
    /// What others are to give back (应收追偿款).
    RecoveriesReceivable,
    /// What others give back, as income (追偿收入).
    RecoveriesIncome,
}

/// One side of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: AccountCode,
    /// A debit when positive, a credit when negative.
    pub amount: Money,
}

impl AccountCode {
    /// Every account.
    pub const ALL: [AccountCode; 6] = [
        AccountCode::ClaimsIncurred,
        AccountCode::OutstandingReserve,
        AccountCode::PaymentsInTransit,
        AccountCode::Bank,
        AccountCode::RecoveriesReceivable,
        AccountCode::RecoveriesIncome,
    ];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            AccountCode::ClaimsIncurred => "claims-incurred",
            AccountCode::OutstandingReserve => "outstanding-reserve",
            AccountCode::PaymentsInTransit => "payments-in-transit",
            AccountCode::Bank => "bank",
            AccountCode::RecoveriesReceivable => "recoveries-receivable",
            AccountCode::RecoveriesIncome => "recoveries-income",
        }
    }
}

/// What `event` books on `before`. Sums to zero; an amount of 0 is not posted.
pub fn postings(event: &Event, before: &Books) -> Vec<Posting> {
    use AccountCode::{
        Bank, ClaimsIncurred, OutstandingReserve, PaymentsInTransit, RecoveriesIncome, RecoveriesReceivable,
    };
    let amount_of = |payment| before.payment(payment).map_or(Money::ZERO, |payment| payment.amount);
    match event {
        Event::Reserved(reserved) => {
            let rise = reserved.after.fen() - before.reserve(&reserved.exposure).fen();
            moved(ClaimsIncurred, OutstandingReserve, rise)
        }
        Event::ReserveReleased(released) => moved(OutstandingReserve, ClaimsIncurred, released.amount.fen()),
        Event::PaymentOrdered(ordered) => moved(OutstandingReserve, PaymentsInTransit, ordered.amount.fen()),
        Event::PaymentSent(_) => Vec::new(),
        Event::PaymentConfirmed(confirmed) => {
            moved(PaymentsInTransit, Bank, amount_of(&confirmed.payment).fen())
        }
        Event::PaymentRejected(rejected) => {
            moved(PaymentsInTransit, OutstandingReserve, amount_of(&rejected.payment).fen())
        }
        Event::PaymentCancelled(cancelled) => {
            moved(PaymentsInTransit, OutstandingReserve, amount_of(&cancelled.payment).fen())
        }
        Event::RecoveryExpected(expected) => {
            let known = before.recovery(&expected.from, &expected.cover);
            let rise = expected.amount.fen() - known.map_or(0, |known| known.expected.fen());
            moved(RecoveriesReceivable, RecoveriesIncome, rise)
        }
        Event::RecoveryReceived(received) => {
            let known = before.recovery(&received.from, &received.cover);
            let due = known.map_or(0, |known| known.expected.fen() - known.received.fen());
            let settled = received.amount.fen().min(due);
            let mut entry = moved(Bank, RecoveriesReceivable, settled);
            // More than was expected is income at once.
            entry.extend(moved(Bank, RecoveriesIncome, received.amount.fen() - settled));
            entry
        }
    }
}

/// `fen` to the debit of one account and the credit of another.
fn moved(debit: AccountCode, credit: AccountCode, fen: i64) -> Vec<Posting> {
    if fen == 0 {
        return Vec::new();
    }
    vec![
        Posting { account: debit, amount: Money::from_fen(fen) },
        Posting { account: credit, amount: Money::from_fen(-fen) },
    ]
}
