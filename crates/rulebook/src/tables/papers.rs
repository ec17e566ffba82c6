//! The papers and photos that a claim needs.

use jiff::civil::Date;
use lexicon::Severity;
use serde::Deserialize;

use super::{Dated, day, maybe_day};

#[derive(Debug, Deserialize)]
pub(super) struct Papers {
    requirement: Vec<Requirement>,
}

/// One requirement.
#[derive(Debug, Deserialize)]
pub struct Requirement {
    /// Its code; the key of its words.
    pub code: String,
    /// The kind of paper or photo.
    pub kind: Option<String>,
    /// Or any one of these kinds.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// How many pictures.
    pub count: u32,
    /// Of what there must be so many.
    pub per: Per,
    /// The step that waits for it.
    pub blocks: Step,
    #[serde(default)]
    when: When,
    #[serde(rename = "effective_from", deserialize_with = "day")]
    from: Date,
    #[serde(rename = "effective_to", default, deserialize_with = "maybe_day")]
    to: Option<Date>,
}

/// Of what there must be so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// The claim.
    Claim,
    /// Each vehicle.
    Vehicle,
    /// Each line of damage.
    DamageLine,
    /// Each injured person.
    Injured,
}

/// A step that waits. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Assessment.
    Assess,
    /// Adjudication.
    Decide,
    /// Payment.
    Pay,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    severity: Option<Vec<Severity>>,
    two_parties: Option<bool>,
    injury: Option<bool>,
    serious_injury: Option<bool>,
    death: Option<bool>,
    other_property: Option<bool>,
    theft: Option<bool>,
    total_loss: Option<bool>,
    weather: Option<bool>,
    workshop_estimate: Option<bool>,
}

/// What a requirement may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the condition of its name in the table")]
pub struct Circumstances {
    pub severity: Severity,
    pub two_parties: bool,
    pub injury: bool,
    pub serious_injury: bool,
    pub death: bool,
    pub other_property: bool,
    pub theft: bool,
    pub total_loss: bool,
    pub weather: bool,
    pub workshop_estimate: bool,
}

impl Papers {
    pub(super) fn required(&self, circumstances: &Circumstances, day: Date) -> Vec<&Requirement> {
        let holds = |line: &&Requirement| {
            Dated { from: line.from, to: line.to }.holds(day) && line.when.fits(circumstances)
        };
        self.requirement.iter().filter(holds).collect()
    }
}

impl Requirement {
    /// Whether a paper of `kind` serves.
    pub fn takes(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind) || self.any_of.iter().any(|one| one == kind)
    }
}

impl When {
    fn fits(&self, is: &Circumstances) -> bool {
        let asked = [
            (self.two_parties, is.two_parties),
            (self.injury, is.injury),
            (self.serious_injury, is.serious_injury),
            (self.death, is.death),
            (self.other_property, is.other_property),
            (self.theft, is.theft),
            (self.total_loss, is.total_loss),
            (self.weather, is.weather),
            (self.workshop_estimate, is.workshop_estimate),
        ];
        let severity = self.severity.as_ref().is_none_or(|severities| severities.contains(&is.severity));
        severity && asked.into_iter().all(|(asked, is)| asked.is_none_or(|asked| asked == is))
    }
}
