//! The graver stories of the domain.

use claim::incident::Seat;
use claim::state::DamageGuess;
use claim::{Ask, Refusal, Terms};
use lexicon::Money;
use rulebook::{Cause, FaultSource, Injury};

use crate::stories::above;
use crate::world::{World, customer, elsewhere, full_cover, party, vehicle_told, yuan};

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
    world.confirm("A", "second", "senior-assessor").unwrap();
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
        tasks inspect survey | contact survey | assess assessment | confirm-assessment assessment | take-note management | agree-reserve approval | adjudicate approval | second-approval approval
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
        tasks inspect survey | contact survey | assess assessment | adjudicate approval | serve-refusal service-desk open
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
    for (name, amount) in [("A", "6000.00"), ("B", "31000.00")] {
        world.assess(name, name, "assessor", amount);
        assert!(world.claims[name].adjudicated.is_none(), "counts once a second assessor agrees");
        assert_eq!(world.confirm(name, "assessor", "assessor"), Err(Refusal::SamePerson));
        world.confirm(name, "second-assessor", "assessor").unwrap();
    }
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
