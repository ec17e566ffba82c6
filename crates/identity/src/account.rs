//! What is true of an account.

use std::collections::{BTreeMap, BTreeSet};

use lexicon::{KeyedHash, Moment, Phone, Private, SubjectId};

use crate::{Event, Purpose, Role, Scope};

/// One account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Account {
    /// Nobody has opened it.
    #[default]
    Unopened,
    /// It can be used.
    Open(Profile),
    /// It was closed for ever; its name stays for those who read old files.
    Closed(Profile),
}

/// What an account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
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
    /// Hash of its password, when one was set.
    pub password: Option<Private<String>>,
    /// How many attempts to sign in have failed in a row.
    pub failures: u32,
    /// Until when no attempt is heard.
    pub locked_until: Option<Moment>,
    /// The latest one-time link of each purpose.
    pub invitations: BTreeMap<Purpose, Invitation>,
    /// Tokens that were not revoked, by their hash.
    pub tokens: BTreeMap<String, Token>,
}

/// A one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of its token.
    pub token_hash: String,
    /// From when on it no longer opens.
    pub expires_at: Moment,
    /// Whether it was used.
    pub used: bool,
}

/// A token for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub label: String,
    /// From when on it is no longer heard.
    pub expires_at: Moment,
    /// To what it is narrowed, if it is.
    pub scopes: Option<BTreeSet<Scope>>,
}

impl Account {
    /// What it holds while it can be used.
    pub fn open(&self) -> Option<&Profile> {
        match self {
            Account::Open(profile) => Some(profile),
            Account::Unopened | Account::Closed(_) => None,
        }
    }

    /// What it holds or held.
    pub fn profile(&self) -> Option<&Profile> {
        match self {
            Account::Open(profile) | Account::Closed(profile) => Some(profile),
            Account::Unopened => None,
        }
    }

    /// The account after `event`.
    pub(crate) fn after(self, event: &Event) -> Account {
        match (self, event) {
            (Account::Unopened, Event::AccountOpened(opened)) => Account::Open(Profile {
                login: opened.login.clone(),
                name: opened.name.clone(),
                phone: opened.phone.clone(),
                roles: opened.roles.clone(),
                subject: opened.subject.clone(),
                password: None,
                failures: 0,
                locked_until: None,
                invitations: BTreeMap::new(),
                tokens: BTreeMap::new(),
            }),
            (Account::Open(profile), Event::AccountClosed(_)) => Account::Closed(profile),
            (Account::Open(profile), event) => Account::Open(profile.after(event)),
            (account @ (Account::Unopened | Account::Closed(_)), _) => account,
        }
    }
}

impl Profile {
    /// Until when no attempt to sign in is heard, if that is later than `at`.
    pub fn locked(&self, at: Moment) -> Option<Moment> {
        self.locked_until.filter(|until| at < *until)
    }

    /// The token with that hash, if it is heard `at`.
    pub fn token(&self, token_hash: &str, at: Moment) -> Option<&Token> {
        self.tokens.get(token_hash).filter(|token| at < token.expires_at)
    }

    /// The link with that hash, used or not, and what it is for.
    pub fn invitation(&self, token_hash: &str) -> Option<(Purpose, &Invitation)> {
        let mut known = self.invitations.iter();
        known.find(|(_, link)| link.token_hash == token_hash).map(|(purpose, link)| (*purpose, link))
    }

    fn unlocked(&mut self) {
        self.failures = 0;
        self.locked_until = None;
    }

    fn after(mut self, event: &Event) -> Profile {
        match event {
            Event::InvitationIssued(issued) => {
                let (token_hash, expires_at) = (issued.token_hash.clone(), issued.expires_at);
                self.invitations.insert(issued.purpose, Invitation { token_hash, expires_at, used: false });
            }
            Event::InvitationUsed(used) => {
                for link in self.invitations.values_mut().filter(|link| link.token_hash == used.token_hash) {
                    link.used = true;
                }
            }
            Event::PasswordSet(set) => {
                self.password = Some(set.hash.clone());
                self.unlocked();
            }
            Event::RolesChanged(changed) => self.roles = changed.roles.clone(),
            Event::SignInFailed(failed) => self.failures = failed.failures,
            Event::AccountLocked(locked) => self.locked_until = Some(locked.until),
            Event::SignedIn(_) => self.unlocked(),
            Event::TokenIssued(issued) => {
                let token = Token {
                    label: issued.label.clone(),
                    expires_at: issued.expires_at,
                    scopes: issued.scopes.clone(),
                };
                self.tokens.insert(issued.token_hash.clone(), token);
            }
            Event::TokenRevoked(revoked) => {
                self.tokens.remove(&revoked.token_hash);
            }
            Event::AccountOpened(_) | Event::AccountClosed(_) => {}
        }
        self
    }
}
