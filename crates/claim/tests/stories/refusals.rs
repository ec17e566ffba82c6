//! Which answer comes first when a command is wrong in several ways, and the codes of all answers.

use claim::command::Pick;
use claim::events::ReopenCause;
use claim::incident::{self, ClaimAttached, FaultDetermined, LossStated, Seat, TotalLoss, Victim};
use claim::state::DamageGuess;
use claim::{Ask, Refusal};
use journal::Actor;
use lexicon::{Money, Ratio};
use rulebook::tables::{Damage, Operation};
use rulebook::{AmountSource, Cause, FaultSource, PolicyFact, Team};

use crate::stories::{paid_scrape, scrape};
use crate::world::{World, customer, full_cover, party, private, staff, vehicle_told, yuan};

/// Every refusal, in the written order.
fn all() -> Vec<Refusal> {
    let (part, limit) = (String::new(), Money::ZERO);
    vec![
        Refusal::NotFound,
        Refusal::AlreadyNotified,
        Refusal::Over,
        Refusal::NotOver,
        Refusal::OutOfOrder,
        Refusal::NoSuchVehicle,
        Refusal::NoSuchTask,
        Refusal::NoDamage,
        Refusal::TooManyLines,
        Refusal::NoSuchPhoto,
        Refusal::NoSuchPart { part: part.clone() },
        Refusal::NoPrice { part },
        Refusal::TooManyFiles,
        Refusal::BadAmount,
        Refusal::UnknownKind,
        Refusal::SameFile,
        Refusal::NotAdjudicated,
        Refusal::OtherFigures { total: limit },
        Refusal::OtherRefusal,
        Refusal::OtherAssessment,
        Refusal::AssessmentWaits,
        Refusal::RefusalWaits,
        Refusal::NothingOwed,
        Refusal::NoAuthority,
        Refusal::AboveAuthority { limit },
        Refusal::OwnAssessment,
        Refusal::SamePerson,
        Refusal::NoClause,
        Refusal::NoReason,
        Refusal::AlreadyPaid,
        Refusal::StillOpen,
        Refusal::BadStars,
        Refusal::AlreadyRated,
        Refusal::Overflow,
    ]
}

fn rank(refusal: &Refusal) -> usize {
    all().iter().position(|one| one.word() == refusal.word()).unwrap()
}

/// Asks what is wrong in every way of `expected`; the answers come in that order, as one after the other is put right.
#[track_caller]
fn walk(steps: Vec<(World, Actor, Ask, Refusal)>) {
    let mut last = None;
    for (mut world, by, ask, expected) in steps {
        assert_eq!(world.ask("A", by, ask), Err(expected.clone()));
        assert!(last.is_none_or(|last| last <= rank(&expected)), "{expected:?} stands too early in the list");
        last = Some(rank(&expected));
    }
}

fn pick(part: &str, photo: Option<u32>, operation: Option<Operation>, price: Option<&str>) -> Pick {
    Pick { part: part.to_owned(), damage: Damage::Dent, operation, photo, price: price.map(yuan) }
}

#[test]
fn of_several_faults_the_first_in_the_list_is_answered() {
    let assess = |picks: Vec<Pick>, rescue: &str, limit: Option<&str>| Ask::Assess {
        vehicle: party("A"),
        picks,
        total_loss: None,
        rescue: yuan(rescue),
        limit: limit.map(yuan),
        incident: scrape().incident.into(),
    };
    let wrong = |count: usize| vec![pick("sail", Some(9), None, Some("-1.00")); count];
    let paint = Some(Operation::Paint);
    let unborn = || World::accident(Cause::Reversing, 1);
    let desk = || staff("desk");
    walk(vec![
        (unborn(), desk(), assess(vec![], "-1.00", None), Refusal::NotFound),
        (paid_scrape(), desk(), assess(vec![], "-1.00", None), Refusal::Over),
        (scrape(), desk(), assess(vec![], "-1.00", None), Refusal::NoDamage),
        (scrape(), desk(), assess(wrong(201), "-1.00", None), Refusal::TooManyLines),
        (scrape(), desk(), assess(wrong(200), "-1.00", None), Refusal::NoSuchPhoto),
        (
            scrape(),
            desk(),
            // The first line is wrong in another way: the order of the list counts, not that of the lines.
            assess(
                vec![pick("hood", None, None, Some("0.00")), pick("sail", None, None, None)],
                "-1.00",
                None,
            ),
            Refusal::NoSuchPart { part: "sail".to_owned() },
        ),
        (
            scrape(),
            desk(),
            assess(vec![pick("windscreen", None, paint, None)], "-1.00", None),
            Refusal::NoPrice { part: "windscreen".to_owned() },
        ),
        (
            scrape(),
            desk(),
            assess(vec![pick("hood", None, None, Some("0.00"))], "0.00", None),
            Refusal::BadAmount,
        ),
        (scrape(), desk(), assess(vec![pick("hood", None, None, None)], "-1.00", None), Refusal::BadAmount),
        (scrape(), desk(), assess(vec![pick("hood", None, None, None)], "1.00", None), Refusal::NoAuthority),
        (
            scrape(),
            desk(),
            assess(vec![pick("hood", None, None, None)], "1.00", Some("900.00")),
            Refusal::AboveAuthority { limit: yuan("900.00") },
        ),
    ]);
}

#[test]
fn a_decision_wrong_in_several_ways() {
    let approve = |limit: Option<&str>, four_eyes: &str| Ask::Approve {
        adjudication: 1,
        limit: limit.map(yuan),
        four_eyes_above: yuan(four_eyes),
    };
    let referred = || {
        let mut world = scrape();
        world.assess("A", "A", "assessor", "900.00");
        world
    };
    let zero = || {
        let mut world = World::accident(Cause::Reversing, 1);
        world.notice_with("A", DamageGuess::Light, PolicyFact::NotFound, vec![]);
        world.assess("A", "A", "assessor", "900.00");
        world
    };
    let once = || {
        let mut world = referred();
        world.ask("A", staff("one"), approve(Some("900"), "0")).unwrap();
        world
    };
    walk(vec![
        (scrape(), staff("assessor"), approve(None, "0"), Refusal::NotAdjudicated),
        (
            referred(),
            staff("assessor"),
            Ask::Approve { adjudication: 9, limit: None, four_eyes_above: Money::ZERO },
            Refusal::OtherFigures { total: yuan("900") },
        ),
        (zero(), staff("assessor"), approve(None, "0"), Refusal::NothingOwed),
        (referred(), staff("assessor"), approve(None, "0"), Refusal::NoAuthority),
        (
            referred(),
            staff("assessor"),
            approve(Some("899.99"), "0"),
            Refusal::AboveAuthority { limit: yuan("899.99") },
        ),
        (referred(), staff("assessor"), approve(Some("900"), "0"), Refusal::OwnAssessment),
        (once(), staff("one"), approve(Some("900"), "0"), Refusal::SamePerson),
    ]);

    let decline = |clause: &str, reason: Option<&str>, limit: Option<&str>| Ask::Decline {
        clause: clause.to_owned(),
        reason: reason.map(private),
        limit: limit.map(yuan),
        four_eyes_above: yuan("50000"),
    };
    let paying = || {
        let mut world = scrape();
        world.bank_pays = false;
        world.papers("A");
        world.pick("A", "rear-bumper scratch");
        world
    };
    walk(vec![
        (paid_scrape(), customer("A"), decline(" ", None, None), Refusal::Over),
        (paying(), customer("A"), decline(" ", None, Some("999999")), Refusal::NoAuthority),
        (paying(), Actor::system("rule"), decline("七", Some("…"), Some("999999")), Refusal::NoAuthority),
        (paying(), staff("one"), decline(" ", None, None), Refusal::NoAuthority),
        (
            paying(),
            staff("one"),
            decline(" ", None, Some("559.99")),
            Refusal::AboveAuthority { limit: yuan("559.99") },
        ),
        (paying(), staff("one"), decline(" ", None, Some("560")), Refusal::NoClause),
        (paying(), staff("one"), decline("七", None, Some("560")), Refusal::NoReason),
        (paying(), staff("one"), decline("七", Some("…"), Some("560")), Refusal::AlreadyPaid),
    ]);
}

#[test]
fn a_step_that_does_not_fit() {
    let stars = |stars| Ask::Rate { stars, comment: None };
    let reopen = |cause| Ask::Reopen { cause, reason: private("…") };
    let rated = || {
        let mut world = paid_scrape();
        world.ask("A", customer("A"), stars(5)).unwrap();
        world
    };
    let notice = scrape().first_notice("A", DamageGuess::Light, PolicyFact::NotFound, vec![]);
    walk(vec![
        (World::accident(Cause::Reversing, 1), customer("A"), stars(0), Refusal::NotFound),
        (paid_scrape(), customer("A"), notice, Refusal::AlreadyNotified),
        (scrape(), customer("A"), stars(0), Refusal::NotOver),
        (scrape(), staff("one"), reopen(ReopenCause::Supplement), Refusal::NotOver),
        (paid_scrape(), staff("one"), Ask::FinishTask { task: 1 }, Refusal::NoSuchTask),
        (scrape(), staff("one"), Ask::Close { losses_unknown: false, quietly: false }, Refusal::StillOpen),
        (rated(), customer("A"), stars(0), Refusal::BadStars),
        (rated(), customer("A"), stars(1), Refusal::AlreadyRated),
    ]);
    let mut assessed = scrape();
    assessed.assess("A", "A", "assessor", "900.00");
    let ask = Ask::ProposeDamage { picks: vec![], incident: assessed.incident.clone().into() };
    assert_eq!(assessed.ask("A", customer("A"), ask), Err(Refusal::OutOfOrder));
}

#[test]
fn a_file_wrong_in_several_ways() {
    let mut world = scrape();
    world.send("A", "photo-scene");
    let again = |kind: &str| {
        let Ask::AddEvidence { mut evidence, warnings, incident } = scrape().file("A", kind) else {
            unreachable!("a file is evidence")
        };
        evidence.fingerprint = lexicon::KeyedHash::from_text("0");
        Ask::AddEvidence { evidence, warnings, incident }
    };
    assert_eq!(world.ask("A", customer("A"), again("selfie")), Err(Refusal::UnknownKind));
    assert_eq!(world.ask("A", customer("A"), again("photo-scene")), Err(Refusal::SameFile));
    for _ in world.claims["A"].evidence.len()..500 {
        world.send("A", "other");
    }
    assert_eq!(world.ask("A", customer("A"), again("selfie")), Err(Refusal::TooManyFiles));
}

#[test]
fn what_a_reaction_asks_of_an_ended_claim_changes_nothing() {
    for ended in [paid_scrape(), {
        let mut world = scrape();
        world.decline("A", "approver-2").unwrap();
        world
    }] {
        let mut world = ended;
        let before = world.log.len();
        let incident = std::sync::Arc::new(world.incident.clone());
        world.react("A", Ask::Triage { incident: incident.clone() });
        world.react("A", Ask::Adjudicate { incident, incident_version: 9 });
        world.react("A", Ask::Close { losses_unknown: false, quietly: true });
        world.react("A", Ask::Escalate);
        assert_eq!(world.log.len(), before);
        let refer = Ask::Refer { team: Team::Approval };
        assert_eq!(world.ask("A", staff("one"), refer), Err(Refusal::Over));
    }
}

#[test]
fn codes_are_unique_and_stand_in_the_written_order() {
    let mut words: Vec<&str> = all().iter().map(Refusal::word).collect();
    assert_eq!(words.len(), 34);
    words.extend(incident_refusals().iter().map(|refusal| refusal.word()));
    let count = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), count);
    assert!(
        words.iter().all(|word| word.starts_with("claim.refused.") || word.starts_with("incident.refused."))
    );
    assert_eq!(Refusal::AboveAuthority { limit: yuan("900") }.values(), [("limit", "900.00".to_owned())]);
}

fn incident_refusals() -> Vec<incident::Refusal> {
    use incident::Refusal::*;
    vec![
        NotReported,
        AlreadyReported,
        NoSuchVehicle,
        VehicleHasClaim,
        TooManyParties,
        BadParty,
        BadShares,
        NegativeAmount,
        PartAboveWhole,
        NoActualValue,
        TwoDrivers,
    ]
}

#[test]
fn an_accident_told_wrong_in_several_ways() {
    let world = || {
        let mut world = World::accident(Cause::Crash, 2);
        world.terms("A", full_cover());
        world.victim("P1", Some(("A", Seat::Driver)), |driver| driver.medical = yuan("1"));
        world.notice("A", DamageGuess::Light);
        world
    };
    let unborn = || {
        let mut world = world();
        world.claims.clear();
        world.incident = incident::Incident::default();
        world
    };
    let report = |vehicles: usize, first: usize| {
        let mut reported = None;
        World::told(|told| {
            reported = Some(told.clone());
        });
        let mut reported = reported.unwrap();
        reported.vehicles = (first..first + vehicles).map(vehicle_told).collect();
        incident::Ask::Report(reported)
    };
    let attach = |vehicle| {
        incident::Ask::Attach(ClaimAttached { claim: "other".parse().unwrap(), vehicle: party(vehicle) })
    };
    let fault = |vehicle, numerator| {
        let shares = [(party(vehicle), Ratio::new(numerator, 10).unwrap())].into();
        incident::Ask::DetermineFault(FaultDetermined { shares, source: FaultSource::Police })
    };
    let loss = |vehicle, repair, value| {
        incident::Ask::StateLoss(LossStated {
            vehicle: party(vehicle),
            repair: yuan(repair),
            total_loss: Some(TotalLoss { actual_value: yuan(value), salvage_kept: Money::ZERO }),
            rescue: Money::ZERO,
            third_party_received: Money::ZERO,
            source: AmountSource::Person,
        })
    };
    let victim = |id, vehicle, medical, outside| {
        incident::Ask::StateVictim(Victim {
            id: party(id),
            seat: Some((party(vehicle), Seat::Driver)),
            death_disability: Money::ZERO,
            mental: Money::ZERO,
            medical: yuan(medical),
            medical_outside: yuan(outside),
            property: Money::ZERO,
        })
    };
    use incident::Refusal::*;
    let steps = [
        (unborn(), loss("X", "-1", "0"), NotReported),
        (world(), report(51, 1), AlreadyReported),
        (world(), victim("张三", "X", "-1", "1"), NoSuchVehicle),
        (world(), attach("X"), NoSuchVehicle),
        (world(), fault("X", 11), NoSuchVehicle),
        (world(), loss("X", "-1", "0"), NoSuchVehicle),
        (world(), attach("A"), VehicleHasClaim),
        (unborn(), report(51, 1), TooManyParties),
        (unborn(), report(2, 1), BadParty),
        (world(), victim("张三", "A", "-1", "1"), BadParty),
        (world(), victim("A", "A", "-1", "1"), BadParty),
        (world(), fault("A", 11), BadShares),
        (world(), fault("A", -1), BadShares),
        (world(), loss("A", "-1", "0"), NegativeAmount),
        (world(), victim("P2", "A", "-1", "1"), NegativeAmount),
        (world(), victim("P2", "A", "1", "2"), PartAboveWhole),
        (world(), loss("A", "1", "0"), NoActualValue),
        (world(), victim("P2", "A", "1", "1"), TwoDrivers),
    ];
    let mut last = 0;
    for (mut world, ask, expected) in steps {
        assert_eq!(world.happened(ask), Err(expected));
        let rank = incident_refusals().iter().position(|one| *one == expected).unwrap();
        assert!(last <= rank, "{expected:?} stands too early in the list");
        last = rank;
    }
    let mut full = world();
    while full.incident.vehicles.len() < 50 {
        full.happened(incident::Ask::AddVehicle { plate: None, plate_hash: None }).unwrap();
    }
    let more = incident::Ask::AddVehicle { plate: None, plate_hash: None };
    assert_eq!(full.happened(more), Err(TooManyParties));
}
