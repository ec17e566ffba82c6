//! Accidents of several parties.

use app::Role;
use claim::Terms;
use claim::events::ReopenCause;
use claim::incident::{PartyId, Seat};
use rulebook::{Cause, FaultSource, Injury};

use crate::support::{World, crash, fang, foreign, lin, notice, yuan};

/// Covers as most drivers have them, bought elsewhere.
fn elsewhere() -> Terms {
    Terms { compulsory: true, third_party: Some(yuan("1000000")), ..Terms::default() }
}

#[tokio::test]
async fn s2_the_own_part_is_automatic_and_the_other_sides_waits_for_its_amount() {
    let world = World::open().await;
    let told = crash(&world, lin(), &[foreign()], 100, FaultSource::Agreed);
    let claim = world.report("lin", told).await;
    world.terms(&claim, "B", elsewhere()).await;
    world.papers("lin", &claim).await;
    world.pick("lin", &claim, "hood crack, front-fender-left broken").await;
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating paying
            approved 2400.00 system
            paid compulsory.B.A.property 100.00 | own-damage.A.A.property 2300.00
            open other-side service-desk
            ball other ball.other-side
            ",
        )
        .await;
    world.assess(&claim, "B", "3100.00").await;
    assert_eq!(world.ball(&claim).await, "us ball.adjudication");
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    assert_eq!(world.ball(&claim).await, "other ball.account");
    world.account("lin", &claim, "B").await;
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating paying adjudicating paying closed
            approved 2400.00 system | 5500.00 staff
            paid compulsory.A.B.property 2000.00 | compulsory.B.A.property 100.00 | own-damage.A.A.property 2300.00 | third-party.A.B.property 1100.00
            back
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}

/// S3: both of ours, half and half, each repairs its own.
async fn self_claim(world: &World) -> (lexicon::ClaimId, lexicon::ClaimId) {
    let mut told = crash(world, lin(), &[fang()], 50, FaultSource::Agreed);
    (told.cause, told.self_claim) = (Cause::Scrape, true);
    let one = world.report("lin", told).await;
    let told = crash(world, fang(), &[lin()], 50, FaultSource::Agreed);
    let other = world.report("fang", told).await;
    for (who, claim) in [("lin", &one), ("fang", &other)] {
        world.papers(who, claim).await;
    }
    world.pick("lin", &one, "front-door-left scratch, rear-door-left scratch").await;
    assert_eq!(world.ball(&one).await, "other ball.other-side", "nothing is paid on a guess");
    world.pick("fang", &other, "front-bumper dent, front-fender-right crack").await;
    (one, other)
}

#[tokio::test]
async fn s3_each_side_is_paid_from_its_own_compulsory_cover() {
    let world = World::open().await;
    let (one, other) = self_claim(&world).await;
    assert_eq!(world.incident(&one).await, world.incident(&other).await, "one accident");
    for (claim, paid) in
        [(&one, "paid compulsory.A.A.property 1200.00"), (&other, "paid compulsory.B.B.property 1750.00")]
    {
        let rest = "back\nopen\nball you ball.rate";
        world.expect(claim, &format!("{paid}\n{rest}")).await;
    }
    world.audit().await;
}

#[tokio::test]
async fn s3b_more_damage_converts_the_self_claim_and_what_was_paid_is_set_off() {
    let world = World::open().await;
    let (one, other) = self_claim(&world).await;
    world.reopen(&other, ReopenCause::Supplement).await;
    world.assess(&other, "B", "2050.00").await;
    // A's closed claim owes something else now: a person looks at it, and opens it again.
    world.expect(&one, "open adjudicate approval").await;
    world.reopen(&one, ReopenCause::Correction).await;
    world.approve(&one, "zhao", Role::Approver).await.unwrap();
    world.approve(&other, "zhao", Role::Approver).await.unwrap();
    // A has already what B's claim owes them: nothing goes to A, and no account is asked for.
    world.account("lin", &one, "B").await;
    world
        .expect(
            &one,
            "
            way reported assessing adjudicating paying closed adjudicating paying closed
            approved 1200.00 system | 2025.00 staff
            paid compulsory.A.A.property 1200.00 | compulsory.A.B.property 250.00 | third-party.A.B.property 25.00
            set-off compulsory.A.B.property 1750.00
            back
            open
            ",
        )
        .await;
    world
        .expect(
            &other,
            "
            way reported assessing adjudicating paying closed adjudicating paying closed
            approved 1750.00 system | 1225.00 staff
            paid compulsory.B.B.property 1750.00 | own-damage.B.B.property 25.00
            set-off compulsory.B.A.property 1200.00
            back
            open
            ",
        )
        .await;
    // Each has in hand what they lost: A 1,200.00, B 2,050.00.
    let left_the_bank: lexicon::Money = world.bank.payments().into_iter().map(|(_, amount)| amount).sum();
    assert_eq!(left_the_bank, yuan("3250.00"));
    world.audit().await;
}

#[tokio::test]
async fn figures_that_rise_again_pay_at_once_what_was_set_off_by_figures_that_fell() {
    let world = World::open().await;
    let (one, other) = self_claim(&world).await;
    let agree = async |agreed| {
        let request = world.by("zhao", Role::Approver).await;
        world.app.agree_self_claim(&request, &one, agreed).await.unwrap();
        world.settle().await;
    };
    agree(false).await;
    world.reopen(&one, ReopenCause::Correction).await;
    world.approve(&one, "zhao", Role::Approver).await.unwrap();
    // What B was paid by their own insurer is too much now, as A's owes it; nobody has approved B's new figures yet.
    world.expect(&one, "set-off compulsory.A.B.property 1750.00").await;
    // Both sides repair their own after all: B's approved amount is owed again, and goes the way back.
    agree(true).await;
    world.expect(&other, "approved 1750.00 system\nset-off compulsory.B.B.property 1750.00").await;
    let left_the_bank: lexicon::Money = world.bank.payments().into_iter().map(|(_, amount)| amount).sum();
    assert_eq!(left_the_bank, yuan("2950.00"), "each has in hand what they lost: A 1,200.00, B 1,750.00");
    world.audit().await;
}

#[tokio::test]
async fn s4_an_injury_goes_to_its_handler_and_nothing_is_automatic() {
    let world = World::open().await;
    let mut told = crash(&world, lin(), &[], 70, FaultSource::Stated);
    (told.cause, told.injury) = (Cause::Person, Injury::Light);
    let claim = world.report("lin", told).await;
    world.expect(&claim, "tier general\nopen inspect survey | contact injury\nball you ball.papers").await;
    world.fault(&claim, "A 70", FaultSource::Police).await;
    world.inspect(&claim).await;
    world.assess(&claim, "A", "900.00").await;
    world.papers("lin", &claim).await;
    assert_eq!(world.ball(&claim).await, "us ball.adjudication");
    // The rider's bills are not known: what is known is paid, and the claim cannot end.
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    assert_eq!(world.ball(&claim).await, "other ball.other-side");
    world.victim(&claim, "P1", |rider| (rider.medical, rider.property) = (yuan("23600"), yuan("1300"))).await;
    world.account("lin", &claim, "P1").await;
    let refused = world.approve(&claim, "zhao", Role::Approver).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.above-authority");
    world.approve(&claim, "qian", Role::SeniorApprover).await.unwrap();
    world
        .expect(
            &claim,
            "
            way reported inspecting assessing adjudicating paying adjudicating paying closed
            tier general
            approved 900.00 staff | 24120.00 staff
            paid compulsory.A.P1.medical 18000.00 | compulsory.A.P1.property 1300.00 | own-damage.A.A.property 900.00 | third-party.A.P1.medical 3920.00
            open
            ball you ball.rate
            ",
        )
        .await;
    let asked = world.letters(&claim).iter().filter(|letter| *letter == "papers-requested").count();
    assert_eq!(asked, 1, "papers are asked for once, the police certificate among them");
    world.audit().await;
}

#[tokio::test]
async fn s6_own_damage_pays_and_claims_back_from_the_side_that_has_no_cover() {
    let world = World::open().await;
    let claim = world.report("lin", crash(&world, lin(), &[foreign()], 0, FaultSource::Stated)).await;
    world.terms(&claim, "B", Terms { compulsory: false, ..Terms::default() }).await;
    world.fault(&claim, "A 0, B 100", FaultSource::Police).await;
    world.assess(&claim, "A", "8600.00").await;
    assert_eq!(world.ball(&claim).await, "you ball.papers");
    world.papers("lin", &claim).await;
    world.approve(&claim, "zhao", Role::Approver).await.unwrap();
    world
        .expect(
            &claim,
            "
            way reported assessing adjudicating paying closed
            approved 8600.00 staff
            paid own-damage.A.A.property 8600.00
            back B tortfeasor 8600.00
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn s7_two_of_our_customers_stand_on_the_same_facts() {
    let world = World::open().await;
    let told = crash(&world, lin(), &[fang(), foreign()], 0, FaultSource::Stated);
    let one = world.report("lin", told).await;
    let told = crash(&world, fang(), &[lin(), foreign()], 0, FaultSource::Stated);
    let other = world.report("fang", told).await;
    assert_eq!(world.claim(&other).await.vehicle(), Some(&PartyId::vehicle(1)), "known as B by A's notice");
    world.terms(&one, "C", elsewhere()).await;
    world.fault(&one, "A 0, B 0, C 100", FaultSource::Police).await;
    for claim in [&one, &other] {
        world.inspect(claim).await;
    }
    world.assess(&one, "A", "2800.00").await;
    world.assess(&other, "B", "5200.00").await;
    world.assess(&one, "C", "7900.00").await;
    let words = app::words::Words::of(app::words::Lang::Zh);
    let mut pages = vec![];
    for claim in [&one, &other] {
        let page = world.app.claim_page(claim, words).await.unwrap();
        let amounts = page.vehicles.iter().map(|vehicle| (vehicle.fault.clone(), vehicle.amount));
        pages.push((page.story, amounts.collect::<Vec<_>>()));
    }
    assert_eq!(pages[0].1, pages[1].1, "both see the same facts");
    assert_eq!(pages[0].0.place, pages[1].0.place);
    // C's insurer pays both in full; ours owe 0.00, which is for a person to say.
    for claim in [&one, &other] {
        let refused = world.approve(claim, "zhao", Role::Approver).await.unwrap_err();
        assert_eq!(refused.to_string(), "refused: claim.refused.nothing-owed");
    }
    world.app.withdraw(&world.customer("lin").await, &one).await.unwrap();
    world.settle().await;
    world.decline(&other, "第七条", "对方保险公司已全额赔付").await.unwrap();
    world.expect(&one, "way reported inspecting assessing adjudicating withdrawn\npaid\nopen").await;
    world.expect(&other, "way reported inspecting assessing adjudicating declined\npaid\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn s8_a_grave_crash_needs_two_people_above_the_four_eyes_amount() {
    let world = World::open().await;
    // T is a truck with little third-party cover, F a family car with seats of 20,000.
    let (truck, family) = ("冀B55K20", "京A36D19");
    world
        .policy("AN2026-000901,AN-HE,冀B·55K20,LZZ5CLVB3BA654399,large,2,business,fuel,280000.00,唐山行远货运有限公司,0315-88001122,91130100MA0AN1127P,2026-01-01,2026-12-31,,yes,280000.00,,300000.00,50000.00,50000.00,,,")
        .await;
    let mut told = crash(&world, truck, &[family], 50, FaultSource::Stated);
    told.injury = Injury::Serious;
    let one = world.report("truck", told).await;
    let mut told = crash(&world, family, &[truck], 50, FaultSource::Stated);
    told.injury = Injury::Serious;
    let other = world.report("zhou", told).await;
    world.fault(&one, "A 50, B 50", FaultSource::Police).await;
    for claim in [&one, &other] {
        world.inspect(claim).await;
    }
    world.expect(&one, "open take-note management | assess assessment").await;
    for (claim, vehicle, amount) in [(&one, "A", "6000.00"), (&other, "B", "31000.00")] {
        world.assess(claim, vehicle, amount).await;
        world.confirm_assessment(claim, "second", Role::Assessor).await.unwrap();
    }
    let seat = |seat| Some((PartyId::vehicle(1), seat));
    world.victim(&one, "P1", |one| (one.seat, one.medical) = (seat(Seat::Driver), yuan("42000"))).await;
    let passenger = |one: &mut claim::incident::Victim| {
        (one.seat, one.death_disability) = (seat(Seat::Passenger), yuan("210000"));
    };
    world.victim(&other, "P2", passenger).await;
    for (who, claim) in [("truck", &one), ("zhou", &other)] {
        world.papers(who, claim).await;
        for payee in ["A", "B", "P1", "P2"] {
            world.account(who, claim, payee).await;
        }
    }
    let refused = world.approve(&one, "qian", Role::SeniorApprover).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.above-authority");
    let page = world.app.claim_page(&one, app::words::Words::of(app::words::Lang::Zh)).await.unwrap();
    assert_eq!(page.offers, ["mediation"]);
    world.approve(&one, "sun", Role::ChiefApprover).await.unwrap();
    world
        .expect(
            &one,
            "approved\npaid\nopen take-note management | agree-reserve approval | second-approval approval",
        )
        .await;
    let refused = world.approve(&one, "sun", Role::ChiefApprover).await.unwrap_err();
    assert_eq!(refused.to_string(), "refused: claim.refused.same-person");
    world.approve(&one, "li", Role::ChiefApprover).await.unwrap();
    world.approve(&other, "qian", Role::SeniorApprover).await.unwrap();
    world
        .expect(
            &one,
            "
            tier major
            approved 243500.00 staff+staff
            paid compulsory.A.B.property 2000.00 | compulsory.A.P1.medical 18000.00 | compulsory.A.P2.death_disability 180000.00 | own-damage.A.A.property 2000.00 | third-party.A.B.property 14500.00 | third-party.A.P1.medical 12000.00 | third-party.A.P2.death_disability 15000.00
            open
            ball you ball.rate
            ",
        )
        .await;
    world
        .expect(
            &other,
            "
            tier major
            approved 45500.00 staff
            paid compulsory.B.A.property 2000.00 | driver.B.P1.all 12000.00 | own-damage.B.B.property 14500.00 | passengers.B.P2.all 15000.00 | third-party.B.A.property 2000.00
            open
            ball you ball.rate
            ",
        )
        .await;
    world.audit().await;
}

#[tokio::test]
async fn the_other_side_is_told_of_by_whoever_reports_first() {
    let world = World::open().await;
    let one = world.report("lin", crash(&world, lin(), &[fang()], 100, FaultSource::Agreed)).await;
    // B's customer reports alone, ten minutes apart in the telling: it is the same accident.
    let mut told = notice(&world, fang());
    told.occurred_at = told.occurred_at.plus_seconds(600);
    let other = world.report("fang", told).await;
    assert_eq!(world.claim(&one).await.notice.as_ref().unwrap().incident, {
        world.claim(&other).await.notice.as_ref().unwrap().incident.clone()
    });
    assert_eq!(world.incident(&one).await.claims.len(), 2);
    world.audit().await;
}

#[tokio::test]
async fn what_one_claim_found_of_the_other_side_yields_to_that_sides_own_claim() {
    let world = World::open().await;
    let one = world.report("lin", crash(&world, lin(), &[fang()], 100, FaultSource::Agreed)).await;
    world.assess(&one, "A", "2400.00").await;
    world.assess(&one, "B", "3100.00").await;
    let other = world.report("fang", crash(&world, fang(), &[lin()], 0, FaultSource::Agreed)).await;
    // The same amount again tells the accident nothing new; B's claim is decided on all the same.
    world.assess(&other, "B", "3100.00").await;
    world.papers("fang", &other).await;
    world.expect(&other, "open adjudicate approval\nball us ball.adjudication").await;
    world.wait_minutes(5);
    world.assess(&other, "B", "2900.00").await;
    world.wait_minutes(5);
    world.assess(&one, "A", "2500.00").await;
    let page = world.app.claim_page(&one, app::words::Words::of(app::words::Lang::Zh)).await.unwrap();
    let amounts: Vec<String> = page.vehicles.iter().map(|one| one.amount.unwrap().0.to_yuan()).collect();
    assert_eq!(amounts, ["2500.00", "2900.00"]);
    world.audit().await;
}

#[tokio::test]
async fn sides_that_tell_it_differently_are_heard_by_a_person() {
    let world = World::open().await;
    let one = world.report("lin", crash(&world, lin(), &[fang()], 0, FaultSource::Agreed)).await;
    world.papers("lin", &one).await;
    // B says that A is to blame, and that somebody is hurt.
    let mut told = crash(&world, fang(), &[lin()], 0, FaultSource::Agreed);
    told.injury = Injury::Light;
    let other = world.report("fang", told).await;
    assert_eq!(world.incident(&one).await.injury, Injury::Light);
    world.expect(&one, "tier general").await;
    world.pick("lin", &one, "front-door-left scratch").await;
    world.papers("lin", &one).await;
    world.expect(&one, "approved\npaid").await;
    // The police decide; what B says does not unsettle that.
    world.fault(&one, "A 100, B 0", FaultSource::Police).await;
    assert_eq!(world.incident(&other).await.fault_source, Some(FaultSource::Police));
    world.audit().await;
}

#[tokio::test]
async fn what_nobody_owes_back_any_more_is_not_expected() {
    let world = World::open().await;
    let claim = world.report("lin", crash(&world, lin(), &[foreign()], 0, FaultSource::Stated)).await;
    world.terms(&claim, "B", Terms { compulsory: false, ..Terms::default() }).await;
    world.fault(&claim, "A 0, B 100", FaultSource::Police).await;
    world.assess(&claim, "A", "8600.00").await;
    world.expect(&claim, "back B tortfeasor 8600.00").await;
    // B turns out to be insured after all, and pays all of it.
    world.terms(&claim, "B", elsewhere()).await;
    world.expect(&claim, "approved\npaid\nback").await;
    world.audit().await;
}
