//! The model clauses of 2014: deductibles by fault, rates inside the own-damage formula.

use std::cmp::Ordering;

use lexicon::{Moment, Ratio};

use super::{Clause, Loss, Wording};
use crate::{Exact, Extent, Step};

pub(super) const CLAUSE: Clause = Clause {
    wording: Wording::W2014,
    word: "W2014",
    sold_from: Moment::from_micros(i64::MIN),
    new_energy_only: false,
    duty,
    own_damage,
};

/// Art. 19, 27 and 43: full, main, equal, secondary.
fn duty(fault: Ratio) -> Ratio {
    match fault.cmp(&Ratio::percent(50)) {
        _ if fault == Ratio::ONE => Ratio::percent(20),
        _ if fault.is_zero() => Ratio::ZERO,
        Ordering::Greater => Ratio::percent(15),
        Ordering::Equal => Ratio::percent(10),
        Ordering::Less => Ratio::percent(5),
    }
}

/// (base − received) × (1 − duty) × (1 − rate) − deductible.
fn own_damage(loss: &Loss, because: &mut Vec<Step>) -> Exact {
    let base = match loss.extent {
        Extent::Repair(repair) => repair,
        Extent::TotalLoss { .. } => loss.cover.sum_insured.less(loss.salvage_kept),
    };
    let (received, duty, rate) = (loss.received, loss.duty, loss.rate);
    let pay =
        Step::DutyFormula { base, received, duty, rate, deductible: loss.cover.deductible }.onto(because);
    super::within_sum_insured(loss, pay, because)
}
