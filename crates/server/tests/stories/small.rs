//! Small clear claims: paid without a person.

use claim::events::BankAccount;

use crate::support::{World, lin, notice};

async fn walk_s1(world: &World) {
    let claim = world.report("lin", notice(world, lin())).await;
    assert_eq!(world.ball(&claim).await, "you ball.damage");
    world.papers("lin", &claim).await;
    assert_eq!(world.ball(&claim).await, "you ball.damage");
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating paying closed
            tier minor
            approved 1860.00 system
            paid own-damage.A.A.property 1860.00
            back
            open
            letters notified papers-requested assessed approved paid closed
            ball you ball.rate
            ",
        )
        .await;
    let page = world.app.claim_page(&claim, app::words::Words::of(app::words::Lang::Zh)).await.unwrap();
    let timeline: Vec<&str> = page.timeline.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(timeline[..3], ["Notified", "Triaged", "PapersRequested"]);
    assert_eq!(timeline[timeline.len() - 4..], ["Assessed", "Approved", "Paid", "Closed"]);
    let decision = page.adjudication.unwrap();
    assert!(!decision.owed[0].steps.is_empty(), "the amount carries its derivation");
    assert_eq!(decision.because[0].rule, "adjudication.small-claim");
    assert!(page.approved.unwrap().automatic && page.staff.is_none());
    world.app.rate(&world.customer("lin").await, &claim, 5, "很快").await.unwrap();
    assert_eq!(world.ball(&claim).await, "nobody ball.over");
    world.audit().await;
}

#[tokio::test]
async fn s1_a_small_clear_claim_is_paid_and_closed_without_a_person() {
    walk_s1(&World::open().await).await;
}

#[tokio::test]
async fn s1_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    walk_s1(&World::on_disk(folder.path()).await).await;
}

#[tokio::test]
async fn s1_with_the_damage_picked_first_and_the_account_in_the_notice() {
    let world = World::open().await;
    let mut told = notice(&world, lin());
    told.account =
        Some(BankAccount { name: "林知远".to_owned(), number: "6222020200012345678".to_owned() });
    let claim = world.report("lin", told).await;
    world.send("lin", &claim, "photo-damage").await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    assert_eq!(world.ball(&claim).await, "you ball.papers");
    world.papers("lin", &claim).await;
    world.expect(&claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn a_part_without_its_photo_is_priced_by_a_person() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    let picks = vec![crate::support::seen("rear-bumper scratch", None)];
    world.app.propose_damage(&world.customer("lin").await, &claim, picks).await.unwrap();
    world.settle().await;
    world.papers("lin", &claim).await;
    world.expect(&claim, "approved\npaid\nopen assess assessment\nball us ball.assessment").await;
    world.audit().await;
}
