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
        let dues: Vec<(usize, Exact)> = (0..items.len())
            .filter(|index| !party.owns(&items[*index], parties))
            .map(|index| (index, cover.with_trailer(liability::due(party, &items[index], absorbed[index]))))
            .filter(|(_, due)| !due.is_zero())
            .collect();
        let all: Exact = dues.iter().map(|(_, due)| due).sum();
        let drafts: Vec<(usize, Exact, Vec<Step>)> = dues
            .into_iter()
            .map(|(index, due)| {
                let mut because = Vec::with_capacity(8);
                items::explain(accident, &items[index], &mut because);
                let exact = cover.derive(&items[index], absorbed[index], due, &all, &mut because);
                (index, exact, because)
            })
            .collect();
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
    /// The cover's part of what tractor and trailer owe once.
    fn with_trailer(&self, due: Exact) -> Exact {
        if self.limits == self.limit { due } else { due.pro_rata(&self.limit.into(), &self.limits.into()) }
    }

    /// From the loss of `item` to what is paid for it; `due` is its value at the cap, `dues` of all items.
    fn derive(
        &self,
        item: &Item<'_>,
        absorbed: Money,
        due: Exact,
        dues: &Exact,
        because: &mut Vec<Step>,
    ) -> Exact {
        let whole = liability::derive(self.party, item, absorbed, because);
        if self.limits != self.limit {
            because.push(Step::TogetherWithTrailer { due: whole, limit: self.limit, limits: self.limits });
        }
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
