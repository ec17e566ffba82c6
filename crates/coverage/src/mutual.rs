//! Mutual self-claim (互碰自赔): in a small collision where all are at fault, each claims from its own compulsory insurer.

use lexicon::Money;

use crate::items::{self, Item};
use crate::parties::Party;
use crate::{Accident, Bucket, Cover, Ctpl, Exact, Line, Refusal, Step, rounding};

/// The most that the items of one vehicle may be together.
const LIMIT: Money = Money::from_yuan(2_000);

/// Whether mutual self-claim holds.
pub(crate) fn holds(accident: &Accident, parties: &[Party], items: &[Item<'_>]) -> bool {
    let by_fault = |party: &Party| party.at_fault && party.fault.is_some_and(|fault| !fault.is_zero());
    let vehicle_fits = |party: &Party| party.is_motor && party.ctpl == Ctpl::Insured && by_fault(party);
    let item_fits = |item: &Item<'_>| item.bucket == Bucket::Property && item.owner.is_some();
    accident.mutual_self_claim_agreed
        && parties.len() >= 2
        && parties.iter().all(vehicle_fits)
        && items.iter().all(item_fits)
        && (0..parties.len()).all(|vehicle| total(vehicle, items) <= LIMIT.into())
}

/// Each vehicle's own items, paid by its own compulsory insurance.
pub(crate) fn lines(accident: &Accident, items: &[Item<'_>]) -> Result<Vec<Line>, Refusal> {
    let mut lines = Vec::with_capacity(items.len());
    for payer in 0..accident.vehicles.len() {
        let own: Vec<&Item<'_>> = items.iter().filter(|item| item.owner == Some(payer)).collect();
        let (group, amounts) = rounding::together(&own.iter().map(|item| &item.loss).collect::<Vec<_>>())?;
        for (item, amount) in own.into_iter().zip(amounts).filter(|(_, amount)| *amount > 0) {
            let amount = Money::from_fen(amount);
            let mut because = Vec::new();
            items::explain(accident, item, &mut because);
            because.push(Step::MutualSelfClaim { own: group.clone(), limit: LIMIT });
            because.push(Step::Rounded { exact: item.loss.clone(), group: group.clone(), amount });
            let (cover, bucket) = (Cover::Compulsory, Some(item.bucket));
            lines.push(Line { payer, paid_by: payer, cover, payee: item.payee, bucket, amount, because });
        }
    }
    Ok(lines)
}

fn total(vehicle: usize, items: &[Item<'_>]) -> Exact {
    items.iter().filter(|item| item.owner == Some(vehicle)).map(|item| &item.loss).sum()
}
