//! What each behaviour of the stand-in bank looks like from outside, and what it really does.

use std::io::Write;

use app::ports::{Bank, BankAnswer, BankError, PaymentInstruction};
use connectors::{Behaviour, Durability, FakeBank, Outcome, Requests, seeded};
use futures::executor::block_on;
use lexicon::Money;

#[test]
fn every_behaviour_answers_as_it_says_and_pays_at_most_once() {
    let rejects = || Behaviour::Rejects { code: "account-closed".to_owned() };
    for (behaviour, answers, paid) in [
        (Behaviour::AtOnce, "pay: paid FB0000000001, find: paid FB0000000001, pay: paid FB0000000001", 1),
        (
            Behaviour::Late { questions: 2 },
            "pay: pending, find: pending, find: pending, find: paid FB0000000001",
            1,
        ),
        (Behaviour::Late { questions: 0 }, "pay: pending, pay: paid FB0000000001, pay: paid FB0000000001", 1),
        (Behaviour::TimeoutAfterPaying, "pay: -, find: paid FB0000000001, pay: paid FB0000000001", 1),
        (Behaviour::TimeoutBeforePaying, "pay: -, find: unknown, find: unknown, pay: paid FB0000000001", 1),
        (
            rejects(),
            "pay: rejected account-closed, find: rejected account-closed, pay: rejected account-closed",
            0,
        ),
        (
            Behaviour::RejectsLate { questions: 1, code: "AC06".to_owned() },
            "pay: pending, find: pending, find: rejected AC06, pay: rejected AC06",
            0,
        ),
        (Behaviour::Twice, "pay: paid FB0000000001, find: paid FB0000000001-S, pay: paid FB0000000001-S", 1),
        (Behaviour::Silent, "pay: -, find: -, pay: -", 0),
    ] {
        let planned = behaviour.clone();
        let bank = FakeBank::in_memory(move |_| planned.clone());
        let heard: Vec<String> =
            answers.split(", ").map(|step| ask(&bank, step.split(':').next().unwrap())).collect();
        assert_eq!(heard.join(", "), answers, "{behaviour:?}");
        assert_eq!(bank.payments().len(), paid, "{behaviour:?}");
    }
}

#[test]
fn another_amount_under_a_known_reference_gets_the_first_result() {
    let bank = FakeBank::in_memory(|_| Behaviour::AtOnce);
    let first = block_on(bank.pay(instruction("P1", 100)));
    assert_eq!(block_on(bank.pay(instruction("P1", 99_900))), first);
    assert_eq!(bank.payments(), [("P1".parse().unwrap(), Money::from_fen(100))]);
    assert_eq!(bank.requests(), Requests { pay: 2, find: 0 });
}

#[test]
fn the_statement_tells_what_was_paid_and_for_which_claim() {
    let bank = FakeBank::in_memory(|instruction| match instruction.reference.as_str() {
        "P2" => Behaviour::Rejects { code: "account-closed".to_owned() },
        _ => Behaviour::AtOnce,
    });
    for reference in ["P1", "P2", "P3"] {
        block_on(bank.pay(instruction(reference, 100))).unwrap();
    }
    let told = block_on(bank.statement(lexicon::Moment::from_micros(0))).unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|line| (line.reference.as_str(), line.amount.fen(), line.claim.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(told, [("P1", 100, "A260502-7K3M9Q"), ("P3", 100, "A260502-7K3M9Q")]);
}

#[test]
fn a_reference_never_heard_of_is_unknown() {
    let bank = FakeBank::in_memory(|_| Behaviour::AtOnce);
    assert_eq!(block_on(bank.find(&"P9".parse().unwrap())), Ok(BankAnswer::Unknown));
    assert!(bank.ledger().is_empty());
}

#[test]
fn the_ledger_survives_the_process_and_half_a_line_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.jsonl");
    let plan = |instruction: &PaymentInstruction| match instruction.reference.as_str() {
        "P1" => Behaviour::TimeoutAfterPaying,
        "P2" => Behaviour::Late { questions: 0 },
        _ => Behaviour::Rejects { code: "account-closed".to_owned() },
    };
    let bank = FakeBank::open(&path, Durability::Power, plan).unwrap();
    for reference in ["P1", "P2", "P3"] {
        let _lost_with_the_process = block_on(bank.pay(instruction(reference, 100)));
    }
    drop(bank);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"reference":"P4","amo"#).unwrap();
    drop(file);

    // The behaviours met before the death still hold; the plan is asked for new references only.
    let bank = FakeBank::open(&path, Durability::Process, |_| Behaviour::AtOnce).unwrap();
    let find = |reference: &str| block_on(bank.find(&reference.parse().unwrap())).unwrap();
    let paid = |number: &str| BankAnswer::Paid { bank_reference: number.to_owned() };
    assert_eq!(find("P1"), paid("FB0000000001"));
    assert_eq!(find("P2"), paid("FB0000000002"));
    assert_eq!(find("P3"), BankAnswer::Rejected { code: "account-closed".to_owned() });
    assert_eq!(find("P4"), BankAnswer::Unknown);
    assert_eq!(block_on(bank.pay(instruction("P4", 1))), Ok(paid("FB0000000003")));
    drop(bank);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 5, "P2 has two lines: taken, then paid");
    assert!(!text.contains("6222"), "no account number is kept");
}

#[test]
fn processes_on_one_ledger_are_clients_of_one_bank() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.jsonl");
    let plan = |instruction: &PaymentInstruction| match instruction.reference.as_str() {
        "late" => Behaviour::Late { questions: 1 },
        _ => Behaviour::AtOnce,
    };
    let open = || FakeBank::open(&path, Durability::Process, plan).unwrap();
    let (one, other) = (open(), open());
    let paid = |number: &str| Ok(BankAnswer::Paid { bank_reference: number.to_owned() });
    assert_eq!(block_on(one.pay(instruction("P1", 100))), paid("FB0000000001"));
    assert_eq!(block_on(other.pay(instruction("P1", 100))), paid("FB0000000001"), "paid once");
    assert_eq!(block_on(other.pay(instruction("P2", 200))), paid("FB0000000002"), "no number twice");
    assert_eq!(block_on(one.pay(instruction("late", 1))), Ok(BankAnswer::Pending));
    let late = "late".parse().unwrap();
    assert_eq!(block_on(other.find(&late)), Ok(BankAnswer::Pending));
    assert_eq!(block_on(other.find(&late)), paid("FB0000000003"));
    assert_eq!(block_on(one.find(&late)), paid("FB0000000003"));
    // Half a line of a process that was killed is dropped by whoever comes next.
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"reference":"P4","amo"#).unwrap();
    assert_eq!(block_on(one.pay(instruction("P4", 4))), paid("FB0000000004"));
    assert_eq!(other.payments(), one.payments());
    assert_eq!(other.ledger(), open().ledger());

    let racers: Vec<_> = (0..4)
        .map(|_| {
            let bank = open();
            let pay = move |number| block_on(bank.pay(instruction(&format!("R{number}"), 1))).unwrap();
            std::thread::spawn(move || (0..100).map(pay).collect::<Vec<_>>())
        })
        .collect();
    let mut answers: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "all are told the same");
    assert_eq!(one.payments().len(), 104);
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.jsonl");
    for foreign in ["not a ledger\n", "not a ledger", "{}"] {
        std::fs::write(&path, foreign).unwrap();
        assert!(FakeBank::open(&path, Durability::Process, |_| Behaviour::AtOnce).is_err(), "{foreign:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), foreign);
    }
}

#[test]
fn a_seed_deals_behaviours_by_weight_and_always_the_same() {
    let behaviours = || vec![(3, Behaviour::AtOnce), (0, Behaviour::Silent), (1, Behaviour::Twice)];
    let dealt = |seed: u64| -> Vec<Behaviour> {
        let plan = seeded(seed, behaviours());
        (0..400).map(|number| plan(&instruction(&format!("P{number}"), 1))).collect()
    };
    let first = dealt(7);
    assert_eq!(first, dealt(7));
    assert_ne!(first, dealt(8));
    let count = |behaviour: &Behaviour| first.iter().filter(|dealt| *dealt == behaviour).count();
    assert_eq!(count(&Behaviour::Silent), 0);
    assert!((250..350).contains(&count(&Behaviour::AtOnce)), "three in four: {}", count(&Behaviour::AtOnce));
}

#[test]
fn sixty_four_racing_requests_pay_once() {
    let bank = FakeBank::in_memory(|_| Behaviour::TimeoutAfterPaying);
    std::thread::scope(|threads| {
        for _ in 0..64 {
            threads.spawn(|| block_on(bank.pay(instruction("P1", 100))));
        }
    });
    assert_eq!(bank.payments().len(), 1);
    assert!(matches!(bank.ledger()[..], [ref only] if matches!(only.outcome, Outcome::Paid { .. })));
}

fn ask(bank: &FakeBank, step: &str) -> String {
    let answer = match step {
        "pay" => block_on(bank.pay(instruction("P1", 100))),
        "find" => block_on(bank.find(&"P1".parse().unwrap())),
        other => panic!("unknown step {other}"),
    };
    let said = match answer {
        Ok(BankAnswer::Paid { bank_reference }) => format!("paid {bank_reference}"),
        Ok(BankAnswer::Rejected { code }) => format!("rejected {code}"),
        Ok(BankAnswer::Pending) => "pending".to_owned(),
        Ok(BankAnswer::Unknown) => "unknown".to_owned(),
        Err(BankError(_)) => "-".to_owned(),
    };
    format!("{step}: {said}")
}

fn instruction(reference: &str, fen: i64) -> PaymentInstruction {
    PaymentInstruction {
        reference: reference.parse().unwrap(),
        amount: Money::from_fen(fen),
        account: "6222020200112233447".to_owned(),
        name: "张三".to_owned(),
        claim: "A260502-7K3M9Q".parse().unwrap(),
    }
}
