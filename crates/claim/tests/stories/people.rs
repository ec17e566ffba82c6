//! What people may do, what they have to do, and by when.

use claim::state::DamageGuess;
use claim::{Ask, Event, Refusal, Stage, TaskKind};
use lexicon::Moment;
use rulebook::{Cause, FaultSource, Team};

use crate::stories::{paid_scrape, scrape};
use crate::world::{World, customer, full_cover, staff, yuan};

/// A general claim of so much, assessed by an assessor, with all papers.
fn assessed(amount: &str) -> World {
    let mut world = World::accident(Cause::Object, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    world.inspect("A");
    world.papers("A");
    world.assess("A", "A", "senior-assessor", amount);
    if !world.claims["A"].first_assessments.is_empty() {
        world.confirm("A", "another-assessor", "senior-assessor").unwrap();
    }
    world.papers("A");
    world
}

#[test]
fn authority_by_role_and_amount() {
    let above = |limit: &str| Err(Refusal::AboveAuthority { limit: yuan(limit) });
    for (amount, role, expected) in [
        ("20000.00", "approver-1", Ok(())),
        ("20000.01", "approver-1", above("20000.00")),
        ("20000.01", "approver-2", Ok(())),
        ("100000.01", "approver-2", above("100000.00")),
        ("100000.01", "approver-3", Ok(())),
        ("8000.00", "service-desk", above("0.00")),
        ("8000.00", "cashier", Err(Refusal::NoAuthority)),
        // Who assessed does not approve, whatever the authority.
        ("8000.00", "senior-assessor", Err(Refusal::NoAuthority)),
    ] {
        assert_eq!(assessed(amount).approve("A", role), expected, "{amount} by {role}");
    }
    let mut own = assessed("8000.00");
    assert_eq!(own.approve_as("A", "senior-assessor", "approver-3"), Err(Refusal::OwnAssessment));
    assert_eq!(own.try_assess("A", "A", "surveyor", "5000.01"), above("5000.00"));
    assert_eq!(own.try_assess("A", "A", "approver-3", "1.00"), Err(Refusal::NoAuthority));
}

#[test]
fn above_the_four_eyes_amount_two_different_people_agree_to_the_same_amount() {
    for (amount, second) in [("50000.00", false), ("50000.01", true)] {
        let mut world = assessed(amount);
        world.approve("A", "approver-2").unwrap();
        assert_eq!(world.claims["A"].open_task(TaskKind::SecondApproval).is_some(), second, "{amount}");
        assert_eq!(world.claims["A"].stage == Stage::Closed, !second, "{amount}");
    }
    let mut world = assessed("60000.00");
    world.approve("A", "approver-2").unwrap();
    assert_eq!(world.approve("A", "approver-2"), Err(Refusal::SamePerson));
    assert_eq!(world.approve("A", "approver-1"), Err(Refusal::AboveAuthority { limit: yuan("20000.00") }));
    // The amount changes: the first approval was given to something else.
    world.assess("A", "A", "senior-assessor", "61000.00");
    let claim = &world.claims["A"];
    assert!(claim.open_task(TaskKind::SecondApproval).is_none());
    assert!(claim.open_task(TaskKind::Adjudicate).is_some());
    world.approve("A", "approver-2").unwrap();
    world.approve("A", "approver-3").unwrap();
    assert_eq!(world.claims["A"].paid_total(), yuan("61000.00"));
}

#[test]
fn a_refusal_is_measured_by_all_that_it_refuses() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.fault("A 100, B 0", FaultSource::Police);
    world.notice("A", DamageGuess::Light);
    world.assess("A", "A", "surveyor", "900.00");
    world.assess("A", "B", "senior-assessor", "300000.00");
    let above = Refusal::AboveAuthority { limit: yuan("100000.00") };
    assert_eq!(world.decline("A", "approver-2"), Err(above));
    world.decline("A", "approver-3").unwrap();
    world.confirm_refusal("A", "head-of-claims", "approver-3").unwrap();
}

#[test]
fn whoever_asks_for_a_person_gets_one_also_after_the_end() {
    let mut world = scrape();
    world.papers("A");
    let message = Some(crate::world::private("我想和人谈谈"));
    world.ask("A", customer("A"), Ask::AskPerson { message: message.clone() }).unwrap();
    let due = world.claims["A"].open_task(TaskKind::Answer).unwrap().1.due;
    assert_eq!(due, world.at.plus_seconds(4 * 3600));
    // Asking again does not begin the term anew.
    world.wait_minutes(60);
    world.ask("A", customer("A"), Ask::AskPerson { message }).unwrap();
    assert_eq!(world.claims["A"].open_task(TaskKind::Answer).unwrap().1.due, due);
    assert_eq!(world.claims["A"].marks.person_asked_at, Some(world.at.plus_seconds(-3600)));
    // Nothing is priced or paid by a rule meanwhile.
    world.pick("A", "rear-bumper scratch");
    world.assess("A", "A", "assessor", "560.00");
    assert!(world.tell("A").contains("ruled 560.00 refer approval\n"));
    world.approve("A", "approver-1").unwrap();
    // Paid, but somebody still owes an answer.
    assert_eq!((world.claims["A"].stage, world.ball("A").what), (Stage::Paying, "ball.answer"));
    let (task, _) = world.claims["A"].open_task(TaskKind::Answer).unwrap();
    world.ask("A", staff("desk"), Ask::FinishTask { task }).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);

    let mut closed = paid_scrape();
    closed.ask("A", customer("A"), Ask::AskPerson { message: None }).unwrap();
    assert_eq!(closed.ball("A").what, "ball.answer");
    assert!(closed.claims["A"].open_task(TaskKind::Answer).is_some());
    assert_eq!(closed.claims["A"].stage, Stage::Closed);
}

#[test]
fn a_rating_is_given_once_and_at_the_end() {
    let mut world = scrape();
    let rate = |stars| Ask::Rate { stars, comment: None };
    assert_eq!(world.ask("A", customer("A"), rate(5)), Err(Refusal::NotOver));
    let mut world = paid_scrape();
    for (stars, expected) in [
        (0, Err(Refusal::BadStars)),
        (6, Err(Refusal::BadStars)),
        (4, Ok(())),
        (5, Err(Refusal::AlreadyRated)),
    ] {
        assert_eq!(world.ask("A", customer("A"), rate(stars)), expected, "{stars} stars");
    }
}

#[test]
fn a_task_warns_once_before_its_end_and_once_after() {
    let mut world = World::accident(Cause::Weather, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Heavy);
    // Call within 10 minutes, warned at 5; inspect within 24 hours, warned at 20.
    for (minute, expected) in [
        (0, vec![]),
        (4, vec![]),
        (5, vec![("contact", false)]),
        (6, vec![]),
        (10, vec![("contact", true)]),
        (60, vec![]),
        (20 * 60, vec![("inspect", false)]),
        (23 * 60, vec![]),
        (24 * 60, vec![("inspect", true)]),
        (48 * 60, vec![]),
    ] {
        let start: Moment = crate::world::NOON.parse().unwrap();
        world.at = start.plus_seconds(minute * 60);
        let before = world.log.len();
        world.react("A", Ask::Escalate);
        let told: Vec<(&str, bool)> = world.log[before..]
            .iter()
            .map(|(_, event, _)| match event {
                Event::TaskEscalated(told) => (world.claims["A"].tasks[&told.task].kind.word(), told.overdue),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, expected, "after {minute} minutes");
    }
}

#[test]
fn a_task_goes_to_a_team_and_to_a_person() {
    let mut world = World::accident(Cause::Weather, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Heavy);
    let to = Some("surveyor-7".parse().unwrap());
    let assign = |task| Ask::AssignTask { task, team: Team::Survey, to: to.clone() };
    world.ask("A", staff("dispatcher"), assign(1)).unwrap();
    assert_eq!(world.claims["A"].tasks[&1].assignee, to);
    let before = world.log.len();
    world.ask("A", staff("dispatcher"), assign(1)).unwrap();
    assert_eq!(world.log.len(), before, "nothing new");
    assert_eq!(world.ask("A", staff("dispatcher"), assign(9)), Err(Refusal::NoSuchTask));
}

#[test]
fn the_task_that_a_stage_waits_for_is_finished_by_doing_it() {
    let mut world = World::accident(Cause::Weather, 1);
    world.terms("A", full_cover());
    world.fault("A 0", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    let by_hand = |world: &mut World, kind| {
        let (task, _) = world.claims["A"].open_task(kind).unwrap();
        world.ask("A", staff("desk"), Ask::FinishTask { task })
    };
    assert_eq!(by_hand(&mut world, TaskKind::Inspect), Err(Refusal::OutOfOrder));
    assert_eq!(by_hand(&mut world, TaskKind::Contact), Ok(()));
    world.inspect("A");
    assert_eq!(by_hand(&mut world, TaskKind::Assess), Err(Refusal::OutOfOrder));
    world.assess("A", "A", "senior-assessor", "60000.00");
    assert_eq!(by_hand(&mut world, TaskKind::Adjudicate), Err(Refusal::OutOfOrder));
    world.approve("A", "approver-2").unwrap();
    assert_eq!(by_hand(&mut world, TaskKind::SecondApproval), Err(Refusal::OutOfOrder));
}

#[test]
fn papers_are_asked_for_once_and_completely() {
    let mut world = scrape();
    let requests = |world: &World| -> Vec<Vec<String>> {
        let asked = world.log.iter().filter_map(|(_, event, _)| match event {
            Event::PapersRequested(requested) => Some(requested.papers.clone()),
            _ => None,
        });
        asked.collect()
    };
    let all = [
        "scene-photos",
        "plate-photo",
        "damage-close-up",
        "driving-licence",
        "vehicle-licence",
        "bank-account",
    ];
    assert_eq!(requests(&world), [all]);
    world.send("A", "photo-scene");
    world.send("A", "driving-licence");
    world.pick("A", "rear-bumper scratch");
    world.assess("A", "A", "assessor", "560.00");
    assert_eq!(requests(&world).len(), 1, "what was asked for is not asked for again");
    // A graver accident needs more: the new list is complete again, without what came.
    world.happened(claim::incident::Ask::Correct(crate::world::injury(rulebook::Injury::Light))).unwrap();
    let second = requests(&world).pop().unwrap();
    assert!(second.contains(&"medical-record".to_owned()) && second.contains(&"bank-account".to_owned()));
    assert!(!second.contains(&"driving-licence".to_owned()));
}
