//! What comes out: lines with their reasons, recoveries, and what nobody pays.

use std::sync::Arc;

use lexicon::Money;

use crate::{Accident, Step};

/// What every policy owes for one accident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Whether mutual self-claim holds; then nothing but each vehicle's own compulsory lines is here.
    pub mutual_self_claim: bool,
    /// What is paid, in step order, then vehicle order, then item order.
    pub lines: Vec<Line>,
    /// What payers may claim back, in the order in which it arose.
    pub recoveries: Vec<Recovery>,
    /// What no line pays of an item, in item order.
    pub unpaid: Vec<Unpaid>,
    /// Per vehicle with lines, what its policies owe, in vehicle order.
    pub totals: Vec<(usize, Money)>,
    /// Per vehicle whose insurer pays, what it pays out, in vehicle order.
    pub paid_totals: Vec<(usize, Money)>,
    /// What is still open.
    pub pending: Vec<Pending>,
}

/// One amount that one cover owes to one payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The vehicle whose policy owes it.
    pub payer: usize,
    /// The vehicle whose insurer pays it out; differs from `payer` only in payment on behalf (无责代赔).
    pub paid_by: usize,
    /// The cover that owes it.
    pub cover: Cover,
    /// Who receives it.
    pub payee: Payee,
    /// The kind of loss; `None`: all kinds together (the occupants' covers).
    pub bucket: Option<Bucket>,
    /// The amount.
    pub amount: Money,
    /// The derivation: enough to compute the amount again.
    pub because: Vec<Step>,
}

/// A cover of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cover {
    /// Compulsory insurance (交强险).
    Compulsory,
    /// Third-party liability (三者险).
    ThirdParty,
    /// The driver's seat.
    Driver,
    /// The passengers' seats.
    Passengers,
    /// Own damage (车损险).
    OwnDamage,
    /// The rescue fee beside own damage (施救费).
    Rescue,
}

/// A kind of loss with limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Death and disability.
    DeathDisability,
    /// Medical cost.
    Medical,
    /// Property.
    Property,
}

/// Who suffered a loss and receives for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payee {
    /// The owner of a vehicle.
    Vehicle(usize),
    /// A person in a vehicle.
    Occupant {
        /// The vehicle.
        vehicle: usize,
        /// The person's index there.
        occupant: usize,
    },
    /// A victim.
    Victim(usize),
}

/// An amount that a payer may claim back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The vehicle whose insurer claims.
    pub by: usize,
    /// From whom.
    pub from: Debtor,
    /// On what ground.
    pub ground: Ground,
    /// How much.
    pub amount: Money,
}

/// From whom something is claimed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debtor {
    /// A vehicle's side.
    Vehicle(usize),
    /// The driver of the vehicle whose compulsory insurer paid with recourse.
    Driver,
}

/// On what ground something is claimed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A cover that owed it.
    Cover(Cover),
    /// The liability of the one at fault, which no insurer pays.
    Tortfeasor,
}

/// What no line pays of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// Who suffered it.
    pub payee: Payee,
    /// The kind of loss.
    pub bucket: Bucket,
    /// How much.
    pub amount: Money,
}

/// Something that must be determined before the statement is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// A vehicle's share of the fault.
    Fault,
}

impl Statement {
    /// The lines that the policies of that vehicle owe.
    pub fn owed_by(&self, vehicle: usize) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.payer == vehicle)
    }

    /// The lines that the insurer of that vehicle pays out.
    pub fn paid_by(&self, vehicle: usize) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.paid_by == vehicle)
    }
}

impl Payee {
    /// Its name in the file.
    pub fn id(self, accident: &Accident) -> &Arc<str> {
        match self {
            Payee::Vehicle(vehicle) => &accident.vehicles[vehicle].id,
            Payee::Occupant { vehicle, occupant } => &accident.vehicles[vehicle].occupants[occupant].id,
            Payee::Victim(victim) => &accident.victims[victim].id,
        }
    }
}

impl Cover {
    /// The word that doors and rule codes use.
    pub const fn word(self) -> &'static str {
        match self {
            Cover::Compulsory => "compulsory",
            Cover::ThirdParty => "third-party",
            Cover::Driver => "driver",
            Cover::Passengers => "passengers",
            Cover::OwnDamage => "own-damage",
            Cover::Rescue => "rescue",
        }
    }
}

impl Ground {
    /// The word that doors use.
    pub const fn word(self) -> &'static str {
        match self {
            Ground::Cover(cover) => cover.word(),
            Ground::Tortfeasor => "tortfeasor",
        }
    }
}

impl Bucket {
    /// The word that doors use.
    pub const fn word(self) -> &'static str {
        match self {
            Bucket::DeathDisability => "death_disability",
            Bucket::Medical => "medical",
            Bucket::Property => "property",
        }
    }
}

impl Pending {
    /// The word that doors use.
    pub const fn word(self) -> &'static str {
        match self {
            Pending::Fault => "fault",
        }
    }
}
