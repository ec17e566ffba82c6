//! Who may come in, and for what.

use futures::stream::BoxStream;
use journal::{BoxFuture, Unavailable};
use lexicon::{AccountId, ClaimId, Moment};

use crate::Problem;

/// What an address is for. Every row of the route table names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open to everybody, signed in or not.
    Open,
    /// See a claim that is one's own, or that one handles.
    SeeClaim,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Their account.
    pub account: AccountId,
    /// The name shown to themselves.
    pub name: String,
    /// What their forms carry against forgery.
    pub form_secret: String,
}

/// What the web asks before a handler runs.
pub trait Gate: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;

    /// Unguessable text, safe in cookies and addresses.
    fn token(&self) -> String;

    /// Whose session the cookie's `token` is, if it still runs.
    fn signed<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Unavailable>>;

    /// Whether `who` may use addresses for `action`. Which claim it is about is asked again where the claim is known.
    fn may(&self, who: Option<&Signed>, action: Action) -> bool;

    /// The version of a claim each time it changes, for those who may see it.
    fn changes<'a>(
        &'a self,
        who: &'a Signed,
        claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<BoxStream<'static, u64>, Problem>>;
}
