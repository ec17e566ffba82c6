//! The store is lost and an older backup is restored: whatever the bank did meanwhile, nothing is ever paid twice.

use std::collections::HashSet;
use std::path::Path;

use app::{Failure, FoundWas, Role};
use books::{Books, HoldEvent, PaymentsHeld, hold_stream};
use claim::TaskKind;
use insight::VIEWS;
use journal::{Actor, Event};
use lexicon::{ClaimId, Moment, Money, PaymentId};
use store::copy::{LastWord, Original, Until, back_up, restore};
use store::{Config, MasterKey};

use crate::support::{World, fang, lin, notice, yuan};

fn config(folder: &Path, key: &Path) -> Config {
    let master_key = MasterKey::File(key.into());
    Config { folder: folder.into(), database: None, views: VIEWS, master_key }
}

/// A scrape until the bank has paid.
async fn paid_scrape(world: &World, who: &str, plate: &str) -> ClaimId {
    let claim = world.report(who, notice(world, plate)).await;
    world.papers(who, &claim).await;
    world.pick_quickly(who, &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.settle().await;
    claim
}

async fn payments(world: &World, claim: &ClaimId) -> usize {
    world.app.streams().load::<Books>(claim).await.unwrap().state.payments().len()
}

/// Backs up the store in `data`, beside it.
fn back_up_beside(place: &Path) {
    let data = place.join("data");
    let data = config(&data, &data.join("master.key"));
    back_up(&Original::open(&data).unwrap(), &place.join("backup"), &place.join("keys"), &mut |_| ())
        .unwrap();
}

/// Restores the backup into `new`, beside it.
fn restore_beside(world: &World, place: &Path) {
    let at = |name: &str| place.join(name);
    std::fs::create_dir(at("new")).unwrap();
    std::fs::copy(at("data/master.key"), at("new/master.key")).unwrap();
    let now = world.now();
    let event = |restored_to: u64, last_entry_at: Moment| {
        HoldEvent::from(PaymentsHeld { restored_to, last_entry_at, at: now }).encode()
    };
    let word = LastWord { stream: hold_stream(), event: &event, actor: Actor::system("restore"), at: now };
    let new = config(&at("new"), &at("new/master.key"));
    restore((&at("backup"), &at("keys")), &[], &new, Until::End, &word, &mut |_| ()).unwrap();
}

fn paid_once(world: &World) {
    let mut seen = HashSet::new();
    for (reference, _) in world.bank.payments() {
        assert!(seen.insert(reference.clone()), "{reference} was paid twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restore_nothing_is_paid_twice() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    std::fs::create_dir(at("data")).unwrap();
    let mut world = World::on_disk(&at("data")).await;
    let before = paid_scrape(&world, "lin", lin()).await;
    // Reported and not assessed when the backup is made; paid after it.
    let between = world.report("fang", notice(&world, fang())).await;
    world.papers("fang", &between).await;
    world.settle().await;
    back_up_beside(place.path());
    world.pick_quickly("fang", &between, "rear-bumper scratch, tail-lamp-right broken").await;
    world.settle().await;
    assert_eq!(world.bank.payments().len(), 2);

    restore_beside(&world, place.path());
    world.reopen_store(&at("new"));
    world.settle().await;

    // The journal knows nothing of the second payment, and until it was compared nothing leaves.
    assert!(world.app.payments_held().await.unwrap().is_some());
    assert_eq!(payments(&world, &between).await, 0);
    let asked = world.bank.requests();
    let found = world.app.reconcile(false).await.unwrap();
    assert_eq!((found.lines, found.agreed, found.for_people.len(), found.freed), (2, 1, 1, true));
    assert_eq!(found.for_people[0].0, between);
    assert_eq!(world.bank.requests(), asked, "nobody was paid by comparing");
    assert!(world.app.payments_held().await.unwrap().is_none());

    // Other damage than before: an order of its own, which waits for a person.
    world.pick_quickly("fang", &between, "rear-bumper scratch").await;
    world.settle().await;
    world.round().await;
    assert_eq!(payments(&world, &between).await, 0, "held back until somebody looked");
    assert_eq!(world.bank.payments().len(), 2);
    paid_once(&world);
    assert_eq!(payments(&world, &before).await, 1);
    // Asked once more, there is nothing left to do.
    assert_eq!(world.app.reconcile(false).await.unwrap().held, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_approval_given_again_is_the_same_payment() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    std::fs::create_dir(at("data")).unwrap();
    let mut world = World::on_disk(&at("data")).await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.papers("lin", &claim).await;
    world.settle().await;
    back_up_beside(place.path());
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.settle().await;
    let paid = world.bank.payments();
    assert_eq!(paid.len(), 1);

    restore_beside(&world, place.path());
    world.reopen_store(&at("new"));
    world.settle().await;
    assert!(world.app.reconcile(false).await.unwrap().freed);

    // What was done after the backup is done again, just so: the order is the one that the bank has paid.
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.settle().await;
    for _ in 0..3 {
        world.wait_minutes(1);
        world.round().await;
    }
    assert_eq!(world.bank.payments(), paid, "nothing more has left");
    assert_eq!(payments(&world, &claim).await, 1);
    world.audit().await;
}

/// A claim that the bank paid for a scratch after the backup; the restored books know nothing of it, and the customer has reported
/// more damage since, so that 1,860.00 is owed.
async fn paid_and_forgotten(world: &mut World, place: &Path) -> (ClaimId, PaymentId, Money) {
    let claim = world.report("lin", notice(world, lin())).await;
    world.papers("lin", &claim).await;
    world.settle().await;
    back_up_beside(place);
    world.pick_quickly("lin", &claim, "rear-bumper scratch").await;
    world.settle().await;
    let (payment, amount) = world.bank.payments().remove(0);

    restore_beside(world, place);
    world.reopen_store(&place.join("new"));
    world.settle().await;
    assert!(world.app.reconcile(false).await.unwrap().freed);
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.settle().await;
    assert_eq!(world.bank.payments().len(), 1, "nothing is ordered before somebody says what was paid");
    (claim, payment, amount)
}

/// What `name`, who may move money, says that the payment was.
async fn says(
    world: &World,
    name: &str,
    claim: &ClaimId,
    payment: &PaymentId,
    was: FoundWas,
) -> Result<(), Failure> {
    let request = world.by(name, Role::Approver).await;
    let done = world.app.explain_found(&request, claim, payment, &was).await;
    world.settle().await;
    done
}

fn set_aside() -> FoundWas {
    FoundWas::SetAside { reason: "银行五月三日退回，流水号 R-1".to_owned() }
}

async fn finish(world: &World, claim: &ClaimId) -> Result<(), Failure> {
    let request = world.by("zhao", Role::Approver).await;
    let open = world.claim(claim).await;
    let (task, _) = open.open_tasks().find(|(_, task)| task.kind == TaskKind::FixPayment).unwrap();
    world.app.finish_task(&request, claim, task).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_bank_paid_counts_once_somebody_says_so_and_only_the_rest_is_ordered() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("data")).unwrap();
    let mut world = World::on_disk(&place.path().join("data")).await;
    let (claim, payment, paid) = paid_and_forgotten(&mut world, place.path()).await;

    // The task cannot be put away without an answer.
    let refused = finish(&world, &claim).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: books.refused.found-undecided");
    let words = app::words::Words::of(app::words::Lang::Zh);
    let page = world.app.staff_claim_page(&claim, words).await.unwrap().staff.unwrap();
    let [found] = &page.found[..] else { panic!("{:?}", page.found) };
    assert_eq!((found.payment.as_str(), found.amount.0), (payment.as_str(), paid));
    assert_eq!(found.exposures, ["own-damage.A.A.property"], "its reference tells what it paid");
    let elsewhere = FoundWas::Paid { exposure: Some("own-damage.B.B.property".parse().unwrap()) };
    let refused = says(&world, "zhao", &claim, &payment, elsewhere).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: books.refused.found-exposure");
    let unknown = says(&world, "zhao", &claim, &"P0".parse().unwrap(), set_aside()).await;
    assert_eq!(unknown.unwrap_err(), Failure::NotFound);

    says(&world, "zhao", &claim, &payment, FoundWas::Paid { exposure: None }).await.unwrap();
    says(&world, "qian", &claim, &payment, FoundWas::Paid { exposure: None }).await.unwrap();
    let refused = says(&world, "qian", &claim, &payment, set_aside()).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: books.refused.found-explained");
    let payments = world.bank.payments();
    assert_eq!(payments.len(), 2, "{payments:?}");
    assert_eq!(payments[1].1, yuan("1860.00").less(paid), "the rest, and no more");
    paid_once(&world);
    world
        .expect(&claim, "paid own-damage.A.A.property 560.00 + 1300.00\nback\nopen\nball you ball.rate")
        .await;
    // Done once more by a process that remembers nothing, it changes nothing.
    for _ in 0..2 {
        world.wait_minutes(1);
        world.round().await;
    }
    assert_eq!(world.bank.payments(), payments);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_back_to_us_is_paid_under_another_reference() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("data")).unwrap();
    let mut world = World::on_disk(&place.path().join("data")).await;
    let (claim, payment, paid) = paid_and_forgotten(&mut world, place.path()).await;
    let unsaid = FoundWas::SetAside { reason: "  ".to_owned() };
    let refused = says(&world, "zhao", &claim, &payment, unsaid).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: form.refused.empty");

    says(&world, "zhao", &claim, &payment, set_aside()).await.unwrap();
    let payments = world.bank.payments();
    assert_eq!(payments[0], (payment, paid));
    assert_eq!(
        (payments.len(), payments[1].1),
        (2, yuan("1860.00")),
        "in full, under a reference of its own"
    );
    paid_once(&world);
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nback\nopen\nball you ball.rate").await;
}
