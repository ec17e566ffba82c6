//! What each vehicle stands for in the sharing: its unit, its fault, its limits.

use lexicon::{Money, Ratio};

use crate::ctpl::Limits;
use crate::items::Item;
use crate::{Accident, Ctpl, Kind};

/// A vehicle as payer. A trailer takes the fault of its tractor and forms one unit with it.
pub(crate) struct Party {
    /// The tractor's index for a trailer, else its own: vehicles of one unit owe each other nothing.
    pub(crate) unit: usize,
    pub(crate) is_motor: bool,
    /// `None`: not determined yet.
    pub(crate) fault: Option<Ratio>,
    pub(crate) at_fault: bool,
    pub(crate) ctpl: Ctpl,
    pub(crate) limits: Limits,
}

pub(crate) fn of(accident: &Accident, table: &crate::ctpl::Table) -> Vec<Party> {
    let party = |(index, vehicle): (usize, &crate::Vehicle)| {
        let (unit, is_motor) = match vehicle.kind {
            Kind::Motor => (index, true),
            Kind::Trailer { tractor } => (tractor, false),
        };
        let lead = &accident.vehicles[unit];
        let at_fault = lead.at_fault.unwrap_or(lead.fault.is_none_or(|fault| !fault.is_zero()));
        let limits = if at_fault { table.at_fault } else { table.without_fault };
        Party { unit, is_motor, fault: lead.fault, at_fault, ctpl: vehicle.ctpl, limits }
    };
    accident.vehicles.iter().enumerate().map(party).collect()
}

impl Party {
    /// Whether `item` belongs to this unit, which therefore owes nothing for it.
    pub(crate) fn owns(&self, item: &Item<'_>, parties: &[Party]) -> bool {
        item.owner.is_some_and(|owner| parties[owner].unit == self.unit)
    }

    /// The limit that applies to this vehicle.
    pub(crate) fn limit(&self, bucket: crate::Bucket) -> Money {
        self.limits.of(bucket)
    }

    /// The share of this vehicle's unit in `item`: by the person's liability, or else by fault; nothing while fault is undetermined.
    pub(crate) fn share(&self, item: &Item<'_>) -> Ratio {
        match (self.fault, item.liability) {
            (None, _) => Ratio::ZERO,
            (Some(fault), None) => fault,
            (Some(_), Some(shares)) => shares
                .iter()
                .find(|(vehicle, _)| *vehicle == self.unit)
                .map_or(Ratio::ZERO, |(_, share)| *share),
        }
    }
}
