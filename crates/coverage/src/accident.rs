//! What went in: one accident with its vehicles, people and policies.

use std::sync::Arc;

use lexicon::{Moment, Money, Ratio};

use crate::Policy;

/// One accident, all its vehicles and people. Vehicles are named by their index in [`Accident::vehicles`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accident {
    /// When it happened: chooses the limits of law.
    pub occurred_at: Moment,
    /// How several vehicles share what compulsory insurance owes.
    pub allocation: Allocation,
    /// Whether all parties agreed that each claims from its own compulsory insurer (互碰自赔).
    pub mutual_self_claim_agreed: bool,
    /// The vehicles, trailers included.
    pub vehicles: Vec<Vehicle>,
    /// People outside the vehicles and owners of other property.
    pub victims: Vec<Victim>,
}

/// How what compulsory insurance owes is shared among several vehicles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allocation {
    /// By the judicial interpretation, art. 18 and 19.
    Court,
    /// By the insurers' practice manual.
    #[default]
    Practice,
}

/// A motor vehicle or a trailer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Its name in the file; one space of names with the persons.
    pub id: Arc<str>,
    /// Motor vehicle or trailer.
    pub kind: Kind,
    /// Its share of the fault; `None`: not determined yet. Of a trailer ignored: the tractor's counts.
    pub fault: Option<Ratio>,
    /// Chooses the limits of compulsory insurance; `None`: as `fault` says. Of a trailer ignored.
    pub at_fault: Option<bool>,
    /// The compulsory cover.
    pub ctpl: Ctpl,
    /// Its own damage.
    pub damage: Damage,
    /// The people in it.
    pub occupants: Vec<Occupant>,
    /// How its own-damage insurer stands to what others owe.
    pub own_damage_mode: OwnDamageMode,
    /// The commercial policy; `None`: none, or denied.
    pub policy: Option<Policy>,
}

/// What a vehicle is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Moves by itself and holds compulsory insurance.
    #[default]
    Motor,
    /// Is drawn, holds no compulsory insurance and takes its tractor's fault.
    Trailer {
        /// The vehicle that draws it.
        tractor: usize,
    },
}

/// The state of a vehicle's compulsory insurance (交强险).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ctpl {
    /// In force.
    #[default]
    Insured,
    /// None.
    None,
    /// In force, but drunk, unlicensed, stolen or deliberate: property is not paid, what is paid for persons is claimed back from the driver.
    Recourse,
}

/// The damage of a vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Repair or total loss.
    pub extent: Extent,
    /// What the owner keeps of a total loss.
    pub salvage_kept: Money,
    /// Received from parties that are no vehicles of this accident.
    pub third_party_received: Money,
    /// The fee for rescue and towing.
    pub rescue: Money,
    /// What was rescued; `None`: only this vehicle.
    pub rescued: Option<Rescued>,
}

/// How far a vehicle is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It is repaired at this cost.
    Repair(Money),
    /// It is lost; this was its value just before.
    TotalLoss {
        /// The actual value just before the accident.
        actual_value: Money,
    },
}

impl Default for Extent {
    fn default() -> Extent {
        Extent::Repair(Money::ZERO)
    }
}

/// The value of what a rescue fee was spent on. Both zero counts as all insured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rescued {
    /// Value of the insured vehicle.
    pub insured: Money,
    /// Value of other things.
    pub other: Money,
}

/// A person's shares by court or by art. 76, used instead of the vehicles' faults; a vehicle not named bears nothing.
pub type Liability = Vec<(usize, Ratio)>;

/// What a person suffered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Injury {
    /// Death and disability (死亡伤残).
    pub death_disability: Money,
    /// The part of it that is damages for mental distress (精神损害抚慰金).
    pub mental: Money,
    /// Whether compulsory insurance pays the mental part first.
    pub mental_first: bool,
    /// Medical cost.
    pub medical: Money,
    /// The part of it outside the medical insurance standard (医保外).
    pub medical_outside: Money,
    /// Whether compulsory insurance pays the outside part first.
    pub outside_first: bool,
}

/// A person in a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupant {
    /// The person's name in the file.
    pub id: Arc<str>,
    /// Where they sat.
    pub seat: Seat,
    /// What they suffered.
    pub injury: Injury,
    /// Shares by court, if any.
    pub liability: Option<Liability>,
}

/// A seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// The driver's.
    Driver,
    /// Any other.
    Passenger,
}

/// A person outside the vehicles, or the owner of property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Victim {
    /// The person's name in the file.
    pub id: Arc<str>,
    /// The vehicle on whose side this is (goods on board, belongings).
    pub belongs_to: Option<usize>,
    /// What they suffered.
    pub injury: Injury,
    /// Damaged property.
    pub property: Money,
    /// Shares by court, if any.
    pub liability: Option<Liability>,
}

/// How an own-damage insurer stands to what others owe for the same damage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnDamageMode {
    /// Pays what is left after the others.
    #[default]
    Net,
    /// Pays all and takes over what the others owe (代位求偿).
    Subrogate,
}

impl Accident {
    /// An accident at `occurred_at`, without vehicles yet.
    pub fn at(occurred_at: Moment) -> Accident {
        Accident {
            occurred_at,
            allocation: Allocation::default(),
            mutual_self_claim_agreed: false,
            vehicles: Vec::new(),
            victims: Vec::new(),
        }
    }
}

impl Vehicle {
    /// A motor vehicle with compulsory insurance, this share of the fault and nothing else.
    pub fn motor(id: impl Into<Arc<str>>, fault: Option<Ratio>) -> Vehicle {
        Vehicle {
            id: id.into(),
            kind: Kind::Motor,
            fault,
            at_fault: None,
            ctpl: Ctpl::default(),
            damage: Damage::default(),
            occupants: Vec::new(),
            own_damage_mode: OwnDamageMode::default(),
            policy: None,
        }
    }

    /// A trailer behind the vehicle of that index.
    pub fn trailer(id: impl Into<Arc<str>>, tractor: usize) -> Vehicle {
        Vehicle { kind: Kind::Trailer { tractor }, ..Vehicle::motor(id, None) }
    }
}

impl Occupant {
    /// A person on that seat, unhurt.
    pub fn new(id: impl Into<Arc<str>>, seat: Seat) -> Occupant {
        Occupant { id: id.into(), seat, injury: Injury::default(), liability: None }
    }
}

impl Victim {
    /// A person outside the vehicles, without loss yet.
    pub fn new(id: impl Into<Arc<str>>) -> Victim {
        Victim {
            id: id.into(),
            belongs_to: None,
            injury: Injury::default(),
            property: Money::ZERO,
            liability: None,
        }
    }
}
