//! Nobody pays on a share of fault that only one side states.

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.fault-not-settled`
pub const RULE: Rule = Rule::new("adjudication.fault-not-settled", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    let settled = facts.fault.is_some_and(|(_, source)| source.is_settled());
    (!settled).then(|| Said::new(Verdict::Refer { team: Team::Approval }))
}
