//! How grave an accident is.

use serde::{Deserialize, Serialize};

/// The grade of an accident (事故等级); it chooses flow, papers, clocks and authority. Ordered from light to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 轻微
    Minor,
    /// 一般
    General,
    /// 重大
    Major,
}

impl Severity {
    /// The word used in data, addresses and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::General => "general",
            Severity::Major => "major",
        }
    }
}
