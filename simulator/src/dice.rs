//! Seeded dice.

/// Draws from a seed (SplitMix64); the same seed gives the same draws for ever.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice of `what`, one of many that are drawn from `seed`.
    pub fn new(seed: u64, what: &str) -> Dice {
        // FNV-1a, so that dice of different names are far apart.
        let name = what.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ name)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).unsigned_abs()).cast_signed()
    }

    /// True `permille` times of a thousand.
    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// One of `all`.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_name_and_a_seed_decide_every_draw() {
        let draw = |seed, what| {
            let mut dice = Dice::new(seed, what);
            [dice.number(), dice.below(10), dice.between(-3, 3).unsigned_abs()]
        };
        assert_eq!(draw(1, "bank"), draw(1, "bank"));
        assert_ne!(draw(1, "bank"), draw(2, "bank"));
        assert_ne!(draw(1, "bank"), draw(1, "weather"));
    }
}
