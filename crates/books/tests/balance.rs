//! Whatever is asked in whatever order, the books balance.

use std::collections::BTreeMap;

use books::{
    Account, AccountCode, Books, Command, Found, Meaning, Order, SetOff, overpaid, payment_id, postings,
    set_off_id,
};
use journal::{Actor, Decider};
use lexicon::{ExposureId, Moment, Money, PaymentId, Private};
use proptest::prelude::*;

proptest! {
    #[test]
    fn debits_equal_credits_after_every_event(commands in prop::collection::vec(command(), 0..60)) {
        let mut books = Books::default();
        let mut accounts: BTreeMap<AccountCode, i64> = AccountCode::ALL.map(|account| (account, 0)).into();
        for command in commands {
            let Ok(events) = Books::decide(&books, command.clone()) else { continue };
            for event in &events {
                let entry = postings(event, &books);
                prop_assert_eq!(entry.iter().map(|posting| posting.amount.fen()).sum::<i64>(), 0);
                for posting in entry {
                    *accounts.get_mut(&posting.account).unwrap() += posting.amount.fen();
                }
                let after = Books::evolve(books.clone(), event);
                prop_assert_ne!(&after, &books, "an event that changes nothing");
                books = after;
            }
            let posted: BTreeMap<_, _> = accounts.iter().map(|(account, fen)| (*account, Money::from_fen(*fen))).collect();
            prop_assert_eq!(posted, books.balances());
            for exposure in books.exposures() {
                prop_assert!(books.ordered_total(exposure) <= books.reserve(exposure));
                prop_assert!(books.paid_total(exposure) <= books.ordered_total(exposure));
                prop_assert!(books.returned(exposure) <= books.paid_total(exposure));
            }
            // Asking again changes nothing, except that a payment may be sent again.
            if !matches!(command, Command::MarkSent { .. }) {
                prop_assert_eq!(Books::decide(&books, command), Ok(Vec::new()));
            }
        }
    }
}

fn command() -> impl Strategy<Value = Command> {
    let amount = || (0i64..2_000).prop_map(Money::from_fen);
    let number = || (0u8..4).prop_map(|number| format!("B-{number}"));
    prop_oneof![
        (exposure(), amount()).prop_map(|(exposure, amount)| Command::Reserve { exposure, amount }),
        (prop::collection::vec((exposure(), 1u32..4, amount()), 1..3)).prop_map(|orders| Command::Order {
            orders: orders.into_iter().map(order).collect(),
            approved_by: Actor::system("adjudication"),
            approval: 1,
        }),
        payment().prop_map(|payment| Command::MarkSent { payment }),
        (payment(), number())
            .prop_map(|(payment, bank_reference)| Command::Confirm { payment, bank_reference }),
        payment().prop_map(|payment| Command::Reject { payment, code: "account-closed".to_owned() }),
        payment().prop_map(|payment| Command::Cancel { payment }),
        exposure().prop_map(|exposure| Command::Release { exposure }),
        (party(), amount()).prop_map(|(from, amount)| Command::ExpectRecovery {
            from,
            cover: "own-damage".to_owned(),
            amount
        }),
        (party(), amount(), number()).prop_map(|(from, amount, bank_reference)| Command::ReceiveRecovery {
            from,
            cover: "own-damage".to_owned(),
            amount,
            bank_reference,
            arrived_at: Moment::from_micros(0),
        }),
        (exposure(), 1u32..4, 0u32..3, amount()).prop_map(|(exposure, approval, ended, owed)| {
            Command::OrderAgain {
                rejected: named(&exposure, approval),
                payment: payment_id(&"A260502-7K3M9Q".parse().unwrap(), &exposure, approval, ended),
                owed,
                account: account(),
                approved_by: Actor::system("adjudication"),
                approval,
            }
        }),
        (exposure(), exposure(), amount(), 0u32..3).prop_map(|(own, other, amount, number)| {
            Command::GiveSetOff(set_off(own, other, amount, number))
        }),
        (exposure(), exposure(), amount(), 0u32..3).prop_map(|(own, other, amount, number)| {
            Command::TakeSetOff(set_off(own, other, amount, number))
        }),
        (payment(), amount(), meaning(), 0u8..3, any::<bool>()).prop_map(
            |(payment, amount, meaning, person, alone)| Command::StateFound {
                found: Found { payment, amount, bank_reference: "B-9".to_owned() },
                meaning,
                by: Actor::system(&format!("person-{person}")),
                alone,
            }
        ),
        (exposure(), amount(), number()).prop_map(|(exposure, amount, number)| Command::ReceiveRecovery {
            from: books::PAYEE.to_owned(),
            cover: overpaid(&exposure),
            amount,
            bank_reference: format!("back-{number}"),
            arrived_at: Moment::from_micros(0),
        }),
    ]
}

fn meaning() -> impl Strategy<Value = Meaning> {
    let reason = serde_json::from_str(r#"{"subject":"claim-1","sealed":"v1.c2VhbGVk"}"#).unwrap();
    prop_oneof![
        exposure().prop_map(|exposure| Meaning::Paid { exposure, payee: "A".to_owned() }),
        Just(Meaning::SetAside { reason }),
    ]
}

fn set_off(exposure: ExposureId, other: ExposureId, amount: Money, number: u32) -> SetOff {
    let claim = || "A260502-7K3M9Q".parse().unwrap();
    SetOff {
        id: set_off_id((&claim(), &exposure), (&claim(), &other), number),
        exposure,
        amount,
        payee: "A".to_owned(),
        other_claim: claim(),
        other_exposure: other,
    }
}

fn account() -> Private<Account> {
    serde_json::from_str(r#"{"subject":"payee-1","sealed":"v1.c2VhbGVk"}"#).unwrap()
}

fn exposure() -> impl Strategy<Value = ExposureId> {
    prop_oneof![Just("own-damage.v1"), Just("third-party.v2")].prop_map(|text| text.parse().unwrap())
}

fn party() -> impl Strategy<Value = String> {
    prop_oneof![Just("B"), Just("C")].prop_map(str::to_owned)
}

fn payment() -> impl Strategy<Value = PaymentId> {
    (exposure(), 1u32..4).prop_map(|(exposure, approval)| named(&exposure, approval))
}

fn named(exposure: &ExposureId, approval: u32) -> PaymentId {
    payment_id(&"A260502-7K3M9Q".parse().unwrap(), exposure, approval, 0)
}

fn order((exposure, approval, amount): (ExposureId, u32, Money)) -> Order {
    let account = account();
    Order { payment: named(&exposure, approval), exposure, amount, payee: "A".to_owned(), account }
}
