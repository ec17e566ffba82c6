//! A page that stands open hears of everything that it tells, and of nothing else.

use std::sync::Arc;
use std::time::Duration;

use app::pages::ClaimPage;
use app::words::{Lang, Words};
use connectors::Delivery;
use futures::StreamExt;
use futures::stream::BoxStream;
use journal::Unavailable;
use lexicon::ClaimId;
use web::Gate;

use crate::support::{GatedBank, Hold, World, lin, notice};

type News = BoxStream<'static, Result<u64, Unavailable>>;

async fn page(world: &World, claim: &ClaimId) -> ClaimPage {
    world.app.claim_page(claim, Words::of(Lang::Zh)).await.unwrap()
}

/// Looks at the page each time there is news, until it is as expected. Without news it is not looked at again.
async fn hears(news: &mut News, world: &World, claim: &ClaimId, expected: impl Fn(&ClaimPage) -> bool) {
    let heard = async {
        while let Some(told) = news.next().await {
            let page = page(world, claim).await;
            assert!(page.told >= told.unwrap(), "the page tells less than was announced");
            if expected(&page) {
                return;
            }
        }
        panic!("the news ended");
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("nothing was heard of it");
}

fn payment(status: &'static str) -> impl Fn(&ClaimPage) -> bool {
    move |page| matches!(page.payments.as_slice(), [payment] if payment.status == status)
}

#[tokio::test]
async fn an_open_page_hears_that_the_bank_works_and_that_it_paid() {
    let mut world = World::open().await;
    let gate = Arc::new(GatedBank::new(world.bank.clone(), Hold::BeforePaying));
    world.rise(gate.clone());
    let claim = world.report("lin", notice(&world, lin())).await;
    let mut news = world.app.changes(&claim);
    world.papers("lin", &claim).await;
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    gate.hangs().await;
    hears(&mut news, &world, &claim, payment("sent")).await;
    // Nothing but the books say that it is sent.
    let shown = page(&world, &claim).await;
    assert_eq!(shown.stage, "paying");
    let mut news = world.app.changes(&claim);
    world.rise(world.bank.clone());
    hears(&mut news, &world, &claim, payment("confirmed")).await;
}

#[tokio::test]
async fn an_open_page_hears_that_a_message_went_out() {
    let world = World::with_messenger(|_, attempt| match attempt {
        1 => Delivery::Refused,
        _ => Delivery::Taken,
    })
    .await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.settle().await;
    let before = page(&world, &claim).await;
    assert!(before.messages.iter().all(|message| message.status != "sent"), "{:?}", before.messages);
    let mut news = world.app.changes(&claim);
    world.wait_minutes(5);
    world.round().await;
    let sent = |page: &ClaimPage| page.messages.iter().any(|message| message.status == "sent");
    hears(&mut news, &world, &claim, sent).await;
    assert_eq!(page(&world, &claim).await.version, before.version, "the claim itself did not move");
}
