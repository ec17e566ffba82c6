//! Which steps of the arithmetic a customer is shown. The proof that staff see stays whole.

use coverage::{Exact, Step};

/// Whether `step` leaves the amount as it came in: nothing was deducted, no limit was reached, the whole fault was theirs.
pub(super) fn changes_nothing(step: &Step) -> bool {
    let value = step.value();
    match step {
        Step::Share { loss, .. } | Step::Base { loss, .. } => value == *loss,
        Step::FaultShare { base, .. } | Step::LiabilityShare { base, .. } => value == *base,
        Step::Duty { pay, .. } | Step::DeductibleRate { pay, .. } | Step::SumInsured { pay, .. } => {
            value == *pay
        }
        Step::Capped { share, .. } => value == *share,
        Step::TogetherWithTrailer { due, .. }
        | Step::ThirdPartyLimit { due, .. }
        | Step::SeatLimit { due, .. } => value == *due,
        Step::PartialLoss { repair, .. } => value == Exact::from(*repair),
        Step::SumInsuredLoss { sum_insured, .. } => value == Exact::from(*sum_insured),
        Step::TakenOver { amount, .. } => value == Exact::from(*amount),
        Step::Rounded { exact, .. } => value == *exact,
        Step::RescuePart { .. }
        | Step::RescueLeft { .. }
        | Step::Received { .. }
        | Step::Round { .. }
        | Step::OnBehalf { .. }
        | Step::Recourse { .. }
        | Step::Shift { .. } => value.is_zero(),
        // What the arithmetic starts from, and the limits that it may meet.
        Step::Repair { .. }
        | Step::TotalLoss { .. }
        | Step::Claimed { .. }
        | Step::MutualSelfClaim { .. }
        | Step::Limit { .. }
        | Step::HolidayDoubling { .. }
        | Step::DutyFormula { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use lexicon::{Money, Ratio};

    use super::*;

    fn yuan(amount: i64) -> Money {
        Money::from_fen(amount * 100)
    }

    #[test]
    fn only_what_changes_the_amount_is_told() {
        let received = |third_party, covers| Step::Received {
            third_party: yuan(third_party),
            covers: yuan(covers),
            damage: yuan(2400),
        };
        let partial = |received, deductible| Step::PartialLoss {
            repair: yuan(2400),
            received: yuan(received),
            deductible: yuan(deductible),
        };
        let fault = |share: &str| Step::FaultShare {
            base: yuan(2400).into(),
            share: share.parse::<Ratio>().expect("a ratio"),
        };
        let limit = |sum_insured| Step::SumInsured { pay: yuan(2400).into(), sum_insured: yuan(sum_insured) };
        for (what, step, told) in [
            ("what it starts from", Step::Repair { repair: yuan(2400) }, true),
            ("nothing received from others", received(0, 0), false),
            ("100 received from the other side", received(0, 100), true),
            ("nothing to deduct", partial(0, 0), false),
            ("a deductible of 500", partial(0, 500), true),
            ("the whole fault", fault("1"), false),
            ("70 % of the fault", fault("0.7"), true),
            ("a sum insured that was not reached", limit(80_000), false),
            ("a sum insured that was reached", limit(2000), true),
        ] {
            assert_eq!(changes_nothing(&step), !told, "{what}");
        }
    }
}
