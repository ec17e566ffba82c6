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
        | Step::PartialLoss { .. }
        | Step::SumInsuredLoss { .. }
        | Step::DutyFormula { .. } => false,
    }
}

/// The code of the sentence that tells `step` without amounts of nothing.
pub(super) fn code(step: &Step) -> &'static str {
    match step {
        Step::PartialLoss { received, deductible, .. } => match (received.is_zero(), deductible.is_zero()) {
            (true, true) => "loss.repair",
            (true, false) => "own-damage.partial.deductible",
            (false, true) => "own-damage.partial.received",
            (false, false) => step.code(),
        },
        step => step.code(),
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
            ("the repair, with nothing to deduct", partial(0, 0), true),
            ("the whole fault", fault("1"), false),
            ("70 % of the fault", fault("0.7"), true),
            ("a sum insured that was not reached", limit(80_000), false),
            ("a sum insured that was reached", limit(2000), true),
        ] {
            assert_eq!(changes_nothing(&step), !told, "{what}");
        }
    }

    #[test]
    fn no_amount_of_nothing_is_told() {
        use crate::words::{Lang, Words};
        for (received, deductible, code) in [
            (0, 0, "loss.repair"),
            (0, 500, "own-damage.partial.deductible"),
            (100, 0, "own-damage.partial.received"),
            (100, 500, "own-damage.partial"),
        ] {
            let step = Step::PartialLoss {
                repair: yuan(2400),
                received: yuan(received),
                deductible: yuan(deductible),
            };
            assert_eq!(super::code(&step), code);
            assert!(Lang::ALL.into_iter().all(|lang| Words::of(lang).knows(code)), "{code}");
        }
    }
}
