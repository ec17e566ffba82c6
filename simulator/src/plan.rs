//! What a seed decides before anything happens.

use std::time::Duration;

use crate::dice::Dice;

/// One in so many seeds keeps its store on disk.
const ON_DISK_EVERY: u64 = 6;
/// One in so many seeds has fair weather.
const CALM_EVERY: u64 = 5;

/// The measures of one world.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed of everything.
    pub seed: u64,
    /// Whether the store is SQLite in a folder.
    pub on_disk: bool,
    /// How many times faster than virtual time the clock of the world runs.
    pub scale: i64,
    /// How many customers there are.
    pub customers: usize,
    /// How long each life lasts, in virtual time; all but the last end in a crash.
    pub lives: Vec<Duration>,
    /// How often what goes wrong.
    pub faults: Faults,
}

/// How often something goes wrong, in a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// An append is lost on its way to the store.
    pub lost_before: u64,
    /// An append is recorded, and the answer is lost.
    pub lost_after: u64,
    /// An append is told of a conflict that is none; storms of them come at once.
    pub conflicts: u64,
    /// A read fails.
    pub reads: u64,
    /// The bank does not answer, before or after acting.
    pub bank: u64,
    /// The provider of messages does not answer, before or after acting.
    pub messenger: u64,
    /// A request is delivered twice, at once or much later.
    pub duplicates: u64,
    /// The clock jumps, per turn of a person.
    pub jumps: u64,
}

impl Plan {
    /// The plan of `seed`.
    pub fn of(seed: u64) -> Plan {
        let mut dice = Dice::new(seed, "plan");
        let calm = seed.is_multiple_of(CALM_EVERY);
        let faults = match calm {
            true => Faults::default(),
            false => Faults {
                lost_before: dice.below(40),
                lost_after: dice.below(40),
                conflicts: dice.below(30),
                reads: dice.below(8),
                bank: dice.below(300),
                messenger: dice.below(150),
                duplicates: dice.below(250),
                jumps: dice.below(12),
            },
        };
        let crashes = if calm { 0 } else { dice.below(4) };
        let mut lives: Vec<Duration> =
            (0..crashes).map(|_| Duration::from_millis(dice.between(5_000, 60_000).unsigned_abs())).collect();
        lives.push(Duration::from_millis(dice.between(60_000, 110_000).unsigned_abs()));
        Plan {
            seed,
            on_disk: seed % ON_DISK_EVERY == ON_DISK_EVERY - 1,
            scale: *dice.pick(&[600, 900, 1_200]),
            customers: dice.between(3, 6) as usize,
            lives,
            faults,
        }
    }
}
