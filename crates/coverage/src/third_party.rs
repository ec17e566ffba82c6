//! Third-party liability (三者险): what is left after compulsory insurance, by fault, within the limit.

use lexicon::Money;

use crate::items::{self, Item};
use crate::parties::Party;
use crate::{Accident, Cover, Exact, Line, Policy, Refusal, Step, clauses, liability, riders, rounding};

/// What the third-party cover of one vehicle owes for one item, exactly.
pub(crate) struct Owed {
    pub(crate) payer: usize,
    pub(crate) item: usize,
    pub(crate) exact: Exact,
}

/// The lines of all third-party covers, and what each owes exactly. `absorbed` is the compulsory part of each item.
pub(crate) fn lines(
    accident: &Accident,
    parties: &[Party],
    items: &[Item<'_>],
    absorbed: &[Money],
    lines: &mut Vec<Line>,
) -> Result<Vec<Owed>, Refusal> {
    let mut owed: Vec<Owed> = Vec::with_capacity(items.len());
    for (payer, vehicle) in accident.vehicles.iter().enumerate() {
        let Some(policy) = &vehicle.policy else { continue };
        let Some(limit) = riders::third_party_limit(policy) else { continue };
        let party = &parties[payer];
        let cover = Liability { policy, party, limit, limits: limits_of_unit(accident, parties, party.unit) };
        let mut drafts: Vec<(usize, Exact, Vec<Step>)> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if party.owns(item, parties) || party.share(item).is_zero() {
                continue;
            }
            let mut because = Vec::with_capacity(6);
            let due = cover.due(accident, item, absorbed[index], &mut because);
            if !due.is_zero() {
                drafts.push((index, due, because));
            }
        }
        let dues: Exact = drafts.iter().map(|(_, due, _)| due).sum();
        for (_, pay, because) in &mut drafts {
            *pay = cover.pay(std::mem::take(pay), &dues, because);
        }
        let (group, amounts) =
            rounding::together(&drafts.iter().map(|(_, exact, _)| exact).collect::<Vec<_>>())?;
        for ((item, exact, mut because), amount) in drafts.into_iter().zip(amounts) {
            owed.push(Owed { payer, item, exact: exact.clone() });
            if amount == 0 {
                continue;
            }
            let amount = Money::from_fen(amount);
            because.push(Step::Rounded { exact, group: group.clone(), amount });
            let (payee, bucket) = (items[item].payee, Some(items[item].bucket));
            lines.push(Line {
                payer,
                paid_by: payer,
                cover: Cover::ThirdParty,
                payee,
                bucket,
                amount,
                because,
            });
        }
    }
    Ok(owed)
}

/// One third-party cover.
struct Liability<'a> {
    policy: &'a Policy,
    party: &'a Party,
    limit: Money,
    /// The limits of tractor and trailers together; the own limit where only one has the cover.
    limits: Money,
}

impl Liability<'_> {
    /// What the cover owes for `item` before its limit: its part of what tractor and trailer owe once.
    fn due(&self, accident: &Accident, item: &Item<'_>, absorbed: Money, because: &mut Vec<Step>) -> Exact {
        items::explain(accident, item, because);
        let due = liability::derive(self.party, item, absorbed, because);
        if self.limits == self.limit {
            return due;
        }
        Step::TogetherWithTrailer { due, limit: self.limit, limits: self.limits }.onto(because)
    }

    /// What the cover pays of `due`, where all it owes is `dues`.
    fn pay(&self, due: Exact, dues: &Exact, because: &mut Vec<Step>) -> Exact {
        if riders::doubles(self.policy) {
            because.push(Step::HolidayDoubling { limit: self.policy.third_party.unwrap_or_default() });
        }
        let mut pay = due;
        if *dues > self.limit.into() {
            pay = Step::ThirdPartyLimit { due: pay, dues: dues.clone(), limit: self.limit }.onto(because);
        }
        pay = clauses::deduct_duty(self.policy, Cover::ThirdParty, self.party.fault, pay, because);
        riders::deduct(riders::deductible_rate(self.policy, Cover::ThirdParty), pay, because)
    }
}

fn limits_of_unit(accident: &Accident, parties: &[Party], unit: usize) -> Money {
    let of_unit = accident.vehicles.iter().zip(parties).filter(|(_, party)| party.unit == unit);
    of_unit.filter_map(|(vehicle, _)| riders::third_party_limit(vehicle.policy.as_ref()?)).sum()
}
