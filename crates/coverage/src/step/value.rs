//! What each step makes of its terms.

use lexicon::Money;

use crate::{Exact, Step};

impl Step {
    /// What the rule makes of its terms, in fen.
    pub fn value(&self) -> Exact {
        match self {
            Step::Repair { repair } => Exact::from(*repair),
            Step::TotalLoss { actual_value, salvage_kept } => Exact::from(actual_value.less(*salvage_kept)),
            Step::RescuePart { rescue, insured, other } => rescue_part(*rescue, *insured, *other),
            Step::Claimed { loss } => Exact::from(*loss),
            Step::MutualSelfClaim { own, .. } => own.clone(),
            Step::Limit { limit, .. } => Exact::from(*limit),
            Step::Share { loss, weight, weights, .. } => loss.pro_rata(&(*weight).into(), &(*weights).into()),
            Step::Capped { share, shares, limit } => share.pro_rata(&(*limit).into(), shares),
            Step::Round { short, left, lefts, asked, .. } => {
                let share = short.pro_rata(left, lefts);
                if asked > left { share.pro_rata(left, asked) } else { share }
            }
            Step::OnBehalf { unpaid, without_fault, limit, at_fault } => {
                let count = |number: usize| Exact::whole(i64::try_from(number).unwrap_or(i64::MAX));
                let most = Exact::from(*limit).pro_rata(&count(*without_fault), &count(*at_fault));
                unpaid.min(&most) / &count(*without_fault)
            }
            Step::Base { loss, outside, ctpl, outside_first } => base(loss, *outside, *ctpl, *outside_first),
            Step::FaultShare { base, share } | Step::LiabilityShare { base, share } => {
                base * &Exact::from(*share)
            }
            Step::HolidayDoubling { limit } => &Exact::from(*limit) + &Exact::from(*limit),
            Step::TogetherWithTrailer { due, limit, limits } => {
                due.pro_rata(&(*limit).into(), &(*limits).into())
            }
            Step::ThirdPartyLimit { due, dues, limit } => due.pro_rata(&(*limit).into(), dues),
            Step::SeatLimit { due, limit } => due.clone().min(Exact::from(*limit)),
            Step::Duty { pay, rate } | Step::DeductibleRate { pay, rate } => pay * &Exact::from(rate.rest()),
            Step::Received { third_party, covers, damage } => {
                (&Exact::from(*third_party) + &Exact::from(*covers)).min(Exact::from(*damage))
            }
            Step::PartialLoss { repair, received, deductible } => {
                Exact::from(repair.less(*received).less(*deductible))
            }
            Step::SumInsuredLoss { sum_insured, received, deductible, salvage_kept } => {
                Exact::from(sum_insured.less(*received).less(*deductible).less(*salvage_kept))
            }
            Step::DutyFormula { base, received, duty, rate, deductible } => {
                let kept = &Exact::from(duty.rest()) * &Exact::from(rate.rest());
                (&Exact::from(base.less(*received)) * &kept).less(&Exact::from(*deductible))
            }
            Step::RescueLeft { part, received } => part.less(&Exact::from(*received)),
            Step::SumInsured { pay, sum_insured } => pay.clone().min(Exact::from(*sum_insured)),
            Step::TakenOver { amount, taken } => Exact::from(amount.less(*taken)),
            Step::Recourse { amount } | Step::Shift { amount, .. } | Step::Rounded { amount, .. } => {
                Exact::from(*amount)
            }
        }
    }

    /// Appends this to a derivation and hands on its value.
    pub(crate) fn onto(self, because: &mut Vec<Step>) -> Exact {
        let value = self.value();
        because.push(self);
        value
    }
}

/// Rescue fee × insured ÷ (insured + other); all of it where nothing was valued.
pub(crate) fn rescue_part(rescue: Money, insured: Money, other: Money) -> Exact {
    let whole = &Exact::from(insured) + &Exact::from(other);
    if whole.is_zero() {
        Exact::from(rescue)
    } else {
        Exact::from(rescue).pro_rata(&Exact::from(insured), &whole)
    }
}

/// Loss − outside − what compulsory insurance absorbed of it, never below 0.
pub(crate) fn base(loss: &Exact, outside: Money, ctpl: Money, outside_first: bool) -> Exact {
    let absorbed = if outside_first { ctpl.less(outside) } else { ctpl };
    loss.less(&Exact::from(outside)).less(&Exact::from(absorbed))
}
