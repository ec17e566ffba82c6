//! What holds for every accident.

mod world;

use std::collections::BTreeMap;

use coverage::{
    Accident, Bucket, Cover, Exact, Extent, Kind, Line, OwnDamageMode, Payee, Statement, Step, Term, Victim,
    settle,
};
use lexicon::Money;
use proptest::prelude::*;
use world::{Wild, accident};

const CASES: u32 = 500;

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_item_is_never_paid_above_its_loss_by_more_than_a_fen_per_line(accident in accident(Wild { odd: true })) {
        let statement = settle(&accident).unwrap();
        for ((payee, bucket), paid) in paid_per_item(&statement) {
            let lines = statement.lines.iter().filter(|line| line.payee == payee).count() as i64;
            prop_assert!(paid <= loss(&accident, payee, bucket) + lines, "{payee:?} {bucket:?} gets {paid}");
        }
    }

    #[test]
    fn no_limit_is_exceeded(accident in accident(Wild { odd: true })) {
        let statement = settle(&accident).unwrap();
        for (payer, vehicle) in accident.vehicles.iter().enumerate() {
            for bucket in [Bucket::DeathDisability, Bucket::Medical, Bucket::Property] {
                // On behalf of a trailer a second hundred is owed, see the contract; mutual self-claim has its own limit.
                let lines = statement.owed_by(payer).filter(|line| {
                    line.cover == Cover::Compulsory && line.bucket == Some(bucket) && !is_on_behalf(line)
                });
                let paid: Money = lines.map(|line| line.amount).sum();
                let most = match bucket {
                    Bucket::DeathDisability => 180_000,
                    Bucket::Medical => 18_000,
                    Bucket::Property => 2_000,
                };
                prop_assert!(paid <= Money::from_yuan(most), "{payer} {bucket:?} {paid}");
            }
            let third_party = statement.owed_by(payer).filter(|line| line.cover == Cover::ThirdParty);
            let limit = vehicle.policy.as_ref().and_then(|policy| policy.third_party).unwrap_or_default();
            prop_assert!(third_party.map(|line| line.amount).sum::<Money>() <= limit.times(2).unwrap());
        }
    }

    #[test]
    fn more_loss_never_pays_less_in_sum(
        told in accident(Wild { odd: false }),
        more in 1i64..5_000_000,
        which in any::<prop::sample::Index>(),
    ) {
        let mut before = told;
        before.victims.push(Victim::new("last"));
        let mut after = before.clone();
        let victim = which.index(after.victims.len());
        let medical = &mut after.victims[victim].injury.medical;
        *medical = medical.plus(Money::from_fen(more)).unwrap();
        let (less, more) = (settle(&before).unwrap(), settle(&after).unwrap());
        // Each line may be a fen off the exact amount that cannot fall.
        let rounding = (less.lines.len() + more.lines.len()) as i64;
        prop_assert!(total(&more) + rounding >= total(&less), "{} then {}", total(&less), total(&more));
    }

    #[test]
    fn vehicles_told_in_the_other_order_get_the_same_amounts(told in accident(Wild { odd: false })) {
        // Subrogation takes lines over in their order, so there the order matters by contract.
        let mut one = told;
        one.vehicles.iter_mut().for_each(|vehicle| vehicle.own_damage_mode = OwnDamageMode::Net);
        let other = mirrored(&one);
        let (one_lines, other_lines) = (amounts(&one), amounts(&other));
        for key in one_lines.keys().chain(other_lines.keys()) {
            let fen = |lines: &BTreeMap<String, i64>| lines.get(key).copied().unwrap_or(0);
            // Equal remainders go to the earlier item, and later steps stand on what was rounded.
            let rounding = 2 * one.vehicles.len() as i64;
            prop_assert!((fen(&one_lines) - fen(&other_lines)).abs() <= rounding, "{key}: {one_lines:?} {other_lines:?}");
        }
    }

    #[test]
    fn a_stranger_can_compute_every_line_again(accident in accident(Wild { odd: true })) {
        let statement = settle(&accident).unwrap();
        for line in &statement.lines {
            let amount = recomputed(line).map_err(TestCaseError::fail)?;
            prop_assert_eq!(amount, line.amount, "{:?}", line);
        }
    }

    #[test]
    fn what_is_paid_and_what_is_not_make_up_the_loss(accident in accident(Wild { odd: true })) {
        let statement = settle(&accident).unwrap();
        let paid = paid_per_item(&statement);
        for unpaid in statement.unpaid.iter().filter(|unpaid| matches!(unpaid.payee, Payee::Victim(_))) {
            let paid = paid.get(&(unpaid.payee, unpaid.bucket)).copied().unwrap_or(0);
            prop_assert_eq!(unpaid.amount.fen() + paid, loss(&accident, unpaid.payee, unpaid.bucket));
        }
        let totals: i64 = statement.totals.iter().map(|(_, total)| total.fen()).sum();
        let paid_totals: i64 = statement.paid_totals.iter().map(|(_, total)| total.fen()).sum();
        prop_assert_eq!((totals, paid_totals), (total(&statement), total(&statement)));
    }
}

fn is_on_behalf(line: &Line) -> bool {
    line.because.iter().any(|step| matches!(step, Step::OnBehalf { .. }))
}

/// Per payee and bucket in fen; the seats' covers pay medical cost and disability alike and are left out.
fn paid_per_item(statement: &Statement) -> BTreeMap<(Payee, Bucket), i64> {
    let mut paid = BTreeMap::new();
    for line in &statement.lines {
        if let Some(bucket) = line.bucket {
            *paid.entry((line.payee, bucket)).or_default() += line.amount.fen();
        }
    }
    paid
}

/// In fen, rounded up.
fn loss(accident: &Accident, payee: Payee, bucket: Bucket) -> i64 {
    let injury = match payee {
        Payee::Vehicle(vehicle) => {
            let damage = &accident.vehicles[vehicle].damage;
            let (Extent::Repair(alone) | Extent::TotalLoss { actual_value: alone }) = damage.extent;
            let parts =
                damage.rescued.map_or((1, 1), |of| (of.insured.fen(), of.insured.fen() + of.other.fen()));
            return alone.fen() + (damage.rescue.fen() * parts.0).div_ceil_euclid(parts.1);
        }
        Payee::Occupant { vehicle, occupant } => &accident.vehicles[vehicle].occupants[occupant].injury,
        Payee::Victim(victim) if bucket == Bucket::Property => {
            return accident.victims[victim].property.fen();
        }
        Payee::Victim(victim) => &accident.victims[victim].injury,
    };
    if bucket == Bucket::Medical { injury.medical.fen() } else { injury.death_disability.fen() }
}

/// Division that rounds up.
trait DivCeil {
    fn div_ceil_euclid(self, by: i64) -> i64;
}

impl DivCeil for i64 {
    fn div_ceil_euclid(self, by: i64) -> i64 {
        (self + by - 1).div_euclid(by)
    }
}

fn total(statement: &Statement) -> i64 {
    statement.lines.iter().map(|line| line.amount.fen()).sum()
}

/// The same accident with its vehicles told in the other order.
fn mirrored(accident: &Accident) -> Accident {
    let mut other = accident.clone();
    other.vehicles.reverse();
    let last = other.vehicles.len() - 1;
    for victim in &mut other.victims {
        victim.belongs_to = victim.belongs_to.map(|vehicle| last - vehicle);
    }
    assert!(other.vehicles.iter().all(|vehicle| vehicle.kind == Kind::Motor));
    other
}

/// Each line's amount under its names.
fn amounts(accident: &Accident) -> BTreeMap<String, i64> {
    let statement = settle(accident).unwrap();
    let name = |line: &Line| {
        let (payer, payee) = (&accident.vehicles[line.payer].id, line.payee.id(accident));
        format!("{payer} {} {payee} {:?}", line.cover.word(), line.bucket)
    };
    statement.lines.iter().map(|line| (name(line), line.amount.fen())).collect()
}

/// Goes through a derivation knowing nothing but its steps; the amount it ends in.
fn recomputed(line: &Line) -> Result<Money, String> {
    let mut losses = Exact::ZERO;
    let mut sum = Exact::ZERO;
    let mut last = Exact::ZERO;
    let mut amount = Money::ZERO;
    for step in &line.because {
        let value = step.value();
        let given = step.terms().into_iter().find_map(|(_, term)| match term {
            Term::Amount(exact) => Some(exact),
            _ => None,
        });
        let given = given.ok_or("a step without an amount")?;
        let expected = match step {
            Step::Repair { .. } | Step::TotalLoss { .. } | Step::RescuePart { .. } | Step::Claimed { .. } => {
                losses = &losses + &value;
                given.clone()
            }
            Step::Share { .. } | Step::Base { .. } => std::mem::take(&mut losses),
            Step::MutualSelfClaim { .. } => {
                last = std::mem::take(&mut losses);
                continue;
            }
            Step::Limit { .. } | Step::HolidayDoubling { .. } | Step::Received { .. } => continue,
            Step::Round { .. } => {
                sum = &sum + &last;
                given.clone()
            }
            Step::OnBehalf { .. }
            | Step::PartialLoss { .. }
            | Step::SumInsuredLoss { .. }
            | Step::DutyFormula { .. } => given.clone(),
            Step::RescueLeft { .. } => std::mem::take(&mut losses),
            Step::SeatLimit { .. } => &sum + &last,
            Step::Rounded { amount: fen, .. } => {
                amount = *fen;
                if line.cover == Cover::Compulsory { &sum + &last } else { last.clone() }
            }
            Step::Shift { amount: more, .. } => {
                amount = amount.plus(*more).map_err(|error| error.to_string())?;
                continue;
            }
            Step::Recourse { .. } => continue,
            Step::TakenOver { taken, .. } => {
                amount = amount.less(*taken);
                continue;
            }
            Step::Capped { .. }
            | Step::FaultShare { .. }
            | Step::LiabilityShare { .. }
            | Step::TogetherWithTrailer { .. }
            | Step::ThirdPartyLimit { .. }
            | Step::Duty { .. }
            | Step::DeductibleRate { .. }
            | Step::SumInsured { .. } => last.clone(),
        };
        if given != expected {
            return Err(format!("{step:?} was given {given:?}, the steps before make {expected:?}"));
        }
        // The second loss of a seat starts a new chain that is added to the first.
        if matches!(step, Step::Base { .. }) && line.bucket.is_none() {
            sum = &sum + &last;
        }
        if !matches!(
            step,
            Step::Repair { .. } | Step::TotalLoss { .. } | Step::RescuePart { .. } | Step::Claimed { .. }
        ) {
            last = value;
        }
    }
    Ok(amount)
}
