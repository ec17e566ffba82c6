//! The first sharing, which both rules have in common: each loss by weight, then each payer down to its limit.

use lexicon::Money;

use crate::items::Item;
use crate::parties::Party;
use crate::{Bucket, Exact, Step};

/// What each payer owes for each item, exactly, and how that came to be.
pub(super) struct Sharing {
    items: usize,
    /// Payer by payer, item by item.
    owed: Vec<Exact>,
    /// Per item, the limits of all its payers.
    pub(super) weights: Vec<Money>,
    /// Per payer and bucket, the shares before the limit, where they exceeded it.
    pub(super) capped: Vec<[Option<Exact>; 3]>,
    /// What further rounds added, in order: payer, item, and the step.
    pub(super) rounds: Vec<(usize, usize, Step)>,
    /// The damage items that vehicles without fault pay on behalf (无责代赔), each with its step.
    pub(super) on_behalf: Vec<(usize, Step)>,
}

pub(super) const BUCKETS: [Bucket; 3] = [Bucket::DeathDisability, Bucket::Medical, Bucket::Property];

impl Sharing {
    /// Shares every item among the vehicles that `pays` names for it, weighted by their limits and scaled down to them.
    pub(super) fn first(
        parties: &[Party],
        items: &[Item<'_>],
        pays: impl Fn(&Party, &Item<'_>) -> bool,
    ) -> Sharing {
        let mut sharing = Sharing {
            items: items.len(),
            owed: vec![Exact::ZERO; parties.len() * items.len()],
            weights: Vec::with_capacity(items.len()),
            capped: vec![[const { None }; 3]; parties.len()],
            rounds: Vec::new(),
            on_behalf: Vec::new(),
        };
        for (index, item) in items.iter().enumerate() {
            let payers = || parties.iter().enumerate().filter(|(_, party)| pays(party, item));
            let weights: Money = payers().map(|(_, party)| party.limit(item.bucket)).sum();
            for (payer, party) in payers() {
                let share = item.loss.pro_rata(&party.limit(item.bucket).into(), &weights.into());
                *sharing.owed_mut(payer, index) = share;
            }
            sharing.weights.push(weights);
        }
        for (payer, party) in parties.iter().enumerate() {
            for bucket in BUCKETS {
                sharing.cap(payer, party, bucket, items);
            }
        }
        sharing
    }

    pub(super) fn owed(&self, payer: usize, item: usize) -> &Exact {
        &self.owed[payer * self.items + item]
    }

    pub(super) fn owed_mut(&mut self, payer: usize, item: usize) -> &mut Exact {
        &mut self.owed[payer * self.items + item]
    }

    /// What all payers owe for `item` together.
    pub(super) fn owed_for(&self, item: usize) -> Exact {
        (item..self.owed.len()).step_by(self.items.max(1)).map(|cell| &self.owed[cell]).sum()
    }

    /// All that `payer` owes in `bucket`.
    pub(super) fn owed_by(&self, payer: usize, bucket: Bucket, items: &[Item<'_>]) -> Exact {
        let row = &self.owed[payer * self.items..][..self.items];
        row.iter().zip(items).filter(|(_, item)| item.bucket == bucket).map(|(owed, _)| owed).sum()
    }

    fn cap(&mut self, payer: usize, party: &Party, bucket: Bucket, items: &[Item<'_>]) {
        let (shares, limit) = (self.owed_by(payer, bucket, items), Exact::from(party.limit(bucket)));
        if shares <= limit {
            return;
        }
        let row = &mut self.owed[payer * self.items..][..self.items];
        for (owed, _) in row.iter_mut().zip(items).filter(|(_, item)| item.bucket == bucket) {
            *owed = owed.pro_rata(&limit, &shares);
        }
        self.capped[payer][bucket as usize] = Some(shares);
    }
}
