//! Messages to addresses of other systems.

use journal::BoxFuture;
use lexicon::Moment;

/// A message ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookCall {
    /// Where it goes.
    pub url: String,
    /// What stands in its head.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookAnswer {
    /// The status.
    pub status: u16,
    /// When it wants to be asked again.
    pub retry_after: Option<RetryAfter>,
    /// How the body begins.
    pub text: String,
}

/// When a receiver wants to be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so many seconds.
    Seconds(i64),
    /// Not before.
    At(Moment),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// The address leads where messages may not go.
    #[error("address leads inside")]
    Inside,
    /// Nobody is there, or not under that name, or not who they say they are.
    #[error("receiver cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("receiver took too long")]
    Timeout,
    /// The connection broke before the answer was there.
    #[error("connection broke")]
    Cut,
}

impl HookError {
    /// Every reason.
    pub const ALL: [HookError; 4] =
        [HookError::Inside, HookError::Unreachable, HookError::Timeout, HookError::Cut];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            HookError::Inside => "inside",
            HookError::Unreachable => "unreachable",
            HookError::Timeout => "timeout",
            HookError::Cut => "cut",
        }
    }
}

/// Takes messages to other systems.
pub trait Hooks: Send + Sync {
    /// Hands `call` over once, and follows no redirection. Body and time of the answer are bounded.
    fn post(&self, call: HookCall) -> BoxFuture<'_, Result<HookAnswer, HookError>>;
}
