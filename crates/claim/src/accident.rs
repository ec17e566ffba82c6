//! The incident as the arithmetic takes it, and what of the result one claim pays.

use coverage::{
    Accident, Cover, Covers, Ctpl, Damage, Extent, Occupant, OwnDamage, Policy, Rider, Statement, Vehicle,
    Victim, Wording,
};
use lexicon::{ExposureId, Moment, Money};
use rulebook::Tables;

use crate::events::Owed;
use crate::incident::{Incident, PartyId, Seat, VehicleLoss};
use crate::terms::{RiderTerms, Terms};

/// The accident as `settle` takes it. A loss that is not known, or waived, counts as 0.00. `None` before it is reported.
pub fn accident_of(incident: &Incident, tables: &Tables) -> Option<Accident> {
    let occurred_at = incident.occurred_at?;
    let holiday = tables.rest_days.doubles_limit(tables.day(occurred_at));
    let mut accident = Accident::at(occurred_at);
    accident.mutual_self_claim_agreed = incident.self_claim_agreed;
    for known in &incident.vehicles {
        let mut vehicle = Vehicle::motor(known.id.as_str(), known.fault);
        if let Some(terms) = &known.terms {
            vehicle.ctpl = if terms.compulsory { Ctpl::Insured } else { Ctpl::None };
            vehicle.policy = policy(terms, occurred_at, holiday);
        }
        if let VehicleLoss::Stated(loss) = &known.loss {
            let total = loss.total_loss.as_ref();
            vehicle.damage = Damage {
                extent: total.map_or(Extent::Repair(loss.repair), |total| Extent::TotalLoss {
                    actual_value: total.actual_value,
                }),
                salvage_kept: total.map_or(Money::ZERO, |total| total.salvage_kept),
                third_party_received: loss.third_party_received,
                rescue: loss.rescue,
                rescued: None,
            };
        }
        accident.vehicles.push(vehicle);
    }
    for known in &incident.victims {
        let injury = coverage::Injury {
            death_disability: known.death_disability,
            mental: known.mental,
            medical: known.medical,
            medical_outside: known.medical_outside,
            ..coverage::Injury::default()
        };
        let seat = known.seat.as_ref();
        let inside = seat.and_then(|(vehicle, seat)| {
            Some((accident.vehicles.iter_mut().find(|one| *one.id == *vehicle.as_str())?, seat))
        });
        match inside {
            Some((vehicle, seat)) => {
                let seat = match seat {
                    Seat::Driver => coverage::Seat::Driver,
                    Seat::Passenger => coverage::Seat::Passenger,
                };
                vehicle.occupants.push(Occupant { injury, ..Occupant::new(known.id.as_str(), seat) });
            }
            None => accident.victims.push(Victim {
                injury,
                property: known.property,
                ..Victim::new(known.id.as_str())
            }),
        }
    }
    Some(accident)
}

fn policy(terms: &Terms, occurred_at: Moment, holiday: bool) -> Option<Policy> {
    let bought = terms.own_damage.is_some()
        || terms.third_party.is_some()
        || terms.driver.is_some()
        || terms.passengers.is_some();
    if !bought {
        return None;
    }
    let wording = Wording::of_policy(terms.starts_at.unwrap_or(occurred_at), terms.new_energy);
    let riders = terms.riders.iter().map(|rider| match rider {
        RiderTerms::HolidayLimitDoubling => Rider::HolidayLimitDoubling,
        RiderTerms::AbsoluteDeductibleRate { rate, covers } => {
            let named = [Cover::OwnDamage, Cover::ThirdParty, Cover::Driver, Cover::Passengers];
            let covers = named.into_iter().filter(|cover| covers.iter().any(|word| word == cover.word()));
            Rider::AbsoluteDeductibleRate { rate: *rate, covers: covers.fold(Covers::NONE, Covers::with) }
        }
    });
    Some(Policy {
        own_damage: terms.own_damage.map(|(sum_insured, deductible)| OwnDamage { sum_insured, deductible }),
        third_party: terms.third_party,
        driver: terms.driver,
        passengers: terms.passengers,
        riders: riders.collect(),
        holiday,
        ..Policy::on(wording)
    })
}

/// What the insurer of `vehicle` pays out by `statement`, in its order.
pub fn owed_by(statement: &Statement, accident: &Accident, vehicle: &PartyId) -> Vec<Owed> {
    let Some(index) = accident.vehicles.iter().position(|one| *one.id == *vehicle.as_str()) else {
        return vec![];
    };
    let lines = statement.paid_by(index).map(|line| {
        let payer = PartyId::from_text(&accident.vehicles[line.payer].id);
        let payee = PartyId::from_text(line.payee.id(accident));
        let bucket = line.bucket.map_or("all", coverage::Bucket::word);
        let exposure = exposure_id(line.cover.word(), &payer, &payee, bucket);
        Owed {
            exposure,
            cover: line.cover.word().to_owned(),
            payer,
            payee,
            bucket: bucket.to_owned(),
            amount: line.amount,
        }
    });
    lines.collect()
}

/// The exposure of a cover of `payer` towards `payee` for one kind of loss.
///
/// # Panics
///
/// Never for words of covers and buckets: they and party ids are short plain text.
pub fn exposure_id(cover: &str, payer: &PartyId, payee: &PartyId, bucket: &str) -> ExposureId {
    let text = format!("{cover}.{payer}.{payee}.{bucket}");
    text.parse().expect("words of covers and parties make an id")
}
