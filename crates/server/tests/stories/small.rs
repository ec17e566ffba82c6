//! Small clear claims: paid without a person.

use crate::support::{World, lin, notice};

#[tokio::test]
async fn s1_a_small_clear_claim_is_paid_and_closed_without_a_person() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
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
    let request = world.customer("lin").await;
    world.app.rate(&request, &claim, 5, "很快").await.unwrap();
    assert_eq!(world.ball(&claim).await, "nobody ball.over");
    world.audit().await;
}
