//! Draws for a book, and how its values are written.

use super::assumptions::{Quantiles, Words};

/// Draws from a seed (SplitMix64); the same seed and place give the same draws on every machine.
pub(super) struct Draw(u64);

impl Draw {
    /// The draws of the policy numbered `place`.
    pub(super) fn new(seed: u64, place: u64) -> Draw {
        let mut draw =
            Draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place.wrapping_mul(0xd6e8_feb8_6659_fd93));
        draw.number();
        draw
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// True `permille` times of a thousand.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// The place of one of `weights`.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut drawn = self.below(weights.iter().sum::<u64>().max(1));
        for (place, weight) in weights.iter().enumerate() {
            match drawn.checked_sub(*weight) {
                Some(rest) => drawn = rest,
                None => return place,
            }
        }
        0
    }

    pub(super) fn word<'a>(&mut self, words: &'a Words) -> &'a str {
        &words.words[self.weighted(&words.weights)]
    }

    pub(super) fn quantile(&mut self, table: &Quantiles) -> u64 {
        table.at(self.below(1_000_000))
    }

    /// A quantile in smaller steps: of a thousandth of its unit.
    pub(super) fn fine(&mut self, table: &Quantiles, unit: u64) -> u64 {
        self.quantile(table) * unit + self.below(unit)
    }
}

/// A moment in seconds since 1970, written as `2025-03-04T05:06:07Z`.
pub(super) fn time(seconds: u64) -> String {
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date(day))
}

/// A day since 1970, written as `2025-03-04`.
pub(super) fn date(day: u64) -> String {
    // Days since the first of March of the year 0, in eras of 400 years.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// An amount of fen, written in yuan.
pub(super) fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_amounts_are_written_as_people_write_them() {
        let days =
            [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_088, "2024-12-31"), (20_148, "2025-03-01")];
        for (day, text) in days {
            assert_eq!(date(day), text);
        }
        assert_eq!(time(1_741_064_767), "2025-03-04T05:06:07Z");
        assert_eq!([yuan(0), yuan(5), yuan(123_456)], ["0.00", "0.05", "1234.56"]);
    }
}
