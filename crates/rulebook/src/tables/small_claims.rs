//! What may be paid without a person.

use jiff::civil::Date;
use lexicon::Money;
use serde::Deserialize;

use super::{Dated, day, maybe_day, yuan};

#[derive(Debug, Deserialize)]
pub(super) struct SmallClaims {
    line: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(deserialize_with = "yuan")]
    claim_up_to: Money,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

impl SmallClaims {
    pub(super) fn limit(&self, day: Date) -> Option<Money> {
        let holding = self.line.iter().filter(|line| Dated { from: line.from, to: line.to }.holds(day));
        holding.map(|line| line.claim_up_to).min()
    }
}
