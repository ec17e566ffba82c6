//! The rules of automatic adjudication, one file each.

use std::borrow::Cow;

use lexicon::Moment;

use crate::{Because, Facts, Tables, Verdict};

pub mod fault_not_settled;
pub mod hurt_or_property;
pub mod losses_unknown;
pub mod nothing_owed;
pub mod papers_missing;
pub mod person_asked;
pub mod policy_doubtful;
pub mod small_claim;
pub mod total_loss;
pub mod warnings;

/// A rule: it speaks, or has nothing to say.
#[derive(Debug)]
pub struct Rule {
    /// Its code; also the key of its sentence. Never renamed once released.
    pub code: &'static str,
    /// Its version.
    pub version: &'static str,
    /// In force from here on (microseconds), for decisions made since.
    pub since: Moment,
    /// In force before here; `None` while it has no successor.
    pub until: Option<Moment>,
    /// What it says of `facts`.
    pub speak: fn(&Facts, &Tables) -> Option<Said>,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it asks for.
    pub verdict: Verdict,
    /// Values for its sentence.
    pub values: Vec<(Cow<'static, str>, String)>,
}

/// 2020-09-19 in Shanghai: the day of the reform that this rule set begins with.
const REFORM: Moment = Moment::from_micros(1_600_444_800_000_000);

/// Every rule.
pub const RULES: &[Rule] = &[
    policy_doubtful::RULE,
    hurt_or_property::RULE,
    fault_not_settled::RULE,
    losses_unknown::RULE,
    total_loss::RULE,
    warnings::RULE,
    person_asked::RULE,
    nothing_owed::RULE,
    papers_missing::RULE,
    small_claim::RULE,
];

impl Rule {
    /// A rule in force since the reform.
    pub(crate) const fn new(
        code: &'static str,
        version: &'static str,
        speak: fn(&Facts, &Tables) -> Option<Said>,
    ) -> Rule {
        Rule { code, version, since: REFORM, until: None, speak }
    }

    /// Whether it speaks at `now`.
    pub fn in_force(&self, now: Moment) -> bool {
        self.since <= now && self.until.is_none_or(|until| now < until)
    }

    /// Its entry in a ruling.
    pub(crate) fn because(&self, values: Vec<(Cow<'static, str>, String)>) -> Because {
        Because { rule: self.code.into(), version: self.version.into(), values }
    }
}

impl Said {
    pub(crate) fn new(verdict: Verdict) -> Said {
        Said { verdict, values: vec![] }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Said {
        self.values.push((name.into(), value.to_string()));
        self
    }
}
