//! What a command makes true.

use journal::{Actor, Decider};
use lexicon::{ExposureId, Money, PaymentId};

use crate::found::state_found;
use crate::{
    Books, Command, Event, Order, Payment, PaymentCancelled, PaymentConfirmed, PaymentOrdered,
    PaymentRejected, PaymentSent, PaymentStatus, RecoveryExpected, RecoveryReceived, Refusal,
    ReserveReleased, Reserved, SetOff, SetOffGiven, SetOffTaken,
};

/// No claim is larger, so no sum over one claim's lines overflows.
const AMOUNT_MAX: Money = Money::from_yuan(1_000_000_000_000);

impl Decider for Books {
    type State = Books;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(books: &Books, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Reserve { exposure, amount } => reserve(books, exposure, amount),
            Command::Order { orders, approved_by, approval } => order(books, orders, &approved_by, approval),
            Command::OrderAgain { rejected, payment, owed, account, approved_by, approval } => {
                let rejected = known(books, &rejected)?;
                match amount_again(books, rejected, &payment, owed)? {
                    Some(amount) => {
                        let (exposure, payee) = (rejected.exposure.clone(), rejected.payee.clone());
                        let again = Order { payment, exposure, amount, payee, account };
                        order(books, vec![again], &approved_by, approval)
                    }
                    None => Ok(Vec::new()),
                }
            }
            Command::MarkSent { payment } => mark_sent(known(books, &payment)?),
            Command::Confirm { payment, bank_reference } => confirm(known(books, &payment)?, bank_reference),
            Command::Reject { payment, code } => reject(known(books, &payment)?, code),
            Command::Cancel { payment } => cancel(known(books, &payment)?),
            Command::Release { exposure } => Ok(release(books, exposure)),
            Command::ExpectRecovery { from, cover, amount } => expect_recovery(books, from, cover, amount),
            Command::ReceiveRecovery { from, cover, amount, bank_reference, arrived_at } => {
                let arrived_at = Some(arrived_at);
                receive_recovery(books, RecoveryReceived { from, cover, amount, bank_reference, arrived_at })
            }
            Command::GiveSetOff(given) => give_set_off(books, given),
            Command::TakeSetOff(taken) => take_set_off(books, taken),
            Command::StateFound { found, meaning, by, alone } => match moves_money(found.amount) {
                true => state_found(books, found, meaning, by, alone),
                false => Err(Refusal::Amount),
            },
        }
    }

    fn evolve(books: Books, event: &Event) -> Books {
        books.after(event)
    }
}

fn reserve(books: &Books, exposure: ExposureId, amount: Money) -> Result<Vec<Event>, Refusal> {
    if amount.is_negative() || amount > AMOUNT_MAX {
        return Err(Refusal::Amount);
    }
    let ordered = books.ordered_total(&exposure);
    if amount < ordered {
        return Err(Refusal::BelowOrdered { exposure, ordered });
    }
    let before = books.reserve(&exposure);
    if amount == before {
        return Ok(Vec::new());
    }
    Ok(vec![Reserved { exposure, before, after: amount }.into()])
}

fn order(
    books: &Books,
    orders: Vec<Order>,
    approved_by: &Actor,
    approval: u32,
) -> Result<Vec<Event>, Refusal> {
    if !orders.iter().all(|order| moves_money(order.amount)) {
        return Err(Refusal::Amount);
    }
    // Each order stands on those before it, so that together they do not exceed a line.
    let mut after = books.clone();
    let mut events = Vec::new();
    let mut short = None;
    for order in orders {
        if let Some(payment) = after.payment(&order.payment) {
            // The account is not compared: sealing the same text again gives other bytes.
            if (payment.amount, &payment.exposure, &payment.payee)
                == (order.amount, &order.exposure, &order.payee)
            {
                continue;
            }
            let ordered = payment.amount;
            return Err(Refusal::PaymentDiffers { payment: order.payment, ordered, asked: order.amount });
        }
        let outstanding = after.outstanding(&order.exposure);
        if outstanding < order.amount {
            short.get_or_insert(Refusal::ReserveShort {
                exposure: order.exposure.clone(),
                outstanding,
                asked: order.amount,
            });
        }
        let event = Event::from(PaymentOrdered {
            payment: order.payment,
            exposure: order.exposure,
            amount: order.amount,
            payee: order.payee,
            account: order.account,
            approved_by: approved_by.clone(),
            approval,
        });
        after = after.after(&event);
        events.push(event);
    }
    short.map_or(Ok(events), Err)
}

/// What is to be ordered in place of `rejected`; `None` when `payment` is under way in its place.
fn amount_again(
    books: &Books,
    rejected: &Payment,
    payment: &PaymentId,
    owed: Money,
) -> Result<Option<Money>, Refusal> {
    if !matches!(rejected.status, PaymentStatus::Rejected { .. }) {
        return Err(Refusal::NotRejected { payment: rejected.id.clone(), status: rejected.status.word() });
    }
    let mut of_exposure = books.payments().iter().filter(|other| other.exposure == rejected.exposure);
    if let Some(open) = of_exposure.find(|other| other.is_open()) {
        let same = open.id == *payment;
        return if same { Ok(None) } else { Err(Refusal::PaymentUnderWay { payment: open.id.clone() }) };
    }
    let amount = books.still_to_order(&rejected.exposure, owed);
    if amount.is_zero() { Err(Refusal::NothingLeft) } else { Ok(Some(amount)) }
}

fn mark_sent(payment: &Payment) -> Result<Vec<Event>, Refusal> {
    let attempt = match &payment.status {
        PaymentStatus::Ordered => 1,
        PaymentStatus::Sent { attempts } => attempts.saturating_add(1),
        ended @ (PaymentStatus::Confirmed { .. }
        | PaymentStatus::Rejected { .. }
        | PaymentStatus::Cancelled) => {
            return Err(Refusal::PaymentEnded { payment: payment.id.clone(), status: ended.word() });
        }
    };
    Ok(vec![PaymentSent { payment: payment.id.clone(), attempt }.into()])
}

fn confirm(payment: &Payment, bank_reference: String) -> Result<Vec<Event>, Refusal> {
    match &payment.status {
        // An order of which we do not know that it was sent can be paid: the books may come from a backup.
        PaymentStatus::Ordered | PaymentStatus::Sent { .. } => {
            Ok(vec![PaymentConfirmed { payment: payment.id.clone(), bank_reference }.into()])
        }
        PaymentStatus::Confirmed { bank_reference: first } if *first == bank_reference => Ok(Vec::new()),
        PaymentStatus::Confirmed { bank_reference: first } => Err(Refusal::DoubleConfirmation {
            payment: payment.id.clone(),
            first: first.clone(),
            second: bank_reference,
        }),
        ended @ (PaymentStatus::Rejected { .. } | PaymentStatus::Cancelled) => {
            Err(Refusal::ContradictsEnd { payment: payment.id.clone(), status: ended.word() })
        }
    }
}

fn reject(payment: &Payment, code: String) -> Result<Vec<Event>, Refusal> {
    match &payment.status {
        PaymentStatus::Ordered | PaymentStatus::Sent { .. } => {
            Ok(vec![PaymentRejected { payment: payment.id.clone(), code }.into()])
        }
        PaymentStatus::Rejected { .. } | PaymentStatus::Cancelled => Ok(Vec::new()),
        paid @ PaymentStatus::Confirmed { .. } => {
            Err(Refusal::ContradictsEnd { payment: payment.id.clone(), status: paid.word() })
        }
    }
}

fn cancel(payment: &Payment) -> Result<Vec<Event>, Refusal> {
    match &payment.status {
        PaymentStatus::Ordered => Ok(vec![PaymentCancelled { payment: payment.id.clone() }.into()]),
        PaymentStatus::Cancelled => Ok(Vec::new()),
        PaymentStatus::Sent { .. } => Err(Refusal::AlreadySent { payment: payment.id.clone() }),
        ended @ (PaymentStatus::Confirmed { .. } | PaymentStatus::Rejected { .. }) => {
            Err(Refusal::PaymentEnded { payment: payment.id.clone(), status: ended.word() })
        }
    }
}

fn release(books: &Books, exposure: ExposureId) -> Vec<Event> {
    let amount = books.outstanding(&exposure);
    if amount.is_zero() {
        return Vec::new();
    }
    vec![ReserveReleased { exposure, amount }.into()]
}

fn expect_recovery(books: &Books, from: String, cover: String, amount: Money) -> Result<Vec<Event>, Refusal> {
    if amount.is_negative() || amount > AMOUNT_MAX {
        return Err(Refusal::Amount);
    }
    let known = books.recovery(&from, &cover);
    let (expected, received) = known.map_or_else(Default::default, |known| (known.expected, known.settled()));
    if amount < received {
        return Err(Refusal::BelowReceived { received });
    }
    if amount == expected {
        return Ok(Vec::new());
    }
    Ok(vec![RecoveryExpected { from, cover, amount }.into()])
}

fn receive_recovery(books: &Books, received: RecoveryReceived) -> Result<Vec<Event>, Refusal> {
    if !moves_money(received.amount) {
        return Err(Refusal::Amount);
    }
    if let Some(known) = books.receipt(&received.bank_reference) {
        let same =
            (&known.from, &known.cover, known.amount) == (&received.from, &received.cover, received.amount);
        let bank_reference = received.bank_reference;
        return if same { Ok(Vec::new()) } else { Err(Refusal::ReceiptDiffers { bank_reference }) };
    }
    let known = books.recovery(&received.from, &received.cover).ok_or(Refusal::RecoveryNotExpected)?;
    if received.amount > known.left() {
        return Err(Refusal::MoreThanExpected { left: known.left() });
    }
    Ok(vec![received.into()])
}

fn give_set_off(books: &Books, given: SetOff) -> Result<Vec<Event>, Refusal> {
    if !moves_money(given.amount) {
        return Err(Refusal::Amount);
    }
    if let Some(known) = books.given().find(|known| known.id == given.id) {
        return if *known == given { Ok(Vec::new()) } else { Err(Refusal::SetOffDiffers) };
    }
    let held = books.held(&given.exposure);
    if given.amount > held {
        return Err(Refusal::NotHeld { held });
    }
    Ok(vec![SetOffGiven(given).into()])
}

fn take_set_off(books: &Books, taken: SetOff) -> Result<Vec<Event>, Refusal> {
    if !moves_money(taken.amount) {
        return Err(Refusal::Amount);
    }
    if let Some(known) = books.taken().find(|known| known.id == taken.id) {
        return if *known == taken { Ok(Vec::new()) } else { Err(Refusal::SetOffDiffers) };
    }
    let outstanding = books.outstanding(&taken.exposure);
    if outstanding < taken.amount {
        let (exposure, asked) = (taken.exposure, taken.amount);
        return Err(Refusal::ReserveShort { exposure, outstanding, asked });
    }
    Ok(vec![SetOffTaken(taken).into()])
}

fn known<'a>(books: &'a Books, payment: &PaymentId) -> Result<&'a Payment, Refusal> {
    books.payment(payment).ok_or_else(|| Refusal::NoSuchPayment { payment: payment.clone() })
}

fn moves_money(amount: Money) -> bool {
    amount > Money::ZERO && amount <= AMOUNT_MAX
}
