//! How grave an accident is, and which way its claim goes.

use lexicon::Severity;
use serde::{Deserialize, Serialize};

use crate::tables::Tier;
use crate::{Because, Facts, Injury, Tables, Team};

/// What triage found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// The grade.
    pub severity: Severity,
    /// How the damage is looked at.
    pub route: Route,
    /// Who has it first.
    pub team: Team,
    /// The rows of the table that decided.
    pub because: Vec<Because>,
}

/// How the damage is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The customer's own photos.
    OwnPhotos,
    /// A surveyor.
    Inspection,
}

impl Route {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Route::OwnPhotos => "own-photos",
            Route::Inspection => "inspection",
        }
    }
}

/// The gravest tier that any row of the table asks for; without any it is General, since doubt goes to people.
pub fn triage(facts: &Facts, tables: &Tables) -> Triage {
    let speaking: Vec<&Tier> = tables.tiers(facts.now).filter(|tier| tier.fits(facts)).collect();
    let severity = speaking.iter().map(|tier| tier.severity).max().unwrap_or(Severity::General);
    let because = speaking
        .iter()
        .filter(|tier| tier.severity == severity)
        .map(|tier| Because {
            rule: format!("triage.{}", tier.code).into(),
            version: tables.tiers_version().to_owned().into(),
            values: vec![],
        })
        .collect();
    // Without a line for the grade somebody looks.
    let handling = tables.handling(severity, facts.now);
    let route = handling.map_or(Route::Inspection, |line| line.route);
    let team = match facts.injury {
        Injury::None => handling.map_or(Team::Survey, |line| line.team),
        Injury::Light | Injury::Serious | Injury::Death => {
            handling.map_or(Team::Injury, |line| line.injury_team)
        }
    };
    Triage { severity, route, team, because }
}
