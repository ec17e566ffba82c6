//! Injuries and property beside the vehicles go to people: 保险小额理赔服务指引(试行) covers vehicle damage only.

use super::{Rule, Said};
use crate::{Facts, Injury, Tables, Team, Verdict};

/// `adjudication.hurt-or-property`
pub const RULE: Rule = Rule::new("adjudication.hurt-or-property", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    match (facts.injury, facts.other_property) {
        (Injury::None, false) => None,
        (Injury::None, true) => Some(Said::new(Verdict::Refer { team: Team::Approval })),
        _ => Some(Said::new(Verdict::Refer { team: Team::Injury })),
    }
}
