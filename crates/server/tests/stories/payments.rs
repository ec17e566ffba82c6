//! The bank at its worst: whatever it does, and wherever the process dies, every approval is paid once and every claim ends.

use std::collections::HashSet;
use std::sync::Arc;

use books::{Books, PaymentStatus};
use claim::events::BankAccount;
use connectors::Behaviour;
use lexicon::{ClaimId, PaymentId};

use crate::support::{GatedBank, Hold, World, fang, lin, notice, yuan};

/// S1 until the bank has been asked.
async fn approved_scrape(world: &World) -> ClaimId {
    let claim = world.report("lin", notice(world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    claim
}

async fn only_payment(world: &World, claim: &ClaimId) -> (PaymentId, PaymentStatus) {
    let books = world.app.streams().load::<Books>(claim).await.unwrap().state;
    let [payment] = books.payments() else { panic!("{:?}", books.payments()) };
    (payment.id.clone(), payment.status.clone())
}

/// Rounds for an hour, a minute apart; how many until the claim was closed.
async fn rounds_until_closed(world: &World, claim: &ClaimId) -> Option<usize> {
    for round in 0..60 {
        if world.claim(claim).await.stage == claim::Stage::Closed {
            return Some(round);
        }
        world.wait_minutes(1);
        world.round().await;
    }
    None
}

#[tokio::test]
async fn whatever_the_bank_does_an_approval_is_paid_once() {
    for (behaviour, rounds) in [
        (Behaviour::AtOnce, 0),
        (Behaviour::Late { questions: 0 }, 1),
        (Behaviour::Late { questions: 3 }, 4),
        // Asked ever more seldom.
        (Behaviour::Late { questions: 6 }, 10),
        (Behaviour::TimeoutAfterPaying, 1),
        (Behaviour::TimeoutBeforePaying, 1),
        (Behaviour::Twice, 0),
    ] {
        let named = format!("{behaviour:?}");
        let world = World::with_bank(move |_| behaviour.clone()).await;
        let claim = approved_scrape(&world).await;
        world.settle().await;
        if rounds > 0 {
            assert_eq!(world.ball(&claim).await, "bank ball.bank", "{named}");
        }
        assert_eq!(rounds_until_closed(&world, &claim).await, Some(rounds), "{named}");
        world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen\nball you ball.rate").await;
        world.audit().await;
    }
}

#[tokio::test]
async fn a_bank_that_is_late_for_minutes_goes_to_a_person_and_the_task_ends_with_the_payment() {
    let world = World::with_bank(|_| Behaviour::Late { questions: 7 }).await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    for _ in 0..6 {
        world.wait_minutes(1);
        world.round().await;
    }
    world.expect(&claim, "open fix-payment payments\nball us ball.payment-check").await;
    assert!(rounds_until_closed(&world, &claim).await.is_some());
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn a_silent_bank_goes_to_a_person_and_the_payment_stays_known_as_sent() {
    let world = World::with_bank(|_| Behaviour::Silent).await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    assert_eq!(world.ball(&claim).await, "bank ball.bank");
    assert_eq!(rounds_until_closed(&world, &claim).await, None);
    world
        .expect(
            &claim,
            "approved 1860.00 system\npaid\nopen fix-payment payments\nball us ball.payment-check",
        )
        .await;
    assert!(matches!(only_payment(&world, &claim).await.1, PaymentStatus::Sent { .. }));
    assert!(world.bank.requests().find < 20, "asked ever more seldom: {:?}", world.bank.requests());
    world.audit().await;
}

#[tokio::test]
async fn a_rejected_payment_goes_to_another_account_once() {
    let world = World::with_bank(|instruction| match instruction.account.as_str() {
        "6222020200012345678" => Behaviour::Rejects { code: "AC04".to_owned() },
        _ => Behaviour::AtOnce,
    })
    .await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    world.expect(&claim, "paid\nopen fix-payment payments\nball us ball.payment-check").await;
    assert!(world.letters(&claim).contains(&"payment-rejected".to_owned()));
    let other = BankAccount { name: "林知远".to_owned(), number: "6217000010000000001".to_owned() };
    world.app.choose_account(&world.customer("lin").await, &claim, None, &other).await.unwrap();
    world.settle().await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nback\nopen\nball you ball.rate").await;
    assert_eq!(world.bank.payments().len(), 1);
    world.audit().await;
}

#[tokio::test]
async fn a_payment_that_the_bank_rejected_for_a_passing_reason_is_paid_again_to_the_same_account() {
    // The account is blocked for three attempts, then no more.
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let world = World::with_bank(move |_| match attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0..2 => Behaviour::Rejects { code: "AC06".to_owned() },
        2 => Behaviour::Silent,
        _ => Behaviour::AtOnce,
    })
    .await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    let again = async |payment: &PaymentId| {
        let request = world.by("manager", app::Role::Manager).await;
        let done = world.app.pay_again(&request, &claim, payment).await;
        world.settle().await;
        done.map_err(|failure| failure.to_string())
    };
    let payments = async || {
        let books = world.app.streams().load::<Books>(&claim).await.unwrap().state;
        books.payments().iter().map(|one| (one.id.clone(), one.status.word())).collect::<Vec<_>>()
    };
    let (first, _) = payments().await.remove(0);
    assert_eq!(again(&"P0".parse().unwrap()).await, Err("not found".to_owned()));
    again(&first).await.unwrap();
    world
        .expect(&claim, "paid\nopen fix-payment payments | fix-payment payments\nball us ball.payment-check")
        .await;
    let (second, _) = payments().await.remove(1);
    again(&second).await.unwrap();
    let statuses: Vec<_> = payments().await.into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, ["rejected", "rejected", "sent"]);
    // It is under way: asking again changes nothing, and neither does another account.
    again(&second).await.unwrap();
    world.account("lin", &claim, "A").await;
    assert_eq!(payments().await.len(), 3);
    let (third, _) = payments().await.remove(2);
    assert_eq!(again(&third).await, Err("refused: books.refused.not-rejected".to_owned()));
    assert_eq!(world.bank.payments().len(), 0);
    world.audit().await;
}

#[tokio::test]
async fn what_is_paid_again_ends_the_task_and_cannot_be_paid_a_third_time() {
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let world = World::with_bank(move |_| match attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Behaviour::Rejects { code: "AC06".to_owned() },
        _ => Behaviour::AtOnce,
    })
    .await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    let (payment, _) = only_payment(&world, &claim).await;
    let request = world.by("zhao", app::Role::Approver).await;
    world.app.pay_again(&request, &claim, &payment).await.unwrap();
    world.app.pay_again(&request, &claim, &payment).await.unwrap();
    world.settle().await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nback\nopen\nball you ball.rate").await;
    let another = world.by("zhao", app::Role::Approver).await;
    let refused = world.app.pay_again(&another, &claim, &payment).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: books.refused.nothing-left");
    assert_eq!(world.bank.payments().len(), 1);
    world.audit().await;
}

#[tokio::test]
async fn what_is_being_decided_again_is_not_paid_again() {
    let world = World::with_bank(|_| Behaviour::Rejects { code: "AC06".to_owned() }).await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    let (payment, _) = only_payment(&world, &claim).await;
    world.reopen(&claim, claim::events::ReopenCause::Supplement).await;
    let request = world.by("zhao", app::Role::Approver).await;
    let refused = world.app.pay_again(&request, &claim, &payment).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: books.refused.not-approved");
    world.audit().await;
}

#[tokio::test]
async fn a_payment_that_arrives_leaves_another_of_the_same_exposure_that_failed_to_its_person() {
    let world = World::with_bank(|instruction| match instruction.amount == yuan("1860.00") {
        true => Behaviour::Late { questions: 2 },
        false => Behaviour::Rejects { code: "AC06".to_owned() },
    })
    .await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    world.reopen(&claim, claim::events::ReopenCause::Supplement).await;
    world.assess(&claim, "A", "2460.00").await;
    world.approve(&claim, "zhao", app::Role::Approver).await.unwrap();
    world.expect(&claim, "paid\nopen fix-payment payments").await;
    for _ in 0..4 {
        world.wait_minutes(1);
        world.round().await;
    }
    // The first has arrived; the 600.00 of the supplement have not.
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen fix-payment payments").await;
    assert_eq!(world.ball(&claim).await, "us ball.payment-check");
    world.audit().await;
}

#[tokio::test]
async fn figures_that_fell_leave_nothing_reserved_or_owed_back_when_the_bank_rejects_the_payment_after_all() {
    let rejects = Behaviour::RejectsLate { questions: 1, code: "AC06".to_owned() };
    let world = World::with_bank(move |_| rejects.clone()).await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    // Looked at again, the lamp was not broken by this accident; 1,860.00 are under way.
    world.assess(&claim, "A", "560.00").await;
    world.approve(&claim, "zhao", app::Role::Approver).await.unwrap();
    world.expect(&claim, "paid\nback payee overpaid.own-damage.A.A.property 1300.00").await;
    assert_eq!(world.reserved(&claim).await, "1860.00");
    for _ in 0..2 {
        world.wait_minutes(1);
        world.round().await;
    }
    world.expect(&claim, "paid\nback\nopen fix-payment payments\nball us ball.payment-check").await;
    assert_eq!(world.reserved(&claim).await, "560.00");
    world.audit().await;
}

#[tokio::test]
async fn a_payment_that_arrived_is_not_asked_about_again_where_the_bank_would_name_it_otherwise() {
    let world = World::with_bank(|_| Behaviour::Twice).await;
    let claim = approved_scrape(&world).await;
    world.settle().await;
    let (payment, _) = only_payment(&world, &claim).await;
    let asked = world.bank.requests();
    world.app.pay(&claim, &payment).await.unwrap();
    world.settle().await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen\nball you ball.rate").await;
    assert_eq!(world.bank.requests(), asked);
    assert_eq!(world.bank.payments().len(), 1);
    world.audit().await;
}

#[tokio::test]
async fn an_account_given_later_is_paid_then() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.papers_without_account("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "approved\npaid\nball you ball.papers").await;
    world.account("lin", &claim, "A").await;
    world
        .expect(&claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00\nball you ball.rate")
        .await;
    world.audit().await;
}

/// The process dies while a request hangs, comes back, dies again on the next one, and comes back to a bank that answers.
#[tokio::test]
async fn a_process_that_dies_between_us_and_the_bank_neither_loses_nor_repeats_a_payment() {
    for first in [Hold::BeforePaying, Hold::AfterPaying] {
        for second in [Hold::BeforePaying, Hold::AfterPaying] {
            let mut world = World::open().await;
            let gate = Arc::new(GatedBank::new(world.bank.clone(), first));
            world.rise(gate.clone());
            let claim = approved_scrape(&world).await;
            gate.hangs().await;
            let gate = Arc::new(GatedBank::new(world.bank.clone(), second));
            world.rise(gate.clone());
            if first == Hold::BeforePaying {
                // The bank knows nothing of it, so it is asked again, and hangs again.
                gate.hangs().await;
            } else {
                world.settle().await;
            }
            world.rise(world.bank.clone());
            world.settle().await;
            world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen\nball you ball.rate").await;
            assert_eq!(world.bank.payments().len(), 1, "{first:?}, {second:?}");
            world.audit().await;
        }
    }
}

#[tokio::test]
async fn a_process_that_dies_on_disk_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::on_disk(folder.path()).await;
    let gate = Arc::new(GatedBank::new(world.bank.clone(), Hold::AfterPaying));
    world.rise(gate.clone());
    let claim = approved_scrape(&world).await;
    gate.hangs().await;
    world.reopen_store(folder.path());
    world.settle().await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen\nball you ball.rate").await;
    assert_eq!(world.bank.payments().len(), 1);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_who_pay_at_once_pay_once() {
    for behaviour in [
        Behaviour::AtOnce,
        Behaviour::Late { questions: 5 },
        Behaviour::TimeoutAfterPaying,
        Behaviour::TimeoutBeforePaying,
    ] {
        let named = format!("{behaviour:?}");
        let mut world = World::with_bank(move |_| behaviour.clone()).await;
        let gate = Arc::new(GatedBank::new(world.bank.clone(), Hold::BeforePaying));
        world.rise(gate.clone());
        let claim = approved_scrape(&world).await;
        gate.hangs().await;
        world.die();
        let (payment, _) = only_payment(&world, &claim).await;
        world.rise_without_work(world.bank.clone());
        for _ in 0..3 {
            let racers = (0..64).map(|_| {
                let (app, claim, payment) = (world.app.clone(), claim.clone(), payment.clone());
                tokio::spawn(async move { app.pay(&claim, &payment).await })
            });
            for racer in racers.collect::<Vec<_>>() {
                racer.await.unwrap().unwrap();
            }
        }
        world.rise(world.bank.clone());
        world.settle().await;
        assert!(rounds_until_closed(&world, &claim).await.is_some(), "{named}");
        let paid: HashSet<_> = world.bank.payments().into_iter().map(|(reference, _)| reference).collect();
        assert_eq!((paid.len(), world.bank.payments().len()), (1, 1), "{named}");
        world.expect(&claim, "paid own-damage.A.A.property 1860.00\nopen\nball you ball.rate").await;
        world.audit().await;
    }
}

/// Many claims, a bank that does everything, and a process that dies again and again wherever it happens to be.
#[tokio::test]
async fn claims_in_a_bad_week_are_all_paid_once() {
    let behaviours = vec![
        (4, Behaviour::AtOnce),
        (2, Behaviour::Late { questions: 2 }),
        (2, Behaviour::TimeoutAfterPaying),
        (2, Behaviour::TimeoutBeforePaying),
        (1, Behaviour::Twice),
    ];
    let mut world = World::with_bank(connectors::seeded(7, behaviours)).await;
    let mut claims = vec![];
    for day in 0..12 {
        world.at(&format!("2026-06-{:02}T10:00:00+08:00", 1 + day * 2));
        for (who, plate) in [("lin", lin()), ("fang", fang()), ("zhou", "京A36D19")] {
            let taken =
                world.app.take_notice(&world.customer(who).await, notice(&world, plate)).await.unwrap();
            let claim = taken.claim;
            if day % 3 == 0 {
                world.rise(world.bank.clone());
            }
            world.settle().await;
            world.papers(who, &claim).await;
            world.pick_quickly(who, &claim, "rear-bumper scratch, tail-lamp-right broken").await;
            world.rise(world.bank.clone());
            claims.push(claim);
        }
    }
    for _ in 0..20 {
        world.wait_minutes(1);
        world.round().await;
    }
    let mut paid_in_all = 0;
    for claim in &claims {
        let state = world.claim(claim).await;
        if state.approvals.is_empty() {
            // From the third claim within a year on, somebody looks closer first.
            assert!(state.warnings.contains(&rulebook::Warning::ManyClaims), "{claim}: {:?}", state.stage);
            continue;
        }
        world.expect(claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00\nopen").await;
        paid_in_all += 1;
    }
    assert_eq!(paid_in_all, 9, "three of each customer's");
    assert_eq!(world.bank.payments().len(), paid_in_all);
    world.audit().await;
}
