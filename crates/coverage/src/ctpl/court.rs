//! The judicial interpretation, art. 18 and 19: all other motor vehicles share by their limits, once; insured ones step in
//! for an uninsured one with what they have left.

use lexicon::Money;

use super::sharing::{BUCKETS, Sharing};
use crate::items::Item;
use crate::parties::Party;
use crate::{Ctpl, Exact, Refusal, rounding};

/// What an insured vehicle pays in an uninsured one's stead.
pub(super) struct Shift {
    pub(super) payer: usize,
    pub(super) uninsured: usize,
    pub(super) item: usize,
    pub(super) share: Money,
    pub(super) left: Money,
    pub(super) lefts: Money,
    pub(super) amount: Money,
}

pub(super) fn share(parties: &[Party], items: &[Item<'_>]) -> Sharing {
    Sharing::first(parties, items, |payer, item| pays(payer, item, parties))
}

fn pays(payer: &Party, item: &Item<'_>, parties: &[Party]) -> bool {
    payer.is_motor && !payer.owns(item, parties)
}

/// Moves what uninsured vehicles would have paid to the insured payers of the item, in vehicle, then item order.
/// `fen(payer, item)` are the rounded shares.
pub(super) fn shifts(
    parties: &[Party],
    items: &[Item<'_>],
    fen: impl Fn(usize, usize) -> i64,
) -> Result<Vec<Shift>, Refusal> {
    let mut shifts: Vec<Shift> = Vec::new();
    let uninsured = |(_, party): &(usize, &Party)| party.is_motor && party.ctpl == Ctpl::None;
    if !parties.iter().enumerate().any(|party| uninsured(&party)) {
        return Ok(shifts);
    }
    let mut left: Vec<[i64; 3]> =
        parties.iter().map(|party| BUCKETS.map(|bucket| party.limit(bucket).fen())).collect();
    for (payer, left) in left.iter_mut().enumerate() {
        for (index, item) in items.iter().enumerate() {
            left[item.bucket as usize] -= fen(payer, index);
        }
    }
    for (absent, _) in parties.iter().enumerate().filter(uninsured) {
        for (index, item) in items.iter().enumerate() {
            let (bucket, share) = (item.bucket as usize, fen(absent, index));
            let able = |(payer, party): &(usize, &Party)| {
                party.ctpl == Ctpl::Insured && pays(party, item, parties) && left[*payer][bucket] > 0
            };
            let payers: Vec<usize> =
                parties.iter().enumerate().filter(able).map(|(payer, _)| payer).collect();
            let lefts: i64 = payers.iter().map(|payer| left[*payer][bucket]).sum();
            if share == 0 || lefts == 0 {
                continue;
            }
            let moved = Exact::whole(share.min(lefts));
            let part =
                |payer: &usize| moved.pro_rata(&Exact::whole(left[*payer][bucket]), &Exact::whole(lefts));
            let parts: Vec<Exact> = payers.iter().map(part).collect();
            let (_, amounts) = rounding::together(&parts.iter().collect::<Vec<_>>())?;
            for (payer, amount) in payers.into_iter().zip(amounts).filter(|(_, amount)| *amount > 0) {
                shifts.push(Shift {
                    payer,
                    uninsured: absent,
                    item: index,
                    share: Money::from_fen(share),
                    left: Money::from_fen(left[payer][bucket]),
                    lefts: Money::from_fen(lefts),
                    amount: Money::from_fen(amount),
                });
                left[payer][bucket] -= amount;
            }
        }
    }
    Ok(shifts)
}
