//! What the process tells operators of itself. Whoever wires the product fills this in; the page only draws it.

use journal::BoxFuture;
use lexicon::Moment;

/// Says how the process is doing.
pub trait Inside: Send + Sync {
    /// How it is doing now.
    fn look(&self) -> BoxFuture<'_, State>;
}

/// How a process is doing: counts, codes and names of settings. Nothing personal, no secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Its version.
    pub version: String,
    /// When it started.
    pub began: Option<Moment>,
    /// What waits, and what is used up.
    pub gauges: Vec<Gauge>,
    /// Who follows the journal.
    pub followers: Vec<Follower>,
    /// The last position of the journal.
    pub head: u64,
    /// Work that one process at a time does.
    pub turns: Vec<Turn>,
    /// What went wrong last, the gravest first.
    pub faults: Vec<Fault>,
    /// What is set.
    pub settings: Vec<Setting>,
}

/// How grave something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    #[default]
    Well,
    /// Somebody should look.
    Look,
    /// Somebody must act.
    Act,
}

/// A figure with its limit, if it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Its code.
    pub code: &'static str,
    /// How much.
    pub value: Value,
    /// Of how much.
    pub most: Option<Value>,
    /// How grave that is.
    pub grade: Grade,
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Count(u64),
    /// So much room.
    Bytes(u64),
    /// So long.
    Seconds(u64),
}

/// A follower of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// Its name, as in the figures.
    pub name: String,
    /// Entries that it has not heard.
    pub lag: u64,
    /// How grave that is.
    pub grade: Grade,
}

/// Work that one process at a time does, and whether it is this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Name of its lease.
    pub name: String,
    /// Since when this process has it; `None` while another one does, or nobody.
    pub since: Option<Moment>,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Who must act, by word: `refusal`, `conflict`, `unavailable`, `bug`.
    pub kind: &'static str,
    /// When it happened last.
    pub at: Moment,
    /// Its code, or the line of the log.
    pub code: String,
    /// The template of the address, or the part of the product.
    pub place: String,
    /// How often.
    pub times: u64,
}

/// A setting with its value, masked where it is a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value; `None` where it is not set.
    pub value: Option<String>,
}

/// Nobody watches: for pages without a process of their own around them, as in tests.
pub(crate) struct Unwatched;

impl Inside for Unwatched {
    fn look(&self) -> BoxFuture<'_, State> {
        Box::pin(async { State::default() })
    }
}
