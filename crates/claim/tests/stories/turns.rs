//! Claims that take another way than they began.

use claim::events::ReopenCause;
use claim::incident::{self, LossStated, PartyId};
use claim::state::DamageGuess;
use claim::{Ask, Event, Refusal, Stage, TaskKind};
use journal::Actor;
use lexicon::Severity;
use rulebook::{AmountSource, Cause, FaultSource, Injury, PolicyFact, Team, Warning};

use crate::stories::{paid_scrape, scrape};
use crate::world::{World, customer, elsewhere, full_cover, injury, party, staff, yuan};

#[test]
fn new_facts_grade_a_claim_again_and_what_was_done_stays() {
    let mut world = scrape();
    world.papers("A");
    let before = world.claims["A"].evidence.len();
    // Neck pain the next day: from minor to general, from own photos to a surveyor.
    world.happened(incident::Ask::Correct(injury(Injury::Light))).unwrap();
    let claim = &world.claims["A"];
    assert_eq!((claim.stage, claim.severity), (Stage::Inspecting, Some(Severity::General)));
    assert_eq!(claim.evidence.len(), before);
    assert!(claim.papers_asked.contains(&"medical-record".to_owned()));
    world.pick("A", "rear-bumper scratch");
    world.happened(incident::Ask::Correct(injury(Injury::None))).unwrap();
    // Nobody was hurt after all: what the customer picked meanwhile is taken up, and the surveyor is not sent.
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].paid_total(), yuan("560.00"));
}

#[test]
fn an_assessed_claim_is_not_sent_back_to_inspection() {
    let mut world = scrape();
    world.pick("A", "rear-bumper scratch");
    world.assess("A", "A", "assessor", "560.00");
    world.happened(incident::Ask::Correct(injury(Injury::Serious))).unwrap();
    let claim = &world.claims["A"];
    assert_eq!((claim.stage, claim.severity), (Stage::Adjudicating, Some(Severity::Major)));
    assert!(claim.open_task(TaskKind::Inspect).is_none());
    assert_eq!(claim.open_task(TaskKind::Adjudicate).unwrap().1.team, Team::Injury);
}

#[test]
fn a_guess_too_high_does_not_leave_an_inspection_behind() {
    let mut world = World::accident(Cause::Reversing, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.notice("A", DamageGuess::Heavy);
    assert_eq!(world.claims["A"].stage, Stage::Inspecting);
    world.papers("A");
    world.pick("A", "rear-bumper scratch");
    world.expect(
        "A",
        "
        way reported inspecting assessing adjudicating paying closed
        tier general | minor
        ruled 560.00 approve
        approved 560.00 system:adjudication.small-claim
        paid own-damage.A.A.property 560.00
        tasks inspect survey | contact survey
        ball you ball.rate
        ",
    );
}

#[test]
fn a_claim_is_withdrawn_until_money_is_approved_and_can_come_back() {
    let mut world = scrape();
    world.ask("A", customer("A"), Ask::Withdraw).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Withdrawn);
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
    world.reopen("A", ReopenCause::Correction);
    let claim = &world.claims["A"];
    assert_eq!(claim.stage, Stage::Assessing);
    assert!(claim.open_task(TaskKind::Assess).is_some());

    let mut paid = paid_scrape();
    assert_eq!(paid.ask("A", customer("A"), Ask::Withdraw), Err(Refusal::Over));
    let mut owing = scrape();
    owing.bank_pays = false;
    owing.papers("A");
    owing.pick("A", "rear-bumper scratch");
    assert_eq!(owing.ask("A", customer("A"), Ask::Withdraw), Err(Refusal::AlreadyPaid));
}

#[test]
fn a_claim_withdrawn_before_its_inspection_comes_back_to_it() {
    let mut world = World::accident(Cause::Weather, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Heavy);
    world.ask("A", customer("A"), Ask::Withdraw).unwrap();
    world.reopen("A", ReopenCause::Dispute);
    let claim = &world.claims["A"];
    assert_eq!(claim.stage, Stage::Inspecting);
    assert!(claim.open_task(TaskKind::Inspect).is_some());
}

#[test]
fn a_supplement_after_payment_pays_the_difference_only() {
    let mut world = paid_scrape();
    world.reopen("A", ReopenCause::Supplement);
    world.assess("A", "A", "assessor", "2500.00");
    // Opened again, a small amount is a person's too.
    world.approve("A", "approver-1").unwrap();
    let paid: Vec<_> = world.log.iter().filter_map(|(_, event, _)| paid(event)).collect();
    assert_eq!(paid, [yuan("1860.00"), yuan("640.00")]);
    world.expect(
        "A",
        "
        way reported assessing adjudicating paying closed adjudicating paying closed
        tier minor
        ruled 1860.00 approve | 2500.00 refer approval
        approved 1860.00 system:adjudication.small-claim | 2500.00 staff:approver-1
        paid own-damage.A.A.property 2500.00
        tasks assess assessment | adjudicate approval
        ball you ball.rate
        ",
    );
}

#[test]
fn a_supplement_while_the_first_payment_is_under_way_waits_for_its_assessment() {
    let mut world = scrape();
    world.bank_pays = false;
    world.papers("A");
    world.pick("A", "rear-bumper scratch, tail-lamp-right broken");
    world.reopen("A", ReopenCause::Supplement);
    // A fact of the accident meanwhile rules on nothing that is being assessed again.
    world.fault("A 100", FaultSource::Police);
    assert_eq!(world.tell("A").matches("1860.00 approve").count(), 1);
    world.bank("A");
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
    world.assess("A", "A", "assessor", "2500.00");
    world.bank_pays = true;
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].paid_total(), yuan("2500.00"));
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn a_dispute_that_changes_nothing_is_confirmed_and_closes_again() {
    let mut world = paid_scrape();
    world.reopen("A", ReopenCause::Dispute);
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].paid_total(), yuan("1860.00"));
    // A second time as well, although the ruling is word for word the same.
    world.reopen("A", ReopenCause::Dispute);
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn a_supplement_that_finds_nothing_more_still_comes_to_a_decision() {
    let mut world = paid_scrape();
    world.reopen("A", ReopenCause::Supplement);
    let (task, _) = world.claims["A"].open_task(TaskKind::Assess).unwrap();
    world.ask("A", staff("assessor"), Ask::FinishTask { task }).unwrap();
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn amounts_that_turn_back_to_what_was_approved_need_nobody() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack, front-fender-left broken");
    world.assess("A", "B", "assessor", "3100.00");
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
    // B's side claims nothing from us after all.
    world.happened(incident::Ask::WaiveLoss(party("B"))).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].paid_total(), yuan("2400.00"));
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
}

#[test]
fn the_other_sides_waiver_closes_a_paid_claim() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack, front-fender-left broken");
    assert_eq!(world.ball("A").what, "ball.other-side");
    world.happened(incident::Ask::WaiveLoss(party("B"))).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

#[test]
fn a_claim_whose_own_loss_is_waived_is_opened_again_for_a_decision_and_never_lies_about() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Heavy);
    world.papers("A");
    world.account("A", "B");
    assert_eq!(world.claims["A"].stage, Stage::Inspecting);
    world.happened(incident::Ask::WaiveLoss(party("A"))).unwrap();
    world.assess("A", "B", "assessor", "3100.00");
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed, "{}", world.tell("A"));
    // More turns up while it is closed, so that adjudicating again once it is open says nothing new.
    let more = LossStated {
        vehicle: party("B"),
        repair: yuan("4700.00"),
        total_loss: None,
        rescue: yuan("0.00"),
        third_party_received: yuan("0.00"),
        source: AmountSource::Person,
    };
    world.happened(incident::Ask::StateLoss(more)).unwrap();
    world.reopen("A", ReopenCause::Correction);
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating, "there is nothing to inspect");
    world.ask("A", staff("approver-1"), Ask::Refer { team: Team::Investigation }).unwrap();
    let task = world.claims["A"].open_task(TaskKind::Investigate).unwrap().0;
    world.ask("A", staff("investigator"), Ask::FinishTask { task }).unwrap();
    world.approve("A", "approver-1").unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].paid_total(), yuan("4700.00"));
}

#[test]
fn what_an_investigation_found_before_the_damage_was_looked_at_comes_to_whoever_decides() {
    let mut world = scrape();
    assert_eq!(world.claims["A"].stage, Stage::Assessing);
    world.ask("A", staff("approver-1"), Ask::Refer { team: Team::Investigation }).unwrap();
    let task = world.claims["A"].open_task(TaskKind::Investigate).unwrap().0;
    world.ask("A", staff("investigator"), Ask::FinishTask { task }).unwrap();
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
}

#[test]
fn a_vehicle_found_later_is_asked_about_like_the_first() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Some);
    world.papers("A");
    world.pick("A", "hood crack");
    world.assess("A", "B", "assessor", "900.00");
    assert!(world.claims["A"].open_task(TaskKind::OtherSide).is_none());
    world.happened(incident::Ask::AddVehicle { plate: None, plate_hash: None }).unwrap();
    assert_eq!(world.incident.vehicles[2].id, PartyId::vehicle(2));
    assert!(world.claims["A"].open_task(TaskKind::OtherSide).is_some());
    assert!(world.claims["A"].stage < Stage::Closed);
}

#[test]
fn whoever_turns_out_to_be_hurt_is_asked_about_although_the_other_sides_loss_was_known() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Agreed);
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack, front-fender-left broken");
    let (task, _) = world.claims["A"].open_task(TaskKind::OtherSide).unwrap();
    let by_word = world.ask("A", staff("desk"), Ask::FinishTask { task });
    assert_eq!(by_word, Err(Refusal::OutOfOrder), "it ends when the loss is known");
    world.assess("A", "B", "assessor", "3100.00");
    assert!(world.claims["A"].open_task(TaskKind::OtherSide).is_none());
    world.happened(incident::Ask::Correct(injury(Injury::Light))).unwrap();
    assert!(world.claims["A"].open_task(TaskKind::OtherSide).is_some());
}

#[test]
fn fault_that_only_one_side_states_refers_and_a_finding_of_the_police_pays() {
    let mut world = World::accident(Cause::RearEnd, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack");
    assert!(world.tell("A").contains("ruled 1300.00 refer approval\n"));
    world.fault("A 100", FaultSource::Stated);
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
    world.fault("A 100", FaultSource::Police);
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
}

#[test]
fn a_warning_that_comes_late_moves_the_claim_to_investigation() {
    let mut world = World::accident(Cause::RearEnd, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack");
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
    let Ask::AddEvidence { evidence, incident, .. } = world.file("A", "photo-scene") else {
        unreachable!("a file is evidence")
    };
    let warnings = vec![Warning::PhotoSeenBefore];
    world.ask("A", customer("A"), Ask::AddEvidence { evidence, warnings, incident }).unwrap();
    world.fault("A 100", FaultSource::Police);
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_none());
    assert!(world.claims["A"].open_task(TaskKind::Investigate).is_some());
    // Investigated and referred back, it stays with approval whatever else becomes known.
    world.ask("A", staff("investigator"), Ask::Refer { team: Team::Approval }).unwrap();
    world.happened(incident::Ask::AgreeSelfClaim(true)).unwrap();
    assert!(world.claims["A"].open_task(TaskKind::Investigate).is_none());
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
}

#[test]
fn no_rule_approves_what_a_person_sent_to_investigation() {
    let mut world = World::accident(Cause::RearEnd, 1);
    world.terms("A", full_cover());
    world.notice("A", DamageGuess::Light);
    world.papers("A");
    world.pick("A", "hood crack");
    world.ask("A", staff("approver-1"), Ask::Refer { team: Team::Investigation }).unwrap();
    world.fault("A 100", FaultSource::Police);
    assert!(world.tell("A").contains("1300.00 approve"));
    assert_eq!(world.claims["A"].stage, Stage::Adjudicating);
}

#[test]
fn another_claim_of_the_accident_does_not_decide_this_one_before_its_assessment() {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", full_cover());
    world.fault("A 100, B 0", FaultSource::Police);
    for name in ["A", "B"] {
        world.notice(name, DamageGuess::Light);
        world.papers(name);
    }
    world.pick("A", "hood crack");
    world.assess("A", "B", "assessor", "900.00");
    assert_eq!(world.claims["B"].stage, Stage::Assessing);
    assert!(world.claims["B"].adjudicated.is_none());
    // Its own assessment finds the same amount: no fact of the accident is new, and it is decided all the same.
    world.pick("B", "hood dent");
    world.assess("B", "B", "assessor", "900.00");
    assert!(world.claims["B"].adjudicated.is_some());
}

#[test]
fn a_policy_that_is_not_found_is_looked_for_and_found_pays() {
    let mut world = World::accident(Cause::Reversing, 1);
    world.fault("A 100", FaultSource::Single);
    world.notice_with("A", DamageGuess::Light, PolicyFact::NotFound, vec![]);
    assert_eq!(world.claims["A"].open_task(TaskKind::FindPolicy).unwrap().1.team, Team::ServiceDesk);
    let found = world.matched(PolicyFact::InForce { days: 12 });
    world.ask("A", staff("desk"), Ask::MatchPolicy(found)).unwrap();
    world.terms("A", full_cover());
    world.papers("A");
    world.pick("A", "rear-bumper scratch");
    assert_eq!(world.claims["A"].stage, Stage::Closed);
    assert_eq!(world.claims["A"].open_tasks().count(), 0);
}

#[test]
fn a_policy_found_not_in_force_goes_to_somebody_who_decides() {
    let mut world = World::accident(Cause::Reversing, 1);
    world.notice_with("A", DamageGuess::Light, PolicyFact::NotFound, vec![]);
    let not_in_force = world.matched(PolicyFact::NotInForce);
    world.ask("A", staff("desk"), Ask::MatchPolicy(not_in_force)).unwrap();
    assert!(world.claims["A"].open_task(TaskKind::FindPolicy).is_none());
    assert!(world.claims["A"].open_task(TaskKind::Adjudicate).is_some());
    assert_eq!(world.claims["A"].stage, Stage::Assessing);
}

#[test]
fn a_notice_after_two_days_is_late_and_goes_to_investigation() {
    let mut world = World::accident(Cause::Object, 1);
    world.terms("A", full_cover());
    world.fault("A 100", FaultSource::Single);
    world.wait_minutes(49 * 60);
    let late = world.tables.clock("report-late", world.at).unwrap();
    let end = late.ends(world.incident.occurred_at.unwrap(), &world.tables.rest_days, &world.tables.zone);
    assert!(world.at > end);
    world.notice_with("A", DamageGuess::Light, PolicyFact::InForce { days: 200 }, vec![Warning::LateNotice]);
    world.papers("A");
    world.pick("A", "front-bumper dent");
    // What is warned of is not priced by a rule either.
    assert!(world.claims["A"].open_task(TaskKind::Assess).is_some());
    world.assess("A", "A", "assessor", "750.00");
    assert!(world.claims["A"].open_task(TaskKind::Investigate).is_some());
}

#[test]
fn two_failing_payments_are_two_tasks_and_each_ends_with_its_own() {
    let mut world = scrape();
    world.bank_pays = false;
    world.papers("A");
    world.pick("A", "rear-bumper scratch");
    for (payment, code) in [("p1", "no-answer"), ("p2", "no-answer"), ("p1", "pending")] {
        let details = [("payment", payment), ("code", code)];
        let details = details.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        world.react("A", Ask::OpenTask { kind: TaskKind::FixPayment, team: Team::Payments, details });
    }
    assert_eq!(world.claims["A"].open_tasks().count(), 2);
    let amount = yuan("560.00");
    let (payment, exposure) = ("p1".parse().unwrap(), "own-damage.A.A.property".parse().unwrap());
    world.react("A", Ask::RecordPayment { payment, exposure, amount, losses_unknown: false });
    assert_eq!(world.claims["A"].stage, Stage::Paying);
    let (_, left) = world.claims["A"].open_task(TaskKind::FixPayment).unwrap();
    assert_eq!(left.details["payment"], "p2");
    let system = Actor::system("bank");
    world.ask("A", system, Ask::FinishKind { kind: TaskKind::FixPayment }).unwrap();
    assert_eq!(world.claims["A"].stage, Stage::Closed);
}

fn paid(event: &Event) -> Option<lexicon::Money> {
    match event {
        Event::Paid(paid) => Some(paid.amount),
        _ => None,
    }
}
