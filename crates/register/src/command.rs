//! What may be asked of a policy.

use lexicon::{Moment, PolicyId};

use crate::Content;

/// What may be asked of a policy.
#[derive(Clone, Debug)]
pub enum Command {
    /// Enter it.
    Register {
        /// Its number.
        policy: PolicyId,
        /// What it says.
        content: Content,
    },
    /// Change what it says from `effective_at` on.
    Amend {
        /// From when on.
        effective_at: Moment,
        /// What it says then.
        content: Content,
    },
    /// End it at `effective_at`.
    Cancel {
        /// First instant without cover.
        effective_at: Moment,
    },
}
