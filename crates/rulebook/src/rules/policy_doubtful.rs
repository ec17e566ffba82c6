//! Whether a policy was in force is a person's finding where the register does not say a plain yes.

use super::{Rule, Said};
use crate::{Facts, PolicyFact, Tables, Team, Verdict};

/// `adjudication.policy-doubtful`
pub const RULE: Rule = Rule::new("adjudication.policy-doubtful", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    match facts.policy {
        PolicyFact::InForce { .. } => None,
        PolicyFact::NotInForce | PolicyFact::NotFound => {
            Some(Said::new(Verdict::Refer { team: Team::Approval }))
        }
    }
}
