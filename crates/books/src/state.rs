//! What is true of the money of a claim.

use std::collections::BTreeMap;

use lexicon::{ClaimId, ExposureId, Moment, Money, PaymentId};

use crate::{
    AccountCode, Event, FoundStated, Payment, PaymentStatus, SetOff, SetOffGiven, SetOffTaken, payment_id,
};

/// From whom comes back what was paid and is owed no more.
pub const PAYEE: &str = "payee";

/// Under which cover comes back what was paid on `exposure` and is owed no more.
pub fn overpaid(exposure: &ExposureId) -> String {
    format!("overpaid.{exposure}")
}

/// The books of one claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    reserves: BTreeMap<ExposureId, Money>,
    payments: Vec<Payment>,
    recoveries: Vec<Recovery>,
    receipts: Vec<Receipt>,
    given: Vec<SetOff>,
    taken: Vec<SetOff>,
    stated: BTreeMap<PaymentId, FoundStated>,
    explained: BTreeMap<PaymentId, bool>,
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
    /// How much has come through the bank.
    pub received: Money,
    /// How much was set off against what its source is owed elsewhere.
    pub set_off: Money,
}

impl Recovery {
    /// How much has come, either way.
    pub fn settled(&self) -> Money {
        [self.received, self.set_off].into_iter().sum()
    }

    /// How much is still to come.
    pub fn left(&self) -> Money {
        self.expected.less(self.settled())
    }
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
    /// When it came to our account, where that is known.
    pub arrived_at: Option<Moment>,
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

    /// What was ordered for `exposure` and neither rejected nor cancelled, what is paid or was taken by set-off included.
    pub fn ordered_total(&self, exposure: &ExposureId) -> Money {
        let ordered = self.sum(|payment| payment.exposure == *exposure && payment.counts());
        [ordered, self.taken_total(exposure)].into_iter().sum()
    }

    /// What the bank has paid for `exposure`, and what was taken by set-off.
    pub fn paid_total(&self, exposure: &ExposureId) -> Money {
        let paid = self.sum(|payment| payment.exposure == *exposure && payment.is_paid());
        [paid, self.taken_total(exposure)].into_iter().sum()
    }

    fn taken_total(&self, exposure: &ExposureId) -> Money {
        self.taken.iter().filter(|taken| taken.exposure == *exposure).map(|taken| taken.amount).sum()
    }

    /// What of the payments for `exposure` came back from the payee, or was set off elsewhere.
    pub fn returned(&self, exposure: &ExposureId) -> Money {
        self.recovery(PAYEE, &overpaid(exposure)).map_or(Money::ZERO, Recovery::settled)
    }

    /// What the payee of `exposure` has in hand: paid, and not come back.
    pub fn held(&self, exposure: &ExposureId) -> Money {
        self.paid_total(exposure).less(self.returned(exposure))
    }

    /// Who was paid for `exposure`, if anybody was.
    pub fn payee(&self, exposure: &ExposureId) -> Option<&str> {
        let paid = self.payments.iter().filter(|payment| payment.is_paid());
        let paid = paid.map(|payment| (&payment.exposure, payment.payee.as_str()));
        let taken = self.taken.iter().map(|taken| (&taken.exposure, taken.payee.as_str()));
        paid.chain(taken).find(|(known, _)| *known == exposure).map(|(_, payee)| payee)
    }

    /// What is still to be ordered for `exposure` when `owed` is owed in all: the difference alone, never below 0.
    pub fn still_to_order(&self, exposure: &ExposureId, owed: Money) -> Money {
        owed.less(self.ordered_total(exposure).less(self.returned(exposure)))
    }

    /// The reserve line of `exposure` when `owed` is owed in all: what came back may have to be paid again, and what is ordered
    /// stands until it comes back.
    pub fn line_for(&self, exposure: &ExposureId, owed: Money) -> Money {
        let owed = [owed, self.returned(exposure)].into_iter().sum::<Money>();
        owed.max(self.ordered_total(exposure))
    }

    /// What the payee of `exposure` is to give back in all when `owed` is owed in all, what came back included.
    pub fn overpaid_in_all(&self, exposure: &ExposureId, owed: Money) -> Money {
        let returned = self.returned(exposure);
        let too_much = self.ordered_total(exposure).less(returned).less(owed);
        [returned, too_much].into_iter().sum()
    }

    /// What was held too much here and set off elsewhere.
    pub fn given(&self) -> impl Iterator<Item = &SetOff> {
        self.given.iter()
    }

    /// What is owed here and was set off by what was held too much elsewhere.
    pub fn taken(&self) -> impl Iterator<Item = &SetOff> {
        self.taken.iter()
    }

    /// The name of the payment of `exposure` by that approval of `claim`: the first one under which nothing was paid, rejected,
    /// cancelled or found on the bank's statement.
    pub fn next_payment(&self, claim: &ClaimId, exposure: &ExposureId, approval: u32) -> PaymentId {
        let free =
            |id: &PaymentId| self.explained(id).is_none() && self.payment(id).is_none_or(Payment::is_open);
        let mut names = (0..).map(|ended| payment_id(claim, exposure, approval, ended));
        names.find(free).expect("fewer payments than numbers")
    }

    /// What people said of a payment of which only the bank knew: whether it counts here. `None` while they have not.
    pub fn explained(&self, id: &PaymentId) -> Option<bool> {
        self.explained.get(id).copied()
    }

    /// What the first of two people said of it.
    pub fn stated(&self, id: &PaymentId) -> Option<&FoundStated> {
        self.stated.get(id)
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

    /// Every incoming payment that was booked, the first first.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
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
        let given = fen(&mut self.given.iter().map(|given| given.amount));
        let taken = fen(&mut self.taken.iter().map(|taken| taken.amount));
        let balances = [
            (AccountCode::ClaimsIncurred, reserved),
            (AccountCode::OutstandingReserve, ordered + taken - reserved),
            (AccountCode::PaymentsInTransit, paid - ordered),
            (AccountCode::Bank, received - paid),
            (AccountCode::RecoveriesReceivable, expected - received - given),
            (AccountCode::RecoveriesIncome, -expected),
            (AccountCode::SetOffs, given - taken),
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
                account: Some(ordered.account.clone()),
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
                recovery.expected = recovery.expected.max(recovery.settled());
                self.receipts.push(Receipt {
                    bank_reference: received.bank_reference.clone(),
                    from: received.from.clone(),
                    cover: received.cover.clone(),
                    amount: received.amount,
                    arrived_at: received.arrived_at,
                });
            }
            Event::SetOffGiven(SetOffGiven(given)) => {
                let recovery = self.recovery_mut(PAYEE, &overpaid(&given.exposure));
                recovery.set_off = [recovery.set_off, given.amount].into_iter().sum();
                recovery.expected = recovery.expected.max(recovery.settled());
                self.given.push(given.clone());
            }
            Event::SetOffTaken(SetOffTaken(taken)) => self.taken.push(taken.clone()),
            Event::FoundStated(stated) => {
                self.stated.insert(stated.payment.clone(), stated.clone());
            }
            Event::PaymentFound(found) => {
                self.explained.insert(found.payment.clone(), true);
                match self.payments.iter_mut().find(|payment| payment.id == found.payment) {
                    Some(known) => (known.amount, known.status) = (found.amount, PaymentStatus::Ordered),
                    None => self.payments.push(Payment {
                        id: found.payment.clone(),
                        exposure: found.exposure.clone(),
                        amount: found.amount,
                        payee: found.payee.clone(),
                        account: None,
                        approved_by: found.by.clone(),
                        approval: 0,
                        status: PaymentStatus::Ordered,
                    }),
                }
            }
            Event::FoundSetAside(aside) => {
                self.explained.insert(aside.payment.clone(), false);
            }
        }
        self
    }

    fn recovery_mut(&mut self, from: &str, cover: &str) -> &mut Recovery {
        let known = self.recoveries.iter().position(|known| known.from == from && known.cover == cover);
        let index = known.unwrap_or_else(|| {
            let (from, cover) = (from.to_owned(), cover.to_owned());
            let [expected, received, set_off] = [Money::ZERO; 3];
            self.recoveries.push(Recovery { from, cover, expected, received, set_off });
            self.recoveries.len() - 1
        });
        &mut self.recoveries[index]
    }
}
