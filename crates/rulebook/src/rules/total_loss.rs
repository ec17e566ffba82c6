//! A total loss needs an offer and a signature.

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.total-loss`
pub const RULE: Rule = Rule::new("adjudication.total-loss", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    facts.total_loss.then(|| Said::new(Verdict::Refer { team: Team::Approval }))
}
