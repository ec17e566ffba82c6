//! Small clear claims are paid without a person (保险小额理赔服务指引(试行): vehicle damage only, at most 5,000 yuan).

use lexicon::Severity;

use super::{Rule, Said};
use crate::{AmountSource, Facts, Tables, Team, Verdict};

/// `adjudication.small-claim`
pub const RULE: Rule = Rule::new("adjudication.small-claim", "1", speak);

fn speak(facts: &Facts, tables: &Tables) -> Option<Said> {
    let limit = tables.small_claim_limit(facts.now)?;
    let total = facts.owed?;
    let priced = facts.amount_source == Some(AmountSource::PriceTable) && facts.lines_have_photos;
    let small = total <= limit && facts.severity == Some(Severity::Minor);
    let verdict = if priced && small { Verdict::Approve } else { Verdict::Refer { team: Team::Approval } };
    Some(Said::new(verdict).with("limit", limit).with("amount", total))
}
