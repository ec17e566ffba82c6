//! The stories of the domain, as far as these aggregates tell them.

use claim::clocks::clocks;
use claim::events::{Contact, ReopenCause, ReporterJoined};
use claim::history::{AccidentNoted, Histories, History, Relation};
use claim::incident::{self, PartyId, Seat};
use claim::state::{Channel, DamageGuess};
use claim::{Ask, Event, Refusal, Stage, TaskKind, Terms};
use journal::Decider;
use lexicon::{Money, Private};
use rulebook::tables::Act;
use rulebook::{Cause, FaultSource, Injury, PolicyFact, Warning};

use crate::world::{
    OpenVault, World, customer, elsewhere, full_cover, injury, party, staff, vehicle_told, yuan,
};

/// S1: reversing into a pillar, bumper and tail lamp.
pub fn scrape() -> World {
    let mut world = World::accident(Cause::Reversing, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.notice("A", DamageGuess::Light);
    world
}

/// S1 until it is paid and closed.
pub fn paid_scrape() -> World {
    let mut world = scrape();
    world.papers("A");
    world.pick("A", "rear-bumper scratch, tail-lamp-right broken");
    world
}

#[test]
fn s1_a_small_clear_claim_is_paid_without_a_person() {
    let mut world = paid_scrape();
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying closed
        tier minor
        ruled 1860.00 approve
        approved 1860.00 system:adjudication.small-claim
        paid own-damage.A.A.property 1860.00
        ball you ball.rate
        ",
    );
    world.ask("A", customer("A"), Ask::Rate { stars: 5, comment: None }).unwrap();
    assert_eq!(world.ball("A").what, "ball.over");
}

/// S2: A ran into B, who is insured elsewhere.
fn rear_end() -> World {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack, front-fender-left broken");
    world
}

#[test]
fn s2_the_own_part_is_paid_at_once_and_the_other_sides_when_it_is_known() {
    let mut world = rear_end();
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying
        tier minor
        ruled 2400.00 approve
        approved 2400.00 system:adjudication.small-claim
        paid compulsory.B.A.property 100.00 | own-damage.A.A.property 2300.00
        tasks other-side service-desk open
        ball other ball.other-side
        ",
    );
    world.assess("A", "B", "assessor", "3100.00");
    // Above the small-claim limit now: a person approves, and only the difference is paid.
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.ball("A").what, "ball.account");
    world.account("A", "B");
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying adjudicating paying closed
        tier minor
        ruled 2400.00 approve | 5500.00 refer approval
        approved 2400.00 system:adjudication.small-claim | 5500.00 staff:approver-1
        paid compulsory.A.B.property 2000.00 | compulsory.B.A.property 100.00 | own-damage.A.A.property 2300.00 | third-party.A.B.property 1100.00
        tasks other-side service-desk | adjudicate approval
        ball you ball.rate
        ",
    );
}

/// S3: scraped while changing lane, half and half, each side repairs its own.
fn self_claim() -> World {
    let mut world = World::accident(Cause::Scrape, 2);
    for vehicle in ["A", "B"] {
        world.terms(vehicle, full_cover());
    }
    world.fault("A 50, B 50", FaultSource::Agreed);
    world.happened(incident::Ask::AgreeSelfClaim(true)).unwrap();
    for vehicle in ["A", "B"] {
        world.notice(vehicle, DamageGuess::Light);
        world.papers(vehicle);
    }
    world.pick("A", "front-door-left scratch, rear-door-left scratch");
    world.pick("B", "front-bumper dent, front-fender-right crack");
    world
}

#[test]
fn s3_each_side_is_paid_from_its_own_compulsory_cover() {
    let world = self_claim();
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying closed
        tier minor
        ruled 1200.00 approve
        approved 1200.00 system:adjudication.small-claim
        paid compulsory.A.A.property 1200.00
        tasks other-side service-desk
        ball you ball.rate
        ",
    );
    world.expect(
        "B",
        "
        way reported assessing adjudicating paying closed
        tier minor
        ruled 1750.00 approve
        approved 1750.00 system:adjudication.small-claim
        paid compulsory.B.B.property 1750.00
        ball you ball.rate
        ",
    );
}

#[test]
fn s3b_more_damage_converts_the_self_claim_and_what_was_paid_is_set_off() {
    let mut world = self_claim();
    world.reopen("B", ReopenCause::Supplement);
    world.assess("B", "B", "assessor", "2050.00");
    // A's closed claim owes something else now: a person looks at it, and opens it again.
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
    world.reopen("A", ReopenCause::Correction);
    world.bank_pays = false;
    world.approve("A", "approver-1").unwrap();
    world.approve("B", "approver-1").unwrap();
    // 1,200.00 that A's cover paid to A is owed by B's; of the 1,750.00 that B's cover paid to B, A's owes all but 25.00.
    world.set_off("A", &[("compulsory.A.A.property", "-1200.00"), ("compulsory.A.B.property", "1725.00")]);
    world.set_off(
        "B",
        &[
            ("compulsory.B.B.property", "-1750.00"),
            ("compulsory.B.A.property", "1200.00"),
            ("own-damage.B.B.property", "25.00"),
        ],
    );
    world.account("A", "B");
    world.bank("A");
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying closed adjudicating paying closed
        tier minor
        ruled 1200.00 approve | 2025.00 refer approval
        approved 1200.00 system:adjudication.small-claim | 2025.00 staff:approver-1
        paid compulsory.A.B.property 2000.00 | third-party.A.B.property 25.00
        tasks other-side service-desk | adjudicate approval
        ball you ball.rate
        ",
    );
    world.expect(
        "B",
        "
        way reported assessing adjudicating paying closed adjudicating paying closed
        tier minor
        ruled 1750.00 approve | 1225.00 refer approval
        approved 1750.00 system:adjudication.small-claim | 1225.00 staff:approver-1
        paid compulsory.B.A.property 1200.00 | own-damage.B.B.property 25.00
        tasks assess assessment | adjudicate approval
        ball you ball.rate
        ",
    );
}

#[test]
fn s4_an_injury_goes_to_its_handler_and_nothing_is_automatic() {
    let mut world = World::told(|told| (told.cause, told.injury) = (Cause::Person, Injury::Serious));
    world.terms("A", full_cover());
    world.fault("A 70", FaultSource::Police);
    world.notice("A", DamageGuess::Light);
    let asked = |world: &World| world.claims["A"].papers_asked.clone();
    assert!(asked(&world).contains(&"police-certificate".to_owned()));
    world.happened(incident::Ask::Correct(injury(Injury::Light))).unwrap();
    world.inspect("A");
    world.assess("A", "A", "surveyor", "900.00");
    world.papers("A");
    // The rider's bills are not known: the claim cannot end.
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.ball("A").what, "ball.other-side");
    world.victim("P1", None, |rider| (rider.medical, rider.property) = (yuan("23600"), yuan("1300")));
    world.account("A", "P1");
    assert_eq!(world.approve("A", "approver-1"), Err(above("20000")));
    world.approve("A", "approver-2").unwrap();
    world.expect(
        "A",
        "
        way reported inspecting assessing adjudicating paying adjudicating paying closed
        tier major | general
        ruled 900.00 refer injury | 900.00 refer injury | 24120.00 refer injury
        approved 900.00 staff:approver-1 | 24120.00 staff:approver-2
        paid compulsory.A.P1.medical 18000.00 | compulsory.A.P1.property 1300.00 | own-damage.A.A.property 900.00 | third-party.A.P1.medical 3920.00
        tasks inspect survey | contact injury | assess assessment | adjudicate injury | other-side service-desk | adjudicate injury
        ball you ball.rate
        ",
    );
    assert_eq!(
        world.log.iter().filter(|(_, event, _)| matches!(event, Event::PapersRequested(_))).count(),
        1
    );
}

#[test]
fn s5_a_flooded_car_is_a_total_loss_that_a_person_settles() {
    let mut world = World::accident(Cause::Weather, 1);
    let sums = Some((yuan("168000"), Money::ZERO));
    world.terms("A", Terms { own_damage: sums, new_energy: true, ..full_cover() });
    world.fault("A 0", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    world.inspect("A");
    let total_loss = Some((yuan("168000"), yuan("12000")));
    world.total_loss("A", "senior-assessor", total_loss).unwrap();
    world.papers("A");
    assert_eq!(world.approve("A", "approver-2"), Err(above("100000")));
    world.approve("A", "approver-3").unwrap();
    world.approve_as("A", "another", "approver-3").unwrap();
    world.expect(
        "A",
        "
        way reported inspecting assessing adjudicating paying closed
        tier general | major
        ruled 156000.00 refer approval | 156000.00 refer approval
        approved 156000.00 staff:approver-3 + staff:another
        paid own-damage.A.A.property 156000.00
        tasks inspect survey | contact survey | assess assessment | adjudicate approval | second-approval approval
        ball you ball.rate
        ",
    );
}

#[test]
fn s6_own_damage_pays_and_claims_back_from_the_uninsured_side() {
    let mut world = World::accident(Cause::Crash, 2);
    world.terms("A", full_cover());
    world.terms("B", Terms::default());
    world.fault("A 0, B 100", FaultSource::Police);
    world.notice("A", DamageGuess::Some);
    world.papers("A");
    world.assess("A", "A", "assessor", "8600.00");
    world.papers("A");
    world.approve("A", "approver-1").unwrap();
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying closed
        tier minor | general
        ruled 8600.00 refer approval | 8600.00 refer approval
        approved 8600.00 staff:approver-1
        paid own-damage.A.A.property 8600.00
        back B tortfeasor 8600.00
        tasks adjudicate approval
        ball you ball.rate
        ",
    );
}

#[test]
fn s7_two_of_our_customers_stand_on_the_same_facts() {
    let mut world = World::accident(Cause::RearEnd, 3);
    world.terms("A", full_cover());
    world.terms("B", full_cover());
    world.terms("C", elsewhere());
    world.fault("A 0, B 0, C 100", FaultSource::Police);
    for name in ["A", "B"] {
        world.notice(name, DamageGuess::Some);
        world.inspect(name);
    }
    world.assess("A", "A", "assessor", "2800.00");
    // B's loss has a part in what C's cover leaves for A.
    assert!(world.incident.losses_unknown(&party("A")));
    world.assess("B", "B", "assessor", "5200.00");
    world.assess("A", "C", "assessor", "7900.00");
    let accident = claim::accident_of(&world.incident, &world.tables).unwrap();
    let statement = coverage::settle(&accident).unwrap();
    let paid_by = |name: &str| -> Vec<String> {
        let owed = claim::owed_by(&statement, &accident, &party(name));
        owed.iter().map(|owed| format!("{} {}", owed.exposure, owed.amount)).collect()
    };
    assert_eq!(
        paid_by("C"),
        [
            "compulsory.A.C.property 100.00",
            "compulsory.B.C.property 100.00",
            "compulsory.C.A.property 700.00",
            "compulsory.C.B.property 1300.00",
            "third-party.C.A.property 2100.00",
            "third-party.C.B.property 3900.00",
            "own-damage.C.C.property 7700.00",
        ]
    );
    // C's insurer pays both in full, so ours owe 0.00: that is for a person to say, with a way back for the customer.
    for name in ["A", "B"] {
        assert_eq!(world.approve(name, "approver-1"), Err(Refusal::NothingOwed));
    }
    world.ask("A", customer("A"), Ask::Withdraw).unwrap();
    world.decline("B", "approver-2").unwrap();
    world.expect(
        "A",
        "
        way reported inspecting assessing adjudicating withdrawn
        tier general
        ruled 0.00 refer approval | 0.00 refer approval
        tasks inspect survey | contact survey | assess assessment | adjudicate approval | other-side service-desk
        ball nobody ball.over
        ",
    );
    world.expect(
        "B",
        "
        way reported inspecting assessing adjudicating declined
        tier general
        ruled 0.00 refer approval
        declined 第七条 staff:approver-2
        tasks inspect survey | contact survey | assess assessment | adjudicate approval
        ball nobody ball.declined
        ",
    );
}

#[test]
fn s8_a_grave_crash_needs_two_people_above_the_four_eyes_amount() {
    let mut world = World::told(|told| {
        told.injury = Injury::Serious;
        told.vehicles.push(vehicle_told(1));
    });
    // A is the truck, B the family car.
    world.terms("A", Terms { third_party: Some(yuan("300000")), ..full_cover() });
    let seats = Some(yuan("20000"));
    world.terms("B", Terms { driver: seats, passengers: seats, ..full_cover() });
    world.fault("A 50, B 50", FaultSource::Police);
    for name in ["A", "B"] {
        world.notice(name, DamageGuess::Heavy);
        world.inspect(name);
    }
    world.assess("A", "A", "assessor", "6000.00");
    world.assess("B", "B", "assessor", "31000.00");
    world.victim("P1", Some(("B", Seat::Driver)), |driver| driver.medical = yuan("42000"));
    world.victim("P2", Some(("B", Seat::Passenger)), |person| person.death_disability = yuan("210000"));
    for name in ["A", "B"] {
        world.papers(name);
        for payee in ["A", "B", "P1", "P2"] {
            world.account(name, payee);
        }
    }
    assert_eq!(world.approve("A", "approver-2"), Err(above("100000")));
    world.approve("A", "approver-3").unwrap();
    assert_eq!(world.approve("A", "approver-3"), Err(Refusal::SamePerson));
    world.approve_as("A", "head-of-claims", "approver-3").unwrap();
    world.approve("B", "approver-2").unwrap();
    world.expect_ending(
        "A",
        "
        tier major
        approved 243500.00 staff:approver-3 + staff:head-of-claims
        paid compulsory.A.B.property 2000.00 | compulsory.A.P1.medical 18000.00 | compulsory.A.P2.death_disability 180000.00 | own-damage.A.A.property 2000.00 | third-party.A.B.property 14500.00 | third-party.A.P1.medical 12000.00 | third-party.A.P2.death_disability 15000.00
        ball you ball.rate
        ",
    );
    world.expect_ending(
        "B",
        "
        tier major
        approved 45500.00 staff:approver-2
        paid compulsory.B.A.property 2000.00 | driver.B.P1.all 12000.00 | own-damage.B.B.property 14500.00 | passengers.B.P2.all 15000.00 | third-party.B.A.property 2000.00
        ball you ball.rate
        ",
    );
}

#[test]
fn s9_damage_while_parked_is_looked_at_and_zero_is_never_automatic() {
    let mut world = World::accident(Cause::Parked, 1);
    world.terms("A", Terms { own_damage: None, ..full_cover() });
    world.fault("A 0", FaultSource::Staff);
    world.notice("A", DamageGuess::Light);
    world.inspect("A");
    world.papers("A");
    world.assess("A", "A", "surveyor", "4000.00");
    world.expect(
        "A",
        "
        way reported inspecting assessing adjudicating
        tier general
        ruled 0.00 refer approval
        tasks inspect survey | contact survey | assess assessment | adjudicate approval open
        ball us ball.adjudication
        ",
    );
}

#[test]
fn s10_two_notices_of_one_accident_become_one_claim_that_both_follow() {
    let mut world = paid_scrape();
    let noted = |minutes: i64| AccidentNoted {
        incident: "incident".parse().unwrap(),
        party: PartyId::vehicle(0),
        claim: Some("claim-A".parse().unwrap()),
        occurred_at: world.at.plus_seconds(60 * minutes),
        at: world.at,
    };
    let events = Histories::decide(&History::default(), noted(0)).unwrap();
    let history = events.iter().fold(History::default(), Histories::evolve);
    assert_eq!(history.relate(noted(20).occurred_at), Relation::Same(&noted(0)));
    assert_eq!(Histories::decide(&history, noted(0)).unwrap(), vec![]);
    let spouse = Contact { name: "配偶".to_owned(), phone: "13900000000".to_owned() };
    let joined = ReporterJoined {
        contact: Private::seal(&OpenVault, &"spouse".parse().unwrap(), &spouse).unwrap(),
        account: Some("account-spouse".parse().unwrap()),
        channel: Channel::Phone,
        at: world.at,
    };
    for _ in 0..2 {
        world.ask("A", staff("desk"), Ask::Join(joined.clone())).unwrap();
    }
    let followers: Vec<&str> = world.claims["A"].followers.iter().map(|account| account.as_str()).collect();
    assert_eq!(followers, ["account-A", "account-spouse"]);
    assert_eq!(world.claims["A"].paid_total(), yuan("1860.00"));
}

#[test]
fn s11_warnings_send_a_small_claim_to_investigation_and_a_person_decides() {
    let mut world = World::accident(Cause::Object, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    let policy = PolicyFact::InForce { days: 4 };
    world.notice_with("A", DamageGuess::Light, policy, vec![Warning::NewPolicy]);
    let file = world.file("A", "photo-scene");
    let Ask::AddEvidence { evidence, incident, .. } = file else { unreachable!("a file is evidence") };
    let warnings = vec![Warning::PhotoSeenBefore];
    world.ask("A", customer("A"), Ask::AddEvidence { evidence, warnings, incident }).unwrap();
    world.papers("A");
    world.pick("A", "front-bumper dent");
    world.assess("A", "A", "assessor", "750.00");
    world.expect(
        "A",
        "
        way reported assessing adjudicating
        tier minor
        ruled 750.00 refer investigation
        tasks assess assessment | investigate investigation open
        ball us ball.adjudication
        ",
    );
    // The investigator found nothing: approval has it, and a person pays.
    let (task, _) = world.claims["A"].open_task(TaskKind::Investigate).unwrap();
    world.ask("A", staff("investigator"), Ask::FinishTask { task }).unwrap();
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn s12_a_policy_that_had_ended_is_declined_by_a_named_person_with_the_clause() {
    let mut world = World::accident(Cause::Reversing, 1);
    world.fault("A 100", FaultSource::Single);
    world.notice_with("A", DamageGuess::Light, PolicyFact::NotInForce, vec![]);
    world.papers("A");
    world.pick("A", "rear-bumper scratch, tail-lamp-right broken");
    let limit = world.limit("approver-1", Act::Decline);
    let no_reason = Ask::Decline { clause: "第三条".to_owned(), reason: None, limit };
    assert_eq!(world.ask("A", staff("approver-1"), no_reason), Err(Refusal::NoReason));
    world.decline("A", "approver-1").unwrap();
    world.expect(
        "A",
        "
        way reported assessing adjudicating declined
        tier minor
        ruled 0.00 refer approval
        declined 第七条 staff:approver-1
        tasks find-policy service-desk | adjudicate approval
        ball nobody ball.declined
        ",
    );
    let letter = clocks(&world.claims["A"], world.at, &world.tables);
    let letter = letter.iter().find(|clock| clock.code == "refusal-letter").unwrap();
    // Declined on a Tuesday: the third day is the Friday.
    assert_eq!(letter.due, "2026-05-16T00:00:00+08:00".parse().unwrap());
}

fn above(limit: &str) -> Refusal {
    Refusal::AboveAuthority { limit: yuan(limit) }
}
