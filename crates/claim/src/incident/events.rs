//! What can happen to an incident.

use std::collections::BTreeMap;

use journal::events;
use lexicon::{ClaimId, KeyedHash, Moment, Money, Private, Ratio, Wgs84};
use rulebook::{AmountSource, Cause, FaultSource, Injury};
use serde::{Deserialize, Serialize};

use super::PartyId;
use crate::Terms;

events! { "incident", upcast = upcast;
    /// What can happen to an incident.
    pub enum Event {
        /// It was reported.
        IncidentReported = 1,
        /// Another vehicle turned out to have been in it.
        VehicleAdded = 1,
        /// What was told of it was corrected.
        CircumstancesCorrected = 1,
        /// A claim of ours stands on it.
        ClaimAttached = 1,
        /// A vehicle's covers became known.
        TermsStated = 1,
        /// The shares of fault were determined.
        FaultDetermined = 1,
        /// A vehicle's loss was put at an amount.
        LossStated = 1,
        /// A vehicle's side claims nothing from us.
        LossWaived = 1,
        /// What a person or outside property lost became known, or was corrected.
        VictimStated = 1,
        /// All sides agreed on mutual self-claim, or took it back.
        SelfClaimAgreed = 1,
    }
}

fn upcast(_: &str, _: u16, _: serde_json::Value) -> Option<serde_json::Value> {
    None
}

/// It was reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentReported {
    /// When it happened.
    pub occurred_at: Moment,
    /// How it came about.
    pub cause: Cause,
    /// Where, in words.
    pub place: Private<String>,
    /// Where, on the map.
    pub position: Option<Private<Wgs84>>,
    /// How badly somebody was hurt.
    pub injury: Injury,
    /// Whether property that belongs to no vehicle was damaged.
    pub other_property: bool,
    /// The vehicles; the first is the reporter's.
    pub vehicles: Vec<VehicleTold>,
}

/// A vehicle as it was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleTold {
    /// Which.
    pub id: PartyId,
    /// Its plate, if known.
    pub plate: Option<Private<String>>,
    /// Keyed hash of its plate.
    pub plate_hash: Option<KeyedHash>,
}

/// Another vehicle turned out to have been in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleAdded {
    /// The vehicle.
    pub vehicle: VehicleTold,
}

/// What was told was corrected. What stays is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircumstancesCorrected {
    /// When it happened.
    pub occurred_at: Option<Moment>,
    /// How it came about.
    pub cause: Option<Cause>,
    /// How badly somebody was hurt.
    pub injury: Option<Injury>,
    /// Whether outside property was damaged.
    pub other_property: Option<bool>,
}

/// A claim of ours stands on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimAttached {
    /// The claim.
    pub claim: ClaimId,
    /// The vehicle it is for.
    pub vehicle: PartyId,
}

/// A vehicle's covers became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermsStated {
    /// The vehicle.
    pub vehicle: PartyId,
    /// Its covers on the day of the accident.
    pub terms: Terms,
}

/// The shares of fault were determined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultDetermined {
    /// Share by vehicle; a vehicle that is not named keeps what it had.
    pub shares: BTreeMap<PartyId, Ratio>,
    /// By what.
    pub source: FaultSource,
}

/// A vehicle's loss was put at an amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossStated {
    /// The vehicle.
    pub vehicle: PartyId,
    /// Cost of repair.
    pub repair: Money,
    /// A total loss, if it is one.
    pub total_loss: Option<TotalLoss>,
    /// Rescue and towing.
    pub rescue: Money,
    /// Received from parties that are no vehicles of this accident.
    pub third_party_received: Money,
    /// Where the amount comes from.
    pub source: AmountSource,
}

/// A total loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalLoss {
    /// Actual value before the accident.
    pub actual_value: Money,
    /// Agreed value of what the owner keeps.
    pub salvage_kept: Money,
}

/// A vehicle's side claims nothing from us.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossWaived {
    /// The vehicle.
    pub vehicle: PartyId,
}

/// What a person or outside property lost became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VictimStated {
    /// The whole state of it; replaces what stood under its id.
    pub victim: Victim,
}

/// A person, or property that belongs to no vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Victim {
    /// Which.
    pub id: PartyId,
    /// The vehicle whose occupant it is, and the seat.
    pub seat: Option<(PartyId, Seat)>,
    /// Death and disability items.
    pub death_disability: Money,
    /// Of these, mental distress.
    pub mental: Money,
    /// Medical items.
    pub medical: Money,
    /// Of these, beyond the public insurance catalogue.
    pub medical_outside: Money,
    /// Property.
    pub property: Money,
}

/// A seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seat {
    /// The driver's.
    Driver,
    /// Any other.
    Passenger,
}

/// All sides agreed on mutual self-claim (互碰自赔), or took it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfClaimAgreed {
    /// Whether they agree.
    pub agreed: bool,
}
