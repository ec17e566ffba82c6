//! Own damage (车损险) and the rescue fee, after what others pay or, by subrogation, before it.

use lexicon::Money;

use crate::clauses::{self, Loss};
use crate::ctpl::Compulsory;
use crate::items::{self, Item};
use crate::parties::Party;
use crate::third_party::Owed;
use crate::{
    Accident, Cover, Debtor, Exact, Ground, Line, OwnDamageMode, Payee, Recovery, Refusal, Step, liability,
    riders, rounding,
};

/// What the earlier steps found.
pub(crate) struct Earlier<'a> {
    pub(crate) parties: &'a [Party],
    pub(crate) items: &'a [Item<'a>],
    pub(crate) compulsory: &'a Compulsory,
    /// The compulsory part of each item.
    pub(crate) absorbed: &'a [Money],
    pub(crate) third_party: &'a [Owed],
}

/// Adds the lines of all own-damage covers; lines and recoveries of others change where their claims are taken over.
pub(crate) fn lines(
    accident: &Accident,
    earlier: &Earlier<'_>,
    lines: &mut Vec<Line>,
    recoveries: &mut Vec<Recovery>,
) -> Result<(), Refusal> {
    for vehicle in 0..accident.vehicles.len() {
        let payee = Payee::Vehicle(vehicle);
        let item = earlier.items.iter().position(|item| item.payee == payee);
        let theirs: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].payee == payee).collect();
        let subrogates = accident.vehicles[vehicle].own_damage_mode == OwnDamageMode::Subrogate;
        let deducted = |line: &&usize| !subrogates || earlier.is_on_behalf(&lines[**line], item);
        let received = theirs.iter().filter(deducted).map(|line| lines[*line].amount).sum();
        let Some(paid) = pay(accident, earlier.parties, vehicle, received, lines)? else { continue };
        let mut left = paid;
        if subrogates {
            let taken = theirs.into_iter().filter(|line| !earlier.is_on_behalf(&lines[*line], item));
            take_over(vehicle, taken.collect(), &mut left, lines, recoveries);
        }
        if let Some(item) = item {
            earlier.claim_from_tortfeasors(vehicle, item, left, recoveries)?;
        }
    }
    lines.retain(|line| !line.amount.is_zero());
    Ok(())
}

/// Adds the own-damage and rescue lines of one vehicle; what they pay together, `None` without the cover.
/// `received` is what the covers of others pay for the damage and is to be deducted.
fn pay(
    accident: &Accident,
    parties: &[Party],
    vehicle: usize,
    received: Money,
    lines: &mut Vec<Line>,
) -> Result<Option<Money>, Refusal> {
    let damage = &accident.vehicles[vehicle].damage;
    let Some(policy) = &accident.vehicles[vehicle].policy else { return Ok(None) };
    let Some(cover) = policy.own_damage else { return Ok(None) };
    let third_party = damage.third_party_received;
    let all_received = third_party.plus(received).map_err(|_| Refusal::Overflow)?;
    let alone = items::damage_alone(damage);
    let loss = Loss {
        extent: damage.extent,
        salvage_kept: damage.salvage_kept,
        received: all_received.min(alone),
        cover,
        duty: clauses::duty(policy, Cover::OwnDamage, parties[vehicle].fault),
        rate: riders::deductible_rate(policy, Cover::OwnDamage),
    };
    let mut paid = Money::ZERO;
    let mut push = |cover: Cover, exact: Exact, mut because: Vec<Step>| -> Result<(), Refusal> {
        let amount = Money::from_fen(rounding::alone(&exact)?);
        paid = paid.plus(amount).map_err(|_| Refusal::Overflow)?;
        because.push(Step::Rounded { exact: exact.clone(), group: exact, amount });
        let (payer, payee, bucket) = (vehicle, Payee::Vehicle(vehicle), Some(crate::Bucket::Property));
        if !amount.is_zero() {
            lines.push(Line { payer, paid_by: payer, cover, payee, bucket, amount, because });
        }
        Ok(())
    };
    let told = Step::Received { third_party, covers: received, damage: alone };
    let mut because = Vec::with_capacity(5);
    because.push(told.clone());
    let own = loss.pay(policy.wording, &mut because);
    push(Cover::OwnDamage, own, because)?;
    if !damage.rescue.is_zero() {
        let mut because = Vec::with_capacity(5);
        items::explain_rescue(damage, &mut because);
        because.push(told);
        let part = Step::RescueLeft { part: items::rescue(damage), received: all_received.less(alone) };
        let pay = part.onto(&mut because);
        let pay = Step::SumInsured { pay, sum_insured: cover.sum_insured }.onto(&mut because);
        push(Cover::Rescue, riders::deduct(loss.rate, pay, &mut because), because)?;
    }
    Ok(Some(paid))
}

/// The insurer takes over the others' lines for the damage, in their order (compulsory first), up to what it paid.
fn take_over(
    vehicle: usize,
    taken: Vec<usize>,
    left: &mut Money,
    lines: &mut [Line],
    recoveries: &mut Vec<Recovery>,
) {
    for index in taken {
        let line = &mut lines[index];
        let amount = line.amount.min(*left);
        if amount.is_zero() {
            continue;
        }
        *left = left.less(amount);
        line.because.push(Step::TakenOver { amount: line.amount, taken: amount });
        line.amount = line.amount.less(amount);
        let (from, ground) = (Debtor::Vehicle(line.payer), Ground::Cover(line.cover));
        recoveries.push(Recovery { by: vehicle, from, ground, amount });
    }
}

impl Earlier<'_> {
    /// Whether `line`, of the damage `item`, is a payment on behalf.
    fn is_on_behalf(&self, line: &Line, item: Option<usize>) -> bool {
        let on_behalf = |item| self.compulsory.is_on_behalf(&self.parties[line.payer], item);
        line.cover == Cover::Compulsory && item.is_some_and(on_behalf)
    }

    /// What other vehicles are liable for and no insurer pays is claimed from them, in vehicle order, within `left`.
    fn claim_from_tortfeasors(
        &self,
        vehicle: usize,
        index: usize,
        mut left: Money,
        recoveries: &mut Vec<Recovery>,
    ) -> Result<(), Refusal> {
        let (item, absorbed) = (&self.items[index], self.absorbed[index]);
        for (other, party) in self.parties.iter().enumerate() {
            if !party.is_motor || party.owns(item, self.parties) {
                continue;
            }
            let insured: Exact = self
                .third_party
                .iter()
                .filter(|owed| owed.item == index && self.parties[owed.payer].unit == other)
                .map(|owed| &owed.exact)
                .sum();
            let beyond = liability::due(party, item, absorbed).less(&insured);
            let compulsory = self.compulsory.left_to_tortfeasor(self.parties, other, index);
            let liable = Money::from_fen(rounding::alone(&(&beyond + &compulsory.into()))?);
            let amount = liable.min(left);
            if !amount.is_zero() {
                left = left.less(amount);
                let (from, ground) = (Debtor::Vehicle(other), Ground::Tortfeasor);
                recoveries.push(Recovery { by: vehicle, from, ground, amount });
            }
        }
        Ok(())
    }
}
