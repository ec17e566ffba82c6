//! What may be asked of an account.

use std::collections::BTreeSet;

use lexicon::{KeyedHash, Moment, Phone, Private, SubjectId};

use crate::{Purpose, Role, Scope};

/// A command to one account. Asking for what is already so makes no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens the account.
    Open {
        /// What its owner signs in with, as a keyed hash.
        login: KeyedHash,
        /// Name of the owner.
        name: Private<String>,
        /// Telephone number of the owner.
        phone: Option<Private<Phone>>,
        /// What it may act as.
        roles: BTreeSet<Role>,
        /// Whose personal text this is.
        subject: SubjectId,
    },
    /// Makes a one-time link.
    Invite {
        /// SHA-256 of the token in the link, hexadecimal.
        token_hash: String,
        /// From when on it no longer opens.
        expires_at: Moment,
        /// What it is for.
        purpose: Purpose,
    },
    /// Uses a one-time link.
    UseInvitation {
        /// SHA-256 of the token in the link.
        token_hash: String,
        /// Now.
        at: Moment,
        /// The hash of the new password, sealed; needed when the link is for setting one.
        password: Option<Private<String>>,
    },
    /// Sets another password, asked by its owner.
    SetPassword {
        /// The hash of the new password, sealed.
        hash: Private<String>,
    },
    /// Replaces its roles.
    ChangeRoles {
        /// The roles from now on.
        roles: BTreeSet<Role>,
    },
    /// The password fits.
    SignIn {
        /// Now.
        at: Moment,
    },
    /// The password does not fit.
    FailSignIn {
        /// Now.
        at: Moment,
    },
    /// Makes a token for a program.
    IssueToken {
        /// SHA-256 of the token, hexadecimal.
        token_hash: String,
        /// What it is for, in words that name no person.
        label: String,
        /// From when on it is no longer heard.
        expires_at: Moment,
        /// To what it is narrowed; everything that the account may where nothing is said.
        scopes: Option<BTreeSet<Scope>>,
    },
    /// Revokes a token.
    RevokeToken {
        /// SHA-256 of the token.
        token_hash: String,
    },
    /// Closes the account for ever.
    Close,
}
