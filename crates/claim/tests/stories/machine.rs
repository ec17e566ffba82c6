//! What machines never do, whatever is asked of them in whatever order.

use std::sync::{Arc, LazyLock};

use claim::events::{Declined, ReopenCause};
use claim::incident::{self, Incident, LossStated, PartyId, SelfClaimAgreed, TotalLoss};
use claim::state::DamageGuess;
use claim::{Ask, Claim, Claims, Command, Event, Stage, TaskKind};
use journal::{Actor, ActorKind, Decider, Event as _};
use lexicon::{Moment, Money};
use proptest::prelude::*;
use proptest::sample::Index;
use rulebook::tables::Damage;
use rulebook::{AmountSource, Cause, FaultSource, PolicyFact, Team, Warning};

use crate::stories::{paid_scrape, scrape};
use crate::world::{World, elsewhere, full_cover, injury, party, private, shipped, yuan};

/// Everything that can be asked of a claim, once with numbers that may fit and once with `n`.
fn asks(world: &World, n: u32) -> Vec<Ask> {
    let incident = Arc::new(world.incident.clone());
    let amount = Money::from_fen(i64::from(n) * 1000);
    let all = Some(Money::from_fen(i64::MAX));
    let pick = |price, photo| claim::command::Pick {
        part: "hood".to_owned(),
        damage: Damage::Dent,
        operation: None,
        photo,
        price,
    };
    let text = private("。");
    let exposure = "own-damage.A.A.property".parse::<lexicon::ExposureId>().unwrap();
    let version = u64::from(n);
    let file = world.file("A", ["photo-damage", "driving-licence", "photo-scene"][n as usize % 3]);
    vec![
        world.first_notice("A", DamageGuess::Light, PolicyFact::InForce { days: 9 }, vec![]),
        Ask::MatchPolicy(world.matched(PolicyFact::NotInForce)),
        Ask::Triage { incident: incident.clone() },
        file,
        Ask::ProposeDamage { picks: vec![pick(None, Some(1))], incident: incident.clone() },
        Ask::ProposeDamage { picks: vec![pick(None, None)], incident: incident.clone() },
        Ask::Inspect { findings: text.clone(), position: None },
        Ask::Assess {
            vehicle: party(["A", "B"][n as usize % 2]),
            picks: vec![pick(Some(amount), None)],
            total_loss: None,
            rescue: Money::ZERO,
            limit: all,
            incident: incident.clone(),
        },
        Ask::ConfirmAssessment { number: n, limit: all },
        Ask::ReturnAssessment { number: n, reason: text.clone() },
        Ask::Adjudicate { incident: incident.clone(), incident_version: version },
        Ask::AgreeReserve { adjudication: n, limit: all },
        Ask::Approve { adjudication: n, limit: all, four_eyes_above: yuan("50000") },
        Ask::Decline {
            clause: "第七条".to_owned(),
            reason: Some(text.clone()),
            limit: all,
            four_eyes_above: yuan(["50000", "5"][n as usize % 2]),
        },
        Ask::ConfirmRefusal { refusal: n, limit: all },
        Ask::ReturnRefusal { refusal: n, reason: text.clone() },
        Ask::ServeRefusal { way: claim::events::Service::Post },
        Ask::Refer { team: Team::ALL[n as usize % Team::ALL.len()] },
        Ask::ChooseAccount {
            payee: party(["A", "B"][n as usize % 2]),
            account: crate::world::account("A"),
            incident,
        },
        Ask::RecordPayment {
            payment: format!("p{n}").parse().unwrap(),
            exposure,
            amount,
            losses_unknown: n.is_multiple_of(2),
        },
        Ask::Close { losses_unknown: n.is_multiple_of(2), quietly: false },
        Ask::Withdraw,
        Ask::Reopen {
            cause: [ReopenCause::Supplement, ReopenCause::Dispute, ReopenCause::Correction][n as usize % 3],
            reason: text.clone(),
        },
        Ask::AskPerson { message: None },
        Ask::Rate { stars: n as u8, comment: None },
        Ask::AddNote { text },
        Ask::OpenTask { kind: TaskKind::FixReaction, team: Team::ServiceDesk, details: [].into() },
        Ask::AssignTask { task: n, team: Team::Approval, to: None },
        Ask::FinishTask { task: n },
        Ask::FinishKind { kind: TaskKind::Contact },
        Ask::Escalate,
    ]
}

/// An accident of two vehicles on which the claim of A may be at any stage.
fn crash() -> World {
    let mut world = World::accident(Cause::RearEnd, 2);
    world.terms("A", full_cover());
    world.terms("B", elsewhere());
    world.fault("A 100, B 0", FaultSource::Police);
    world
}

/// What may become known of the accident.
fn facts(n: u32) -> Vec<incident::Ask> {
    let amount = Money::from_fen(i64::from(n) * 1000);
    let loss = |total_loss| LossStated {
        vehicle: party("B"),
        repair: amount,
        total_loss,
        rescue: Money::ZERO,
        third_party_received: Money::ZERO,
        source: AmountSource::Person,
    };
    let total = TotalLoss { actual_value: yuan("90000"), salvage_kept: amount };
    vec![
        incident::Ask::StateLoss(loss(None)),
        incident::Ask::StateLoss(loss(Some(total))),
        incident::Ask::WaiveLoss(party(["A", "B"][n as usize % 2])),
        incident::Ask::Correct(injury(rulebook::Injury::ALL[n as usize % 3])),
        incident::Ask::AgreeSelfClaim(n.is_multiple_of(2)),
        incident::Ask::AddVehicle { plate: None, plate_hash: None },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the product itself, a program or a customer asks, in whatever order: nothing is declined. And whatever anybody
    /// asks, we have the ball only where somebody has a task (the world checks that after every step).
    #[test]
    fn only_a_person_of_staff_declines(steps in prop::collection::vec((any::<Index>(), 0u32..8, 0u8..5), 1..60), told: bool) {
        let mut world = crash();
        if told {
            world.notice("A", DamageGuess::Light);
            world.papers("A");
        }
        for (which, n, who) in steps {
            let by = match who {
                0 => Actor::system("anything"),
                1 => Actor::new(ActorKind::Client, "program"),
                2 => Actor::new(ActorKind::Customer, "A"),
                _ => Actor::new(ActorKind::Staff, format!("staff-{who}")),
            };
            world.wait_minutes(i64::from(n) * 20);
            let (mut asks, facts) = (asks(&world, n), facts(n));
            let before = world.claims.get("A").cloned().unwrap_or_default();
            let which = which.index(asks.len() + facts.len());
            if let Some(fact) = which.checked_sub(asks.len()) {
                // Refusals are fine: only what happens is looked at.
                let _ = world.happened(facts[fact].clone());
            } else {
                let _ = world.ask("A", by.clone(), asks.swap_remove(which));
            }
            let after = world.claims.get("A").cloned().unwrap_or_default();
            if after.stage == Stage::Declined && before.stage != Stage::Declined {
                prop_assert_eq!(by.kind, ActorKind::Staff);
            }
            // Money is never forgotten.
            prop_assert!(after.payments.is_superset(&before.payments));
            prop_assert!(after.approvals.len() >= before.approvals.len());
            if after.stage == Stage::Closed {
                prop_assert!(after.is_paid() && after.approved_total() > Money::ZERO);
            }
        }
        // What happened, told again from the first event on, is what is true.
        let again = world.log.iter().fold(Claim::default(), |claim, (_, event, _)| Claims::evolve(claim, event));
        let now = world.claims.get("A").cloned().unwrap_or_default();
        prop_assert_eq!(format!("{again:?}"), format!("{now:?}"));
    }

    /// What has happened cannot be refused: events in any order, at any place, never stop a replay.
    #[test]
    fn any_order_of_events_is_told(order in prop::collection::vec(any::<Index>(), 0..80)) {
        let (events, told) = (&*CLAIM_EVENTS, &*INCIDENT_EVENTS);
        let claim = order.iter().fold(Claim::default(), |claim, index| Claims::evolve(claim, index.get(events)));
        let incident = order.iter().fold(Incident::default(), |incident, index| {
            incident::Incidents::evolve(incident, index.get(told))
        });
        // And what a page asks of it has an answer.
        let tables = shipped();
        let now: Moment = crate::world::NOON.parse().unwrap();
        claim::ball(&claim, &incident);
        claim::clocks::clocks(&claim, now, &tables);
        claim::missing_papers(&claim, &incident, now, &tables);
        for ask in [
            Ask::Triage { incident: Arc::new(incident.clone()) },
            Ask::Adjudicate { incident: Arc::new(incident.clone()), incident_version: 1 },
            Ask::Escalate,
        ] {
            let by = Actor::system("reaction");
            let command = Command { at: now, by, tables: tables.clone(), ask };
            let _ = Claims::decide(&claim, command);
        }
    }
}

static CLAIM_EVENTS: LazyLock<Vec<Event>> = LazyLock::new(all_events);
static INCIDENT_EVENTS: LazyLock<Vec<incident::Event>> = LazyLock::new(incident_events);

/// At least one event of every name that a claim knows.
fn all_events() -> Vec<Event> {
    let mut world = crash();
    world.notice_with("A", DamageGuess::Heavy, PolicyFact::InForce { days: 9 }, vec![Warning::NewPolicy]);
    world.inspect("A");
    world.papers("A");
    world.pick("A", "hood dent");
    world.assess("A", "A", "senior-assessor", "60000.00");
    world.approve("A", "approver-2").unwrap();
    world.approve("A", "approver-3").unwrap();
    world.wait_minutes(60 * 24 * 9);
    world.react("A", Ask::Escalate);
    world.happened(incident::Ask::WaiveLoss(party("B"))).unwrap();
    for ask in asks(&world, 4).into_iter().rev() {
        let _ = world.ask("A", Actor::new(ActorKind::Staff, "somebody"), ask);
    }
    let mut second = scrape();
    second.ask("A", Actor::new(ActorKind::Customer, "A"), Ask::Withdraw).unwrap();
    let third = paid_scrape();
    let logs = [world.log, second.log, third.log].concat();
    let mut events: Vec<Event> = logs.into_iter().map(|(_, event, _)| event).collect();
    let at = events.iter().find_map(|event| match event {
        Event::Notified(notified) => Some(notified.at),
        _ => None,
    });
    let by = Actor::new(ActorKind::Staff, "approver-1");
    let (clause, reason, amount) = ("第七条".to_owned(), private("。"), Money::ZERO);
    events.push(Declined { clause, reason, amount, by: vec![by], at: at.unwrap() }.into());
    events.extend(crate::seconds::every_second());
    let joined = claim::events::ReporterJoined {
        asks: None,
        contact: claim_contact(),
        account: None,
        channel: claim::state::Channel::Api,
        at: at.unwrap(),
    };
    events.push(joined.into());
    let (by, at) = (Actor::new(ActorKind::Staff, "desk-1"), at.unwrap());
    let account = "account-spouse".parse().unwrap();
    events.push(claim::events::ReporterAdmitted { reporter: 1, account, by: by.clone(), at }.into());
    events.push(claim::events::ReporterTurnedAway { reporter: 2, by, at }.into());
    let (exposure, amount) = ("own-damage.A.A.property".parse().unwrap(), yuan("12.00"));
    events.push(claim::events::Returned { exposure, amount, at }.into());
    events
}

fn claim_contact() -> lexicon::Private<claim::events::Contact> {
    let contact = claim::events::Contact { name: String::new(), phone: String::new() };
    lexicon::Private::seal(&crate::world::OpenVault, &"someone".parse().unwrap(), &contact).unwrap()
}

#[test]
fn the_random_orders_know_every_event() {
    let events = all_events();
    for (name, _) in Event::NAMES {
        assert!(events.iter().any(|event| event.name() == *name), "{name}");
    }
    assert!(incident_events().len() >= 6);
}

fn incident_events() -> Vec<incident::Event> {
    let mut events = vec![SelfClaimAgreed { agreed: true }.into()];
    let mut state = World::accident(Cause::Crash, 2).incident;
    for n in 0..4 {
        for ask in facts(n) {
            let Ok(new) = incident::Incidents::decide(&state, incident::Command { ask }) else { continue };
            state = new.iter().fold(state, incident::Incidents::evolve);
            events.extend(new);
        }
    }
    let attached = incident::ClaimAttached { claim: "c".parse().unwrap(), vehicle: PartyId::vehicle(40) };
    events.push(attached.into());
    events
}
