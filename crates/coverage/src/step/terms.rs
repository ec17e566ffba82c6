//! The terms of each step under the names that doors and sentences use.

use lexicon::{Money, Ratio};

use super::Term;
use crate::{Exact, Step};

impl Step {
    /// The numbers that the rule used, each with the name that doors and sentences give it.
    pub fn terms(&self) -> Vec<(&'static str, Term)> {
        let money = |name, amount: &Money| (name, Term::Amount(Exact::from(*amount)));
        let exact = |name, amount: &Exact| (name, Term::Amount(amount.clone()));
        let rate = |name, rate: &Ratio| (name, Term::Rate(*rate));
        match self {
            Step::Repair { repair } => vec![money("repair", repair)],
            Step::TotalLoss { actual_value, salvage_kept } => {
                vec![money("actual_value", actual_value), money("salvage_kept", salvage_kept)]
            }
            Step::RescuePart { rescue, insured, other } => {
                vec![money("rescue", rescue), money("insured", insured), money("other", other)]
            }
            Step::Claimed { loss } => vec![money("loss", loss)],
            Step::MutualSelfClaim { own, limit } => vec![exact("own", own), money("limit", limit)],
            Step::Limit { limit, .. } => vec![money("limit", limit)],
            Step::Share { loss, weight, weights, .. } => {
                vec![exact("loss", loss), money("weight", weight), money("weights", weights)]
            }
            Step::Capped { share, shares, limit } => {
                vec![exact("share", share), exact("shares", shares), money("limit", limit)]
            }
            Step::Round { number, short, left, lefts, asked } => vec![
                ("number", Term::Count(usize::from(*number))),
                exact("short", short),
                exact("left", left),
                exact("lefts", lefts),
                exact("asked", asked),
            ],
            Step::OnBehalf { unpaid, without_fault, limit, at_fault } => vec![
                exact("unpaid", unpaid),
                ("without_fault", Term::Count(*without_fault)),
                money("limit", limit),
                ("at_fault", Term::Count(*at_fault)),
            ],
            Step::Recourse { amount } => vec![money("amount", amount)],
            Step::Shift { uninsured, share, left, lefts, amount } => vec![
                ("uninsured", Term::Vehicle(*uninsured)),
                money("share", share),
                money("left", left),
                money("lefts", lefts),
                money("amount", amount),
            ],
            Step::Base { loss, outside, ctpl, .. } => {
                vec![exact("loss", loss), money("outside", outside), money("ctpl", ctpl)]
            }
            Step::FaultShare { base, share } | Step::LiabilityShare { base, share } => {
                vec![exact("base", base), rate("share", share)]
            }
            Step::HolidayDoubling { limit } => vec![money("limit", limit)],
            Step::TogetherWithTrailer { due, limit, limits } => {
                vec![exact("due", due), money("limit", limit), money("limits", limits)]
            }
            Step::ThirdPartyLimit { due, dues, limit } => {
                vec![exact("due", due), exact("dues", dues), money("limit", limit)]
            }
            Step::SeatLimit { due, limit } => vec![exact("due", due), money("limit", limit)],
            Step::Duty { pay, rate: deducted } | Step::DeductibleRate { pay, rate: deducted } => {
                vec![exact("pay", pay), rate("rate", deducted)]
            }
            Step::Received { third_party, covers, damage } => {
                vec![money("third_party", third_party), money("covers", covers), money("damage", damage)]
            }
            Step::PartialLoss { repair, received, deductible } => {
                vec![money("repair", repair), money("received", received), money("deductible", deductible)]
            }
            Step::SumInsuredLoss { sum_insured, received, deductible, salvage_kept } => vec![
                money("sum_insured", sum_insured),
                money("received", received),
                money("deductible", deductible),
                money("salvage_kept", salvage_kept),
            ],
            Step::DutyFormula { base, received, duty, rate: rider, deductible } => vec![
                money("base", base),
                money("received", received),
                rate("duty", duty),
                rate("rate", rider),
                money("deductible", deductible),
            ],
            Step::RescueLeft { part, received } => vec![exact("part", part), money("received", received)],
            Step::SumInsured { pay, sum_insured } => {
                vec![exact("pay", pay), money("sum_insured", sum_insured)]
            }
            Step::TakenOver { amount, taken } => vec![money("amount", amount), money("taken", taken)],
            Step::Rounded { exact: before, group, amount } => {
                vec![exact("exact", before), exact("group", group), money("amount", amount)]
            }
        }
    }
}
