//! Why an account declines.

use lexicon::Moment;

use crate::Role;

/// Why a command was declined. When several apply, the first listed here is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such account.
    #[error("{}", self.word())]
    NotOpened,
    /// The account was closed.
    #[error("{}", self.word())]
    Closed,
    /// The account is open already, for another login.
    #[error("{}", self.word())]
    AlreadyOpen,
    /// An account needs a role.
    #[error("{}", self.word())]
    NoRole,
    /// A role that stands alone is asked for together with others.
    #[error("{}", self.word())]
    RolesConflict {
        /// The role that stands alone.
        role: Role,
    },
    /// Too many attempts have failed.
    #[error("{}", self.word())]
    Locked {
        /// When the next attempt is heard.
        until: Moment,
    },
    /// There is no such link, or a newer one has taken its place.
    #[error("{}", self.word())]
    NoSuchInvitation,
    /// The link was used before.
    #[error("{}", self.word())]
    InvitationUsed,
    /// The link has ended.
    #[error("{}", self.word())]
    InvitationExpired,
    /// The link is for setting a password and none came with it.
    #[error("{}", self.word())]
    PasswordMissing,
    /// There is no such token, or it was revoked.
    #[error("{}", self.word())]
    NoSuchToken,
    /// A token that is narrowed to nothing.
    #[error("{}", self.word())]
    NoScope,
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(&self) -> &'static str {
        match self {
            Refusal::NotOpened => "identity.refused.not-opened",
            Refusal::Closed => "identity.refused.closed",
            Refusal::AlreadyOpen => "identity.refused.already-open",
            Refusal::NoRole => "identity.refused.no-role",
            Refusal::RolesConflict { .. } => "identity.refused.roles-conflict",
            Refusal::Locked { .. } => "identity.refused.locked",
            Refusal::NoSuchInvitation => "identity.refused.no-such-invitation",
            Refusal::InvitationUsed => "identity.refused.invitation-used",
            Refusal::InvitationExpired => "identity.refused.invitation-expired",
            Refusal::PasswordMissing => "identity.refused.password-missing",
            Refusal::NoSuchToken => "identity.refused.no-such-token",
            Refusal::NoScope => "identity.refused.no-scope",
        }
    }
}
