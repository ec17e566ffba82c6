//! Compulsory insurance (交强险): what each vehicle's cover owes for each item, by either rule of sharing.

mod court;
mod limits;
mod practice;
mod sharing;

use lexicon::Money;

pub use limits::has_limits;
pub(crate) use limits::{Limits, Table};

use crate::items::{self, Item};
use crate::parties::Party;
use crate::{
    Accident, Allocation, Bucket, Cover, Ctpl, Debtor, Exact, Ground, Line, Recovery, Refusal, Step, rounding,
};

/// What compulsory insurance owes, as if every motor vehicle had it, and what is really paid.
pub(crate) struct Compulsory {
    sharing: sharing::Sharing,
    items: usize,
    /// Payer by payer, item by item: rounded, before a shift.
    fen: Vec<i64>,
    /// Per payer and bucket, the exact sum that was rounded.
    groups: Vec<[Exact; 3]>,
    shifts: Vec<court::Shift>,
}

impl Compulsory {
    pub(crate) fn of(
        allocation: Allocation,
        parties: &[Party],
        items: &[Item<'_>],
    ) -> Result<Compulsory, Refusal> {
        let sharing = match allocation {
            Allocation::Court => court::share(parties, items),
            Allocation::Practice => practice::share(parties, items),
        };
        let mut fen = vec![0; parties.len() * items.len()];
        let mut groups = vec![[Exact::ZERO; 3]; parties.len()];
        for bucket in sharing::BUCKETS {
            let cells: Vec<usize> = (0..items.len()).filter(|item| items[*item].bucket == bucket).collect();
            for (payer, row) in fen.chunks_mut(items.len().max(1)).enumerate().filter(|_| !cells.is_empty()) {
                let exact: Vec<&Exact> = cells.iter().map(|item| sharing.owed(payer, *item)).collect();
                let (sum, rounded) = rounding::together(&exact)?;
                groups[payer][bucket as usize] = sum;
                for (item, amount) in cells.iter().zip(rounded) {
                    row[*item] = amount;
                }
            }
        }
        let mut compulsory = Compulsory { sharing, items: items.len(), fen, groups, shifts: Vec::new() };
        if allocation == Allocation::Court {
            compulsory.shifts = court::shifts(parties, items, |payer, item| compulsory.fen(payer, item))?;
        }
        Ok(compulsory)
    }

    /// What all shares of `item` absorb, uninsured ones and payments on behalf included, shifts not.
    pub(crate) fn absorbed(&self, item: usize) -> Money {
        Money::from_fen((item..self.fen.len()).step_by(self.items).map(|cell| self.fen[cell]).sum())
    }

    /// Whether vehicles without fault pay for `item` on behalf.
    pub(crate) fn is_on_behalf(&self, payer: &Party, item: usize) -> bool {
        !payer.at_fault && self.on_behalf(item).is_some()
    }

    /// What `payer` itself owes for `item` because its compulsory insurance does not: its share less what others stepped
    /// in with. Payment on behalf is owed by the insurance alone.
    pub(crate) fn left_to_tortfeasor(&self, parties: &[Party], payer: usize, item: usize) -> Money {
        let party = &parties[payer];
        if party.ctpl == Ctpl::Insured || self.is_on_behalf(party, item) {
            return Money::ZERO;
        }
        let stepped_in = self.shifts.iter().filter(|shift| shift.uninsured == payer && shift.item == item);
        Money::from_fen(self.fen(payer, item)).less(stepped_in.map(|shift| shift.amount).sum())
    }

    /// The lines that are really paid, and what their payers may claim back.
    pub(crate) fn lines(
        &self,
        accident: &Accident,
        parties: &[Party],
        items: &[Item<'_>],
        lines: &mut Vec<Line>,
        recoveries: &mut Vec<Recovery>,
    ) {
        for (payer, party) in parties.iter().enumerate() {
            for (index, item) in items.iter().enumerate() {
                let stepped_in: Money = self.stepped_in(payer, index).map(|shift| shift.amount).sum();
                let amount = Money::from_fen(self.fen(payer, index) + stepped_in.fen());
                if amount.is_zero() || !pays(party, item) {
                    continue;
                }
                // An at-fault vehicle without compulsory insurance, as a trailer is, has no insurer to pay on behalf.
                let paid_by = item
                    .owner
                    .filter(|_| self.is_on_behalf(party, index))
                    .filter(|owner| parties[*owner].is_motor && parties[*owner].ctpl != Ctpl::None)
                    .unwrap_or(payer);
                if party.ctpl == Ctpl::Recourse {
                    let ground = Ground::Cover(Cover::Compulsory);
                    recoveries.push(Recovery { by: payer, from: Debtor::Driver, ground, amount });
                }
                let because = self.because(accident, parties, payer, index, item);
                let (cover, bucket) = (Cover::Compulsory, Some(item.bucket));
                lines.push(Line { payer, paid_by, cover, payee: item.payee, bucket, amount, because });
            }
        }
        recoveries.extend(self.shifts.iter().map(|shift| Recovery {
            by: shift.payer,
            from: Debtor::Vehicle(shift.uninsured),
            ground: Ground::Cover(Cover::Compulsory),
            amount: shift.amount,
        }));
    }

    fn because(
        &self,
        accident: &Accident,
        parties: &[Party],
        payer: usize,
        index: usize,
        item: &Item<'_>,
    ) -> Vec<Step> {
        let party = &parties[payer];
        let mut because = Vec::with_capacity(6);
        items::explain(accident, item, &mut because);
        let limit = party.limit(item.bucket);
        because.push(Step::Limit { bucket: item.bucket, at_fault: party.at_fault, limit });
        if let Some(step) = self.on_behalf(index).filter(|_| !party.at_fault) {
            because.push(step.clone());
        } else {
            let share = Step::Share {
                allocation: accident.allocation,
                loss: item.loss.clone(),
                weight: limit,
                weights: self.sharing.weights[index],
            };
            let shares = &self.sharing.capped[payer][item.bucket as usize];
            let capped =
                shares.as_ref().map(|all| Step::Capped { share: share.value(), shares: all.clone(), limit });
            because.push(share);
            because.extend(capped);
            let own = |(by, of, _): &&(usize, usize, Step)| *by == payer && *of == index;
            because.extend(self.sharing.rounds.iter().filter(own).map(|(_, _, step)| step.clone()));
        }
        because.push(Step::Rounded {
            exact: self.sharing.owed(payer, index).clone(),
            group: self.groups[payer][item.bucket as usize].clone(),
            amount: Money::from_fen(self.fen(payer, index)),
        });
        because.extend(self.stepped_in(payer, index).map(|shift| Step::Shift {
            uninsured: shift.uninsured,
            share: shift.share,
            left: shift.left,
            lefts: shift.lefts,
            amount: shift.amount,
        }));
        if party.ctpl == Ctpl::Recourse {
            because.push(Step::Recourse { amount: Money::from_fen(self.fen(payer, index)) });
        }
        because
    }

    fn fen(&self, payer: usize, item: usize) -> i64 {
        self.fen[payer * self.items + item]
    }

    fn on_behalf(&self, item: usize) -> Option<&Step> {
        self.sharing.on_behalf.iter().find(|(of, _)| *of == item).map(|(_, step)| step)
    }

    fn stepped_in(&self, payer: usize, item: usize) -> impl Iterator<Item = &court::Shift> {
        self.shifts.iter().filter(move |shift| shift.payer == payer && shift.item == item)
    }
}

/// Whether the compulsory insurance of `payer` pays what it owes for `item`.
fn pays(payer: &Party, item: &Item<'_>) -> bool {
    match payer.ctpl {
        Ctpl::Insured => true,
        Ctpl::None => false,
        Ctpl::Recourse => item.bucket != Bucket::Property,
    }
}
