//! Signed-in sessions, kept on the server; not part of the journal.

use journal::{BoxFuture, Unavailable};
use lexicon::{AccountId, Moment};

/// A session. Its token is kept as a hash only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// Whose.
    pub account: AccountId,
    /// Secret that forms carry against forgery.
    pub form_secret: String,
    /// When it began.
    pub began_at: Moment,
    /// When it ends at the latest.
    pub ends_at: Moment,
    /// When it was last used, to within a minute.
    pub used_at: Moment,
}

/// Keeps sessions.
pub trait Sessions: Send + Sync {
    /// Keeps `session`, in place of one with the same token.
    fn keep(&self, session: Session) -> BoxFuture<'_, Result<(), Unavailable>>;

    /// The session with that token hash, ended ones included.
    fn find<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<Option<Session>, Unavailable>>;

    /// Ends one.
    fn end<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<(), Unavailable>>;

    /// Ends all of an account.
    fn end_all<'a>(&'a self, account: &'a AccountId) -> BoxFuture<'a, Result<(), Unavailable>>;

    /// Forgets those that ended before `moment`.
    fn sweep(&self, moment: Moment) -> BoxFuture<'_, Result<(), Unavailable>>;
}
