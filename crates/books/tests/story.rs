//! The books told as tables: what is asked in turn, and what comes of each.

use books::{Account, Books, Command, Found, Meaning, Order, Refusal, SetOff, payment_id, set_off_id};
use journal::{Actor, ActorKind, Decider, Event as _};
use lexicon::{ClaimId, ExposureId, Moment, Money, PaymentId, Private};

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
        receive B 5600.01 R-2    | books.refused.more-than-expected 5600.00
        receive B 5600.00 R-2    | RecoveryReceived
        receive B 0.01 R-3       | books.refused.more-than-expected 0.00
        receive B 5600.00 R-2    | -
        expect B 7600.00         | -
        ",
    );
}

#[test]
fn what_the_bank_rejected_is_ordered_again_once_under_a_reference_of_its_own() {
    check(
        "
        asked                    | happens
        again own#1 500.00       | books.refused.no-such-payment
        reserve own 500.00       | Reserved
        order own#1 500.00       | PaymentOrdered
        again own#1 500.00       | books.refused.not-rejected
        sent own#1               | PaymentSent
        again own#1 500.00       | books.refused.not-rejected
        reject own#1 busy        | PaymentRejected
        again own#1 500.00       | PaymentOrdered
        again own#1 500.00       | -
        again own#1 400.00       | -
        sent own#1.1             | PaymentSent
        = own reserve 500.00 outstanding 0.00 ordered 500.00 paid 0.00 settled false
        reject own#1.1 busy      | PaymentRejected
        again own#1 500.00       | PaymentOrdered
        confirm own#1.2 B-3      | PaymentConfirmed
        again own#1 500.00       | books.refused.nothing-left
        again own#1.1 500.00     | books.refused.nothing-left
        again own#1.2 500.00     | books.refused.not-rejected
        = own reserve 500.00 outstanding 0.00 ordered 500.00 paid 500.00 settled true
        ",
    );
}

#[test]
fn nothing_is_ordered_again_beside_a_payment_of_a_later_approval() {
    check(
        "
        asked                    | happens
        reserve own 500.00       | Reserved
        order own#1 500.00       | PaymentOrdered
        reject own#1 busy        | PaymentRejected
        order own#2 500.00       | PaymentOrdered
        again own#1 500.00       | books.refused.payment-under-way
        confirm own#2 B-2        | PaymentConfirmed
        again own#1 500.00       | books.refused.nothing-left
        reserve own 600.00       | Reserved
        order own#3 100.00       | PaymentOrdered
        reject own#3 busy        | PaymentRejected
        again own#3 600.00       | PaymentOrdered
        = own reserve 600.00 outstanding 0.00 ordered 600.00 paid 500.00 settled false
        ",
    );
}

#[test]
fn what_a_payee_gave_back_is_paid_again_when_it_is_owed_again() {
    check(
        "
        asked                    | happens
        reserve own 1860.00      | Reserved
        order own#1 1860.00      | PaymentOrdered
        confirm own#1 B-1        | PaymentConfirmed
        overpaid own 560.00      | RecoveryExpected
        back own 1300.01 R-1     | books.refused.more-than-expected 1300.00
        back own 1300.00 R-1     | RecoveryReceived
        still own 560.00         | 0.00
        still own 1860.00        | 1300.00
        reserve own 3160.00      | Reserved
        order own#2 1300.00      | PaymentOrdered
        overpaid own 1860.00     | -
        = own reserve 3160.00 outstanding 0.00 ordered 3160.00 paid 1860.00 settled false
        ",
    );
}

#[test]
fn a_payment_keeps_its_name_until_the_banks_last_word_and_what_is_owed_again_gets_another() {
    check(
        "
        asked                    | happens
        reserve own 900.00       | Reserved
        next own                 | own#1.0
        order own#1 900.00       | PaymentOrdered
        next own                 | own#1.0
        sent own#1               | PaymentSent
        next own                 | own#1.0
        confirm own#1 B-1        | PaymentConfirmed
        next own                 | own#1.1
        ",
    );
}

#[test]
fn what_is_held_too_much_is_set_off_against_what_is_owed_elsewhere() {
    check(
        "
        asked                    | happens
        give own 25.00 to other  | books.refused.not-held
        take other 25.00 of own  | books.refused.reserve-short
        reserve own 1750.00      | Reserved
        order own#1 1750.00      | PaymentOrdered
        give own 25.00 to other  | books.refused.not-held
        confirm own#1 B-1        | PaymentConfirmed
        give own 0.00 to other   | books.refused.amount
        give own 25.00 to other  | SetOffGiven
        give own 25.00 to other  | -
        give own 26.00 to other  | books.refused.set-off-differs
        reserve other 2000.00    | Reserved
        take other 25.00 of own  | SetOffTaken
        take other 25.00 of own  | -
        take other 26.00 of own  | books.refused.set-off-differs
        still other 2000.00      | 1975.00
        overpaid own 0.00        | RecoveryExpected
        back own 1725.01 R-1     | books.refused.more-than-expected 1725.00
        give own 1725.00 to last | SetOffGiven
        give own 0.01 to more    | books.refused.not-held
        = own reserve 1750.00 outstanding 0.00 ordered 1750.00 paid 1750.00 settled false
        = other reserve 2000.00 outstanding 1975.00 ordered 25.00 paid 25.00 settled false
        still own 1750.00        | 1750.00
        ",
    );
}

#[test]
fn a_payment_that_only_the_bank_knew_counts_once_somebody_says_so() {
    check(
        "
        asked                                     | happens
        found own#1 300.00 is own by wang alone   | Reserved PaymentFound PaymentConfirmed
        found own#1 300.00 is own by wang alone   | -
        found own#1 300.00 is nothing by li alone | books.refused.found-explained
        = own reserve 300.00 outstanding 0.00 ordered 300.00 paid 300.00 settled true
        still own 1000.00                         | 700.00
        reserve own 1000.00                       | Reserved
        order own#1.1 700.00                      | PaymentOrdered
        = own reserve 1000.00 outstanding 0.00 ordered 1000.00 paid 300.00 settled false
        found own#2 0.00 is own by wang alone     | books.refused.amount
        ",
    );
}

#[test]
fn a_payment_that_only_the_bank_knew_and_that_came_back_counts_for_nothing() {
    check(
        "
        asked                                       | happens
        found own#1 300.00 is nothing by wang alone | FoundSetAside
        found own#1 300.00 is nothing by li alone   | -
        found own#1 300.00 is own by li alone       | books.refused.found-explained
        still own 1000.00                           | 1000.00
        = own reserve 0.00 outstanding 0.00 ordered 0.00 paid 0.00 settled true
        ",
    );
}

#[test]
fn where_it_takes_two_the_second_person_must_say_the_same() {
    check(
        "
        asked                             | happens
        found own#1 300.00 is own by wang | FoundStated
        found own#1 300.00 is own by wang | -
        found own#1 300.00 is nothing by li | FoundStated
        found own#1 300.00 is own by li   | FoundStated
        = own reserve 0.00 outstanding 0.00 ordered 0.00 paid 0.00 settled true
        found own#1 300.00 is own by wang | Reserved PaymentFound PaymentConfirmed
        = own reserve 300.00 outstanding 0.00 ordered 300.00 paid 300.00 settled true
        ",
    );
}

#[test]
fn what_the_books_had_as_rejected_or_ordered_otherwise_is_entered_as_the_bank_paid_it() {
    check(
        "
        asked                                       | happens
        reserve own 500.00                          | Reserved
        order own#1 500.00                          | PaymentOrdered
        reject own#1 closed                         | PaymentRejected
        found own#1 500.00 is third by wang alone   | books.refused.found-differs
        found own#1 500.00 is own by wang alone     | PaymentFound PaymentConfirmed
        reserve own 900.00                          | Reserved
        order own#1.1 400.00                        | PaymentOrdered
        found own#1.1 350.00 is nothing by li alone | books.refused.found-differs
        found own#1.1 350.00 is own by li alone     | PaymentFound PaymentConfirmed
        found own#1 500.00 is nothing by li alone   | books.refused.found-explained
        = own reserve 900.00 outstanding 50.00 ordered 850.00 paid 850.00 settled false
        still own 900.00                            | 50.00
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
        if let ["next", cover] = words[..] {
            let next = books.next_payment(&claim(), &exposure(cover), 1);
            assert_eq!(next, payment(expected.trim()), "{asked}");
            continue;
        }
        let happened = match Books::decide(&books, command(&books, &words)) {
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
    let values: String = refusal.values().iter().map(|(_, value)| format!(" {value}")).collect();
    if refusal.is_reconciliation() { format!("{refusal} !") } else { format!("{refusal}{values}") }
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

fn command(books: &Books, words: &[&str]) -> Command {
    let money = |text: &str| text.parse::<Money>().unwrap();
    match *words {
        ["reserve", cover, amount] => Command::Reserve { exposure: exposure(cover), amount: money(amount) },
        ["release", cover] => Command::Release { exposure: exposure(cover) },
        ["order", ref orders @ ..] => Command::Order {
            orders: orders.split(|word| *word == "&").map(order).collect(),
            approved_by: Actor::new(ActorKind::Staff, "approver-1"),
            approval: 1,
        },
        ["again", name, owed] => {
            let exposure = exposure(name.split_once('#').unwrap().0);
            let payment = books.next_payment(&claim(), &exposure, 1);
            let (account, approved_by) = (account(), Actor::new(ActorKind::Staff, "approver-1"));
            let (rejected, owed) = (self::payment(name), money(owed));
            Command::OrderAgain { rejected, payment, owed, account, approved_by, approval: 1 }
        }
        ["found", name, amount, "is", was, "by", by, ref alone @ ..] => Command::StateFound {
            found: Found {
                payment: self::payment(name),
                amount: money(amount),
                bank_reference: "B-9".to_owned(),
            },
            meaning: match was {
                "nothing" => Meaning::SetAside {
                    reason: serde_json::from_str(r#"{"subject":"claim-1","sealed":"v1.c2VhbGVk"}"#).unwrap(),
                },
                cover => Meaning::Paid { exposure: exposure(cover), payee: "A".to_owned() },
            },
            by: Actor::new(ActorKind::Staff, by),
            alone: alone == ["alone"],
        },
        ["give", own, amount, "to", other] => Command::GiveSetOff(set_off(own, amount, other, own)),
        ["take", own, amount, "of", other] => Command::TakeSetOff(set_off(own, amount, other, other)),
        ["overpaid", cover, owed] => Command::ExpectRecovery {
            from: books::PAYEE.to_owned(),
            cover: books::overpaid(&exposure(cover)),
            amount: books.overpaid_in_all(&exposure(cover), money(owed)),
        },
        ["back", cover, amount, number] => Command::ReceiveRecovery {
            from: books::PAYEE.to_owned(),
            cover: books::overpaid(&exposure(cover)),
            amount: money(amount),
            bank_reference: number.to_owned(),
            arrived_at: Moment::from_micros(0),
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
            arrived_at: Moment::from_micros(0),
        },
        ref other => panic!("unknown command {other:?}"),
    }
}

fn order(words: &[&str]) -> Order {
    let [name, amount] = words else { panic!("an order is `exposure#approval amount`") };
    Order {
        payment: payment(name),
        exposure: exposure(name.split_once('#').unwrap().0),
        amount: amount.parse().unwrap(),
        payee: "A".to_owned(),
        account: account(),
    }
}

/// What `own` and `other` settle between them; `from` is the one that holds too much.
fn set_off(own: &str, amount: &str, other: &str, from: &str) -> SetOff {
    let to = if from == own { other } else { own };
    SetOff {
        id: set_off_id((&claim(), &exposure(from)), (&claim(), &exposure(to)), 0),
        exposure: exposure(own),
        amount: amount.parse().unwrap(),
        payee: "A".to_owned(),
        other_claim: claim(),
        other_exposure: exposure(other),
    }
}

fn account() -> Private<Account> {
    serde_json::from_str(r#"{"subject":"payee-1","sealed":"v1.c2VhbGVk"}"#).unwrap()
}

fn claim() -> ClaimId {
    "A260502-7K3M9Q".parse().unwrap()
}

/// `own#1` is the payment of exposure `own` by the first approval, `own#1.2` the one after two that came to nothing.
fn payment(name: &str) -> PaymentId {
    let (cover, approval) = name.split_once('#').unwrap();
    let (approval, ended) = approval.split_once('.').unwrap_or((approval, "0"));
    payment_id(&claim(), &exposure(cover), approval.parse().unwrap(), ended.parse().unwrap())
}

fn exposure(cover: &str) -> ExposureId {
    cover.parse().unwrap()
}
