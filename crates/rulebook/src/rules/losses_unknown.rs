//! With more than two vehicles limits are shared, so no part is certain until every loss is known.

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.losses-unknown`
pub const RULE: Rule = Rule::new("adjudication.losses-unknown", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    (facts.losses_unknown && facts.vehicles > 2).then(|| Said::new(Verdict::Refer { team: Team::Approval }))
}
