//! The dated tables that staff own: tiers, prices, papers, clocks, authority, small claims, rest days.
//!
//! The shipped seeds stand in `rules/`; each line says from when (and until when) it holds. Money and days in them are data, never code.

mod authority;
mod clock;
mod papers;
mod prices;
mod small_claims;
mod tiers;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use lexicon::{Moment, Money, RestDays, Severity};
use serde::{Deserialize, Deserializer};

pub use authority::{Act, Authority};
pub use clock::{Clock, Nature};
pub use papers::{Circumstances, Per, Requirement, Step};
pub use prices::{Damage, Operation, Part, Prices, VehicleClass};
pub use tiers::{Handling, Tier, TierWhen};

use small_claims::SmallClaims;

/// All tables, read once.
#[derive(Debug)]
pub struct Tables {
    tiers: tiers::Tiers,
    papers: papers::Papers,
    clocks: clock::Clocks,
    small_claims: SmallClaims,
    /// Who may do what up to which amount.
    pub authority: Authority,
    /// Prices of repairs.
    pub prices: Prices,
    /// Rest days.
    pub rest_days: RestDays,
    /// The insurer's zone.
    pub zone: TimeZone,
}

/// A table that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("table `{table}` cannot be read: {problem}")]
pub struct BadTable {
    /// Which.
    pub table: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// From when and until when a line holds; the last day is included.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Dated {
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

impl Dated {
    /// Whether the line holds on `day`.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Tables {
    /// The seeds that the product ships.
    pub fn shipped() -> Result<Tables, BadTable> {
        let zone = TimeZone::get("Asia/Shanghai");
        Ok(Tables {
            tiers: read("tiers", include_str!("../../../../rules/tiers.toml"))?,
            papers: read("papers", include_str!("../../../../rules/papers.toml"))?,
            clocks: read("clocks", include_str!("../../../../rules/clocks.toml"))?,
            small_claims: read("small-claims", include_str!("../../../../rules/small_claims.toml"))?,
            authority: read("authority", include_str!("../../../../rules/authority.toml"))?,
            prices: read("prices", include_str!("../../../../rules/prices.toml"))?,
            rest_days: read("calendar", include_str!("../../../../rules/calendar.toml"))?,
            zone: zone.map_err(|problem| BadTable { table: "zones", problem: problem.to_string() })?,
        })
    }

    /// The day of `moment` in the insurer's zone.
    pub fn day(&self, moment: Moment) -> Date {
        moment.day(&self.zone)
    }

    /// The lines of the tier table that hold at `now`.
    pub fn tiers(&self, now: Moment) -> impl Iterator<Item = &Tier> {
        let day = self.day(now);
        self.tiers.tier.iter().filter(move |tier| tier.holds(day))
    }

    /// How accidents of `severity` are handled at `now`; `None` when no line holds.
    pub fn handling(&self, severity: Severity, now: Moment) -> Option<&Handling> {
        let day = self.day(now);
        self.tiers.handling.iter().find(|line| line.severity == severity && line.holds(day))
    }

    /// The version of the tier table, for rulings.
    pub fn tiers_version(&self) -> &str {
        &self.tiers.version
    }

    /// Up to what a claim may be paid without a person; `None` when no line holds at `now`.
    pub fn small_claim_limit(&self, now: Moment) -> Option<Money> {
        self.small_claims.limit(self.day(now))
    }

    /// The papers that a claim in these `circumstances` needs at `now`.
    pub fn requirements(&self, circumstances: &Circumstances, now: Moment) -> Vec<&Requirement> {
        self.papers.required(circumstances, self.day(now))
    }

    /// The clock called `code`, as it holds at `now`.
    pub fn clock(&self, code: &str, now: Moment) -> Option<&Clock> {
        let day = self.day(now);
        self.clocks.clock.iter().find(|clock| clock.code == code && clock.holds(day))
    }

    /// All clocks that hold at `now`.
    pub fn clocks(&self, now: Moment) -> impl Iterator<Item = &Clock> {
        let day = self.day(now);
        self.clocks.clock.iter().filter(move |clock| clock.holds(day))
    }
}

fn read<T: for<'de> Deserialize<'de>>(table: &'static str, text: &str) -> Result<T, BadTable> {
    toml::from_str(text).map_err(|problem| BadTable { table, problem: problem.to_string() })
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn maybe_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    day(from).map(Some)
}

/// Money stands in tables as decimal text in yuan.
fn yuan<'de, D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn maybe_yuan<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Money>, D::Error> {
    yuan(from).map(Some)
}
