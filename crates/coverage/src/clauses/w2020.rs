//! The model clauses of 2020: no deductible by fault; the rider comes after the cap.

use lexicon::{Moment, Ratio};

use super::{Clause, Loss, Wording};
use crate::{Exact, Extent, Step, riders};

pub(super) const CLAUSE: Clause = Clause {
    wording: Wording::W2020,
    word: "W2020",
    sold_from: Moment::from_micros(1_600_444_800_000_000), // 2020-09-19, +08:00
    new_energy_only: false,
    duty: |_| Ratio::ZERO,
    own_damage,
};

/// Loss − received − deductible, within the sum insured, × (1 − rate).
pub(super) fn own_damage(loss: &Loss, because: &mut Vec<Step>) -> Exact {
    let (received, deductible) = (loss.received, loss.cover.deductible);
    let step = match loss.extent {
        Extent::Repair(repair) => Step::PartialLoss { repair, received, deductible },
        Extent::TotalLoss { .. } => Step::SumInsuredLoss {
            sum_insured: loss.cover.sum_insured,
            received,
            deductible,
            salvage_kept: loss.salvage_kept,
        },
    };
    let pay = step.onto(because);
    let pay = super::within_sum_insured(loss, pay, because);
    riders::deduct(loss.rate, pay, because)
}
