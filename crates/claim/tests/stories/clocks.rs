//! The clocks of law and service on a claim.

use claim::clocks::{Running, clocks};
use claim::events::ReopenCause;
use claim::state::DamageGuess;
use claim::{Ask, Stage};
use lexicon::Moment;
use rulebook::{Cause, FaultSource};

use crate::world::{World, customer, full_cover};

fn clock(world: &World, code: &str) -> Option<Running> {
    clocks(&world.claims["A"], world.at, &world.tables).into_iter().find(|clock| clock.code == code)
}

/// The day on whose end the clock is over.
fn last_day(world: &World, code: &str) -> String {
    let due = clock(world, code).unwrap_or_else(|| panic!("no clock {code}")).due;
    world.tables.day(due.plus_seconds(-1)).to_string()
}

fn at(day: &str) -> Moment {
    format!("2026-{day}T10:00:00+08:00").parse().unwrap()
}

/// A claim by notice on that day, that will take photos of the customer.
fn notified(day: &str) -> World {
    let mut world = World::told(|told| {
        told.cause = Cause::Object;
        told.occurred_at = at(day);
    });
    world.at = at(day);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.notice("A", DamageGuess::Light);
    world
}

#[test]
fn x31_the_thirty_days_stand_still_while_papers_are_waited_for() {
    let mut world = notified("03-01");
    world.send("A", "photo-scene");
    assert_eq!(last_day(&world, "decide-coverage"), "2026-03-31");
    // The list reached the customer on the day of the notice, and stands still as long as papers are missing.
    world.at = at("03-08");
    assert!(clock(&world, "decide-coverage").unwrap().stopped);
    assert_eq!(last_day(&world, "decide-coverage"), "2026-04-07");
    world.at = at("03-12");
    world.papers("A");
    assert!(!clock(&world, "decide-coverage").unwrap().stopped);
    assert_eq!(last_day(&world, "decide-coverage"), "2026-04-13");
    assert_eq!(last_day(&world, "undisputed-advance"), "2026-05-11");
}

#[test]
fn a_wait_that_began_before_the_term_does_not_lengthen_it() {
    // Asked on 03-01, the first paper came on 03-05, the last on 03-12: seven days stood still, not eleven.
    let mut world = notified("03-01");
    world.at = at("03-05");
    world.send("A", "photo-scene");
    world.at = at("03-12");
    world.papers("A");
    assert_eq!(last_day(&world, "decide-coverage"), "2026-04-13");
    assert_eq!(world.claims["A"].marks.first_papers_at, Some(at("03-05")));
}

#[test]
fn x32_decided_on_a_friday_the_letter_goes_by_monday_and_the_money_in_ten_days() {
    let mut world = notified("03-18");
    world.at = at("03-20");
    world.decline("A", "approver-1").unwrap();
    assert_eq!(last_day(&world, "refusal-letter"), "2026-03-23");
    // The decision is made: no other clock still runs on a claim that has ended.
    let running = clocks(&world.claims["A"], at("03-30"), &world.tables);
    let open: Vec<&str> =
        running.iter().filter(|clock| clock.met_at.is_none()).map(|clock| clock.code.as_str()).collect();
    assert_eq!(open, ["refusal-letter"]);

    let mut agreed = notified("03-20");
    agreed.bank_pays = false;
    agreed.papers("A");
    agreed.pick("A", "rear-bumper scratch");
    assert_eq!(agreed.claims["A"].stage, Stage::Paying);
    assert_eq!(last_day(&agreed, "pay-after-agreement"), "2026-03-30");
    assert_eq!(last_day(&agreed, "pay-small"), "2026-03-23");
    agreed.bank("A");
    assert_eq!(clock(&agreed, "pay-after-agreement").unwrap().met_at, Some(at("03-20")));
}

#[test]
fn x33_the_compulsory_cover_has_one_five_and_ten_days() {
    let mut world = notified("03-01");
    assert_eq!(last_day(&world, "ctpl-papers-list"), "2026-03-02");
    assert_eq!(clock(&world, "ctpl-papers-list").unwrap().met_at, Some(at("03-01")));
    world.at = at("03-10");
    world.papers("A");
    // 03-15 is a Sunday.
    assert_eq!(last_day(&world, "ctpl-decision"), "2026-03-16");
    world.at = at("03-16");
    world.bank_pays = false;
    world.pick("A", "rear-bumper scratch");
    assert_eq!(last_day(&world, "ctpl-pay"), "2026-03-26");
}

#[test]
fn a_surveyor_has_a_day_from_being_asked_not_from_the_notice() {
    let mut world = notified("03-02");
    assert_eq!(clock(&world, "inspect"), None);
    world.at = at("03-05");
    world.happened(claim::incident::Ask::Correct(crate::world::injury(rulebook::Injury::Light))).unwrap();
    assert_eq!(clock(&world, "inspect").unwrap().due, at("03-06"));
    assert_eq!(clock(&world, "triage").unwrap().met_at, Some(at("03-02")));
}

#[test]
fn the_clocks_of_a_claim_opened_again_begin_anew() {
    let mut world = notified("03-02");
    world.papers("A");
    world.pick("A", "rear-bumper scratch");
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    world.at = at("08-03");
    world.reopen("A", ReopenCause::Dispute);
    assert_eq!(last_day(&world, "decide-coverage"), "2026-09-02");
    assert_eq!(clock(&world, "adjudicate").unwrap().due, at("08-04"));
    world.ask("A", customer("A"), Ask::AskPerson { message: None }).unwrap();
    assert_eq!(clock(&world, "answer-person").unwrap().due, at("08-03").plus_seconds(4 * 3600));
}
