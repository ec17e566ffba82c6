//! The stories of the domain, as far as these aggregates tell them.

use claim::clocks::clocks;
use claim::events::{Contact, ReopenCause, ReporterJoined};
use claim::history::{AccidentNoted, Histories, History, Relation};
use claim::incident::{self, PartyId};
use claim::state::{Channel, DamageGuess};
use claim::{Ask, Event, Refusal, Stage, TaskKind};
use journal::Decider;
use lexicon::Private;
use rulebook::tables::Act;
use rulebook::{Cause, FaultSource, Injury, PolicyFact, Warning};

use crate::world::{OpenVault, World, customer, elsewhere, full_cover, injury, staff, yuan};

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
        tasks inspect survey | contact injury | take-note management | assess assessment | adjudicate injury | other-side service-desk | adjudicate injury
        ball you ball.rate
        ",
    );
    assert_eq!(
        world.log.iter().filter(|(_, event, _)| matches!(event, Event::PapersRequested(_))).count(),
        1
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
        asks: None,
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
fn second_reporters_follow_the_claim_once_they_are_admitted() {
    let mut world = paid_scrape();
    let contact = Contact { name: "配偶".to_owned(), phone: "13900000000".to_owned() };
    let told = ReporterJoined {
        contact: Private::seal(&OpenVault, &"spouse".parse().unwrap(), &contact).unwrap(),
        account: None,
        asks: Some("account-spouse".parse().unwrap()),
        channel: Channel::Page,
        at: world.at,
    };
    let caller = ReporterJoined { asks: None, channel: Channel::Phone, ..told.clone() };
    let details = [("reason".to_owned(), "second-reporter".to_owned())].into();
    let call = Ask::OpenTask { kind: claim::TaskKind::Contact, team: rulebook::Team::ServiceDesk, details };
    // Who waits already is not noted twice; who has no account is another person each time.
    for ask in [Ask::Join(told.clone()), call, Ask::Join(told), Ask::Join(caller.clone()), Ask::Join(caller)]
    {
        world.ask("A", staff("desk"), ask).unwrap();
    }
    let admit = |reporter, account: &str| Ask::AdmitReporter { reporter, account: account.parse().unwrap() };
    let turn_away = |reporter| Ask::TurnAwayReporter { reporter };
    let open = |world: &World| world.claims["A"].open_task(claim::TaskKind::Contact).is_some();
    for (ask, becomes) in [
        (admit(0, "account-x"), Err("claim.refused.nobody-waits")),
        (admit(4, "account-x"), Err("claim.refused.nobody-waits")),
        (turn_away(4), Err("claim.refused.nobody-waits")),
        (admit(1, "account-spouse"), Ok("admitted waits waits")),
        (admit(1, "account-spouse"), Ok("admitted waits waits")),
        (turn_away(1), Err("claim.refused.reporter-decided")),
        (turn_away(2), Ok("admitted turned-away waits")),
        (turn_away(2), Ok("admitted turned-away waits")),
        (admit(2, "account-x"), Err("claim.refused.reporter-decided")),
        (admit(3, "account-caller"), Ok("admitted turned-away admitted")),
    ] {
        assert!(open(&world), "somebody is still to be called");
        let asked = world.ask("A", staff("desk"), ask.clone());
        let standings = world.claims["A"].reporters.iter().map(|reporter| reporter.standing.word());
        let standings = standings.collect::<Vec<_>>().join(" ");
        match becomes {
            Ok(expected) => assert_eq!((asked.is_ok(), standings.as_str()), (true, expected), "{ask:?}"),
            Err(word) => assert_eq!(asked.unwrap_err().word(), word, "{ask:?}"),
        }
    }
    assert!(!open(&world), "everybody has been called");
    let followers: Vec<&str> = world.claims["A"].followers.iter().map(|account| account.as_str()).collect();
    assert_eq!(followers, ["account-A", "account-spouse", "account-caller"]);
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
    let no_reason =
        Ask::Decline { clause: "第三条".to_owned(), reason: None, limit, four_eyes_above: yuan("50000") };
    assert_eq!(world.ask("A", staff("approver-1"), no_reason), Err(Refusal::NoReason));
    world.decline("A", "approver-1").unwrap();
    world.expect(
        "A",
        "
        way reported assessing adjudicating declined
        tier minor
        ruled 0.00 refer approval
        declined 第七条 staff:approver-1
        tasks find-policy service-desk | adjudicate approval | serve-refusal service-desk open
        ball nobody ball.declined
        ",
    );
    let letter = clocks(&world.claims["A"], world.at, &world.tables);
    let letter = letter.iter().find(|clock| clock.code == "refusal-letter").unwrap();
    // Declined on a Tuesday: the third day is the Friday.
    assert_eq!(letter.due, "2026-05-16T00:00:00+08:00".parse().unwrap());
}

/// Refused for being above that.
pub fn above(limit: &str) -> Refusal {
    Refusal::AboveAuthority { limit: yuan(limit) }
}
