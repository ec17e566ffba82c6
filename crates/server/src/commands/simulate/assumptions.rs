//! The assumptions that books are drawn from, as one data file tells them.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

const SHIPPED: &str = include_str!("assumptions.toml");

/// Which value stands at which thousandth of the cases, straight lines between.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Quantiles(Vec<(u64, u64)>);

/// Words with their weights.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
    pub(super) weights: Vec<u64>,
}

/// `assumptions.toml`.
#[derive(Debug, Deserialize)]
pub(super) struct Assumptions {
    pub(super) version: String,
    pub(super) frequency: Frequency,
    pub(super) policy: Policy,
    pub(super) class: Class,
    pub(super) city: Words,
    pub(super) cause: Cause,
    pub(super) fault: Fault,
    pub(super) damage: Amounts,
    pub(super) injury: Amounts,
    pub(super) report: Report,
    pub(super) handling: Handling,
    pub(super) outcome: Outcome,
    pub(super) fraud: Fraud,
}

#[derive(Debug, Deserialize)]
pub(super) struct Frequency {
    pub(super) by_no_claim_years: Vec<u64>,
    pub(super) again_in_the_year: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) third_party: u64,
    pub(super) own_damage: u64,
    pub(super) term_days: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Class {
    #[serde(flatten)]
    pub(super) words: Words,
    pub(super) value_yuan: Vec<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cause {
    #[serde(flatten)]
    pub(super) words: Words,
    pub(super) two_parties: Vec<u64>,
    pub(super) injured: Vec<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fault {
    pub(super) percent: Vec<u64>,
    pub(super) weights: Vec<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Amounts {
    pub(super) quantiles: Quantiles,
}

#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) quantiles: Quantiles,
    pub(super) late_source_words: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Handling {
    pub(super) to_papers_minor: Quantiles,
    pub(super) to_papers_general: Quantiles,
    pub(super) to_assessed_minor: Quantiles,
    pub(super) to_assessed_general: Quantiles,
    pub(super) to_decided_minor: Quantiles,
    pub(super) to_decided_general: Quantiles,
    pub(super) to_paid: Quantiles,
}

#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) declined: u64,
    pub(super) withdrawn: u64,
    pub(super) rejected_payment: u64,
    pub(super) reopened: u64,
    pub(super) supplement_percent: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fraud {
    pub(super) share: u64,
    #[serde(flatten)]
    pub(super) words: Words,
    pub(super) excess_percent: Quantiles,
    pub(super) found: u64,
    pub(super) ring_size: u64,
}

impl Assumptions {
    /// Those of this release.
    pub(super) fn shipped() -> Result<Assumptions> {
        let read: Assumptions = toml::from_str(SHIPPED).context("the assumptions cannot be read")?;
        for words in [&read.class.words, &read.city, &read.cause.words, &read.fraud.words] {
            ensure!(words.words.len() == words.weights.len(), "each word has a weight: {:?}", words.words);
        }
        ensure!(read.frequency.by_no_claim_years.len() == 4, "four grades of years without a claim");
        Ok(read)
    }
}

impl Quantiles {
    /// The value at `place`, from 0 to below 1,000,000, with as many steps as that has.
    pub(super) fn at(&self, place: u64) -> u64 {
        let pairs = self.0.windows(2).map(|pair| (pair[0], pair[1]));
        for ((from, low), (to, high)) in pairs {
            let (from, to) = (from * 1_000, to * 1_000);
            if (from..to).contains(&place) {
                return low + (high - low) * (place - from) / (to - from);
            }
        }
        self.0.last().map_or(0, |(_, last)| *last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_has_its_source_in_words() {
        Assumptions::shipped().unwrap();
        let table: toml::Table = SHIPPED.parse().unwrap();
        for (name, part) in &table {
            let Some(part) = part.as_table() else { continue };
            let source = part.get("source").and_then(toml::Value::as_str).unwrap_or_default();
            assert!(source.split(' ').count() > 3, "[{name}] has no source");
        }
    }

    #[test]
    fn a_quantile_is_read_between_its_places() {
        let table = Quantiles(vec![(0, 100), (500, 200), (1_000, 1_000)]);
        assert_eq!([0, 250_000, 500_000, 750_000, 999_999].map(|at| table.at(at)), [100, 150, 200, 600, 999]);
    }
}
