//! What is true of the money of a claim.

use std::collections::BTreeMap;

use lexicon::{ExposureId, Money, PaymentId};

use crate::{AccountCode, Event, Payment, PaymentStatus};

/// The books of one claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    reserves: BTreeMap<ExposureId, Money>,
    payments: Vec<Payment>,
    recoveries: Vec<Recovery>,
    receipts: Vec<Receipt>,
}

/// What one source gives back for one cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Who gives back.
    pub from: String,
    /// For which cover.
    pub cover: String,
    /// How much in all; never below what was received.
    pub expected: Money,
    /// How much has come.
    pub received: Money,
}

/// Money that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The bank's own number of it.
    pub bank_reference: String,
    /// Who gave it.
    pub from: String,
    /// For which cover.
    pub cover: String,
    /// How much.
    pub amount: Money,
}

impl Books {
    /// The reserve line of `exposure`: its whole expected cost, what is ordered included.
    pub fn reserve(&self, exposure: &ExposureId) -> Money {
        self.reserves.get(exposure).copied().unwrap_or_default()
    }

    /// What of the reserve line of `exposure` is not yet ordered (未决).
    pub fn outstanding(&self, exposure: &ExposureId) -> Money {
        self.reserve(exposure).less(self.ordered_total(exposure))
    }

    /// What was ordered for `exposure` and neither rejected nor cancelled, paid amounts included.
    pub fn ordered_total(&self, exposure: &ExposureId) -> Money {
        self.sum(|payment| payment.exposure == *exposure && payment.counts())
    }

    /// What the bank has paid for `exposure`.
    pub fn paid_total(&self, exposure: &ExposureId) -> Money {
        self.sum(|payment| payment.exposure == *exposure && payment.is_paid())
    }

    /// What is still to be ordered for `exposure` when `owed` is owed in all: the difference alone, never below 0.
    pub fn still_to_order(&self, exposure: &ExposureId, owed: Money) -> Money {
        owed.less(self.ordered_total(exposure))
    }

    /// How many payments of `exposure` by that approval were rejected or cancelled.
    pub fn ended(&self, exposure: &ExposureId, approval: u32) -> u32 {
        let ended = |payment: &&Payment| {
            payment.exposure == *exposure && payment.approval == approval && !payment.counts()
        };
        self.payments.iter().filter(ended).count() as u32
    }

    /// Every exposure that has or had a reserve line.
    pub fn exposures(&self) -> impl Iterator<Item = &ExposureId> {
        self.reserves.keys()
    }

    /// Every payment in the order in which they were ordered.
    pub fn payments(&self) -> &[Payment] {
        &self.payments
    }

    /// One payment.
    pub fn payment(&self, id: &PaymentId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == *id)
    }

    /// Every recovery.
    pub fn recoveries(&self) -> &[Recovery] {
        &self.recoveries
    }

    /// The recovery from one source for one cover.
    pub fn recovery(&self, from: &str, cover: &str) -> Option<&Recovery> {
        self.recoveries.iter().find(|recovery| recovery.from == from && recovery.cover == cover)
    }

    /// What was booked under the bank's number of an incoming payment.
    pub fn receipt(&self, bank_reference: &str) -> Option<&Receipt> {
        self.receipts.iter().find(|receipt| receipt.bank_reference == bank_reference)
    }

    /// Whether nothing is left to do: no reserve outstanding and no payment without the bank's last word.
    pub fn is_settled(&self) -> bool {
        let no_reserve = self.reserves.keys().all(|exposure| self.outstanding(exposure).is_zero());
        no_reserve && self.payments.iter().all(|payment| !payment.is_open())
    }

    /// The balance of every account, debits positive, as it follows from the reserves, payments and recoveries.
    /// The postings of all events must sum to the same.
    pub fn balances(&self) -> BTreeMap<AccountCode, Money> {
        let fen = |amounts: &mut dyn Iterator<Item = Money>| amounts.map(Money::fen).sum::<i64>();
        let reserved = fen(&mut self.reserves.values().copied());
        let ordered = self.sum(Payment::counts).fen();
        let paid = self.sum(Payment::is_paid).fen();
        let expected = fen(&mut self.recoveries.iter().map(|recovery| recovery.expected));
        let received = fen(&mut self.recoveries.iter().map(|recovery| recovery.received));
        let balances = [
            (AccountCode::ClaimsIncurred, reserved),
            (AccountCode::OutstandingReserve, ordered - reserved),
            (AccountCode::PaymentsInTransit, paid - ordered),
            (AccountCode::Bank, received - paid),
            (AccountCode::RecoveriesReceivable, expected - received),
            (AccountCode::RecoveriesIncome, -expected),
        ];
        balances.map(|(account, fen)| (account, Money::from_fen(fen))).into()
    }

    fn sum(&self, which: impl Fn(&Payment) -> bool) -> Money {
        self.payments.iter().filter(|payment| which(payment)).map(|payment| payment.amount).sum()
    }

    fn set_status(&mut self, id: &PaymentId, status: PaymentStatus) {
        if let Some(payment) = self.payments.iter_mut().find(|payment| payment.id == *id) {
            payment.status = status;
        }
    }

    /// The books after `event`.
    pub(crate) fn after(mut self, event: &Event) -> Books {
        match event {
            Event::Reserved(reserved) => {
                self.reserves.insert(reserved.exposure.clone(), reserved.after);
            }
            Event::ReserveReleased(released) => {
                let left = self.reserve(&released.exposure).less(released.amount);
                self.reserves.insert(released.exposure.clone(), left);
            }
            Event::PaymentOrdered(ordered) => self.payments.push(Payment {
                id: ordered.payment.clone(),
                exposure: ordered.exposure.clone(),
                amount: ordered.amount,
                payee: ordered.payee.clone(),
                account: ordered.account.clone(),
                approved_by: ordered.approved_by.clone(),
                approval: ordered.approval,
                status: PaymentStatus::Ordered,
            }),
            Event::PaymentSent(sent) => {
                self.set_status(&sent.payment, PaymentStatus::Sent { attempts: sent.attempt });
            }
            Event::PaymentConfirmed(confirmed) => {
                let bank_reference = confirmed.bank_reference.clone();
                self.set_status(&confirmed.payment, PaymentStatus::Confirmed { bank_reference });
            }
            Event::PaymentRejected(rejected) => {
                self.set_status(&rejected.payment, PaymentStatus::Rejected { code: rejected.code.clone() });
            }
            Event::PaymentCancelled(cancelled) => {
                self.set_status(&cancelled.payment, PaymentStatus::Cancelled);
            }
            Event::RecoveryExpected(expected) => {
                self.recovery_mut(&expected.from, &expected.cover).expected = expected.amount;
            }
            Event::RecoveryReceived(received) => {
                let recovery = self.recovery_mut(&received.from, &received.cover);
                recovery.received = [recovery.received, received.amount].into_iter().sum();
                recovery.expected = recovery.expected.max(recovery.received);
                self.receipts.push(Receipt {
                    bank_reference: received.bank_reference.clone(),
                    from: received.from.clone(),
                    cover: received.cover.clone(),
                    amount: received.amount,
                });
            }
        }
        self
    }

    fn recovery_mut(&mut self, from: &str, cover: &str) -> &mut Recovery {
        let known = self.recoveries.iter().position(|known| known.from == from && known.cover == cover);
        let index = known.unwrap_or_else(|| {
            let (from, cover) = (from.to_owned(), cover.to_owned());
            self.recoveries.push(Recovery { from, cover, expected: Money::ZERO, received: Money::ZERO });
            self.recoveries.len() - 1
        });
        &mut self.recoveries[index]
    }
}
