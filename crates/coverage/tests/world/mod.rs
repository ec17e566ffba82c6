//! Accidents by chance: small worlds that meet every rule.

use coverage::{
    Accident, Allocation, Cover, Covers, Ctpl, Damage, Extent, Injury, Kind, Occupant, OwnDamage,
    OwnDamageMode, Policy, Rescued, Rider, Seat, Vehicle, Victim, Wording,
};
use lexicon::{Moment, Money, Ratio};
use proptest::collection::vec;
use proptest::prelude::*;

/// 2026-05-02.
const TODAY: Moment = Moment::from_micros(1_777_700_000_000_000);

/// How wild a world may be.
#[derive(Clone, Copy)]
pub struct Wild {
    /// Trailers, uninsured vehicles, recourse, undetermined faults, 2014 wordings, courts' own shares, agreements.
    pub odd: bool,
}

/// Amounts around the limits, odd fen included.
pub fn money() -> impl Strategy<Value = Money> {
    let around = prop_oneof![
        Just(10_000i64),
        Just(180_000),
        Just(200_000),
        Just(1_800_000),
        Just(18_000_000),
        Just(40_000_000)
    ];
    prop_oneof![
        3 => Just(Money::ZERO),
        2 => (around, -3i64..=3).prop_map(|(fen, off)| Money::from_fen(fen + off)),
        5 => (1i64..3_000_000).prop_map(Money::from_fen),
    ]
}

fn policy(wild: Wild) -> impl Strategy<Value = Option<Policy>> {
    let limit = || proptest::option::of((1i64..60).prop_map(|ten| Money::from_yuan(ten * 10_000)));
    let wording = if wild.odd {
        vec![Wording::W2014, Wording::W2020, Wording::Nev2021]
    } else {
        vec![Wording::W2020, Wording::Nev2021]
    };
    let covers = (limit(), limit(), limit(), limit(), prop_oneof![Just(0i64), Just(500)]);
    let extras = (any::<bool>(), any::<bool>(), prop_oneof![Just(0i64), Just(10), Just(15)], any::<bool>());
    (proptest::sample::select(wording), covers, extras).prop_map(
        |(wording, (own, third_party, driver, passengers, deductible), (holiday, doubling, rate, freed))| {
            let mut policy = Policy::on(wording);
            let deductible = Money::from_yuan(deductible);
            policy.own_damage = own.map(|sum_insured| OwnDamage { sum_insured, deductible });
            (policy.third_party, policy.driver, policy.passengers) = (third_party, driver, passengers);
            policy.holiday = holiday;
            if doubling {
                policy.riders.push(Rider::HolidayLimitDoubling);
            }
            if rate > 0 {
                let covers = Covers::NONE.with(Cover::ThirdParty).with(Cover::OwnDamage).with(Cover::Driver);
                policy.riders.push(Rider::AbsoluteDeductibleRate { rate: Ratio::percent(rate), covers });
            }
            if freed {
                policy.no_deductible = Covers::NONE.with(Cover::ThirdParty);
            }
            (own.is_some() || third_party.is_some() || driver.is_some()).then_some(policy)
        },
    )
}

fn injury() -> impl Strategy<Value = Injury> {
    (money(), money(), 0u8..4, any::<bool>(), any::<bool>()).prop_map(
        |(death_disability, medical, part, mental_first, outside_first)| {
            let part = |whole: Money| {
                if part == 0 { Money::from_fen(whole.fen() / 3) } else { Money::ZERO }
            };
            let (mental, medical_outside) = (part(death_disability), part(medical));
            Injury { death_disability, mental, mental_first, medical, medical_outside, outside_first }
        },
    )
}

fn vehicle(wild: Wild) -> impl Strategy<Value = Vehicle> {
    let damage =
        (money(), money(), any::<bool>(), 0u8..6).prop_map(|(repair, rescue, rescued, total)| Damage {
            extent: if total == 0 {
                Extent::TotalLoss { actual_value: repair }
            } else {
                Extent::Repair(repair)
            },
            rescue: if total < 3 { rescue } else { Money::ZERO },
            rescued: rescued.then_some(Rescued { insured: Money::from_yuan(7), other: Money::from_yuan(4) }),
            ..Damage::default()
        });
    let states = if wild.odd {
        vec![Ctpl::Insured, Ctpl::Insured, Ctpl::None, Ctpl::Recourse]
    } else {
        vec![Ctpl::Insured]
    };
    let ctpl = proptest::sample::select(states);
    let person = || proptest::option::of(injury());
    (damage, ctpl, person(), person(), policy(wild), any::<bool>()).prop_map(
        |(damage, ctpl, driver, passenger, policy, subrogates)| {
            let mut vehicle = Vehicle::motor("", None);
            let covered = policy.as_ref().is_some_and(|policy| policy.own_damage.is_some());
            if subrogates && covered {
                vehicle.own_damage_mode = OwnDamageMode::Subrogate;
            }
            // A total loss insured above its value is paid above its loss, as agreed; here the two are equal.
            let mut policy = policy;
            if let (Extent::TotalLoss { actual_value }, Some(policy)) = (damage.extent, &mut policy)
                && let Some(own_damage) = &mut policy.own_damage
            {
                own_damage.sum_insured = actual_value;
            }
            for (seat, injury) in [(Seat::Driver, driver), (Seat::Passenger, passenger)] {
                if let Some(injury) = injury {
                    vehicle.occupants.push(Occupant { injury, ..Occupant::new("", seat) });
                }
            }
            Vehicle { damage, ctpl, policy, ..vehicle }
        },
    )
}

/// An accident of one to four vehicles.
pub fn accident(wild: Wild) -> impl Strategy<Value = Accident> {
    let victim = (injury(), money(), 0usize..8, any::<bool>());
    let faults = vec(0i64..=100, 4);
    let odd = (any::<bool>(), 0usize..6, 0usize..8, any::<bool>());
    (vec(vehicle(wild), 1..=4), faults, vec(victim, 0..3), any::<bool>(), odd).prop_map(
        move |(mut vehicles, faults, victims, court, (agreed, open, trailer, own_shares))| {
            let count = vehicles.len();
            let mut left = 100;
            for (index, vehicle) in vehicles.iter_mut().enumerate() {
                // Most faults are round, some cars have none, the sum stays within one.
                let fault = (faults[index] / 10 * 10).min(left);
                left -= fault;
                vehicle.fault = (!wild.odd || open != index).then_some(Ratio::percent(fault));
                vehicle.id = format!("V{index}").into();
                for (seat, occupant) in vehicle.occupants.iter_mut().enumerate() {
                    occupant.id = format!("V{index}-{seat}").into();
                }
            }
            if wild.odd && trailer > 0 && trailer < count {
                vehicles[trailer].kind = Kind::Trailer { tractor: 0 };
            }
            let mut accident = Accident::at(TODAY);
            accident.allocation = if court { Allocation::Court } else { Allocation::Practice };
            accident.mutual_self_claim_agreed = wild.odd && agreed;
            accident.victims = victims
                .into_iter()
                .enumerate()
                .map(|(index, (injury, property, belongs_to, shares))| Victim {
                    injury,
                    property,
                    belongs_to: (belongs_to < count).then_some(belongs_to),
                    liability: (wild.odd && own_shares && shares).then(|| vec![(0, Ratio::percent(60))]),
                    ..Victim::new(format!("P{index}"))
                })
                .collect();
            accident.vehicles = vehicles;
            accident
        },
    )
}
