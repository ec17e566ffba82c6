//! The compulsory and third-party steps once more, as slowly and literally as the rules read, to check the quick way.

mod world;

use std::collections::BTreeMap;

use coverage::{
    Accident, Allocation, Bucket, Cover, Ctpl, Debtor, Extent, Ground, Injury, Kind, Payee, Rider, Statement,
    Wording, settle,
};
use lexicon::{Money, Ratio};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use world::{Wild, accident};

type Number = BigRational;
/// Payer and payee's item → fen.
type Amounts = BTreeMap<(usize, usize), i64>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_way_and_the_slow_way_agree(accident in accident(Wild { odd: true })) {
        let statement = settle(&accident).unwrap();
        prop_assume!(!statement.mutual_self_claim);
        let slow = Slow::of(&accident);
        let compulsory = slow.compulsory();
        let (mut paid, mut stepped_in) = (compulsory.clone(), BTreeMap::new());
        if accident.allocation == Allocation::Court {
            slow.step_in(&compulsory, &mut paid, &mut stepped_in);
        }
        paid.retain(|(payer, item), fen| *fen > 0 && slow.really_pays(*payer, *item));
        prop_assert_eq!(&slow.found(&statement, Cover::Compulsory), &paid);
        let third_party = slow.third_party(&compulsory);
        prop_assert_eq!(&slow.found(&statement, Cover::ThirdParty), &third_party);
        let found: BTreeMap<(usize, usize), i64> = statement
            .recoveries
            .iter()
            .filter(|recovery| recovery.ground == Ground::Cover(Cover::Compulsory))
            .filter(|recovery| {
                matches!(recovery.from, Debtor::Vehicle(from) if accident.vehicles[from].ctpl == Ctpl::None)
            })
            .map(|recovery| {
                let Debtor::Vehicle(from) = recovery.from else { unreachable!("filtered above") };
                ((recovery.by, from), recovery.amount.fen())
            })
            .collect();
        prop_assert_eq!(found, stepped_in);
    }
}

struct Thing {
    payee: Payee,
    bucket: Bucket,
    owner: Option<usize>,
    loss: Number,
    outside: Number,
    outside_first: bool,
    shares: Option<Vec<(usize, Ratio)>>,
}

struct Slow<'a> {
    accident: &'a Accident,
    things: Vec<Thing>,
}

fn whole(fen: i64) -> Number {
    Number::from_integer(BigInt::from(fen))
}

fn money(amount: Money) -> Number {
    whole(amount.fen())
}

fn ratio(share: Ratio) -> Number {
    Number::new(BigInt::from(share.numerator()), BigInt::from(share.denominator()))
}

fn positive(number: Number) -> Number {
    if number.is_negative() { Number::zero() } else { number }
}

/// The sum half up, the rest by largest remainder, one fen at a time.
fn to_fen(amounts: &[Number]) -> Vec<i64> {
    let sum: Number = amounts.iter().sum();
    let target = (sum + Number::new(BigInt::one(), BigInt::from(2))).floor().to_i64().unwrap();
    let mut fen: Vec<i64> = amounts.iter().map(|amount| amount.floor().to_i64().unwrap()).collect();
    let mut served = vec![false; fen.len()];
    while fen.iter().sum::<i64>() < target {
        let rest = |index: usize| &amounts[index] - amounts[index].floor();
        let mut best = None;
        for index in (0..fen.len()).filter(|index| !served[*index]) {
            if best.is_none_or(|best| rest(index) > rest(best)) {
                best = Some(index);
            }
        }
        let best = best.unwrap();
        served[best] = true;
        fen[best] += 1;
    }
    fen
}

impl Slow<'_> {
    fn of(accident: &Accident) -> Slow<'_> {
        let mut things = Vec::new();
        let mut add = |payee,
                       bucket,
                       owner,
                       loss: Number,
                       outside,
                       outside_first,
                       shares: &Option<Vec<_>>| {
            things.push(Thing { payee, bucket, owner, loss, outside, outside_first, shares: shares.clone() });
        };
        let hurt = |injury: &Injury| {
            [
                (Bucket::DeathDisability, injury.death_disability, injury.mental, injury.mental_first),
                (Bucket::Medical, injury.medical, injury.medical_outside, injury.outside_first),
            ]
        };
        for (index, vehicle) in accident.vehicles.iter().enumerate() {
            let damage = &vehicle.damage;
            let alone = match damage.extent {
                Extent::Repair(repair) => money(repair),
                Extent::TotalLoss { actual_value } => {
                    positive(money(actual_value) - money(damage.salvage_kept))
                }
            };
            let part = match damage.rescued {
                Some(of) => money(of.insured) / (money(of.insured) + money(of.other)),
                None => Number::one(),
            };
            let loss = alone + money(damage.rescue) * part;
            add(Payee::Vehicle(index), Bucket::Property, Some(index), loss, Number::zero(), false, &None);
            for (occupant, person) in vehicle.occupants.iter().enumerate() {
                for (bucket, loss, outside, first) in hurt(&person.injury) {
                    let payee = Payee::Occupant { vehicle: index, occupant };
                    add(payee, bucket, Some(index), money(loss), money(outside), first, &person.liability);
                }
            }
        }
        for (index, victim) in accident.victims.iter().enumerate() {
            let payee = Payee::Victim(index);
            for (bucket, loss, outside, first) in hurt(&victim.injury) {
                add(payee, bucket, victim.belongs_to, money(loss), money(outside), first, &victim.liability);
            }
            let (owner, loss) = (victim.belongs_to, money(victim.property));
            add(payee, Bucket::Property, owner, loss, Number::zero(), false, &victim.liability);
        }
        Slow { accident, things }
    }

    fn lead(&self, vehicle: usize) -> usize {
        match self.accident.vehicles[vehicle].kind {
            Kind::Motor => vehicle,
            Kind::Trailer { tractor } => tractor,
        }
    }

    fn is_motor(&self, vehicle: usize) -> bool {
        self.lead(vehicle) == vehicle
    }

    fn motors(&self) -> Vec<usize> {
        (0..self.accident.vehicles.len()).filter(|vehicle| self.is_motor(*vehicle)).collect()
    }

    fn at_fault(&self, vehicle: usize) -> bool {
        let lead = &self.accident.vehicles[self.lead(vehicle)];
        match (lead.at_fault, lead.fault) {
            (Some(said), _) => said,
            (None, None) => true,
            (None, Some(fault)) => fault > Ratio::ZERO,
        }
    }

    fn limit(&self, payer: usize, bucket: Bucket) -> i64 {
        100 * match (bucket, self.at_fault(payer)) {
            (Bucket::DeathDisability, true) => 180_000,
            (Bucket::Medical, true) => 18_000,
            (Bucket::Property, true) => 2_000,
            (Bucket::DeathDisability, false) => 18_000,
            (Bucket::Medical, false) => 1_800,
            (Bucket::Property, false) => 100,
        }
    }

    fn others(&self, thing: &Thing) -> Vec<usize> {
        let own = thing.owner.map(|owner| self.lead(owner));
        self.motors().into_iter().filter(|payer| Some(*payer) != own).collect()
    }

    fn payers(&self, thing: &Thing) -> Vec<usize> {
        let mut payers = self.others(thing);
        let someone = self.motors().into_iter().any(|vehicle| self.at_fault(vehicle));
        if self.accident.allocation == Allocation::Practice && thing.bucket == Bucket::Property && someone {
            payers.retain(|payer| self.at_fault(*payer));
        }
        payers
    }

    /// What every motor vehicle would pay if it were insured, in fen.
    fn compulsory(&self) -> Amounts {
        let mut exact: BTreeMap<(usize, usize), Number> = BTreeMap::new();
        let add = |exact: &mut BTreeMap<_, Number>,
                   shares: BTreeMap<(usize, usize), Number>,
                   room: &dyn Fn(usize, Bucket) -> Number| {
            for payer in self.motors() {
                for bucket in [Bucket::DeathDisability, Bucket::Medical, Bucket::Property] {
                    let mine = |key: &(usize, usize)| key.0 == payer && self.things[key.1].bucket == bucket;
                    let asked: Number =
                        shares.iter().filter(|(key, _)| mine(key)).map(|(_, share)| share).sum();
                    let room = room(payer, bucket);
                    for (key, share) in shares.iter().filter(|(key, _)| mine(key)) {
                        let share = if asked > room { share * &room / &asked } else { share.clone() };
                        *exact.entry(*key).or_insert_with(Number::zero) += share;
                    }
                }
            }
        };
        let mut first = BTreeMap::new();
        for (index, thing) in self.things.iter().enumerate() {
            let payers = self.payers(thing);
            let weights: i64 = payers.iter().map(|payer| self.limit(*payer, thing.bucket)).sum();
            for payer in payers {
                let share = &thing.loss * whole(self.limit(payer, thing.bucket)) / whole(weights);
                first.insert((payer, index), share);
            }
        }
        add(&mut exact, first, &|payer, bucket| whole(self.limit(payer, bucket)));
        if self.accident.allocation == Allocation::Practice {
            for _ in 0..16 {
                let before = exact.clone();
                let left = |payer: usize, bucket: Bucket| -> Number {
                    let mine = |key: &&(usize, usize)| key.0 == payer && self.things[key.1].bucket == bucket;
                    let used: Number = before.keys().filter(mine).map(|key| &before[key]).sum();
                    whole(self.limit(payer, bucket)) - used
                };
                let mut more = BTreeMap::new();
                for (index, thing) in self.things.iter().enumerate() {
                    let got: Number =
                        before.iter().filter(|(key, _)| key.1 == index).map(|(_, got)| got).sum();
                    let short = &thing.loss - got;
                    let payers = self.payers(thing);
                    let lefts: Number = payers.iter().map(|payer| left(*payer, thing.bucket)).sum();
                    if short.is_positive() && lefts.is_positive() {
                        for payer in payers {
                            more.insert((payer, index), &short * left(payer, thing.bucket) / &lefts);
                        }
                    }
                }
                add(&mut exact, more, &left);
                if exact == before {
                    break;
                }
            }
            self.on_behalf(&mut exact);
        }
        let mut fen = BTreeMap::new();
        for payer in self.motors() {
            for bucket in [Bucket::DeathDisability, Bucket::Medical, Bucket::Property] {
                let keys: Vec<(usize, usize)> = (0..self.things.len())
                    .filter(|index| self.things[*index].bucket == bucket)
                    .map(|index| (payer, index))
                    .collect();
                let amounts: Vec<Number> =
                    keys.iter().map(|key| exact.get(key).cloned().unwrap_or_else(Number::zero)).collect();
                fen.extend(keys.into_iter().zip(to_fen(&amounts)));
            }
        }
        fen
    }

    fn on_behalf(&self, exact: &mut BTreeMap<(usize, usize), Number>) {
        let (at_fault, without): (Vec<usize>, Vec<usize>) =
            self.motors().into_iter().partition(|vehicle| self.at_fault(*vehicle));
        if at_fault.is_empty() || without.is_empty() {
            return;
        }
        let most = whole(without.len() as i64) * whole(10_000) / whole(at_fault.len() as i64);
        for (index, thing) in self.things.iter().enumerate() {
            let Payee::Vehicle(vehicle) = thing.payee else { continue };
            if !self.at_fault(vehicle) {
                continue;
            }
            let got: Number = exact.iter().filter(|(key, _)| key.1 == index).map(|(_, got)| got).sum();
            let receives = positive(&thing.loss - got).min(most.clone());
            for payer in &without {
                exact.insert((*payer, index), &receives / whole(without.len() as i64));
            }
        }
    }

    fn step_in(&self, shares: &Amounts, paid: &mut Amounts, recovered: &mut Amounts) {
        for absent in self.motors() {
            if self.accident.vehicles[absent].ctpl != Ctpl::None {
                continue;
            }
            for (index, thing) in self.things.iter().enumerate() {
                let share = shares[&(absent, index)];
                let insured: Vec<usize> = self
                    .others(thing)
                    .into_iter()
                    .filter(|payer| self.accident.vehicles[*payer].ctpl == Ctpl::Insured)
                    .collect();
                let left: Vec<i64> = insured
                    .iter()
                    .map(|payer| {
                        let used: i64 = (0..self.things.len())
                            .filter(|other| self.things[*other].bucket == thing.bucket)
                            .map(|other| paid[&(*payer, other)])
                            .sum();
                        self.limit(*payer, thing.bucket) - used
                    })
                    .collect();
                let lefts: i64 = left.iter().sum();
                if lefts <= 0 {
                    continue;
                }
                let moved = whole(share.min(lefts));
                let parts: Vec<Number> =
                    left.iter().map(|left| &moved * whole(*left) / whole(lefts)).collect();
                for (payer, fen) in insured.into_iter().zip(to_fen(&parts)).filter(|(_, fen)| *fen > 0) {
                    *paid.get_mut(&(payer, index)).unwrap() += fen;
                    *recovered.entry((payer, absent)).or_default() += fen;
                }
            }
        }
    }

    fn really_pays(&self, payer: usize, item: usize) -> bool {
        match self.accident.vehicles[payer].ctpl {
            Ctpl::Insured => true,
            Ctpl::None => false,
            Ctpl::Recourse => self.things[item].bucket != Bucket::Property,
        }
    }

    fn third_party_limit(&self, vehicle: usize) -> Option<i64> {
        let policy = self.accident.vehicles[vehicle].policy.as_ref()?;
        let doubled = policy.holiday && policy.riders.contains(&Rider::HolidayLimitDoubling);
        policy.third_party.map(|limit| limit.fen() * if doubled { 2 } else { 1 })
    }

    fn third_party(&self, compulsory: &Amounts) -> Amounts {
        let mut lines = Amounts::new();
        for (payer, vehicle) in self.accident.vehicles.iter().enumerate() {
            let lead = self.lead(payer);
            let (Some(policy), Some(limit), Some(fault)) =
                (&vehicle.policy, self.third_party_limit(payer), self.accident.vehicles[lead].fault)
            else {
                continue;
            };
            let limits: i64 = (0..self.accident.vehicles.len())
                .filter(|other| self.lead(*other) == lead)
                .filter_map(|other| self.third_party_limit(other))
                .sum();
            let mut dues: Vec<Number> = Vec::new();
            for (index, thing) in self.things.iter().enumerate() {
                let own = thing.owner.is_some_and(|owner| self.lead(owner) == lead);
                let share = match &thing.shares {
                    None => ratio(fault),
                    Some(shares) => {
                        shares.iter().filter(|(of, _)| *of == lead).map(|(_, share)| ratio(*share)).sum()
                    }
                };
                let ctpl: i64 = compulsory.iter().filter(|(key, _)| key.1 == index).map(|(_, fen)| fen).sum();
                let ctpl =
                    if thing.outside_first { positive(whole(ctpl) - &thing.outside) } else { whole(ctpl) };
                let base = positive(&thing.loss - &thing.outside - ctpl);
                dues.push(if own { Number::zero() } else { base * share * whole(limit) / whole(limits) });
            }
            let sum: Number = dues.iter().sum();
            let mut factor = if sum > whole(limit) { whole(limit) / &sum } else { Number::one() };
            if policy.wording == Wording::W2014 && !policy.no_deductible.has(Cover::ThirdParty) {
                let fault = ratio(fault);
                let half = Number::new(BigInt::one(), BigInt::from(2));
                let percent = if fault.is_one() {
                    20
                } else if fault > half {
                    15
                } else if fault == half {
                    10
                } else if fault.is_positive() {
                    5
                } else {
                    0
                };
                factor *= Number::one() - whole(percent) / whole(100);
            }
            for rider in &policy.riders {
                if let Rider::AbsoluteDeductibleRate { rate, covers } = rider
                    && covers.has(Cover::ThirdParty)
                {
                    factor *= Number::one() - ratio(*rate);
                }
            }
            let exact: Vec<Number> = dues.iter().map(|due| due * &factor).collect();
            lines.extend(to_fen(&exact).into_iter().enumerate().map(|(index, fen)| ((payer, index), fen)));
        }
        lines.retain(|_, fen| *fen > 0);
        lines
    }

    /// What the statement says of one cover; lines that a subrogation took over count as they were.
    fn found(&self, statement: &Statement, cover: Cover) -> Amounts {
        let mut found = Amounts::new();
        let item = |payee: Payee, bucket: Bucket| {
            self.things.iter().position(|thing| thing.payee == payee && thing.bucket == bucket).unwrap()
        };
        for line in statement.lines.iter().filter(|line| line.cover == cover) {
            *found.entry((line.payer, item(line.payee, line.bucket.unwrap()))).or_default() +=
                line.amount.fen();
        }
        for recovery in statement.recoveries.iter().filter(|recovery| recovery.ground == Ground::Cover(cover))
        {
            if let Debtor::Vehicle(from) = recovery.from
                && (cover == Cover::ThirdParty || self.accident.vehicles[from].ctpl != Ctpl::None)
            {
                *found.entry((from, item(Payee::Vehicle(recovery.by), Bucket::Property))).or_default() +=
                    recovery.amount.fen();
            }
        }
        found
    }
}
