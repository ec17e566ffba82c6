//! Missing papers are asked for once, as a complete list (保险法 art. 22).

use super::{Rule, Said};
use crate::{Facts, Tables, Verdict};

/// `adjudication.papers-missing`
pub const RULE: Rule = Rule::new("adjudication.papers-missing", "1", speak);

fn speak(facts: &Facts, _: &Tables) -> Option<Said> {
    let papers = facts.papers_missing.clone();
    (!papers.is_empty()).then(|| Said::new(Verdict::Ask { papers }).with("count", facts.papers_missing.len()))
}
