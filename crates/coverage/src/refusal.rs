//! Why an accident cannot be settled as it was given.

use lexicon::{Money, Ratio};

use crate::{Accident, Covers, Extent, Injury, Kind, Liability, OwnDamageMode, Policy, Rider, Seat, Vehicle};

/// Why [`settle`](crate::settle()) declined. When several apply, an unknown vehicle comes first, then the first in input order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No vehicle at all.
    #[error("missing-field")]
    NoVehicle,
    /// An index that names no vehicle, or a tractor that is itself a trailer.
    #[error("unknown-id")]
    UnknownVehicle,
    /// An amount below 0.00.
    #[error("negative-money")]
    NegativeMoney,
    /// A share or rate outside 0..1, or shares above 1 together.
    #[error("bad-share")]
    BadShare,
    /// A part of a loss above the whole.
    #[error("part-above-whole")]
    PartAboveWhole,
    /// More than one driver in a vehicle.
    #[error("two-drivers")]
    TwoDrivers,
    /// Subrogation without an own-damage cover.
    #[error("subrogate-without-own-damage")]
    SubrogateWithoutOwnDamage,
    /// A cover named by two deductible riders.
    #[error("duplicate-rider")]
    DuplicateRider,
    /// The accident lies before the first table of limits.
    #[error("no-rule-table")]
    NoRuleTable,
    /// A sum does not fit; no real accident is that large.
    #[error("amount-overflow")]
    Overflow,
}

impl Refusal {
    /// The code that doors report. Never renamed once released.
    pub fn word(self) -> String {
        self.to_string()
    }
}

impl Accident {
    /// Whether the parts fit together, whoever built them. A door that reads them from text reports the place as well.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.vehicles.is_empty() {
            return Err(Refusal::NoVehicle);
        }
        self.check_references()?;
        let mut faults = Vec::with_capacity(self.vehicles.len());
        for vehicle in &self.vehicles {
            if vehicle.kind == Kind::Motor {
                faults.extend(vehicle.fault);
            }
            check_vehicle(vehicle)?;
            for occupant in &vehicle.occupants {
                check_person(&occupant.injury, Money::ZERO, occupant.liability.as_ref())?;
            }
        }
        for victim in &self.victims {
            check_person(&victim.injury, victim.property, victim.liability.as_ref())?;
        }
        check_shares(faults.iter())
    }

    fn check_references(&self) -> Result<(), Refusal> {
        let is_known = |vehicle: &usize| *vehicle < self.vehicles.len();
        let is_tractor =
            |vehicle: &usize| self.vehicles.get(*vehicle).is_some_and(|of| of.kind == Kind::Motor);
        let fits =
            |liability: &Option<Liability>| liability.iter().flatten().all(|(vehicle, _)| is_known(vehicle));
        let vehicle_fits = |vehicle: &Vehicle| {
            let drawn = match &vehicle.kind {
                Kind::Motor => true,
                Kind::Trailer { tractor } => is_tractor(tractor),
            };
            drawn && vehicle.occupants.iter().all(|occupant| fits(&occupant.liability))
        };
        let all_fit = self.vehicles.iter().all(vehicle_fits)
            && self
                .victims
                .iter()
                .all(|victim| victim.belongs_to.iter().all(is_known) && fits(&victim.liability));
        if all_fit { Ok(()) } else { Err(Refusal::UnknownVehicle) }
    }
}

fn check_vehicle(vehicle: &Vehicle) -> Result<(), Refusal> {
    let damage = &vehicle.damage;
    let value = match damage.extent {
        Extent::Repair(value) | Extent::TotalLoss { actual_value: value } => value,
    };
    let rescued = damage.rescued.unwrap_or_default();
    check_amounts(&[
        value,
        damage.salvage_kept,
        damage.third_party_received,
        damage.rescue,
        rescued.insured,
        rescued.other,
    ])?;
    if vehicle.occupants.iter().filter(|occupant| occupant.seat == Seat::Driver).count() > 1 {
        return Err(Refusal::TwoDrivers);
    }
    let own_damage = vehicle.policy.as_ref().and_then(|policy| policy.own_damage);
    if vehicle.own_damage_mode == OwnDamageMode::Subrogate && own_damage.is_none() {
        return Err(Refusal::SubrogateWithoutOwnDamage);
    }
    vehicle.policy.as_ref().map_or(Ok(()), check_policy)
}

fn check_policy(policy: &Policy) -> Result<(), Refusal> {
    let own_damage = policy.own_damage.map(|cover| [cover.sum_insured, cover.deductible]).unwrap_or_default();
    check_amounts(&own_damage)?;
    check_amounts(&[policy.third_party, policy.driver, policy.passengers].map(Option::unwrap_or_default))?;
    let mut named = Covers::NONE;
    for rider in &policy.riders {
        let Rider::AbsoluteDeductibleRate { rate, covers } = rider else { continue };
        if !rate.is_share() {
            return Err(Refusal::BadShare);
        }
        if named.meets(*covers) {
            return Err(Refusal::DuplicateRider);
        }
        named = named.and(*covers);
    }
    Ok(())
}

fn check_person(injury: &Injury, property: Money, liability: Option<&Liability>) -> Result<(), Refusal> {
    check_amounts(&[
        injury.death_disability,
        injury.mental,
        injury.medical,
        injury.medical_outside,
        property,
    ])?;
    check_shares(liability.into_iter().flatten().map(|(_, share)| share))?;
    if injury.mental > injury.death_disability || injury.medical_outside > injury.medical {
        return Err(Refusal::PartAboveWhole);
    }
    Ok(())
}

fn check_amounts(amounts: &[Money]) -> Result<(), Refusal> {
    if amounts.iter().any(|amount| amount.is_negative()) { Err(Refusal::NegativeMoney) } else { Ok(()) }
}

fn check_shares<'a>(shares: impl Iterator<Item = &'a Ratio>) -> Result<(), Refusal> {
    let mut sum = crate::Exact::ZERO;
    for share in shares {
        if !share.is_share() {
            return Err(Refusal::BadShare);
        }
        sum = &sum + &(*share).into();
    }
    if sum > crate::Exact::whole(1) { Err(Refusal::BadShare) } else { Ok(()) }
}
