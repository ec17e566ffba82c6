//! What a command makes true.

use std::collections::BTreeSet;

use journal::Decider;
use lexicon::{Moment, Private};

use crate::{
    Account, AccountClosed, AccountLocked, AccountOpened, Command, Event, InvitationIssued, InvitationUsed,
    PasswordSet, Profile, Purpose, Refusal, Role, RolesChanged, SignInFailed, SignedIn, TokenIssued,
    TokenRevoked, lock_seconds,
};

impl Decider for Account {
    type State = Account;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(account: &Account, command: Command) -> Result<Vec<Event>, Refusal> {
        let asked = match (account, command) {
            (Account::Unopened, Command::Open { login, name, phone, roles, subject }) => {
                fit_together(&roles)?;
                return Ok(vec![AccountOpened { login, name, phone, roles, subject }.into()]);
            }
            (Account::Unopened, _) => return Err(Refusal::NotOpened),
            (Account::Closed(_), Command::Close) => return Ok(Vec::new()),
            (Account::Closed(_), _) => return Err(Refusal::Closed),
            (Account::Open(profile), command) => (profile, command),
        };
        match asked {
            (profile, Command::Open { login, .. }) if login == profile.login => Ok(Vec::new()),
            (_, Command::Open { .. }) => Err(Refusal::AlreadyOpen),
            (profile, Command::Invite { token_hash, expires_at, purpose }) => {
                let known = profile.invitation(&token_hash).is_some();
                Ok(unless(known, InvitationIssued { token_hash, expires_at, purpose }))
            }
            (profile, Command::UseInvitation { token_hash, at, password }) => {
                use_invitation(profile, token_hash, at, password)
            }
            (_, Command::SetPassword { hash }) => Ok(vec![PasswordSet { hash }.into()]),
            (profile, Command::ChangeRoles { roles }) => {
                fit_together(&roles)?;
                Ok(unless(roles == profile.roles, RolesChanged { roles }))
            }
            (profile, Command::SignIn { at }) => {
                heard(profile, at)?;
                Ok(unless(profile.failures == 0, SignedIn {}))
            }
            (profile, Command::FailSignIn { at }) => {
                heard(profile, at)?;
                Ok(fail_sign_in(profile, at))
            }
            (profile, Command::IssueToken { token_hash, label, expires_at, scopes }) => {
                if scopes.as_ref().is_some_and(BTreeSet::is_empty) {
                    return Err(Refusal::NoScope);
                }
                let known = profile.tokens.contains_key(&token_hash);
                Ok(unless(known, TokenIssued { token_hash, label, expires_at, scopes }))
            }
            (profile, Command::RevokeToken { token_hash }) => {
                match profile.tokens.contains_key(&token_hash) {
                    true => Ok(vec![TokenRevoked { token_hash }.into()]),
                    false => Err(Refusal::NoSuchToken),
                }
            }
            (_, Command::Close) => Ok(vec![AccountClosed {}.into()]),
        }
    }

    fn evolve(account: Account, event: &Event) -> Account {
        account.after(event)
    }
}

/// A link is too long to be guessed, so that a locked account can be opened by one.
fn use_invitation(
    profile: &Profile,
    token_hash: String,
    at: Moment,
    password: Option<Private<String>>,
) -> Result<Vec<Event>, Refusal> {
    let (purpose, link) = profile.invitation(&token_hash).ok_or(Refusal::NoSuchInvitation)?;
    if link.used {
        return Err(Refusal::InvitationUsed);
    }
    if at >= link.expires_at {
        return Err(Refusal::InvitationExpired);
    }
    let mut events = vec![InvitationUsed { token_hash }.into()];
    match (purpose, password) {
        (Purpose::SetPassword, Some(hash)) => events.push(PasswordSet { hash }.into()),
        (Purpose::SetPassword, None) => return Err(Refusal::PasswordMissing),
        (Purpose::SignIn, _) => events.extend(unless(profile.failures == 0, SignedIn {})),
    }
    Ok(events)
}

fn fail_sign_in(profile: &Profile, at: Moment) -> Vec<Event> {
    let failures = profile.failures.saturating_add(1);
    let mut events = vec![SignInFailed { failures }.into()];
    if let Some(seconds) = lock_seconds(failures, at) {
        events.push(AccountLocked { until: at.plus_seconds(seconds) }.into());
    }
    events
}

fn heard(profile: &Profile, at: Moment) -> Result<(), Refusal> {
    profile.locked(at).map_or(Ok(()), |until| Err(Refusal::Locked { until }))
}

fn fit_together(roles: &BTreeSet<Role>) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(Refusal::NoRole);
    }
    match roles.iter().find(|role| role.stands_alone()) {
        Some(role) if roles.len() > 1 => Err(Refusal::RolesConflict { role: *role }),
        _ => Ok(()),
    }
}

fn unless(already: bool, event: impl Into<Event>) -> Vec<Event> {
    if already { Vec::new() } else { vec![event.into()] }
}
