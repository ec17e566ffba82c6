//! Double entry: what each event books.

use lexicon::Money;

use crate::{Books, Event, PAYEE, Recovery, SetOffGiven, SetOffTaken, overpaid};

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
    /// Held too much on one exposure and kept for another (抵销往来); 0 over all claims of an accident.
    SetOffs,
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
    pub const ALL: [AccountCode; 7] = [
        AccountCode::ClaimsIncurred,
        AccountCode::OutstandingReserve,
        AccountCode::PaymentsInTransit,
        AccountCode::Bank,
        AccountCode::RecoveriesReceivable,
        AccountCode::RecoveriesIncome,
        AccountCode::SetOffs,
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
            AccountCode::SetOffs => "set-offs",
        }
    }
}

/// What `event` books on `before`. Sums to zero; an amount of 0 is not posted.
pub fn postings(event: &Event, before: &Books) -> Vec<Posting> {
    use AccountCode::{
        Bank, ClaimsIncurred, OutstandingReserve, PaymentsInTransit, RecoveriesIncome, RecoveriesReceivable,
        SetOffs,
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
            came_back(Bank, received.amount, before.recovery(&received.from, &received.cover))
        }
        Event::SetOffGiven(SetOffGiven(given)) => {
            came_back(SetOffs, given.amount, before.recovery(PAYEE, &overpaid(&given.exposure)))
        }
        Event::SetOffTaken(SetOffTaken(taken)) => moved(OutstandingReserve, SetOffs, taken.amount.fen()),
        Event::PaymentFound(found) => {
            let known = before.payment(&found.payment).filter(|known| known.counts());
            let rise = found.amount.fen() - known.map_or(0, |known| known.amount.fen());
            moved(OutstandingReserve, PaymentsInTransit, rise)
        }
        Event::FoundStated(_) | Event::FoundSetAside(_) => Vec::new(),
    }
}

/// `amount` of a recovery came to `account`; what was not expected before is income at once.
fn came_back(account: AccountCode, amount: Money, known: Option<&Recovery>) -> Vec<Posting> {
    let settled = amount.min(known.map_or(Money::ZERO, Recovery::left));
    let mut entry = moved(account, AccountCode::RecoveriesReceivable, settled.fen());
    entry.extend(moved(account, AccountCode::RecoveriesIncome, amount.fen() - settled.fen()));
    entry
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
