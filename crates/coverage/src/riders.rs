//! Riders (附加险) that change what a main cover pays.

use lexicon::{Money, Ratio};

use crate::{Cover, Exact, Policy, Rider, Step};

/// The rate that the deductible rider takes off `cover`; 0 without one. Rescue goes with own damage.
pub(crate) fn deductible_rate(policy: &Policy, cover: Cover) -> Ratio {
    let named = |rider: &Rider| match rider {
        Rider::AbsoluteDeductibleRate { rate, covers } if covers.has(cover) => Some(*rate),
        _ => None,
    };
    policy.riders.iter().find_map(named).unwrap_or(Ratio::ZERO)
}

/// × (1 − rate), after the cover's own cap.
pub(crate) fn deduct(rate: Ratio, pay: Exact, because: &mut Vec<Step>) -> Exact {
    if rate.is_zero() { pay } else { Step::DeductibleRate { pay, rate }.onto(because) }
}

/// Whether the third-party limit is doubled.
pub(crate) fn doubles(policy: &Policy) -> bool {
    policy.holiday && policy.riders.contains(&Rider::HolidayLimitDoubling)
}

/// The third-party limit, doubled where the holiday rider says so; `None` without the cover.
pub(crate) fn third_party_limit(policy: &Policy) -> Option<Money> {
    // A limit near the end of the word stays as it is: nothing owed can exceed it.
    policy.third_party.map(|limit| if doubles(policy) { limit.times(2).unwrap_or(limit) } else { limit })
}
