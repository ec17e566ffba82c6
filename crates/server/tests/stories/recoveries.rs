//! Money that comes back: expected, booked as it arrives, paid again when it is owed again.

use app::{Receipt, Request, Role};
use claim::events::ReopenCause;
use lexicon::ClaimId;

use crate::support::{World, lin, notice, yuan};

/// S1, closed, then looked at again and found to be 1,300.00 less.
async fn overpaid(world: &World) -> ClaimId {
    let claim = world.report("lin", notice(world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.reopen(&claim, ReopenCause::Dispute).await;
    world.assess(&claim, "A", "560.00").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world.expect(&claim, "back payee overpaid.own-damage.A.A.property 1300.00").await;
    claim
}

fn receipt(world: &World, amount: &str, bank_reference: &str) -> Receipt {
    Receipt {
        from: "payee".to_owned(),
        cover: "overpaid.own-damage.A.A.property".to_owned(),
        amount: yuan(amount),
        bank_reference: bank_reference.to_owned(),
        arrived_at: world.now().plus_seconds(-3600),
    }
}

async fn book(world: &World, claim: &ClaimId, receipt: Receipt) -> Result<(), String> {
    let request: Request = world.by("manager", Role::Manager).await;
    let booked = world.app.receive_recovery(&request, claim, &receipt).await;
    world.settle().await;
    booked.map_err(|failure| match failure {
        app::Failure::Refused(refused) => format!("{refused} at {}", refused.field.unwrap_or("-")),
        failure => failure.to_string(),
    })
}

#[tokio::test]
async fn a_recovery_that_arrives_is_booked_once_and_never_above_what_is_expected() {
    let world = World::open().await;
    let claim = overpaid(&world).await;
    for (amount, reference, booked) in [
        ("500.00", "R-1", Ok(())),
        ("500.00", " R-1 ", Ok(())),
        ("500.01", "R-1", Err("books.refused.receipt-differs at bank_reference")),
        ("800.01", "R-2", Err("books.refused.more-than-expected at amount")),
        ("0.00", "R-2", Err("books.refused.amount at amount")),
        ("800.00", "  ", Err("form.refused.empty at bank_reference")),
    ] {
        let told = book(&world, &claim, receipt(&world, amount, reference)).await;
        assert_eq!(told, booked.map_err(str::to_owned), "{amount} {reference}");
    }
    let nobody = Receipt { from: "B".to_owned(), ..receipt(&world, "1.00", "R-3") };
    assert_eq!(
        book(&world, &claim, nobody).await,
        Err("books.refused.recovery-not-expected at amount".to_owned())
    );
    let tomorrow = Receipt { arrived_at: world.now().plus_seconds(86_400), ..receipt(&world, "1.00", "R-3") };
    assert_eq!(book(&world, &claim, tomorrow).await, Err("recovery.refused.future at arrived_at".to_owned()));
    world.expect(&claim, "back payee overpaid.own-damage.A.A.property 800.00").await;
    book(&world, &claim, receipt(&world, "800.00", "R-2")).await.unwrap();
    world.expect(&claim, "back").await;

    let words = app::words::Words::of(app::words::Lang::Zh);
    let page = world.app.staff_claim_page(&claim, words).await.unwrap();
    let [recovery] = &page.staff.as_ref().unwrap().recoveries[..] else { panic!("one recovery") };
    let receipts = recovery.receipts.iter().map(|one| (one.bank_reference.as_str(), one.amount.0.to_yuan()));
    assert_eq!(receipts.collect::<Vec<_>>(), [("R-1", "500.00".to_owned()), ("R-2", "800.00".to_owned())]);
    assert_eq!((recovery.received.0, recovery.left.0), (yuan("1300.00"), yuan("0.00")));
    let booked =
        page.timeline.iter().filter(|entry| entry.event == "RecoveryReceived").map(|entry| entry.amount);
    let booked: Vec<_> = booked.map(|amount| amount.unwrap().0.to_yuan()).collect();
    assert_eq!(booked, ["500.00", "800.00"]);
    let page = world.app.claim_page(&claim, words).await.unwrap();
    assert!(page.timeline.iter().all(|entry| entry.event != "RecoveryReceived"), "not for the customer");
    world.audit().await;
}

#[tokio::test]
async fn what_came_back_is_paid_again_when_it_turns_out_to_be_owed() {
    let world = World::open().await;
    let claim = overpaid(&world).await;
    book(&world, &claim, receipt(&world, "1300.00", "R-1")).await.unwrap();
    world.reopen(&claim, ReopenCause::Dispute).await;
    world.assess(&claim, "A", "1860.00").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(
            &claim,
            "
            approved 1860.00 system | 560.00 staff | 1860.00 staff
            paid own-damage.A.A.property 1860.00 + 1300.00
            back
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}
