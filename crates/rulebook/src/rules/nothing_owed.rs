//! An automatic 0.00 on something claimed would be a refusal, and only people refuse.

use lexicon::Money;

use super::{Rule, Said};
use crate::{Facts, Tables, Team, Verdict};

/// `adjudication.nothing-owed`
pub const RULE: Rule = Rule::new("adjudication.nothing-owed", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    let something = facts.owed.is_some_and(|owed| owed > Money::ZERO);
    (!something).then(|| Said::new(Verdict::Refer { team: Team::Approval }))
}
