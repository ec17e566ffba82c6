//! Whoever asks for a person gets one (PIPL art. 24).

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.person-asked`
pub const RULE: Rule = Rule::new("adjudication.person-asked", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    (facts.person_asked || facts.reopened).then(|| Said::new(Verdict::Refer { team: Team::Approval }))
}
