//! The grades of accidents, and what each asks for.

use lexicon::{Money, Severity};
use serde::Deserialize;

use super::{Dated, maybe_yuan};
use crate::{Cause, Facts, Injury, Route, Team};

#[derive(Debug, Deserialize)]
pub(super) struct Tiers {
    pub(super) version: String,
    pub(super) tier: Vec<Tier>,
    pub(super) handling: Vec<Handling>,
}

/// A line of the tier table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its code; the key of its sentence.
    pub code: String,
    /// The grade it asks for.
    pub severity: Severity,
    /// When it speaks; all conditions must hold.
    pub when: TierWhen,
    #[serde(rename = "effective_from", deserialize_with = "super::day")]
    from: jiff::civil::Date,
    #[serde(rename = "effective_to", default, deserialize_with = "super::maybe_day")]
    to: Option<jiff::civil::Date>,
}

/// Conditions; those that are absent hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierWhen {
    injury_at_least: Option<Injury>,
    injury_at_most: Option<Injury>,
    vehicles_at_least: Option<usize>,
    vehicles_at_most: Option<usize>,
    other_property: Option<bool>,
    #[serde(default, deserialize_with = "maybe_yuan")]
    estimate_at_least: Option<Money>,
    #[serde(default, deserialize_with = "maybe_yuan")]
    estimate_at_most: Option<Money>,
    cause: Option<Vec<Cause>>,
    cause_not: Option<Vec<Cause>>,
}

/// How accidents of one grade are handled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// The grade.
    pub severity: Severity,
    /// How the damage is looked at.
    pub route: Route,
    /// Who has the claim first.
    pub team: Team,
    /// Who has it first when somebody was hurt.
    pub injury_team: Team,
    /// Who is informed at once.
    pub inform: Option<Team>,
    /// How many people a person's assessment needs before it counts.
    pub assessors: u8,
    /// Above what a person of authority must agree to the reserve.
    #[serde(default, deserialize_with = "maybe_yuan")]
    pub reserve_agreed_above: Option<Money>,
    /// What is offered to the parties, by the code of its text.
    #[serde(default)]
    pub offers: Vec<String>,
    #[serde(rename = "effective_from", deserialize_with = "super::day")]
    from: jiff::civil::Date,
    #[serde(rename = "effective_to", default, deserialize_with = "super::maybe_day")]
    to: Option<jiff::civil::Date>,
}

impl Handling {
    pub(super) fn holds(&self, day: jiff::civil::Date) -> bool {
        Dated { from: self.from, to: self.to }.holds(day)
    }

    /// Whether a person's assessment needs a second assessor.
    pub fn needs_two_assessors(&self) -> bool {
        self.assessors > 1
    }
}

impl Tier {
    pub(super) fn holds(&self, day: jiff::civil::Date) -> bool {
        Dated { from: self.from, to: self.to }.holds(day)
    }

    /// Whether all conditions hold; an unknown estimate holds for none.
    pub fn fits(&self, facts: &Facts) -> bool {
        let when = &self.when;
        let estimate = |holds: &dyn Fn(Money) -> bool| facts.estimate.is_some_and(holds);
        when.injury_at_least.is_none_or(|least| facts.injury >= least)
            && when.injury_at_most.is_none_or(|most| facts.injury <= most)
            && when.vehicles_at_least.is_none_or(|least| facts.vehicles >= least)
            && when.vehicles_at_most.is_none_or(|most| facts.vehicles <= most)
            && when.other_property.is_none_or(|property| facts.other_property == property)
            && when.estimate_at_least.is_none_or(|least| estimate(&|amount| amount >= least))
            && when.estimate_at_most.is_none_or(|most| estimate(&|amount| amount <= most))
            && when.cause.as_ref().is_none_or(|causes| causes.contains(&facts.cause))
            && when.cause_not.as_ref().is_none_or(|causes| !causes.contains(&facts.cause))
    }
}
