//! What needs a second person: a refusal above the four-eyes amount, the assessment of a grave accident; and that nobody decides
//! on other figures than they saw.

use claim::events::{ReopenCause, Service};
use claim::state::DamageGuess;
use claim::{Ask, Event, Refusal, Stage, TaskKind};
use lexicon::Money;
use rulebook::tables::Act;
use rulebook::{Cause, FaultSource, Injury, Team};

use crate::world::{World, customer, full_cover, injury, private, staff, yuan};

/// A claim of so much, assessed by one assessor, with all papers.
fn assessed(amount: &str) -> World {
    let mut world = World::accident(Cause::Object, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    world.inspect("A");
    world.papers("A");
    world.assess("A", "A", "senior-assessor", amount);
    world.papers("A");
    world
}

fn open(world: &World, kind: TaskKind) -> Option<Team> {
    world.claims["A"].open_task(kind).map(|(_, task)| task.team)
}

#[test]
fn above_the_four_eyes_amount_two_different_people_decline() {
    for (amount, second) in [("50000.00", false), ("50000.01", true)] {
        let mut world = assessed(amount);
        world.decline("A", "approver-2").unwrap();
        assert_eq!(world.claims["A"].stage == Stage::Declined, !second, "{amount}");
        assert_eq!(open(&world, TaskKind::ConfirmRefusal), second.then_some(Team::Approval), "{amount}");
    }
    let mut world = assessed("60000.00");
    world.decline("A", "approver-2").unwrap();
    assert_eq!(world.ball("A").what, "ball.adjudication", "the customer hears of no decision");
    assert_eq!(open(&world, TaskKind::Adjudicate), None);
    // One waits for the other: nothing else is decided meanwhile.
    assert_eq!(world.approve("A", "approver-3"), Err(Refusal::RefusalWaits));
    assert_eq!(world.decline("A", "approver-3"), Err(Refusal::RefusalWaits));
    let (task, _) = world.claims["A"].open_task(TaskKind::ConfirmRefusal).unwrap();
    assert_eq!(world.ask("A", staff("desk"), Ask::FinishTask { task }), Err(Refusal::OutOfOrder));
    assert_eq!(world.confirm_refusal("A", "approver-2", "approver-2"), Err(Refusal::SamePerson));
    let limit = yuan("5000.00");
    assert_eq!(world.confirm_refusal("A", "new", "approver-1"), Err(Refusal::AboveAuthority { limit }));
    assert_eq!(world.confirm_refusal("A", "desk", "service-desk"), Err(Refusal::NoAuthority));
    world.confirm_refusal("A", "approver-3", "approver-3").unwrap();
    world.expect_ending(
        "A",
        "
        declined 第七条 staff:approver-2 + staff:approver-3
        ball nobody ball.declined
        ",
    );
}

#[test]
fn a_refusal_that_is_sent_back_goes_to_whoever_proposed_it() {
    let mut world = assessed("60000.00");
    world.decline("A", "approver-2").unwrap();
    let back = |refusal| Ask::ReturnRefusal { refusal, reason: private("条款不适用") };
    assert_eq!(world.ask("A", staff("approver-3"), back(2)), Err(Refusal::OtherRefusal));
    world.ask("A", staff("approver-3"), back(1)).unwrap();
    let claim = &world.claims["A"];
    let (_, task) = claim.open_task(TaskKind::Adjudicate).unwrap();
    assert_eq!(task.assignee.as_ref().map(|to| to.as_str()), Some("approver-2"));
    assert!(claim.open_task(TaskKind::ConfirmRefusal).is_none());
    // Whoever still has the old page open confirms nothing.
    assert_eq!(world.confirm_refusal("A", "approver-3", "approver-3"), Err(Refusal::OtherRefusal));
    // Another proposal is another one.
    world.decline("A", "approver-2").unwrap();
    let limit = world.limit("approver-3", Act::Decline);
    let old = Ask::ConfirmRefusal { refusal: 1, limit };
    assert_eq!(world.ask("A", staff("approver-3"), old), Err(Refusal::OtherRefusal));
    world.confirm_refusal("A", "approver-3", "approver-3").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Declined);
}

#[test]
fn a_proposal_lapses_with_the_figures_it_was_made_of() {
    let mut world = assessed("60000.00");
    world.decline("A", "approver-2").unwrap();
    world.assess("A", "A", "senior-assessor", "62000.00");
    assert_eq!(open(&world, TaskKind::ConfirmRefusal), None);
    assert_eq!(open(&world, TaskKind::Adjudicate), Some(Team::Approval));
    assert_eq!(world.confirm_refusal("A", "approver-3", "approver-3"), Err(Refusal::OtherRefusal));
    // And with the customer, who takes the claim back.
    world.decline("A", "approver-2").unwrap();
    world.ask("A", customer("A"), Ask::Withdraw).unwrap();
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
}

#[test]
fn the_notice_of_a_refusal_goes_out_in_three_days_or_somebody_is_warned() {
    let mut world = assessed("8000.00");
    assert_eq!(
        world.ask("A", staff("desk"), Ask::ServeRefusal { way: Service::Post }),
        Err(Refusal::OutOfOrder)
    );
    world.decline("A", "approver-2").unwrap();
    let letter = |world: &World| {
        let clocks = claim::clocks::clocks(&world.claims["A"], world.at, &world.tables);
        clocks.into_iter().find(|clock| clock.code == "refusal-letter").unwrap()
    };
    let (task, due) = {
        let (task, open) = world.claims["A"].open_task(TaskKind::ServeRefusal).unwrap();
        assert_eq!(open.team, Team::ServiceDesk);
        (task, open.due)
    };
    assert_eq!((letter(&world).due, letter(&world).met_at), (due, None), "the task ends with the clock");
    // Ticking it off is not serving it.
    assert_eq!(world.ask("A", staff("desk"), Ask::FinishTask { task }), Err(Refusal::OutOfOrder));
    world.at = due;
    world.react("A", Ask::Escalate);
    assert_eq!(world.claims["A"].tasks[&task].escalations, 2);
    world.ask("A", staff("desk"), Ask::ServeRefusal { way: Service::Post }).unwrap();
    assert_eq!(letter(&world).met_at, Some(world.at));
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
    // Told twice, it went out once.
    let before = world.log.len();
    world.react("A", Ask::ServeRefusal { way: Service::Message });
    assert_eq!(world.log.len(), before);
    // Opened again and declined again, there is another notice to serve.
    world.reopen("A", ReopenCause::Dispute);
    world.decline("A", "approver-3").unwrap();
    assert_eq!(letter(&world).met_at, None);
    assert_eq!(open(&world, TaskKind::ServeRefusal), Some(Team::ServiceDesk));
}

#[test]
fn nobody_approves_other_figures_than_they_saw() {
    let mut world = assessed("8000.00");
    let seen = world.seen("A");
    world.assess("A", "A", "senior-assessor", "9000.00");
    let approve = |adjudication| Ask::Approve {
        adjudication,
        limit: Some(yuan("20000")),
        four_eyes_above: yuan("50000"),
    };
    let refused = Err(Refusal::OtherFigures { total: yuan("9000") });
    assert_eq!(world.ask("A", staff("approver-1"), approve(seen)), refused);
    world.ask("A", staff("approver-1"), approve(world.seen("A"))).unwrap();
    assert_eq!(world.claims["A"].approved_total(), yuan("9000"));
}

#[test]
fn of_a_grave_accident_two_assessors_agree_before_an_amount_counts() {
    for (amount, two) in [("99999.99", false), ("100000.00", true)] {
        let world = assessed(amount);
        assert_eq!(world.claims["A"].adjudicated.is_none(), two, "{amount}");
        assert_eq!(open(&world, TaskKind::ConfirmAssessment), two.then_some(Team::Assessment), "{amount}");
    }
    let mut world = assessed("120000.00");
    // It is grave by the amount that the first assessor put forward, and treated so at once.
    assert_eq!(open(&world, TaskKind::TakeNote), Some(Team::Management));
    assert_eq!(world.ball("A").what, "ball.assessment");
    assert_eq!(world.approve("A", "approver-3"), Err(Refusal::NotAdjudicated));
    assert_eq!(world.confirm("A", "senior-assessor", "senior-assessor"), Err(Refusal::SamePerson));
    let limit = yuan("50000.00");
    assert_eq!(world.confirm("A", "other", "assessor"), Err(Refusal::AboveAuthority { limit }));
    // Sent back, it is the first assessor's again, and counts as little.
    let reason = private("气囊未计入");
    world.ask("A", staff("other"), Ask::ReturnAssessment { number: 1, reason }).unwrap();
    let (_, task) = world.claims["A"].open_task(TaskKind::Assess).unwrap();
    assert_eq!(task.assignee.as_ref().map(|to| to.as_str()), Some("senior-assessor"));
    assert_eq!(world.confirm("A", "other", "senior-assessor"), Err(Refusal::OtherAssessment));
    world.assess("A", "A", "senior-assessor", "130000.00");
    world.confirm("A", "other", "senior-assessor").unwrap();
    assert_eq!(world.claims["A"].adjudicated.as_ref().unwrap().total, yuan("130000"));
    // Neither of the two approves.
    for assessor in ["senior-assessor", "other"] {
        assert_eq!(world.approve_as("A", assessor, "approver-3"), Err(Refusal::OwnAssessment), "{assessor}");
    }
}

#[test]
fn an_assessment_waits_for_a_second_assessor_when_the_claim_turns_grave() {
    let mut world = assessed("8000.00");
    assert_eq!(open(&world, TaskKind::Adjudicate), Some(Team::Approval));
    world.happened(claim::incident::Ask::Correct(injury(Injury::Serious))).unwrap();
    assert_eq!(open(&world, TaskKind::ConfirmAssessment), Some(Team::Assessment));
    assert_eq!(open(&world, TaskKind::TakeNote), Some(Team::Management));
    assert_eq!(world.approve("A", "approver-1"), Err(Refusal::AssessmentWaits));
    world.confirm("A", "assessor", "assessor").unwrap();
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].approved_total(), yuan("8000"));
}

#[test]
fn other_reasons_for_the_same_figures_do_not_void_the_first_of_two_approvals() {
    let mut world = assessed("60000.00");
    world.ask("A", customer("A"), Ask::AskPerson { message: None }).unwrap();
    world.fault("A 100", FaultSource::Agreed);
    let before = world.claims["A"].adjudicated.clone().unwrap();
    world.approve_as("A", "one", "approver-3").unwrap();
    assert_eq!(open(&world, TaskKind::SecondApproval), Some(Team::Approval));
    let (answer, _) = world.claims["A"].open_task(TaskKind::Answer).unwrap();
    world.ask("A", staff("desk"), Ask::FinishTask { task: answer }).unwrap();
    // The reason that somebody asked for a person is gone, and the police found the same: the figures stand.
    world.fault("A 100", FaultSource::Police);
    assert_eq!(world.claims["A"].adjudicated.as_ref().unwrap().number, before.number);
    assert_eq!(open(&world, TaskKind::SecondApproval), Some(Team::Approval));
    world.approve_as("A", "other", "approver-3").unwrap();
    assert_eq!(world.claims["A"].approved_total(), yuan("60000"));
}

#[test]
fn an_assessment_that_waited_for_a_second_assessor_waits_again_when_the_claim_comes_back() {
    let mut world = assessed("120000.00");
    world.ask("A", customer("A"), Ask::Withdraw).unwrap();
    assert_eq!(open(&world, TaskKind::ConfirmAssessment), None);
    world.reopen("A", ReopenCause::Correction);
    assert_eq!(open(&world, TaskKind::ConfirmAssessment), Some(Team::Assessment));
    world.confirm("A", "other", "senior-assessor").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
}

#[test]
fn management_is_told_of_a_grave_accident_once_and_at_once() {
    let mut world = World::told(|told| told.injury = Injury::Serious);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Heavy);
    let told =
        |world: &World| world.log.iter().filter(|(_, event, _)| matches!(event, Event::Informed(_))).count();
    assert_eq!(told(&world), 1);
    let (task, note) = world.claims["A"].open_task(TaskKind::TakeNote).map(|(n, t)| (n, t.clone())).unwrap();
    assert_eq!(note.due, world.at.plus_seconds(30 * 60));
    assert_eq!(open(&world, TaskKind::Contact), Some(Team::Injury));
    world.ask("A", staff("manager"), Ask::FinishTask { task }).unwrap();
    world.happened(claim::incident::Ask::Correct(injury(Injury::Light))).unwrap();
    world.happened(claim::incident::Ask::Correct(injury(Injury::Death))).unwrap();
    assert_eq!(told(&world), 1);
}

#[test]
fn a_reserve_above_what_the_grade_allows_is_agreed_to_by_a_person_of_authority() {
    let mut world = assessed("150000.00");
    assert_eq!(open(&world, TaskKind::AgreeReserve), None, "nothing counts yet");
    world.confirm("A", "other", "senior-assessor").unwrap();
    assert_eq!(open(&world, TaskKind::AgreeReserve), Some(Team::Approval));
    let agree = |world: &World, role, adjudication| {
        let limit = world.limit(role, Act::Reserve);
        Ask::AgreeReserve { adjudication, limit }
    };
    let seen = world.seen("A");
    for (who, role, adjudication, refusal) in [
        ("someone", "approver-3", seen + 1, Refusal::OtherFigures { total: yuan("150000") }),
        ("someone", "approver-1", seen, Refusal::NoAuthority),
        ("other", "approver-3", seen, Refusal::OwnAssessment),
    ] {
        let ask = agree(&world, role, adjudication);
        assert_eq!(world.ask("A", staff(who), ask), Err(refusal), "{who}");
    }
    let ask = agree(&world, "approver-2", seen);
    world.ask("A", staff("approver-2"), ask).unwrap();
    assert_eq!(open(&world, TaskKind::AgreeReserve), None);
    // Less than what was agreed to needs nobody again.
    world.assess("A", "A", "senior-assessor", "140000.00");
    world.confirm("A", "other", "senior-assessor").unwrap();
    assert_eq!(open(&world, TaskKind::AgreeReserve), None);
    // Two people who approve payment agree to its reserve as well.
    let mut approved = assessed("150000.00");
    approved.confirm("A", "other", "senior-assessor").unwrap();
    approved.approve("A", "approver-3").unwrap();
    assert_eq!(open(&approved, TaskKind::AgreeReserve), Some(Team::Approval));
    approved.approve_as("A", "head-of-claims", "approver-3").unwrap();
    assert_eq!(open(&approved, TaskKind::AgreeReserve), None);
    assert_eq!(approved.claims["A"].stage, Stage::Closed);
}

/// Everything that happens between a first and a second person.
pub fn every_second() -> Vec<Event> {
    let mut world = assessed("150000.00");
    let reason = private("。");
    world.ask("A", staff("other"), Ask::ReturnAssessment { number: 1, reason: reason.clone() }).unwrap();
    world.assess("A", "A", "senior-assessor", "150000.00");
    world.confirm("A", "other", "senior-assessor").unwrap();
    let limit = Some(Money::from_fen(i64::MAX));
    world.ask("A", staff("one"), Ask::AgreeReserve { adjudication: world.seen("A"), limit }).unwrap();
    world.decline("A", "approver-3").unwrap();
    world.ask("A", staff("one"), Ask::ReturnRefusal { refusal: 1, reason }).unwrap();
    world.decline("A", "approver-3").unwrap();
    world.confirm_refusal("A", "one", "approver-3").unwrap();
    world.ask("A", staff("desk"), Ask::ServeRefusal { way: Service::Hand }).unwrap();
    world.log.into_iter().map(|(_, event, _)| event).collect()
}
