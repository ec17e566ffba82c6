//! The new-energy clauses of 2021: the covers here count as those of 2020 do.

use lexicon::{Moment, Ratio};

use super::{Clause, Wording, w2020};

pub(super) const CLAUSE: Clause = Clause {
    wording: Wording::Nev2021,
    word: "NEV2021",
    sold_from: Moment::from_micros(1_640_534_400_000_000), // 2021-12-27, +08:00
    new_energy_only: true,
    duty: |_| Ratio::ZERO,
    own_damage: w2020::own_damage,
};
