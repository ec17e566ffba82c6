//! Claims that take a turn: a person is asked, something does not fit, somebody changes their mind.

use app::Role;
use claim::TaskKind;
use claim::events::{Contact, ReopenCause};
use claim::incident::VehicleLoss;
use connectors::Delivery;
use rulebook::FaultSource;

use crate::support::{World, crash, foreign, lin, notice, party, photo};

/// S1 until it is closed.
async fn closed_scrape(world: &World) -> lexicon::ClaimId {
    let claim = world.report("lin", notice(world, lin())).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nball you ball.rate").await;
    claim
}

#[tokio::test]
async fn a_supplement_after_approval_pays_the_difference_alone() {
    let world = World::open().await;
    let claim = closed_scrape(&world).await;
    world.reopen(&claim, ReopenCause::Supplement).await;
    assert_eq!(world.ball(&claim).await, "us ball.adjudication");
    world.assess(&claim, "A", "2460.00").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating paying closed adjudicating paying closed
            approved 1860.00 system | 2460.00 staff
            paid own-damage.A.A.property 1860.00 + 600.00
            back
            open
            letters notified papers-requested assessed approved paid closed reopened assessed approved paid closed
            ",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn a_dispute_goes_to_a_person_who_may_find_less() {
    let world = World::open().await;
    let claim = closed_scrape(&world).await;
    world.app.ask_person(&world.customer("lin").await, &claim, "少算了喷漆").await.unwrap();
    world.settle().await;
    world.expect(&claim, "open adjudicate approval\nball us ball.adjudication").await;
    // Looked at again, the lamp was not broken by this accident.
    world.assess(&claim, "A", "560.00").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(
            &claim,
            "
            approved 1860.00 system | 560.00 staff
            paid own-damage.A.A.property 1860.00
            back payee overpaid.own-damage.A.A.property 1300.00
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn a_dispute_may_end_in_the_same_amount() {
    let world = World::open().await;
    let claim = closed_scrape(&world).await;
    world.app.ask_person(&world.customer("lin").await, &claim, "觉得少了").await.unwrap();
    world.settle().await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(&claim, "approved 1860.00 system | 1860.00 staff\npaid own-damage.A.A.property 1860.00\nback\nopen\nball you ball.rate")
        .await;
    world.audit().await;
}

#[tokio::test]
async fn the_customer_takes_it_back_and_brings_it_again() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.app.withdraw(&world.customer("lin").await, &claim).await.unwrap();
    world.settle().await;
    world
        .expect(&claim, "way reported assessing withdrawn\nopen\nletters notified papers-requested withdrawn\nball nobody ball.over")
        .await;
    world.app.ask_person(&world.customer("lin").await, &claim, "还是要办").await.unwrap();
    world.settle().await;
    world.expect(&claim, "way reported assessing withdrawn assessing\nopen assess assessment").await;
    world.audit().await;
}

#[tokio::test]
async fn paid_money_cannot_be_withdrawn() {
    let world = World::open().await;
    let told = crash(&world, lin(), &[foreign()], 100, FaultSource::Agreed);
    let claim = world.report("lin", told).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "hood crack, front-fender-left broken").await;
    let refused = world.app.withdraw(&world.customer("lin").await, &claim).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.already-paid");
    world.audit().await;
}

#[tokio::test]
async fn whoever_asks_for_a_person_gets_one_and_no_rule_decides() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.app.ask_person(&world.customer("lin").await, &claim, "想和人谈谈").await.unwrap();
    world.settle().await;
    world.expect(&claim, "open answer service-desk\nball us ball.answer").await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "approved\npaid\nopen answer service-desk | assess assessment").await;
    world.finish(&claim, TaskKind::Answer).await;
    world.assess(&claim, "A", "1860.00").await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(
            &claim,
            "approved 1860.00 staff\npaid own-damage.A.A.property 1860.00\nopen\nball you ball.rate",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn s10_a_second_reporter_joins_the_claim_and_may_look_into_it_once_admitted() {
    let world = World::open().await;
    let told = notice(&world, lin());
    let claim = world.report("lin", told.clone()).await;
    world.wait_minutes(20);
    let spouse = Contact { name: "周敏".to_owned(), phone: "13900020202".to_owned() };
    let taken = world.call(app::Notice { contact: spouse, ..told.clone() }).await;
    assert_eq!((&taken.claim, taken.joined), (&claim, true));
    let other = world.app.take_notice(&world.customer("stranger").await, told).await.unwrap();
    world.settle().await;
    assert_eq!((&other.claim, other.joined), (&claim, true));
    let stranger = world.customer("stranger").await.principal;
    assert_eq!(world.app.relation(&stranger, &claim).await.unwrap(), app::access::Relation::Foreign);
    world.expect(&claim, "open contact service-desk\nletters notified papers-requested joined joined-reporter joined joined-reporter").await;
    let told = world.messenger.sent_to("13900020202");
    assert_eq!(told.len(), 1, "the second reporter is told too");
    assert!(!told[0].text.contains(claim.as_str()), "and not of the claim: {}", told[0].text);
    // Once more by the same account tells nothing new; the spouse by phone is another person than the stranger by page.
    let again =
        world.app.take_notice(&world.customer("stranger").await, notice(&world, lin())).await.unwrap();
    assert!(again.joined);
    world.settle().await;
    let staff = async || {
        let page =
            world.app.staff_claim_page(&claim, app::words::Words::of(app::words::Lang::Zh)).await.unwrap();
        let reporters = page.staff.unwrap().reporters.into_iter();
        reporters
            .map(|one| format!("{} {} {}", one.channel, one.has_account, one.standing))
            .collect::<Vec<_>>()
    };
    assert_eq!(staff().await, ["phone false waits", "page true waits"]);
    // The desk calls: the spouse is who they say, and gets an account; the stranger is nobody's.
    let request = world.by("desk", Role::ServiceDesk).await;
    let admitted = world.app.admit_reporter(&request, &claim, 1).await.unwrap();
    let repeated = world.app.admit_reporter(&request, &claim, 1).await.unwrap();
    assert_eq!((&repeated.account, repeated.link), (&admitted.account, None), "a link is told once");
    world.app.enter(&admitted.link.unwrap(), Some("ein langes Kennwort")).await.unwrap();
    let spouse = app::Principal {
        account: Some(admitted.account.clone()),
        kind: journal::ActorKind::Customer,
        roles: [Role::Customer].into(),
    };
    assert_eq!(world.app.relation(&spouse, &claim).await.unwrap(), app::access::Relation::Own);
    let home = world.app.customer_home(&admitted.account, None).await.unwrap();
    assert_eq!(home.claims.iter().map(|card| card.claim.as_str()).collect::<Vec<_>>(), [claim.as_str()]);
    let request = world.by("desk", Role::ServiceDesk).await;
    let refused = world.app.turn_away_reporter(&request, &claim, 1).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.reporter-decided");
    let refused =
        world.app.admit_reporter(&world.by("desk", Role::ServiceDesk).await, &claim, 3).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.nobody-waits");
    world.expect(&claim, "open contact service-desk").await;
    world.app.turn_away_reporter(&request, &claim, 2).await.unwrap();
    world.settle().await;
    world.expect(&claim, "open").await;
    assert_eq!(staff().await, ["phone false admitted", "page true turned-away"]);
    world.expect(&claim, "letters notified papers-requested joined joined-reporter joined joined-reporter reporter-admitted reporter-turned-away").await;
    assert_eq!(world.app.relation(&stranger, &claim).await.unwrap(), app::access::Relation::Foreign);
    // The way goes on as in S1; the desk's call does not stand in the way of the end.
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "paid own-damage.A.A.property 1860.00\nball you ball.rate").await;
    world.audit().await;
}

#[tokio::test]
async fn a_second_reporter_with_an_account_is_admitted_by_it_even_after_the_end() {
    let world = World::open().await;
    let claim = closed_scrape(&world).await;
    let taken = world.app.take_notice(&world.customer("spouse").await, notice(&world, lin())).await.unwrap();
    assert_eq!((&taken.claim, taken.joined), (&claim, true));
    let landline = Contact { name: "门卫".to_owned(), phone: "请致电门卫".to_owned() };
    world.call(app::Notice { contact: landline, ..notice(&world, lin()) }).await;
    let request = world.by("desk", Role::ServiceDesk).await;
    let admitted = world.app.admit_reporter(&request, &claim, 1).await.unwrap();
    let spouse = world.customer("spouse").await.principal;
    assert_eq!((Some(admitted.account), admitted.link), (spouse.account.clone(), None));
    assert_eq!(world.app.relation(&spouse, &claim).await.unwrap(), app::access::Relation::Own);
    let request = world.by("desk", Role::ServiceDesk).await;
    let refused = world.app.admit_reporter(&request, &claim, 2).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: reporter.refused.no-phone");
    world.audit().await;
}

#[tokio::test]
async fn s11_several_warnings_go_to_investigation_with_neutral_words() {
    let world = World::open().await;
    world.at("2026-04-30T09:00:00+08:00");
    let bumper = photo(7_000_000);
    let first = world.report("lin", notice(&world, lin())).await;
    world.send_bytes("lin", &first, "photo-damage", bumper.clone()).await.unwrap();
    // The policy began on 28 April; the tree was hit on 1 May at 23:10.
    world.at("2026-05-02T08:10:00+08:00");
    let mut told = notice(&world, "陕A1F6B8");
    told.occurred_at = "2026-05-01T23:10:00+08:00".parse().unwrap();
    let claim = world.report("bai", told).await;
    world.send_bytes("bai", &claim, "photo-damage", bumper).await.unwrap();
    world.papers("bai", &claim).await;
    world.pick("bai", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "tier minor\napproved\npaid\nopen assess assessment").await;
    world.assess(&claim, "A", "1860.00").await;
    world.expect(&claim, "approved\npaid\nopen investigate investigation\nball us ball.adjudication").await;
    let words = app::words::Words::of(app::words::Lang::Zh);
    let staff = world.app.staff_claim_page(&claim, words).await.unwrap().staff.unwrap();
    assert_eq!(staff.warnings, ["new-policy", "photo-seen-before"]);
    let page = world.app.claim_page(&claim, words).await.unwrap();
    let page = serde_json::to_string(&page).unwrap();
    for word in ["new-policy", "photo-seen", "closer-look", "investigat"] {
        assert!(!page.contains(word), "the customer reads of {word}");
    }
    // A person decides.
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world.expect(&claim, "approved 1860.00 staff\npaid own-damage.A.A.property 1860.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn s12_without_cover_a_named_person_declines_with_the_clause() {
    let world = World::open().await;
    world.at("2026-05-02T10:00:00+08:00");
    // 津C4V210 was insured until 25 April.
    let claim = world.report("he", notice(&world, "津C4V210")).await;
    world.papers("he", &claim).await;
    world.pick("he", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "approved\npaid\nopen find-policy service-desk | adjudicate approval").await;
    let refused = world.decline(&claim, "", "保险期间已过").await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.no-clause");
    world.decline(&claim, "机动车损失保险第六条", "事故发生时保险期间已过").await.unwrap();
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating declined
            approved
            paid
            open
            letters notified papers-requested assessed declined
            ball nobody ball.declined
            ",
        )
        .await;
    let words = app::words::Words::of(app::words::Lang::Zh);
    let page = world.app.claim_page(&claim, words).await.unwrap();
    let declined = page.declined.unwrap();
    assert_eq!(
        (declined.clause.as_str(), &*declined.by),
        ("机动车损失保险第六条", &["declining".to_owned()][..])
    );
    assert_eq!(declined.served.as_deref(), Some("message"));
    let staff = world.app.staff_claim_page(&claim, words).await.unwrap().staff.unwrap();
    let letter = staff.clocks.iter().find(|clock| clock.code == "refusal-letter").unwrap();
    assert!(letter.legal && letter.due.0 <= world.now().plus_seconds(6 * 24 * 3600), "{letter:?}");
    assert!(letter.met_at.is_some(), "the message leads to the notice on the customer's page: {letter:?}");
    world.audit().await;
}

#[tokio::test]
async fn a_policy_that_was_not_found_is_set_by_hand() {
    let world = World::open().await;
    // A new car without its plate in the register.
    let claim = world.report("lin", notice(&world, "京N8K62F")).await;
    world.expect(&claim, "open find-policy service-desk\nball you ball.damage").await;
    world.papers("lin", &claim).await;
    let request = world.by("desk", Role::ServiceDesk).await;
    let missing = world.app.set_policy(&request, &claim, &"AN2026-999999".parse().unwrap()).await;
    assert_eq!(missing.unwrap_err().to_string(), "refused: register.refused.not-registered");
    let request = world.by("desk", Role::ServiceDesk).await;
    world.app.set_policy(&request, &claim, &"AN2026-000101".parse().unwrap()).await.unwrap();
    world.settle().await;
    world.expect(&claim, "open\nball you ball.damage").await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn a_policy_that_is_found_late_brings_the_claim_to_its_end() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, "京N8K62F")).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "rear-bumper scratch, tail-lamp-right broken").await;
    world.expect(&claim, "approved\nopen find-policy service-desk | adjudicate approval").await;
    let request = world.by("desk", Role::ServiceDesk).await;
    world.app.set_policy(&request, &claim, &"AN2026-000101".parse().unwrap()).await.unwrap();
    world.settle().await;
    world.expect(&claim, "approved 1860.00 system\npaid own-damage.A.A.property 1860.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn tasks_warn_before_their_end_and_once_after_it() {
    let world = World::open().await;
    let mut told = notice(&world, lin());
    told.injury = rulebook::Injury::Light;
    let claim = world.report("lin", told).await;
    let due = world.claim(&claim).await.open_task(TaskKind::Contact).unwrap().1.due;
    world.round().await;
    let escalations = async || world.claim(&claim).await.open_task(TaskKind::Contact).unwrap().1.escalations;
    assert_eq!(escalations().await, 0);
    world.wait_minutes(due.seconds_since(world.now()) / 60);
    world.round().await;
    assert_eq!(escalations().await, 2);
    let version = world.claim(&claim).await.tasks.clone();
    world.round().await;
    assert_eq!(world.claim(&claim).await.tasks, version, "told once");
    world.audit().await;
}

#[tokio::test]
async fn s5_a_flooded_car_is_a_total_loss_that_people_settle() {
    let world = World::open().await;
    // 陈牧之's new-energy car: sum insured and value 168,000.
    let told = app::Notice {
        cause: rulebook::Cause::Weather,
        guess: claim::state::DamageGuess::Heavy,
        story: "暴雨车泡了，水到座椅".to_owned(),
        ..notice(&world, "京AD30516")
    };
    let claim = world.report("chen", told).await;
    world.expect(&claim, "way reported inspecting\ntier general\nball you ball.papers").await;
    world.inspect(&claim).await;
    let refused = world.total_loss(&claim, Role::Assessor, "168000.00", "12000.00").await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.above-authority");
    world.total_loss(&claim, Role::SeniorAssessor, "168000.00", "12000.00").await.unwrap();
    world.confirm_assessment(&claim, "second", Role::SeniorAssessor).await.unwrap();
    world.papers("chen", &claim).await;
    world.approve(&claim, "sun", Role::ChiefApprover).await.unwrap();
    world.approve(&claim, "li", Role::ChiefApprover).await.unwrap();
    world
        .expect(
            &claim,
            "
            way reported inspecting assessing adjudicating paying closed
            tier major
            approved 156000.00 staff+staff
            paid own-damage.A.A.property 156000.00
            back
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn a_provider_that_is_down_delays_messages_and_nothing_else() {
    // Every letter is refused twice, taken unheard once, then taken.
    let world = World::with_messenger(|_, attempt| match attempt {
        1 | 2 => Delivery::Refused,
        3 => Delivery::TakenUnheard,
        _ => Delivery::Taken,
    })
    .await;
    let claim = closed_scrape(&world).await;
    assert_eq!(world.letters(&claim), [] as [&str; 0], "paid and closed while nothing goes out");
    for _ in 0..6 {
        world.wait_minutes(30);
        world.round().await;
    }
    let sent = world.letters(&claim);
    assert_eq!(sent, ["notified", "papers-requested", "assessed", "approved", "paid", "closed"], "each once");
    let page = world.app.claim_page(&claim, app::words::Words::of(app::words::Lang::Zh)).await.unwrap();
    assert!(page.messages.iter().all(|message| message.status == "sent"), "{:?}", page.messages);
    world.audit().await;
}

#[tokio::test]
async fn a_decision_turned_twice_asks_nothing_back_in_the_end() {
    let world = World::open().await;
    let claim = closed_scrape(&world).await;
    for (amount, back) in [("560.00", "payee overpaid.own-damage.A.A.property 1300.00"), ("1860.00", "")] {
        world.reopen(&claim, ReopenCause::Dispute).await;
        world.assess(&claim, "A", amount).await;
        world.approve(&claim, "zhao", Role::Approver).await.unwrap();
        let back = format!("back {back}");
        world.expect(&claim, &format!("paid own-damage.A.A.property 1860.00\n{}\nopen", back.trim())).await;
    }
    world.audit().await;
}

#[tokio::test]
async fn what_a_person_said_of_a_loss_stands_when_the_look_before_it_is_reacted_to_again() {
    let mut world = World::open().await;
    let claim = closed_scrape(&world).await;
    let loss = async |world: &World| world.incident(&claim).await.vehicle(&party("A")).unwrap().loss.clone();
    let request = world.by("hu", Role::Assessor).await;
    world.app.waive_loss(&request, &claim, party("A")).await.unwrap();
    world.settle().await;
    world.react_again().await;
    assert_eq!(loss(&world).await, VehicleLoss::Waived);
    // A look that comes after it counts again, at whatever it puts the loss.
    world.reopen(&claim, ReopenCause::Dispute).await;
    world.assess(&claim, "A", "1860.00").await;
    world.react_again().await;
    assert!(matches!(loss(&world).await, VehicleLoss::Stated(_)));
}

#[tokio::test]
async fn a_claim_given_up_frees_its_reserve_and_one_reopened_has_it_again() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    world.assess(&claim, "A", "8600.00").await;
    world.papers("lin", &claim).await;
    let reserved = async || world.reserved(&claim).await;
    assert_eq!(reserved().await, "8600.00");
    world.app.withdraw(&world.customer("lin").await, &claim).await.unwrap();
    world.settle().await;
    assert_eq!(reserved().await, "0.00");
    world.app.ask_person(&world.customer("lin").await, &claim, "还是要办").await.unwrap();
    world.settle().await;
    assert_eq!(reserved().await, "8600.00");
    world.decline(&claim, "第七条", "不属于保险责任").await.unwrap();
    assert_eq!(reserved().await, "0.00");
    world.audit().await;
}

#[tokio::test]
async fn a_notice_that_cannot_be_meant_is_refused_where_it_is_wrong() {
    let world = World::open().await;
    let request = world.customer("lin").await;
    type Wrong = fn(&mut app::Notice);
    let table: [(Wrong, &str); 8] = [
        (
            |told| told.occurred_at = told.occurred_at.plus_seconds(2 * 86_400),
            "notice.refused.future at occurred_at",
        ),
        (
            |told| told.occurred_at = told.occurred_at.plus_seconds(-21 * 366 * 86_400),
            "notice.refused.long-ago at occurred_at",
        ),
        (|told| told.place = " ".to_owned(), "notice.refused.no-place at place"),
        (|told| told.contact.name = String::new(), "notice.refused.no-name at name"),
        (|told| told.contact.name = "林".repeat(101), "form.refused.too-long at name"),
        (|told| told.contact.name = "林\u{202e}远知".to_owned(), "form.refused.characters at name"),
        (|told| told.story = "蹭到\0立柱".to_owned(), "form.refused.characters at story"),
        (|told| told.others = vec![Some(lin().parse().unwrap())], "notice.refused.same-plate at others"),
    ];
    for (wrong, refusal) in table {
        let mut told = notice(&world, lin());
        wrong(&mut told);
        let Err(app::Failure::Refused(refused)) = world.app.take_notice(&request, told).await else {
            panic!("taken, though {refusal}");
        };
        assert_eq!(format!("{} at {}", refused.word, refused.field.unwrap_or_default()), refusal);
    }
    assert!(world.claims().await.is_empty(), "nothing half-done");
    let mut told = notice(&world, lin());
    told.occurred_at = told.occurred_at.plus_seconds(-5 * 366 * 86_400);
    told.story = "第一行\n第二行\t完".to_owned();
    world.app.take_notice(&request, told).await.unwrap();
}
