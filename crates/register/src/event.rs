//! What can happen to a policy.

use lexicon::{Moment, PolicyId};
use serde::{Deserialize, Serialize};

use crate::Content;

journal::events! { "policy", upcast = no_older_shape;
    /// A fact about one policy. The stream is `policy-<number>`.
    pub enum Event {
        /// The policy was entered.
        PolicyRegistered = 1,
        /// What it says was changed from some time on (批改).
        PolicyAmended = 1,
        /// It ends before its time (退保).
        PolicyCancelled = 1,
    }
}

/// The policy was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRegistered {
    /// Its number.
    pub policy: PolicyId,
    /// What it says.
    pub content: Content,
}

/// What the policy says was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyAmended {
    /// From when on; accidents before stand on what it said then.
    pub effective_at: Moment,
    /// What it says from then on.
    pub content: Content,
}

/// The policy ends before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyCancelled {
    /// First instant without cover.
    pub effective_at: Moment,
}

/// Every event is in its first shape.
fn no_older_shape(_name: &str, _version: u16, _old: serde_json::Value) -> Option<serde_json::Value> {
    None
}
