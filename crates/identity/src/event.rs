//! What can happen to an account.

use std::collections::BTreeSet;

use lexicon::{KeyedHash, Moment, Phone, Private, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{Role, Scope};

journal::events! { "account", upcast = upcast;
    /// A fact about one account. The stream is `account-<id>`.
    pub enum Event {
        /// The account was opened.
        AccountOpened = 1,
        /// A one-time link was made.
        InvitationIssued = 1,
        /// A one-time link was used.
        InvitationUsed = 1,
        /// A password was set, the first or another.
        PasswordSet = 1,
        /// Its roles were replaced.
        RolesChanged = 1,
        /// Somebody tried to sign in and failed.
        SignInFailed = 1,
        /// Too many failed in a row.
        AccountLocked = 1,
        /// Its owner signed in after failures. Other sign-ins are no event: the session is enough.
        SignedIn = 1,
        /// A token for a program was made.
        TokenIssued = 2,
        /// A token was revoked.
        TokenRevoked = 1,
        /// The account was closed for ever.
        AccountClosed = 1,
    }
}

/// The account was opened. It has no password yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOpened {
    /// What its owner signs in with, as a keyed hash.
    pub login: KeyedHash,
    /// Name of the owner.
    pub name: Private<String>,
    /// Telephone number of the owner.
    pub phone: Option<Private<Phone>>,
    /// What it may act as.
    pub roles: BTreeSet<Role>,
    /// Whose personal text this is.
    pub subject: SubjectId,
}

/// A one-time link was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationIssued {
    /// SHA-256 of the token in the link, hexadecimal.
    pub token_hash: String,
    /// From when on it no longer opens.
    pub expires_at: Moment,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To set a password.
    SetPassword,
    /// To sign in once without one.
    SignIn,
}

/// A one-time link was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationUsed {
    /// SHA-256 of its token.
    pub token_hash: String,
}

/// A password was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordSet {
    /// Its salted hash in PHC text form, sealed so that a copy of the journal is no list to guess from.
    pub hash: Private<String>,
}

/// Its roles were replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesChanged {
    /// The roles from now on.
    pub roles: BTreeSet<Role>,
}

/// Somebody tried to sign in and failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInFailed {
    /// How many have failed in a row.
    pub failures: u32,
}

/// Too many failed in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountLocked {
    /// When the next attempt is heard.
    pub until: Moment,
}

/// Its owner signed in after failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedIn {}

/// A token for a program was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenIssued {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// What it is for, in words that name no person.
    pub label: String,
    /// From when on it is no longer heard.
    pub expires_at: Moment,
    /// To what it is narrowed; everything that the account may where nothing is said.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// A token was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRevoked {
    /// SHA-256 of the token.
    pub token_hash: String,
}

/// The account was closed for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountClosed {}

impl Purpose {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::SetPassword => "set-password",
            Purpose::SignIn => "sign-in",
        }
    }
}

fn upcast(name: &str, version: u16, mut old: serde_json::Value) -> Option<serde_json::Value> {
    match (name, version) {
        // Tokens were not narrowed.
        ("TokenIssued", 1) => {
            old.as_object_mut()?.insert("scopes".to_owned(), serde_json::Value::Null);
            Some(old)
        }
        _ => None,
    }
}
