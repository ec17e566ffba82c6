//! The books told as tables: what is asked in turn, and what comes of each.

use books::{Account, Books, Command, Order, Refusal, payment_id};
use journal::{Actor, ActorKind, Decider, Event as _};
use lexicon::{ExposureId, Money, PaymentId, Private};

#[test]
fn a_claim_is_reserved_paid_once_and_released() {
    check(
        "
        asked                    | happens
        reserve own 2000.00      | Reserved
        reserve own 2000.00      | -
        order own#1 1860.00      | PaymentOrdered
        order own#1 1860.00      | -
        sent own#1               | PaymentSent
        sent own#1               | PaymentSent
        confirm own#1 B-17       | PaymentConfirmed
        confirm own#1 B-17       | -
        order own#1 1860.00      | -
        release own              | ReserveReleased
        release own              | -
        = own reserve 1860.00 outstanding 0.00 ordered 1860.00 paid 1860.00 settled true
        ",
    );
}

#[test]
fn a_supplement_orders_only_the_difference() {
    check(
        "
        asked                    | happens
        reserve own 1750.00      | Reserved
        order own#1 1750.00      | PaymentOrdered
        = own reserve 1750.00 outstanding 0.00 ordered 1750.00 paid 0.00 settled false
        still own 2050.00        | 300.00
        still own 1000.00        | 0.00
        order own#2 300.00       | books.refused.reserve-short
        reserve own 2050.00      | Reserved
        order own#2 300.00       | PaymentOrdered
        = own reserve 2050.00 outstanding 0.00 ordered 2050.00 paid 0.00 settled false
        ",
    );
}

#[test]
fn a_rejected_payment_returns_to_the_reserve_and_is_ordered_under_a_new_approval() {
    check(
        "
        asked                    | happens
        reserve own 500.00       | Reserved
        order own#1 500.00       | PaymentOrdered
        sent own#1               | PaymentSent
        release own              | -
        reject own#1 closed      | PaymentRejected
        reject own#1 closed      | -
        order own#1 500.00       | -
        = own reserve 500.00 outstanding 500.00 ordered 0.00 paid 0.00 settled false
        still own 500.00         | 500.00
        order own#2 500.00       | PaymentOrdered
        confirm own#2 B-2        | PaymentConfirmed
        = own reserve 500.00 outstanding 0.00 ordered 500.00 paid 500.00 settled true
        ",
    );
}

#[test]
fn an_order_may_be_taken_back_only_before_it_was_sent() {
    check(
        "
        asked                    | happens
        reserve own 500.00       | Reserved
        order own#1 200.00       | PaymentOrdered
        cancel own#1             | PaymentCancelled
        cancel own#1             | -
        sent own#1               | books.refused.payment-ended
        order own#2 500.00       | PaymentOrdered
        sent own#2               | PaymentSent
        cancel own#2             | books.refused.already-sent
        confirm own#2 B-1        | PaymentConfirmed
        cancel own#2             | books.refused.payment-ended
        sent own#2               | books.refused.payment-ended
        ",
    );
}

#[test]
fn what_the_bank_says_against_the_books_is_for_a_person() {
    check(
        "
        asked                    | happens
        reserve own 900.00       | Reserved
        order own#1 300.00       | PaymentOrdered
        confirm own#1 B-1        | PaymentConfirmed
        confirm own#1 B-2        | books.refused.double-confirmation !
        reject own#1 closed      | books.refused.contradicts-end !
        order own#2 300.00       | PaymentOrdered
        reject own#2 closed      | PaymentRejected
        confirm own#2 B-3        | books.refused.contradicts-end !
        order own#3 300.00       | PaymentOrdered
        cancel own#3             | PaymentCancelled
        confirm own#3 B-4        | books.refused.contradicts-end !
        reject own#3 closed      | -
        ",
    );
}

#[test]
fn the_first_reason_in_the_written_order_is_given() {
    check(
        "
        asked                                | happens
        reserve own -0.01                    | books.refused.amount
        reserve own 1000000000000.01         | books.refused.amount
        order own#1 0.00                     | books.refused.amount
        order own#1 5.00 & own#2 0.00        | books.refused.amount
        order own#1 5.00                     | books.refused.reserve-short
        confirm own#1 B-1                    | books.refused.no-such-payment
        sent own#1                           | books.refused.no-such-payment
        reject own#1 closed                  | books.refused.no-such-payment
        cancel own#1                         | books.refused.no-such-payment
        reserve own 10.00                    | Reserved
        order own#1 8.00                     | PaymentOrdered
        order own#1 9.00                     | books.refused.payment-differs
        order own#2 9.00 & own#1 9.00        | books.refused.payment-differs
        order other#2 1.00 & own#2 1.00      | books.refused.reserve-short
        order own#2 1.50 & own#3 1.00        | books.refused.reserve-short
        order own#2 1.00 & own#2 1.00        | PaymentOrdered
        order own#2 1.00 & own#3 1.00        | PaymentOrdered
        reserve own 9.99                     | books.refused.below-ordered
        ",
    );
}

#[test]
fn recoveries_are_booked_once_per_incoming_payment() {
    check(
        "
        asked                    | happens
        receive B 100.00 R-1     | books.refused.recovery-not-expected
        expect B 7600.00         | RecoveryExpected
        expect B 7600.00         | -
        receive B 2000.00 R-1    | RecoveryReceived
        receive B 2000.00 R-1    | -
        receive B 2000.01 R-1    | books.refused.receipt-differs !
        receive C 2000.00 R-1    | books.refused.receipt-differs !
        receive B 0.00 R-2       | books.refused.amount
        expect B 1999.99         | books.refused.below-received
        expect B -1.00           | books.refused.amount
        receive B 6000.00 R-2    | RecoveryReceived
        expect B 8000.00         | -
        ",
    );
}

/// The only place here that knows how the books are called. `-` is no event; a `!` marks a matter of reconciliation.
#[track_caller]
fn check(table: &str) {
    let mut books = Books::default();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        if let Some(expected) = line.strip_prefix("= ") {
            assert_eq!(figures(&books, expected.split(' ').next().unwrap()), expected);
            continue;
        }
        let (asked, expected) = line.split_once('|').expect("asked | happens");
        let words: Vec<&str> = asked.split_whitespace().collect();
        if let ["still", cover, owed] = words[..] {
            let still = books.still_to_order(&exposure(cover), owed.parse().unwrap());
            assert_eq!(still.to_yuan(), expected.trim(), "{asked}");
            continue;
        }
        let happened = match Books::decide(&books, command(&words)) {
            Ok(events) => {
                let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
                books = events.iter().fold(books, Books::evolve);
                if names.is_empty() { "-".to_owned() } else { names.join(" ") }
            }
            Err(refusal) => said(&refusal),
        };
        assert_eq!(happened, expected.trim(), "{asked}");
    }
}

fn said(refusal: &Refusal) -> String {
    assert_eq!(refusal.to_string(), refusal.word());
    if refusal.is_reconciliation() { format!("{refusal} !") } else { refusal.to_string() }
}

fn figures(books: &Books, cover: &str) -> String {
    let line = exposure(cover);
    format!(
        "{cover} reserve {} outstanding {} ordered {} paid {} settled {}",
        books.reserve(&line),
        books.outstanding(&line),
        books.ordered_total(&line),
        books.paid_total(&line),
        books.is_settled()
    )
}

fn command(words: &[&str]) -> Command {
    let money = |text: &str| text.parse::<Money>().unwrap();
    match *words {
        ["reserve", cover, amount] => Command::Reserve { exposure: exposure(cover), amount: money(amount) },
        ["release", cover] => Command::Release { exposure: exposure(cover) },
        ["order", ref orders @ ..] => Command::Order {
            orders: orders.split(|word| *word == "&").map(order).collect(),
            approved_by: Actor::new(ActorKind::Staff, "approver-1"),
            approval: 1,
        },
        ["sent", name] => Command::MarkSent { payment: payment(name) },
        ["confirm", name, number] => {
            Command::Confirm { payment: payment(name), bank_reference: number.to_owned() }
        }
        ["reject", name, code] => Command::Reject { payment: payment(name), code: code.to_owned() },
        ["cancel", name] => Command::Cancel { payment: payment(name) },
        ["expect", from, amount] => Command::ExpectRecovery {
            from: from.to_owned(),
            cover: "own-damage".to_owned(),
            amount: money(amount),
        },
        ["receive", from, amount, number] => Command::ReceiveRecovery {
            from: from.to_owned(),
            cover: "own-damage".to_owned(),
            amount: money(amount),
            bank_reference: number.to_owned(),
        },
        ref other => panic!("unknown command {other:?}"),
    }
}

fn order(words: &[&str]) -> Order {
    let [name, amount] = words else { panic!("an order is `exposure#approval amount`") };
    let account: Private<Account> =
        serde_json::from_str(r#"{"subject":"payee-1","sealed":"v1.c2VhbGVk"}"#).unwrap();
    Order {
        payment: payment(name),
        exposure: exposure(name.split_once('#').unwrap().0),
        amount: amount.parse().unwrap(),
        payee: "A".to_owned(),
        account,
    }
}

/// `own#1` is the payment of exposure `own` by the first approval.
fn payment(name: &str) -> PaymentId {
    let (cover, approval) = name.split_once('#').unwrap();
    payment_id(&"A260502-7K3M9Q".parse().unwrap(), &exposure(cover), approval.parse().unwrap(), 0)
}

fn exposure(cover: &str) -> ExposureId {
    cover.parse().unwrap()
}
