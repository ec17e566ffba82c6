//! Whether a computed amount may be paid without a person.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::rules::RULES;
use crate::{Facts, Tables};

/// What is to happen next, and why. There is no verdict that declines: only people refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What is to happen.
    pub verdict: Verdict,
    /// Every rule that spoke, in the order of [`RULES`].
    pub because: Vec<Because>,
}

/// What is to happen. Ordered: the last one that any rule asks for wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Pay.
    Approve,
    /// Ask for papers, all at once.
    Ask {
        /// What is missing, by code.
        papers: Vec<String>,
    },
    /// Pass on to people.
    Refer {
        /// To whom.
        team: Team,
    },
}

/// A team of people. Ordered: the last one that any rule asks for gets the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Team {
    /// 客服
    ServiceDesk,
    /// 查勘
    Survey,
    /// 定损
    Assessment,
    /// 核赔
    Approval,
    /// 人伤
    Injury,
    /// 调查
    Investigation,
    /// 财务
    Payments,
    /// 管理
    Management,
}

/// One rule that spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// Code of the rule; also the key of its sentence.
    pub rule: Cow<'static, str>,
    /// Its version, or that of the table it stands in.
    pub version: Cow<'static, str>,
    /// Values for the sentence, by name; never personal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(Cow<'static, str>, String)>,
}

/// A ruling on the computed amount. Approval needs a rule that approves and none that objects; silence refers.
pub fn adjudicate(facts: &Facts, tables: &Tables) -> Ruling {
    let spoken: Vec<_> = RULES
        .iter()
        .filter(|rule| rule.in_force(facts.now))
        .filter_map(|rule| (rule.speak)(facts, tables).map(|said| (rule, said)))
        .collect();
    let verdict = spoken.iter().map(|(_, said)| said.verdict.clone()).max();
    let because = spoken.into_iter().map(|(rule, said)| rule.because(said.values)).collect();
    Ruling { verdict: verdict.unwrap_or(Verdict::Refer { team: Team::Approval }), because }
}

impl Team {
    /// All teams.
    pub const ALL: [Team; 8] = [
        Team::ServiceDesk,
        Team::Survey,
        Team::Assessment,
        Team::Approval,
        Team::Injury,
        Team::Investigation,
        Team::Payments,
        Team::Management,
    ];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Team::ServiceDesk => "service-desk",
            Team::Survey => "survey",
            Team::Assessment => "assessment",
            Team::Approval => "approval",
            Team::Injury => "injury",
            Team::Investigation => "investigation",
            Team::Payments => "payments",
            Team::Management => "management",
        }
    }
}
