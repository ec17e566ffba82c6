//! What a member of staff does with a task.

use app::{App, Failure, Receipt, Role};
use books::{Books, PaymentStatus};
use claim::command::Pick;
use claim::incident::{FaultDetermined, Incident, Incidents, LossStated, PartyId, VehicleLoss, Victim};
use claim::state::Task;
use claim::{Claim, TaskKind, Terms};
use lexicon::{ClaimId, Money, PaymentId, Ratio};
use rulebook::tables::Damage;
use rulebook::{AmountSource, FaultSource, Injury, PolicyFact, Team};

use super::Op;
use crate::world::World;

/// A clause on which is declined.
const CLAUSE: &str = "W2020.exclusion.1";

/// The next act for `task` on `claim`, if this person has one.
pub(super) async fn work_on(
    world: &World,
    app: &App,
    me: usize,
    role: Role,
    claim: &ClaimId,
    state: &Claim,
    (number, task): (u32, &Task),
) -> Result<Option<Op>, Failure> {
    let claim = claim.clone();
    let Some(notice) = &state.notice else { return Ok(None) };
    let incident = app.streams().load::<Incidents>(&notice.incident).await?.state;
    let finish = Op::FinishTask { claim: claim.clone(), task: number };
    let adjudication = state.adjudicated.as_ref().map(|last| last.number);
    let roll = |permille| world.people[me].roll(|dice| dice.chance(permille));
    Ok(match task.kind {
        TaskKind::Contact => {
            let waiting = (1..).zip(&state.reporters);
            let mut waiting = waiting.filter(|(_, one)| one.standing == claim::state::Standing::Waits);
            match waiting.next() {
                Some((reporter, _)) if roll(700) => Some(Op::Admit { claim, reporter }),
                Some((reporter, _)) => Some(Op::TurnAway { claim, reporter }),
                None => Some(finish),
            }
        }
        TaskKind::Inspect => {
            let number = world.people[me].roll(crate::dice::Dice::number);
            Some(Op::Inspect { claim, findings: format!("现场与描述相符：{number:016x}") })
        }
        TaskKind::Assess => Some(assess(world, me, claim, notice.vehicle.clone())),
        TaskKind::ConfirmAssessment => state.first_assessments.values().next().map(|first| {
            let (claim, number) = (claim.clone(), first.number);
            if roll(850) {
                Op::ConfirmAssessment { claim, number }
            } else {
                Op::ReturnAssessment { claim, number }
            }
        }),
        TaskKind::OtherSide => {
            Some(other_side(world, me, &claim, &notice.vehicle, &incident).unwrap_or(finish))
        }
        TaskKind::Adjudicate | TaskKind::SecondApproval => {
            decide(world, me, role, &claim, state, &incident, task.kind)
        }
        TaskKind::ConfirmRefusal => state.refusal_proposed.as_ref().map(|proposed| {
            let (claim, refusal) = (claim.clone(), proposed.refusal);
            if roll(800) {
                Op::ConfirmRefusal { claim, refusal }
            } else {
                Op::ReturnRefusal { claim, refusal }
            }
        }),
        TaskKind::ServeRefusal => Some(Op::ServeRefusal { claim }),
        TaskKind::AgreeReserve => adjudication.map(|adjudication| Op::AgreeReserve { claim, adjudication }),
        TaskKind::FindPolicy => Some(find_policy(world, me, claim).unwrap_or(finish)),
        TaskKind::FixPayment => fix_payment(app, &claim, task).await?.or_else(|| roll(50).then_some(finish)),
        TaskKind::TakeNote | TaskKind::Investigate | TaskKind::Answer | TaskKind::FixReaction => Some(finish),
    })
}

fn assess(world: &World, me: usize, claim: ClaimId, vehicle: PartyId) -> Op {
    let (yuan, total_loss) = world.people[me].roll(|dice| {
        let size = *dice.pick(&[2_000, 8_000, 30_000, 120_000]);
        (dice.between(200, size), dice.chance(40).then(|| dice.between(20_000, 90_000)))
    });
    let total_loss = total_loss.map(|value| (Money::from_yuan(value), Money::from_yuan(value / 10)));
    let price = Some(Money::from_yuan(yuan));
    let pick =
        Pick { part: "front-bumper".to_owned(), damage: Damage::Broken, operation: None, photo: None, price };
    let picks = if total_loss.is_some() { vec![] } else { vec![pick] };
    Op::Assess { claim, vehicle, picks, total_loss }
}

/// What is not known yet of the other side, one thing at a time.
fn other_side(world: &World, me: usize, claim: &ClaimId, own: &PartyId, incident: &Incident) -> Option<Op> {
    let claim = claim.clone();
    if incident.vehicles.iter().any(|vehicle| vehicle.fault.is_none()) {
        return Some(Op::Fault { claim, determined: shares(world, me, incident, FaultSource::Staff) });
    }
    let unknown = incident.vehicles.iter().find(|one| one.id != *own && one.loss == VehicleLoss::Unknown);
    if let Some(vehicle) = unknown {
        if vehicle.terms.is_none() {
            let terms = Terms { compulsory: true, ..Terms::default() };
            return Some(Op::Terms { claim, vehicle: vehicle.id.clone(), terms });
        }
        let (waives, yuan) = world.people[me].roll(|dice| (dice.chance(300), dice.between(300, 6_000)));
        if waives {
            return Some(Op::Waive { claim, vehicle: vehicle.id.clone() });
        }
        let stated = LossStated {
            vehicle: vehicle.id.clone(),
            repair: Money::from_yuan(yuan),
            total_loss: None,
            rescue: Money::ZERO,
            third_party_received: Money::ZERO,
            source: AmountSource::Person,
        };
        return Some(Op::Loss { claim, stated });
    }
    let hurt = incident.injury > Injury::None && incident.victims.is_empty();
    hurt.then(|| {
        let yuan = world.people[me].roll(|dice| dice.between(200, 9_000));
        let victim = Victim {
            id: PartyId::victim(0),
            seat: None,
            death_disability: Money::ZERO,
            mental: Money::ZERO,
            medical: Money::from_yuan(yuan),
            medical_outside: Money::ZERO,
            property: Money::ZERO,
        };
        Op::Victim { claim, victim }
    })
}

/// Shares of fault that make a whole.
fn shares(world: &World, me: usize, incident: &Incident, source: FaultSource) -> FaultDetermined {
    let percent = world.people[me].roll(|dice| *dice.pick(&[0, 30, 50, 70, 100]));
    let shares = incident.vehicles.iter().enumerate().map(|(place, vehicle)| {
        let share = match (place, incident.vehicles.len()) {
            (_, 1) => 100,
            (0, _) => percent,
            (1, _) => 100 - percent,
            _ => 0,
        };
        (vehicle.id.clone(), Ratio::percent(share))
    });
    FaultDetermined { shares: shares.collect(), source }
}

/// The police find other shares than were told, before or after everything was paid.
pub(super) async fn other_fault(
    app: &App,
    me: usize,
    world: &World,
    claim: &ClaimId,
    state: &Claim,
) -> Result<Option<Op>, Failure> {
    let Some(notice) = &state.notice else { return Ok(None) };
    let incident = app.streams().load::<Incidents>(&notice.incident).await?.state;
    let several = incident.vehicles.len() > 1;
    Ok(several.then(|| {
        let determined = shares(world, me, &incident, FaultSource::Police);
        Op::Fault { claim: claim.clone(), determined }
    }))
}

fn decide(
    world: &World,
    me: usize,
    role: Role,
    claim: &ClaimId,
    state: &Claim,
    incident: &Incident,
    kind: TaskKind,
) -> Option<Op> {
    let claim = claim.clone();
    let roll = |permille| world.people[me].roll(|dice| dice.chance(permille));
    let decline = || Op::Decline { claim: claim.clone(), clause: CLAUSE.to_owned() };
    let insured = matches!(state.policy, Some((_, PolicyFact::InForce { .. })));
    if incident.vehicles.iter().any(|vehicle| vehicle.fault.is_none()) {
        return Some(Op::Fault { claim, determined: shares(world, me, incident, FaultSource::Staff) });
    }
    match &state.adjudicated {
        Some(last) if last.total > Money::ZERO => {
            let investigated = state.tasks.values().any(|task| task.kind == TaskKind::Investigate);
            if kind == TaskKind::Adjudicate && !investigated && roll(60) {
                return Some(Op::Refer { claim, team: Team::Investigation });
            }
            if state.approvals.is_empty() && !state.warnings.is_empty() && roll(150) {
                return Some(decline());
            }
            Some(Op::Approve { claim, adjudication: last.number })
        }
        // Nothing is owed, or nobody is on risk: somebody named has to say so.
        Some(_) => (role != Role::Approver && state.approvals.is_empty()).then(decline),
        None if !insured => Some(decline()),
        None => roll(100).then(decline),
    }
}

fn find_policy(world: &World, me: usize, claim: ClaimId) -> Option<Op> {
    let policy = world.people[me].roll(|dice| dice.pick(&world.policies).clone());
    world.people[me].roll(|dice| dice.chance(500)).then_some(Op::SetPolicy { claim, policy })
}

async fn fix_payment(app: &App, claim: &ClaimId, task: &Task) -> Result<Option<Op>, Failure> {
    let Some(payment) = task.details.get("payment").and_then(|text| text.parse::<PaymentId>().ok()) else {
        return Ok(None);
    };
    let books = app.streams().load::<Books>(claim).await?.state;
    let rejected = books
        .payment(&payment)
        .is_some_and(|payment| matches!(payment.status, PaymentStatus::Rejected { .. }));
    Ok(rejected.then(|| Op::PayAgain { claim: claim.clone(), payment }))
}

/// Money that is expected back and arrives.
pub(super) async fn receipt(
    world: &World,
    app: &App,
    me: usize,
    claim: &ClaimId,
) -> Result<Option<Op>, Failure> {
    let books = app.streams().load::<Books>(claim).await?.state;
    let Some(open) = books.recoveries().iter().find(|recovery| !recovery.left().is_zero()) else {
        return Ok(None);
    };
    let (arrives, number) = world.people[me].roll(|dice| (dice.chance(300), dice.number()));
    let receipt = Receipt {
        from: open.from.clone(),
        cover: open.cover.clone(),
        amount: open.left(),
        bank_reference: format!("IN{number:016x}"),
        arrived_at: app.now(),
    };
    Ok(arrives.then(|| Op::Receive { claim: claim.clone(), receipt }))
}
