//! A warning sends the claim to investigation; the customer reads a neutral sentence.

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.closer-look`
pub const RULE: Rule = Rule::new("adjudication.closer-look", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    (!facts.warnings.is_empty()).then(|| Said::new(Verdict::Refer { team: Team::Investigation }))
}
