//! Erasure: what was personal is gone, what was money stays and verifies.

use app::words::{Lang, Words};

use crate::support::{World, lin, notice};

#[tokio::test]
async fn an_erased_customer_leaves_pages_money_and_chain_whole() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    let before = world.app.staff_claim_page(&claim, Words::of(Lang::Zh)).await.unwrap();
    let personal = ["林知远", "13800010101", "望京地下车库", "地库柱子", "京N8K621", "6222020200012345678"];
    let text = serde_json::to_string(&before).unwrap();
    assert!(text.contains("林知远") && text.contains("望京地下车库"), "shown before: {text}");
    let copy = world.app.shown_copy(&claim, 1).await.unwrap();
    assert!(copy.is_some_and(|copy| copy.starts_with(&[0xff, 0xd8])), "a JPEG is shown before");

    let subject = world.claim(&claim).await.notice.as_ref().unwrap().subject.clone();
    world.store.erase(&subject).unwrap();

    for words in [Words::of(Lang::Zh), Words::of(Lang::En)] {
        for page in
            [world.app.claim_page(&claim, words).await, world.app.staff_claim_page(&claim, words).await]
        {
            let page = page.unwrap();
            assert_eq!((page.stage.as_str(), page.payments.len()), ("closed", 1));
            let text = serde_json::to_string(&page).unwrap();
            for word in personal {
                assert!(!text.contains(word), "{word} stands in {text}");
            }
        }
    }
    assert_eq!(world.app.shown_copy(&claim, 1).await.unwrap(), None);
    // A new process folds the same from the sealed events.
    let mut world = world;
    world.rise(world.bank.clone());
    world.settle().await;
    world.expect(&claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00").await;
    // Nothing personal can be added to it again.
    let refused = world.app.add_note(&world.by("desk", app::Role::ServiceDesk).await, &claim, "再联系").await;
    assert_eq!(refused.unwrap_err().to_string(), "refused: privacy.refused.erased");
    world.audit().await;
}

#[tokio::test]
async fn a_customer_erased_before_payment_is_a_matter_for_people() {
    let mut world = World::open().await;
    let gate = std::sync::Arc::new(crate::support::GatedBank::new(
        world.bank.clone(),
        crate::support::Hold::BeforePaying,
    ));
    world.rise(gate.clone());
    let claim = world.report("lin", notice(&world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick_quickly("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    gate.hangs().await;
    world.die();
    let subject = world.claim(&claim).await.notice.as_ref().unwrap().subject.clone();
    world.store.erase(&subject).unwrap();
    world.rise(world.bank.clone());
    world.settle().await;
    world.expect(&claim, "paid\nopen fix-payment payments\nball us ball.payment-check").await;
    world.audit().await;
}

#[tokio::test]
async fn what_is_stored_holds_no_personal_text() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::on_disk(folder.path()).await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.audit().await;
    let mut files = vec![folder.path().to_owned()];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        for word in ["林知远", "13800010101", "望京地下车库", "地库柱子", "京N8K621", "6222020200012345678"]
        {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} stands in {}", path.display());
        }
    }
    assert!(read > 10_000, "the store was read");
}
