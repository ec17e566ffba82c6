//! What must not pass without a person, and what must not pass at all.

use claim::state::DamageGuess;
use claim::{Ask, Refusal, Stage, TaskKind};
use rulebook::{Cause, FaultSource};

use crate::stories::scrape;
use crate::world::{World, customer, full_cover, party};

#[test]
fn damage_without_a_photo_or_named_twice_is_looked_at_by_a_person() {
    for damage in ["rear-bumper scratch, rear-bumper dent", "rear-bumper scratch"] {
        let mut world = scrape();
        world.papers("A");
        let mut picks = world.picks("A", damage);
        if picks.len() == 1 {
            picks[0].photo = None;
        }
        let incident = world.incident.clone().into();
        world.ask("A", customer("A"), Ask::ProposeDamage { picks, incident }).unwrap();
        assert_eq!(world.claims["A"].stage, Stage::Assessing, "{damage}");
        assert!(world.claims["A"].open_task(TaskKind::Assess).is_some(), "{damage}");
    }
}

#[test]
fn a_better_choice_of_damage_takes_the_place_of_the_first() {
    let mut world = scrape();
    world.papers("A");
    world.pick("A", "rear-bumper scratch, rear-bumper dent");
    world.pick("A", "rear-bumper scratch");
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn a_scan_of_a_licence_is_no_photo_of_damage() {
    let mut world = scrape();
    world.send("A", "driving-licence");
    let mut picks = world.picks("A", "rear-bumper scratch");
    picks[0].photo = Some(1);
    let ask = Ask::ProposeDamage { picks, incident: world.incident.clone().into() };
    assert_eq!(world.ask("A", customer("A"), ask), Err(Refusal::NoSuchPhoto));
}

#[test]
fn a_customer_names_damage_and_never_its_price() {
    let mut world = scrape();
    world.papers("A");
    let mut picks = world.picks("A", "rear-bumper scratch");
    picks[0].price = Some(crate::world::yuan("4999.00"));
    picks[0].operation = Some(rulebook::tables::Operation::Replace);
    let incident = world.incident.clone().into();
    world.ask("A", customer("A"), Ask::ProposeDamage { picks, incident }).unwrap();
    assert_eq!(world.claims["A"].paid_total(), crate::world::yuan("560.00"));
}

#[test]
fn without_a_policy_of_ours_nothing_is_owed_whatever_the_arithmetic_says() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.fault("A 100, B 0", FaultSource::Police);
    world.notice_with("A", DamageGuess::Light, rulebook::PolicyFact::NotInForce, vec![]);
    world.assess("A", "A", "assessor", "900.00");
    world.assess("A", "B", "assessor", "900.00");
    assert!(world.tell("A").contains("ruled 0.00 refer approval"), "{}", world.tell("A"));
    assert_eq!(world.approve("A", "approver-3"), Err(Refusal::NothingOwed));
}

#[test]
fn losses_that_bear_on_what_we_owe() {
    let injured = |world: &mut World| world.incident.injury = rulebook::Injury::Light;
    let property = |world: &mut World| world.incident.other_property = true;
    let nothing = |_: &mut World| {};
    type Told<'a> = &'a dyn Fn(&mut World);
    let cases: [(&str, &str, Told, bool); 9] = [
        ("A", "A 100", &nothing, false),
        ("A", "A 100", &injured, true),
        ("A", "A 100", &property, true),
        ("A B", "A 100, B 0", &nothing, true),
        ("A B", "A 50, B 50", &nothing, true),
        // The other side at fault has nothing to claim from us.
        ("A B", "A 0, B 100", &nothing, false),
        // B's loss takes from what C's cover has for A.
        ("A B C", "A 0, B 0, C 100", &nothing, true),
        ("A B C", "A 100, B 0, C 0", &nothing, true),
        // Nobody knows whose fault it was.
        ("A B", "", &nothing, true),
    ];
    for (vehicles, fault, told, unknown) in cases {
        let mut world = World::accident(Cause::Crash, vehicles.split(' ').count());
        if !fault.is_empty() {
            world.fault(fault, FaultSource::Police);
        }
        told(&mut world);
        assert_eq!(world.incident.losses_unknown(&party("A")), unknown, "{vehicles}: {fault}");
    }
}

#[test]
fn a_hurt_person_who_has_not_claimed_keeps_the_claim_open() {
    let mut world = World::told(|told| told.injury = rulebook::Injury::Light);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Police);
    world.notice("A", DamageGuess::Light);
    world.inspect("A");
    world.papers("A");
    world.assess("A", "A", "assessor", "900.00");
    world.approve("A", "approver-1").unwrap();
    assert_eq!((world.claims["A"].stage, world.ball("A").what), (Stage::Paying, "ball.other-side"));
    assert!(world.claims["A"].open_task(TaskKind::OtherSide).is_some());
    // It turned out that nobody was.
    world.happened(claim::incident::Ask::Correct(crate::world::injury(rulebook::Injury::None))).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn papers_that_an_inspection_makes_needless_are_not_waited_for() {
    let mut world = World::accident(Cause::Weather, 1);
    world.terms("A", full_cover());
    world.fault("A 0", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    for kind in ["vin-plate", "driving-licence", "vehicle-licence", "id-card", "weather-proof"] {
        world.send("A", kind);
    }
    world.account("A", "A");
    // Only photos are missing, and a surveyor looks instead.
    assert!(!world.claims["A"].papers_asked.is_empty());
    world.inspect("A");
    world.assess("A", "A", "assessor", "9000.00");
    assert_eq!(world.claims["A"].papers_asked, Vec::<String>::new());
    assert_eq!(world.claims["A"].marks.papers_complete_at, Some(world.at));
    assert_eq!(world.ball("A").what, "ball.adjudication");
}

#[test]
fn money_for_somebody_without_an_account_waits_for_that_somebody() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.fault("A 100, B 0", FaultSource::Police);
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.assess("A", "A", "assessor", "900.00");
    world.assess("A", "B", "assessor", "900.00");
    world.approve("A", "approver-1").unwrap();
    let missing: Vec<&str> =
        claim::accounts_missing(&world.claims["A"]).map(|payee| payee.as_str()).collect();
    assert_eq!(missing, ["B"]);
    assert_eq!(world.ball("A").holder, claim::Holder::Other);
    world.account("A", "B");
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}
