//! The clauses that commercial policies are written on, one file each.
//!
//! To add one: a file with its [`Clause`], a word in [`Wording`], a line in [`CLAUSES`], a golden table.

mod nev2021;
mod w2014;
mod w2020;

use lexicon::{Moment, Money, Ratio};

use crate::{Cover, Exact, Extent, OwnDamage, Policy, Step};

/// The clauses a policy is written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wording {
    /// The model clauses of 2014, with deductibles by fault.
    W2014,
    /// The model clauses of 2020.
    W2020,
    /// The new-energy clauses of 2021.
    Nev2021,
}

/// What is peculiar to one wording.
struct Clause {
    wording: Wording,
    word: &'static str,
    /// Policies that start from here on are on it, if nothing says otherwise.
    sold_from: Moment,
    /// Sold for new-energy vehicles only.
    new_energy_only: bool,
    /// The deductible by fault (事故责任免赔率).
    duty: fn(Ratio) -> Ratio,
    /// What own damage pays without rescue, the deductible rider included.
    own_damage: fn(&Loss, &mut Vec<Step>) -> Exact,
}

/// Every wording, the latest first.
const CLAUSES: [Clause; 3] = [nev2021::CLAUSE, w2020::CLAUSE, w2014::CLAUSE];

/// An own-damage loss as a clause sees it.
pub(crate) struct Loss {
    pub(crate) extent: Extent,
    pub(crate) salvage_kept: Money,
    /// What others paid for the damage.
    pub(crate) received: Money,
    pub(crate) cover: OwnDamage,
    /// The deductible by fault.
    pub(crate) duty: Ratio,
    /// The deductible rider's rate.
    pub(crate) rate: Ratio,
}

impl Wording {
    /// The wording of a policy that does not name one, by its start and by whether it is for a new-energy vehicle.
    pub fn of_policy(starts_at: Moment, new_energy: bool) -> Wording {
        let sold =
            |clause: &&Clause| clause.sold_from <= starts_at && (new_energy || !clause.new_energy_only);
        CLAUSES.iter().find(sold).map_or(Wording::W2014, |clause| clause.wording)
    }

    /// The word that doors use: `W2020`.
    pub fn word(self) -> &'static str {
        self.clause().word
    }

    /// The wording of that word.
    pub fn from_word(word: &str) -> Option<Wording> {
        CLAUSES.iter().find(|clause| clause.word == word).map(|clause| clause.wording)
    }

    fn clause(self) -> &'static Clause {
        match self {
            Wording::W2014 => &w2014::CLAUSE,
            Wording::W2020 => &w2020::CLAUSE,
            Wording::Nev2021 => &nev2021::CLAUSE,
        }
    }
}

impl Loss {
    /// What own damage on `wording` pays for it.
    pub(crate) fn pay(&self, wording: Wording, because: &mut Vec<Step>) -> Exact {
        (wording.clause().own_damage)(self, because)
    }
}

/// Never above the sum insured; the step is told only where it bites.
fn within_sum_insured(loss: &Loss, pay: Exact, because: &mut Vec<Step>) -> Exact {
    let sum_insured = loss.cover.sum_insured;
    if pay <= sum_insured.into() { pay } else { Step::SumInsured { pay, sum_insured }.onto(because) }
}

/// The deductible by fault of `cover`; 0 while fault is undetermined and where the policy is freed of it.
pub(crate) fn duty(policy: &Policy, cover: Cover, fault: Option<Ratio>) -> Ratio {
    if policy.no_deductible.has(cover) {
        return Ratio::ZERO;
    }
    fault.map_or(Ratio::ZERO, policy.wording.clause().duty)
}

/// × (1 − duty deductible).
pub(crate) fn deduct_duty(
    policy: &Policy,
    cover: Cover,
    fault: Option<Ratio>,
    pay: Exact,
    because: &mut Vec<Step>,
) -> Exact {
    let rate = duty(policy, cover, fault);
    if rate.is_zero() { pay } else { Step::Duty { pay, rate }.onto(because) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_on_the_wording_of_its_start() {
        for (starts_at, new_energy, expected) in [
            ("2020-09-18T23:59:59+08:00", true, "W2014"),
            ("2020-09-18T23:59:59+08:00", false, "W2014"),
            ("2020-09-19T00:00:00+08:00", true, "W2020"),
            ("2021-12-26T23:59:59+08:00", true, "W2020"),
            ("2021-12-27T00:00:00+08:00", true, "NEV2021"),
            ("2021-12-27T00:00:00+08:00", false, "W2020"),
        ] {
            let wording = Wording::of_policy(starts_at.parse().unwrap(), new_energy);
            assert_eq!(wording.word(), expected, "{starts_at} {new_energy}");
            assert_eq!(Wording::from_word(expected), Some(wording));
        }
        assert_eq!(Wording::from_word("W2019"), None);
    }

    #[test]
    fn the_deductible_of_2014_goes_by_fault() {
        for (fault, percent) in
            [("1", 20), ("0.99", 15), ("0.51", 15), ("0.5", 10), ("0.49", 5), ("0.01", 5), ("0", 0)]
        {
            let duty = (w2014::CLAUSE.duty)(fault.parse().unwrap());
            assert_eq!(duty, Ratio::percent(percent), "{fault}");
        }
    }
}
