//! Who may do what up to which amount.

use jiff::civil::Date;
use lexicon::Money;
use serde::Deserialize;

use super::{Dated, day, maybe_day, maybe_yuan, yuan};

/// The authority table.
#[derive(Debug, Deserialize)]
pub struct Authority {
    limit: Vec<Limit>,
    four_eyes: Vec<FourEyes>,
}

/// What authority is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Register a claim.
    Register,
    /// Put damage at an amount.
    Assess,
    /// Approve a payment.
    Approve,
    /// Decline.
    Decline,
    /// Release a payment.
    Pay,
    /// Reopen a closed claim.
    Reopen,
    /// Agree to a reserve.
    Reserve,
}

#[derive(Debug, Deserialize)]
struct Limit {
    role: String,
    action: Act,
    #[serde(default, deserialize_with = "maybe_yuan")]
    up_to: Option<Money>,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

#[derive(Debug, Deserialize)]
struct FourEyes {
    action: Act,
    #[serde(deserialize_with = "yuan")]
    above: Money,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

impl Authority {
    /// Up to what somebody with any of `roles` may do `act` on `day`; `None`: not at all.
    pub fn limit<'a>(&self, roles: impl IntoIterator<Item = &'a str>, act: Act, day: Date) -> Option<Money> {
        let of = |role: &str| {
            let holding = self.limit.iter().filter(move |line| {
                line.role == role && line.action == act && Dated { from: line.from, to: line.to }.holds(day)
            });
            // A line without an amount sets no bound.
            holding.map(|line| line.up_to.unwrap_or(Money::from_fen(i64::MAX))).max()
        };
        roles.into_iter().filter_map(of).max()
    }

    /// Above what a second person must agree to `act` on `day`.
    pub fn four_eyes_above(&self, act: Act, day: Date) -> Money {
        let holding = self
            .four_eyes
            .iter()
            .filter(|line| line.action == act && Dated { from: line.from, to: line.to }.holds(day));
        holding.map(|line| line.above).min().unwrap_or(Money::ZERO)
    }
}
