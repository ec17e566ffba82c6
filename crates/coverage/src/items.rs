//! The loss items of an accident, in input order: what everything else shares out.

use lexicon::{Money, Ratio};

use crate::step::rescue_part;
use crate::{Accident, Bucket, Damage, Exact, Extent, Injury, Payee, Step};

/// One loss of one payee in one bucket. Losses of 0.00 are no items.
pub(crate) struct Item<'a> {
    pub(crate) payee: Payee,
    pub(crate) bucket: Bucket,
    /// The vehicle it belongs to.
    pub(crate) owner: Option<usize>,
    pub(crate) loss: Exact,
    /// The part of the loss that liability covers do not pay.
    pub(crate) outside: Money,
    /// Whether compulsory insurance absorbs the outside part first.
    pub(crate) outside_first: bool,
    /// Shares used instead of the vehicles' faults.
    pub(crate) liability: Option<&'a [(usize, Ratio)]>,
}

impl Item<'_> {
    /// Whether this is the damage of a vehicle itself.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self.payee, Payee::Vehicle(_))
    }
}

pub(crate) fn of(accident: &Accident) -> Vec<Item<'_>> {
    let mut items = Vec::with_capacity(3 * accident.vehicles.len() + 3 * accident.victims.len());
    for (vehicle, of) in accident.vehicles.iter().enumerate() {
        let payee = Payee::Vehicle(vehicle);
        push(&mut items, payee, Bucket::Property, Some(vehicle), loss(&of.damage), None);
        for (occupant, person) in of.occupants.iter().enumerate() {
            let payee = Payee::Occupant { vehicle, occupant };
            push_injury(&mut items, payee, Some(vehicle), &person.injury, person.liability.as_deref());
        }
    }
    for (index, victim) in accident.victims.iter().enumerate() {
        let (payee, liability) = (Payee::Victim(index), victim.liability.as_deref());
        push_injury(&mut items, payee, victim.belongs_to, &victim.injury, liability);
        push(&mut items, payee, Bucket::Property, victim.belongs_to, victim.property.into(), liability);
    }
    items
}

/// The damage without rescue: repair, or actual value − salvage kept.
pub(crate) fn damage_alone(damage: &Damage) -> Money {
    match damage.extent {
        Extent::Repair(repair) => repair,
        Extent::TotalLoss { actual_value } => actual_value.less(damage.salvage_kept),
    }
}

/// The part of the rescue fee that fell on the vehicle.
pub(crate) fn rescue(damage: &Damage) -> Exact {
    let rescued = damage.rescued.unwrap_or_default();
    rescue_part(damage.rescue, rescued.insured, rescued.other)
}

/// How the loss of `item` came to be, for the derivation of its lines.
pub(crate) fn explain(accident: &Accident, item: &Item<'_>, because: &mut Vec<Step>) {
    match item.payee {
        Payee::Vehicle(vehicle) => explain_damage(&accident.vehicles[vehicle].damage, because),
        Payee::Occupant { vehicle, occupant } => {
            let injury = &accident.vehicles[vehicle].occupants[occupant].injury;
            because.push(Step::Claimed { loss: injured(injury, item.bucket) });
        }
        Payee::Victim(victim) => {
            let victim = &accident.victims[victim];
            let loss = if item.bucket == Bucket::Property {
                victim.property
            } else {
                injured(&victim.injury, item.bucket)
            };
            because.push(Step::Claimed { loss });
        }
    }
}

/// How the rescue fee's part came to be.
pub(crate) fn explain_rescue(damage: &Damage, because: &mut Vec<Step>) {
    let rescued = damage.rescued.unwrap_or_default();
    because.push(Step::RescuePart { rescue: damage.rescue, insured: rescued.insured, other: rescued.other });
}

fn explain_damage(damage: &Damage, because: &mut Vec<Step>) {
    because.push(match damage.extent {
        Extent::Repair(repair) => Step::Repair { repair },
        Extent::TotalLoss { actual_value } => {
            Step::TotalLoss { actual_value, salvage_kept: damage.salvage_kept }
        }
    });
    if !damage.rescue.is_zero() {
        explain_rescue(damage, because);
    }
}

fn injured(injury: &Injury, bucket: Bucket) -> Money {
    if bucket == Bucket::Medical { injury.medical } else { injury.death_disability }
}

fn loss(damage: &Damage) -> Exact {
    let alone = Exact::from(damage_alone(damage));
    if damage.rescue.is_zero() { alone } else { &alone + &rescue(damage) }
}

fn push_injury<'a>(
    items: &mut Vec<Item<'a>>,
    payee: Payee,
    owner: Option<usize>,
    injury: &Injury,
    liability: Option<&'a [(usize, Ratio)]>,
) {
    for (bucket, outside, outside_first) in [
        (Bucket::DeathDisability, injury.mental, injury.mental_first),
        (Bucket::Medical, injury.medical_outside, injury.outside_first),
    ] {
        let loss = injured(injury, bucket);
        if !loss.is_zero() {
            items.push(Item { payee, bucket, owner, loss: loss.into(), outside, outside_first, liability });
        }
    }
}

fn push<'a>(
    items: &mut Vec<Item<'a>>,
    payee: Payee,
    bucket: Bucket,
    owner: Option<usize>,
    loss: Exact,
    liability: Option<&'a [(usize, Ratio)]>,
) {
    if !loss.is_zero() {
        items.push(Item {
            payee,
            bucket,
            owner,
            loss,
            outside: Money::ZERO,
            outside_first: false,
            liability,
        });
    }
}
