//! What happened: one accident, shared by all claims on it.

mod decide;
mod events;
mod refusal;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lexicon::{ClaimId, KeyedHash, Moment, Private, Ratio, Wgs84};
use rulebook::{AmountSource, Cause, FaultSource, Injury};
use serde::{Deserialize, Serialize};

pub use decide::{Ask, Command};
pub use events::*;
pub use refusal::Refusal;

use crate::Terms;

/// A vehicle or person of an accident: `A`, `B`, … for vehicles in the order told, `P1`, `P2`, … for people and outside property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyId(Arc<str>);

/// One accident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incident {
    /// When it happened; `None` before it is reported.
    pub occurred_at: Option<Moment>,
    /// How it came about.
    pub cause: Option<Cause>,
    /// Where, in words.
    pub place: Option<Private<String>>,
    /// Where, on the map.
    pub position: Option<Private<Wgs84>>,
    /// How badly somebody was hurt.
    pub injury: Injury,
    /// Whether property that belongs to no vehicle was damaged.
    pub other_property: bool,
    /// The vehicles, in the order told.
    pub vehicles: Vec<Vehicle>,
    /// People and outside property.
    pub victims: Vec<Victim>,
    /// Whether all sides agreed that each claims from its own compulsory cover (互碰自赔).
    pub self_claim_agreed: bool,
    /// By what the shares of fault stand.
    pub fault_source: Option<FaultSource>,
    /// Our claims on it, by vehicle.
    pub claims: BTreeMap<PartyId, ClaimId>,
}

/// A vehicle of an accident.
#[derive(Clone, Debug, PartialEq)]
pub struct Vehicle {
    /// Which.
    pub id: PartyId,
    /// Its plate.
    pub plate: Option<Private<String>>,
    /// Keyed hash of its plate.
    pub plate_hash: Option<KeyedHash>,
    /// Its share of fault, once determined.
    pub fault: Option<Ratio>,
    /// Its covers, once known.
    pub terms: Option<Terms>,
    /// Its loss.
    pub loss: VehicleLoss,
}

/// What is known of a vehicle's loss.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum VehicleLoss {
    /// Nothing yet.
    #[default]
    Unknown,
    /// Its side claims nothing from us.
    Waived,
    /// It is put at this.
    Stated(LossStated),
}

/// The incident as an aggregate.
#[derive(Debug)]
pub struct Incidents;

impl journal::Decider for Incidents {
    type State = Incident;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(incident: &Incident, command: Command) -> Result<Vec<Event>, Refusal> {
        decide::decide(incident, command)
    }

    fn evolve(incident: Incident, event: &Event) -> Incident {
        evolve(incident, event)
    }
}

impl PartyId {
    /// The vehicle told as number `index`, from 0.
    pub fn vehicle(index: usize) -> PartyId {
        let letter = char::from(b'A' + (index % 26) as u8);
        PartyId(if index < 26 { letter.to_string().into() } else { format!("{letter}{}", index / 26).into() })
    }

    /// The person or outside property told as number `index`, from 0.
    pub fn victim(index: usize) -> PartyId {
        PartyId(format!("P{}", index + 1).into())
    }

    /// An id as it stands in a settlement or a form.
    pub fn from_text(text: &str) -> PartyId {
        PartyId(text.into())
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this names a person or outside property: `P` and a number.
    fn is_victim(&self) -> bool {
        let number = self.0.strip_prefix('P').unwrap_or_default();
        matches!(number.len(), 1..=3)
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !number.starts_with('0')
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Incident {
    /// The vehicle called `id`.
    pub fn vehicle(&self, id: &PartyId) -> Option<&Vehicle> {
        self.vehicles.iter().find(|vehicle| vehicle.id == *id)
    }

    fn vehicle_mut(&mut self, id: &PartyId) -> Option<&mut Vehicle> {
        self.vehicles.iter_mut().find(|vehicle| vehicle.id == *id)
    }

    /// Whether a loss is not stated that bears on what the policy of `own` owes: another vehicle's, of a person although somebody
    /// was hurt, or of outside property. Without fault of its own, another's loss bears on it by what a third vehicle, at fault,
    /// has left for both.
    pub fn losses_unknown(&self, own: &PartyId) -> bool {
        let may_owe = |vehicle: &Vehicle| vehicle.fault.is_none_or(|share| !share.is_zero());
        let bears = |lost: &Vehicle| {
            lost.id != *own
                && lost.loss == VehicleLoss::Unknown
                && self.vehicles.iter().any(|payer| payer.id != lost.id && may_owe(payer))
        };
        let property = |victim: &Victim| !victim.property.is_zero();
        let person = |victim: &Victim| {
            !property(victim) || !victim.medical.is_zero() || !victim.death_disability.is_zero()
        };
        self.vehicles.iter().any(bears)
            || (self.injury > Injury::None && !self.victims.iter().any(person))
            || (self.other_property && !self.victims.iter().any(property))
    }

    /// Whether mutual self-claim is agreed, but the loss of another vehicle insured with us is not known: whether each stays within
    /// the limit will be known soon, and nothing is paid on a guess.
    pub fn self_claim_waits(&self, own: &PartyId) -> bool {
        let insured_here =
            |vehicle: &Vehicle| vehicle.terms.as_ref().is_some_and(|terms| terms.policy.is_some());
        self.self_claim_agreed
            && self.vehicles.iter().any(|vehicle| {
                vehicle.id != *own && vehicle.loss == VehicleLoss::Unknown && insured_here(vehicle)
            })
    }

    /// Where the amount of `vehicle`'s loss comes from.
    pub fn amount_source(&self, vehicle: &PartyId) -> Option<AmountSource> {
        match &self.vehicle(vehicle)?.loss {
            VehicleLoss::Stated(stated) => Some(stated.source),
            VehicleLoss::Unknown | VehicleLoss::Waived => None,
        }
    }
}

/// Total on purpose: an event about a vehicle that is not there changes nothing.
fn evolve(mut incident: Incident, event: &Event) -> Incident {
    match event {
        Event::IncidentReported(reported) => {
            incident.occurred_at = Some(reported.occurred_at);
            incident.cause = Some(reported.cause);
            incident.place = Some(reported.place.clone());
            incident.position = reported.position.clone();
            incident.injury = reported.injury;
            incident.other_property = reported.other_property;
            incident.vehicles = reported.vehicles.iter().map(Vehicle::from).collect();
        }
        Event::VehicleAdded(added) => incident.vehicles.push(Vehicle::from(&added.vehicle)),
        Event::CircumstancesCorrected(corrected) => {
            incident.occurred_at = corrected.occurred_at.or(incident.occurred_at);
            incident.cause = corrected.cause.or(incident.cause);
            incident.injury = corrected.injury.unwrap_or(incident.injury);
            incident.other_property = corrected.other_property.unwrap_or(incident.other_property);
        }
        Event::ClaimAttached(attached) => {
            incident.claims.insert(attached.vehicle.clone(), attached.claim.clone());
        }
        Event::TermsStated(stated) => {
            if let Some(vehicle) = incident.vehicle_mut(&stated.vehicle) {
                vehicle.terms = Some(stated.terms.clone());
            }
        }
        Event::FaultDetermined(determined) => {
            for vehicle in &mut incident.vehicles {
                vehicle.fault = determined.shares.get(&vehicle.id).copied().or(vehicle.fault);
            }
            incident.fault_source = Some(determined.source);
        }
        Event::LossStated(stated) => {
            if let Some(vehicle) = incident.vehicle_mut(&stated.vehicle) {
                vehicle.loss = VehicleLoss::Stated(stated.clone());
            }
        }
        Event::LossWaived(waived) => {
            if let Some(vehicle) = incident.vehicle_mut(&waived.vehicle) {
                vehicle.loss = VehicleLoss::Waived;
            }
        }
        Event::VictimStated(stated) => {
            incident.victims.retain(|victim| victim.id != stated.victim.id);
            incident.victims.push(stated.victim.clone());
            incident.victims.sort_by(|one, other| one.id.cmp(&other.id));
        }
        Event::SelfClaimAgreed(agreed) => incident.self_claim_agreed = agreed.agreed,
    }
    incident
}

impl From<&VehicleTold> for Vehicle {
    fn from(told: &VehicleTold) -> Vehicle {
        Vehicle {
            id: told.id.clone(),
            plate: told.plate.clone(),
            plate_hash: told.plate_hash.clone(),
            fault: None,
            terms: None,
            loss: VehicleLoss::Unknown,
        }
    }
}
