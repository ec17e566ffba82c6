//! Accidents settled per second on one core, typed in to typed out, with rule codes. Run with `cargo bench -p coverage`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use coverage::{
    Accident, Allocation, Damage, Extent, Injury, Occupant, OwnDamage, Policy, Seat, Vehicle, Victim,
    Wording, settle,
};
use lexicon::{Moment, Money, Ratio};

/// The case with a budget.
const HELD: &str = "two cars, all covers";
const BUDGET_PER_SECOND: u128 = 200_000;
const MEASURED: Duration = Duration::from_secs(2);

#[expect(clippy::print_stdout, reason = "a measurement prints its figures")]
fn main() {
    let cases = [
        (HELD, two_cars(Allocation::Practice)),
        ("two cars, all covers, court", two_cars(Allocation::Court)),
        ("two cars, all covers, two hurt", with_occupants(two_cars(Allocation::Practice))),
        (
            "two cars, all covers, two hurt, two victims",
            with_victims(with_occupants(two_cars(Allocation::Practice))),
        ),
        ("eight cars, all covers, two victims", with_victims(many_cars(8))),
    ];
    println!("| accidents/s on one core | settled | to hold |");
    println!("|---|---:|---:|");
    for (name, accident) in cases {
        let lines = settle(&accident).expect("the accident is sound").lines.len();
        let budget = if name == HELD { BUDGET_PER_SECOND.to_string() } else { String::new() };
        println!("| {name} ({lines} lines) | {} | {budget} |", per_second(&accident));
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn per_second(accident: &Accident) -> u128 {
    let (start, mut settled) = (Instant::now(), 0);
    while start.elapsed() < MEASURED {
        for _ in 0..256 {
            black_box(settle(black_box(accident)).expect("the accident is sound"));
        }
        settled += 256;
    }
    settled * 1_000_000_000 / start.elapsed().as_nanos()
}

fn two_cars(allocation: Allocation) -> Accident {
    // 2026-05-02.
    let mut accident = Accident::at(Moment::from_micros(1_777_700_000_000_000));
    accident.allocation = allocation;
    accident.vehicles = vec![car("A", 70, 5_000), car("B", 30, 8_000)];
    accident
}

fn many_cars(count: i64) -> Accident {
    let mut accident = two_cars(Allocation::Practice);
    accident.vehicles =
        (0..count).map(|index| car(&format!("V{index}"), 100 / count, 3_000 + 700 * index)).collect();
    accident
}

fn car(id: &str, percent: i64, repair: i64) -> Vehicle {
    let mut policy = Policy::on(Wording::W2020);
    policy.own_damage = Some(OwnDamage { sum_insured: Money::from_yuan(150_000), deductible: Money::ZERO });
    policy.third_party = Some(Money::from_yuan(1_000_000));
    policy.driver = Some(Money::from_yuan(20_000));
    policy.passengers = Some(Money::from_yuan(20_000));
    let damage = Damage { extent: Extent::Repair(Money::from_yuan(repair)), ..Damage::default() };
    Vehicle { damage, policy: Some(policy), ..Vehicle::motor(id, Some(Ratio::percent(percent))) }
}

fn with_occupants(mut accident: Accident) -> Accident {
    let driver = Injury { medical: Money::from_yuan(42_000), ..Injury::default() };
    let passenger = Injury { death_disability: Money::from_yuan(210_000), ..Injury::default() };
    accident.vehicles[1].occupants = vec![
        Occupant { injury: driver, ..Occupant::new("driver", Seat::Driver) },
        Occupant { injury: passenger, ..Occupant::new("passenger", Seat::Passenger) },
    ];
    accident
}

fn with_victims(mut accident: Accident) -> Accident {
    let injury = Injury { medical: Money::from_yuan(23_600), ..Injury::default() };
    accident.victims = vec![
        Victim { injury, property: Money::from_yuan(1_300), ..Victim::new("rider") },
        Victim { property: Money::from_yuan(900), ..Victim::new("fence") },
    ];
    accident
}
