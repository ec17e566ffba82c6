//! What a vehicle is liable for, beyond compulsory insurance.

use lexicon::Money;

use crate::items::Item;
use crate::parties::Party;
use crate::step::base;
use crate::{Exact, Step};

/// The base of `item` × the vehicle's share in it.
pub(crate) fn due(party: &Party, item: &Item<'_>, absorbed: Money) -> Exact {
    let share = party.share(item);
    if share.is_zero() {
        return Exact::ZERO;
    }
    &base(&item.loss, item.outside, absorbed, item.outside_first) * &share.into()
}

/// The same, with its derivation.
pub(crate) fn derive(party: &Party, item: &Item<'_>, absorbed: Money, because: &mut Vec<Step>) -> Exact {
    let base = base_step(item, absorbed).onto(because);
    let share = party.share(item);
    match item.liability {
        Some(_) => Step::LiabilityShare { base, share },
        None => Step::FaultShare { base, share },
    }
    .onto(because)
}

/// What liability for `item` is counted on.
pub(crate) fn base_step(item: &Item<'_>, absorbed: Money) -> Step {
    Step::Base {
        loss: item.loss.clone(),
        outside: item.outside,
        ctpl: absorbed,
        outside_first: item.outside_first,
    }
}
