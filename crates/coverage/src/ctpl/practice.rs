//! The insurers' practice manual: who pays depends on fault, unused limits go round again, and vehicles without fault pay
//! at-fault ones through the latter's insurers (无责代赔).

use super::sharing::{BUCKETS, Sharing};
use crate::items::Item;
use crate::parties::Party;
use crate::{Bucket, Exact, Step};

/// Further rounds end here at the latest.
const ROUNDS_MAX: u8 = 16;

pub(super) fn share(parties: &[Party], items: &[Item<'_>]) -> Sharing {
    let any_at_fault = parties.iter().any(|party| party.at_fault);
    let pays = |payer: &Party, item: &Item<'_>| pays(payer, item, parties, any_at_fault);
    let mut sharing = Sharing::first(parties, items, pays);
    // An item can be short only where a payer reached its limit.
    if sharing.capped.iter().flatten().any(Option::is_some) {
        for number in 1..=ROUNDS_MAX {
            if !round(&mut sharing, number, parties, items, pays) {
                break;
            }
        }
    }
    if any_at_fault {
        pay_on_behalf(&mut sharing, parties, items);
    }
    sharing
}

fn pays(payer: &Party, item: &Item<'_>, parties: &[Party], any_at_fault: bool) -> bool {
    if !payer.is_motor || payer.owns(item, parties) {
        return false;
    }
    // Property, whoever it belongs to, is for the vehicles at fault; only where there is none, for all.
    item.bucket != Bucket::Property || payer.at_fault || !any_at_fault
}

/// One further round; whether it changed anything.
fn round(
    sharing: &mut Sharing,
    number: u8,
    parties: &[Party],
    items: &[Item<'_>],
    pays: impl Fn(&Party, &Item<'_>) -> bool,
) -> bool {
    let left: Vec<[Exact; 3]> = parties
        .iter()
        .enumerate()
        .map(|(payer, party)| {
            BUCKETS
                .map(|bucket| Exact::from(party.limit(bucket)).less(&sharing.owed_by(payer, bucket, items)))
        })
        .collect();
    let mut asked = vec![[Exact::ZERO; 3]; parties.len()];
    let mut additions: Vec<(usize, usize, Exact, Exact)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let bucket = item.bucket as usize;
        let payers = || {
            let able =
                |(payer, party): &(usize, &Party)| pays(party, item) && left[*payer][bucket].is_positive();
            parties.iter().enumerate().filter(able).map(|(payer, _)| payer)
        };
        let lefts: Exact = payers().map(|payer| &left[payer][bucket]).sum();
        if lefts.is_zero() {
            continue;
        }
        let short = item.loss.less(&sharing.owed_for(index));
        if short.is_zero() {
            continue;
        }
        for payer in payers() {
            let asked = &mut asked[payer][bucket];
            *asked = &*asked + &short.pro_rata(&left[payer][bucket], &lefts);
            additions.push((payer, index, short.clone(), lefts.clone()));
        }
    }
    let changed = !additions.is_empty();
    for (payer, index, short, lefts) in additions {
        let bucket = items[index].bucket as usize;
        let (left, asked) = (left[payer][bucket].clone(), asked[payer][bucket].clone());
        let step = Step::Round { number, short, left, lefts, asked };
        let owed = sharing.owed_mut(payer, index);
        *owed = &*owed + &step.value();
        sharing.rounds.push((payer, index, step));
    }
    changed
}

fn pay_on_behalf(sharing: &mut Sharing, parties: &[Party], items: &[Item<'_>]) {
    let motors = || parties.iter().enumerate().filter(|(_, party)| party.is_motor);
    let at_fault = motors().filter(|(_, party)| party.at_fault).count();
    let Some((_, first)) = motors().find(|(_, party)| !party.at_fault) else { return };
    let limit = first.limit(Bucket::Property);
    let without_fault = motors().filter(|(_, party)| !party.at_fault).count();
    for (index, item) in items.iter().enumerate() {
        let owner = item.owner.filter(|owner| item.is_damage() && parties[*owner].at_fault);
        let unpaid = item.loss.less(&sharing.owed_for(index));
        if owner.is_none() || unpaid.is_zero() {
            continue;
        }
        let step = Step::OnBehalf { unpaid, without_fault, limit, at_fault };
        let each = step.value();
        for (payer, _) in motors().filter(|(_, party)| !party.at_fault) {
            *sharing.owed_mut(payer, index) = each.clone();
        }
        sharing.on_behalf.push((index, step));
    }
}
