//! The money of each claim: its totals, its payments, its recoveries.

use books::{Event, SetOffGiven, SetOffTaken};
use journal::Recorded;
use lexicon::{Moment, Money};

use super::id;
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// A payment, a recovery, or (with an empty item) the totals of a claim; what is set off counts as paid and as come back.
    pub struct MoneyRow {
        /// The claim.
        claim: String,
        /// The payment; `recovery:<from>:<cover>`; or nothing for the totals.
        item: String,
        /// The exposure of a payment, the cover of a recovery.
        exposure: Option<String>,
        /// Whom it is paid to, or from whom it comes.
        party: Option<String>,
        /// Of a payment: `ordered`, `sent`, `confirmed`, `rejected` or `cancelled`.
        status: Option<String>,
        /// How often it was handed to the bank.
        attempts: u64,
        /// The bank's own number, or its code of refusal.
        bank: Option<String>,
        /// When it was ordered.
        ordered_at: Option<Moment>,
        /// When the status last changed.
        changed_at: Moment,
        /// The sum of reserve lines.
        reserved: Money,
        /// What was ordered.
        ordered: Money,
        /// What was paid.
        paid: Money,
        /// What is to come back.
        expected: Money,
        /// What came back.
        received: Money,
    }
}

/// The money of each claim.
pub static MONEY: View = View {
    name: "money",
    version: 1,
    kind: Kind::Inline,
    categories: &["books"],
    columns: MoneyRow::COLUMNS,
    key: 2,
    indexes: &[Index { name: "by_status", columns: &["status", "changed_at"] }],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event: Event = entry.decode()?;
    let mut totals = row(entry, rows, "")?;
    match event {
        Event::Reserved(reserved) => {
            totals.reserved = moved(totals.reserved, reserved.after, reserved.before)
        }
        Event::ReserveReleased(released) => {
            totals.reserved = moved(totals.reserved, Money::ZERO, released.amount)
        }
        Event::PaymentOrdered(ordered) => {
            totals.ordered = moved(totals.ordered, ordered.amount, Money::ZERO);
            let mut payment = row(entry, rows, ordered.payment.as_str())?;
            payment.exposure = Some(ordered.exposure.to_string());
            payment.party = Some(ordered.payee);
            payment.status = Some("ordered".to_owned());
            payment.ordered_at = Some(entry.at);
            payment.ordered = ordered.amount;
            rows.put(payment.write())?;
        }
        Event::PaymentSent(sent) => {
            let mut payment = row(entry, rows, sent.payment.as_str())?;
            payment.status = Some("sent".to_owned());
            payment.attempts = u64::from(sent.attempt);
            rows.put(payment.write())?;
        }
        Event::PaymentConfirmed(confirmed) => {
            let mut payment = row(entry, rows, confirmed.payment.as_str())?;
            payment.status = Some("confirmed".to_owned());
            payment.bank = Some(confirmed.bank_reference);
            payment.paid = payment.ordered;
            totals.paid = moved(totals.paid, payment.paid, Money::ZERO);
            rows.put(payment.write())?;
        }
        Event::PaymentRejected(rejected) => {
            let payment = row(entry, rows, rejected.payment.as_str())?;
            totals.ordered = moved(totals.ordered, Money::ZERO, payment.ordered);
            let gone = MoneyRow {
                status: Some("rejected".to_owned()),
                bank: Some(rejected.code),
                ordered: Money::ZERO,
                ..payment
            };
            rows.put(gone.write())?;
        }
        Event::PaymentCancelled(cancelled) => {
            let payment = row(entry, rows, cancelled.payment.as_str())?;
            totals.ordered = moved(totals.ordered, Money::ZERO, payment.ordered);
            rows.put(
                MoneyRow { status: Some("cancelled".to_owned()), ordered: Money::ZERO, ..payment }.write(),
            )?;
        }
        Event::RecoveryExpected(expected) => {
            let mut recovery = recovery(entry, rows, &expected.from, &expected.cover)?;
            totals.expected = moved(totals.expected, expected.amount, recovery.expected);
            recovery.expected = expected.amount;
            rows.put(recovery.write())?;
        }
        Event::RecoveryReceived(received) => {
            let mut recovery = recovery(entry, rows, &received.from, &received.cover)?;
            recovery.received = moved(recovery.received, received.amount, Money::ZERO);
            totals.received = moved(totals.received, received.amount, Money::ZERO);
            raise_expected(&mut totals, &mut recovery);
            rows.put(recovery.write())?;
        }
        // What is set off came back here, and is ordered and paid there, without the bank.
        Event::SetOffGiven(SetOffGiven(given)) => {
            let mut recovery = recovery(entry, rows, books::PAYEE, &books::overpaid(&given.exposure))?;
            recovery.received = moved(recovery.received, given.amount, Money::ZERO);
            totals.received = moved(totals.received, given.amount, Money::ZERO);
            raise_expected(&mut totals, &mut recovery);
            rows.put(recovery.write())?;
        }
        // That it is paid follows at once.
        Event::PaymentFound(found) => {
            let mut payment = row(entry, rows, found.payment.as_str())?;
            totals.ordered = moved(totals.ordered, found.amount, payment.ordered);
            payment.exposure = Some(found.exposure.to_string());
            payment.party = Some(found.payee);
            payment.status = Some("ordered".to_owned());
            payment.ordered_at = payment.ordered_at.or(Some(entry.at));
            payment.ordered = found.amount;
            rows.put(payment.write())?;
        }
        Event::FoundStated(_) | Event::FoundSetAside(_) => {}
        Event::SetOffTaken(SetOffTaken(taken)) => {
            totals.ordered = moved(totals.ordered, taken.amount, Money::ZERO);
            totals.paid = moved(totals.paid, taken.amount, Money::ZERO);
        }
    }
    rows.put(totals.write())
}

/// The row of `item`, or a new one, with its time set to the entry's.
fn row(entry: &Recorded, rows: &mut dyn Rows, item: &str) -> Result<MoneyRow, FoldError> {
    let known = rows.get(&[id(entry), Value::from(item)])?;
    let known = known.map(|row| MoneyRow::read(&MONEY, &row)).transpose()?;
    let mut row = known.unwrap_or_else(|| MoneyRow {
        claim: entry.stream.id().to_owned(),
        item: item.to_owned(),
        exposure: None,
        party: None,
        status: None,
        attempts: 0,
        bank: None,
        ordered_at: None,
        changed_at: entry.at,
        reserved: Money::ZERO,
        ordered: Money::ZERO,
        paid: Money::ZERO,
        expected: Money::ZERO,
        received: Money::ZERO,
    });
    row.changed_at = entry.at;
    Ok(row)
}

fn recovery(entry: &Recorded, rows: &mut dyn Rows, from: &str, cover: &str) -> Result<MoneyRow, FoldError> {
    let mut recovery = row(entry, rows, &format!("recovery:{from}:{cover}"))?;
    recovery.party = Some(from.to_owned());
    recovery.exposure = Some(cover.to_owned());
    Ok(recovery)
}

/// More than was expected raises what was expected, as the books do.
fn raise_expected(totals: &mut MoneyRow, recovery: &mut MoneyRow) {
    if recovery.received > recovery.expected {
        totals.expected = moved(totals.expected, recovery.received, recovery.expected);
        recovery.expected = recovery.received;
    }
}

/// `total + plus − minus`. The books refuse what would overflow, so saturating here cannot hide anything.
fn moved(total: Money, plus: Money, minus: Money) -> Money {
    Money::from_fen(total.fen().saturating_add(plus.fen()).saturating_sub(minus.fen()))
}
