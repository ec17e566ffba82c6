//! What needs a second person, through the store: nothing is told, reserved away or paid on the word of one.

use app::claims::Service;
use app::words::{Lang, Words};
use app::{Failure, Request, Role};
use claim::TaskKind;
use lexicon::ClaimId;

use crate::support::{World, lin, notice};

/// A claim of so much that waits for a person's decision.
async fn referred(world: &World, amount: &str) -> ClaimId {
    let claim = world.report("lin", notice(world, lin())).await;
    world.assess_by(&claim, "A", amount, Role::SeniorAssessor).await;
    world.papers("lin", &claim).await;
    claim
}

async fn refused(done: Result<(), Failure>) -> String {
    done.unwrap_err().to_string()
}

#[tokio::test]
async fn a_large_refusal_is_told_when_the_second_person_agrees_and_not_before() {
    let world = World::open().await;
    let claim = referred(&world, "60000.00").await;
    world.decline(&claim, "机动车损失保险第八条", "事故发生时在竞赛中").await.unwrap();
    world
        .expect(
            &claim,
            "
            open confirm-refusal approval
            letters notified papers-requested assessed papers-requested
            ball us ball.adjudication
            ",
        )
        .await;
    for words in [Words::of(Lang::Zh), Words::of(Lang::En)] {
        let page = world.app.claim_page(&claim, words).await.unwrap();
        assert!(page.declined.is_none() && page.staff.is_none());
        let told = serde_json::to_string(&page).unwrap();
        assert!(!told.contains("竞赛") && !told.contains("Refusal"), "{told}");
    }
    let staff = world.app.staff_claim_page(&claim, Words::of(Lang::Zh)).await.unwrap().staff.unwrap();
    let proposed = staff.refusal_proposed.unwrap();
    assert_eq!((proposed.by.name.as_str(), proposed.amount.0.to_yuan().as_str()), ("declining", "60000.00"));

    let first = world.by("declining", Role::SeniorApprover).await;
    let same = world.app.confirm_refusal(&first, &claim, proposed.refusal).await;
    assert_eq!(refused(same).await, "refused: claim.refused.same-person");
    let second = world.by("sun", Role::ChiefApprover).await;
    let other = world.app.confirm_refusal(&second, &claim, proposed.refusal + 1).await;
    assert_eq!(refused(other).await, "refused: claim.refused.other-refusal");
    let second = world.by("sun", Role::ChiefApprover).await;
    world.app.confirm_refusal(&second, &claim, proposed.refusal).await.unwrap();
    world.settle().await;
    world
        .expect(
            &claim,
            "
            open
            letters notified papers-requested assessed papers-requested declined
            ball nobody ball.declined
            ",
        )
        .await;
    let page = world.app.claim_page(&claim, Words::of(Lang::Zh)).await.unwrap();
    assert_eq!(page.declined.unwrap().by, ["declining", "sun"]);
    world.audit().await;
}

#[tokio::test]
async fn a_refusal_that_is_sent_back_is_the_first_persons_again() {
    let world = World::open().await;
    let claim = referred(&world, "60000.00").await;
    world.decline(&claim, "机动车损失保险第八条", "事故发生时在竞赛中").await.unwrap();
    let second = world.by("sun", Role::ChiefApprover).await;
    let empty = world.app.return_refusal(&second, &claim, 1, " ").await;
    assert_eq!(refused(empty).await, "refused: form.refused.empty");
    let second = world.by("sun", Role::ChiefApprover).await;
    world.app.return_refusal(&second, &claim, 1, "没有竞赛的证据").await.unwrap();
    world.settle().await;
    world
        .expect(
            &claim,
            "open adjudicate approval\nletters notified papers-requested assessed papers-requested",
        )
        .await;
    let staff = world.app.staff_claim_page(&claim, Words::of(Lang::Zh)).await.unwrap().staff.unwrap();
    assert_eq!(staff.notes.last().unwrap().text.as_deref(), Some("没有竞赛的证据"));
    let task = staff.tasks.iter().find(|task| task.done_at.is_none()).unwrap();
    assert_eq!(task.assignee.as_deref(), Some("declining"));
    world.audit().await;
}

#[tokio::test]
async fn a_caller_without_a_page_is_served_by_letter_and_the_clock_runs_until_then() {
    let world = World::open().await;
    let claim = world.call(notice(&world, lin())).await.claim;
    world.assess_by(&claim, "A", "900.00", Role::Assessor).await;
    world.decline(&claim, "机动车损失保险第八条", "不属于保险责任").await.unwrap();
    // The message went out, but leads to a page that the caller cannot open.
    world.expect(&claim, "open serve-refusal service-desk\nball nobody ball.declined").await;
    let due = world.claim(&claim).await.open_task(TaskKind::ServeRefusal).unwrap().1.due;
    world.wait_minutes(due.seconds_since(world.now()) / 60 + 1);
    world.round().await;
    let escalations = world.claim(&claim).await.open_task(TaskKind::ServeRefusal).unwrap().1.escalations;
    assert_eq!(escalations, 2);
    let desk = world.by("desk", Role::ServiceDesk).await;
    world.app.serve_refusal(&desk, &claim, Service::Post).await.unwrap();
    world.settle().await;
    world.expect(&claim, "open\nball nobody ball.declined").await;
    world.audit().await;
}

#[tokio::test]
async fn nobody_approves_other_figures_than_they_saw() {
    let world = World::open().await;
    let claim = referred(&world, "8600.00").await;
    let (seen, page) =
        (world.seen(&claim).await, world.app.staff_claim_page(&claim, Words::of(Lang::Zh)).await);
    world.assess_by(&claim, "A", "9600.00", Role::Assessor).await;
    // With the version that the page showed, and without any.
    for expected_version in [Some(page.unwrap().version), None] {
        let request = Request { expected_version, ..world.by("zhao", Role::Approver).await };
        let done = world.app.approve(&request, &claim, seen).await;
        let Err(Failure::Refused(told)) = done else { panic!("{done:?}") };
        assert_eq!(
            (&*told.word, &told.values[..]),
            ("claim.refused.other-figures", &[("amount", "9600.00".to_owned())][..])
        );
    }
    world.expect(&claim, "approved\npaid").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world.expect(&claim, "approved 9600.00 staff\npaid own-damage.A.A.property 9600.00").await;
    world.audit().await;
}
