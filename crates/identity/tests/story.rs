//! An account told as tables: what is asked in turn, and what comes of each.

use std::collections::BTreeSet;

use identity::{Account, Command, Purpose, Refusal, Role};
use journal::{Decider, Event as _};
use lexicon::{KeyedHash, Moment, Private};

#[test]
fn an_account_is_opened_once_and_closed_for_ever() {
    check(
        "
        second | asked                    | happens
        0      | signin                   | identity.refused.not-opened
        0      | close                    | identity.refused.not-opened
        0      | open a                   | identity.refused.no-role
        0      | open a assessor          | AccountOpened
        0      | open a assessor          | -
        0      | open b assessor          | identity.refused.already-open
        0      | roles assessor approver  | RolesChanged
        0      | roles approver assessor  | -
        0      | close                    | AccountClosed
        0      | close                    | -
        0      | open a assessor          | identity.refused.closed
        0      | signin                   | identity.refused.closed
        0      | use link-1               | identity.refused.closed
        ",
    );
}

#[test]
fn roles_that_watch_each_other_are_never_in_one_hand() {
    check(
        "
        second | asked                       | happens
        0      | open a auditor approver     | identity.refused.roles-conflict
        0      | open a assessor             | AccountOpened
        0      | roles                       | identity.refused.no-role
        0      | roles administrator manager | identity.refused.roles-conflict
        0      | roles customer assessor     | identity.refused.roles-conflict
        0      | roles client administrator  | identity.refused.roles-conflict
        0      | roles manager senior-approver surveyor | RolesChanged
        0      | roles administrator         | RolesChanged
        ",
    );
}

#[test]
fn a_link_opens_once_and_before_its_end() {
    check(
        "
        second | asked                        | happens
        0      | open a customer              | AccountOpened
        0      | invite link-1 sign-in 600    | InvitationIssued
        0      | invite link-1 sign-in 600    | -
        0      | use link-2                   | identity.refused.no-such-invitation
        599    | use link-1                   | InvitationUsed
        599    | use link-1                   | identity.refused.invitation-used
        700    | use link-1                   | identity.refused.invitation-used
        700    | invite link-2 sign-in 1300   | InvitationIssued
        700    | invite link-3 sign-in 1300   | InvitationIssued
        700    | use link-2                   | identity.refused.no-such-invitation
        1300   | use link-3                   | identity.refused.invitation-expired
        1300   | invite link-4 set-password 2000 | InvitationIssued
        1300   | use link-4                   | identity.refused.password-missing
        1300   | use link-4 with-password     | InvitationUsed PasswordSet
        1300   | use link-4 with-password     | identity.refused.invitation-used
        ",
    );
}

#[test]
fn guessing_gets_slower_and_the_owner_ends_it() {
    check(
        "
        second | asked    | happens
        0      | open a assessor | AccountOpened
        0      | signin   | -
        0      | fail     | SignInFailed
        1      | fail     | SignInFailed
        2      | fail     | SignInFailed
        3      | signin   | SignedIn
        3      | signin   | -
        4      | fail     | SignInFailed
        4      | fail     | SignInFailed
        4      | fail     | SignInFailed
        4      | fail     | SignInFailed
        4      | fail     | SignInFailed AccountLocked
        5      | fail     | identity.refused.locked 59
        63     | signin   | identity.refused.locked 1
        64     | fail     | SignInFailed AccountLocked
        64     | signin   | identity.refused.locked 300
        364    | fail     | SignInFailed AccountLocked
        364    | signin   | identity.refused.locked 900
        1264   | fail     | SignInFailed AccountLocked
        1264   | signin   | identity.refused.locked 3600
        4864   | fail     | SignInFailed AccountLocked
        4864   | signin   | identity.refused.locked 3600
        8464   | signin   | SignedIn
        8464   | fail     | SignInFailed
        ",
    );
}

#[test]
fn a_link_or_a_new_password_ends_a_lock() {
    let locked = "
        second | asked    | happens
        0      | open a assessor | AccountOpened
        0      | fail     | SignInFailed
        0      | fail     | SignInFailed
        0      | fail     | SignInFailed
        0      | fail     | SignInFailed
        0      | fail     | SignInFailed AccountLocked
        0      | signin   | identity.refused.locked 60
        ";
    for ending in [
        "
        0 | invite link-1 sign-in 9 | InvitationIssued
        0 | use link-1              | InvitationUsed SignedIn
        0 | signin                  | -",
        "
        0 | invite link-1 set-password 9 | InvitationIssued
        0 | use link-1 with-password     | InvitationUsed PasswordSet
        0 | signin                       | -",
        "
        0 | password | PasswordSet
        0 | signin   | -",
    ] {
        check(&format!("{locked}{ending}"));
    }
}

#[test]
fn a_token_is_heard_until_its_end_or_its_revocation() {
    let account = check(
        "
        second | asked              | happens
        0      | open a client      | AccountOpened
        0      | token t-1 100      | TokenIssued
        0      | token t-1 100      | -
        0      | token t-2 100      | TokenIssued
        0      | revoke t-2         | TokenRevoked
        0      | revoke t-2         | identity.refused.no-such-token
        ",
    );
    let heard = |token: &str, second| account.open().unwrap().token(token, moment(second)).is_some();
    assert!(heard("t-1", 99));
    assert!(!heard("t-1", 100), "at its end");
    assert!(!heard("t-2", 0), "revoked");
}

#[test]
fn a_role_is_read_back_from_its_word() {
    for role in Role::ALL {
        assert_eq!(Role::from_word(role.word()), Some(role));
        assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.word()));
    }
    assert_eq!(Role::from_word("root"), None);
}

/// The only place here that knows how an account is called. `-` is no event; the number behind a lock is the seconds it still lasts.
#[track_caller]
fn check(table: &str) -> Account {
    let mut account = Account::default();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        let [second, asked, expected] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("second | asked | happens: {line}")
        };
        let second = second.parse().unwrap();
        let words: Vec<&str> = asked.split_whitespace().collect();
        let happened = match Account::decide(&account, command(&words, moment(second))) {
            Ok(events) => {
                for event in &events {
                    let after = Account::evolve(account.clone(), event);
                    assert_ne!(after, account, "{} changes nothing", event.name());
                    account = after;
                }
                let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
                if names.is_empty() { "-".to_owned() } else { names.join(" ") }
            }
            Err(Refusal::Locked { until }) => {
                format!("identity.refused.locked {}", until.seconds_since(moment(second)))
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(happened, expected, "second {second}: {asked}");
    }
    account
}

fn command(words: &[&str], at: Moment) -> Command {
    let until = |second: &str| moment(second.parse().unwrap());
    match *words {
        ["open", login, ref roles @ ..] => Command::Open {
            login: KeyedHash::from_text(login),
            name: sealed(),
            phone: None,
            roles: read(roles),
            subject: "person-1".parse().unwrap(),
        },
        ["roles", ref roles @ ..] => Command::ChangeRoles { roles: read(roles) },
        ["invite", link, purpose, end] => Command::Invite {
            token_hash: link.to_owned(),
            expires_at: until(end),
            purpose: [Purpose::SetPassword, Purpose::SignIn]
                .into_iter()
                .find(|known| known.word() == purpose)
                .unwrap(),
        },
        ["use", link, ref password @ ..] => Command::UseInvitation {
            token_hash: link.to_owned(),
            at,
            password: password.first().map(|_| sealed()),
        },
        ["password"] => Command::SetPassword { hash: sealed() },
        ["signin"] => Command::SignIn { at },
        ["fail"] => Command::FailSignIn { at },
        ["token", token, end] => Command::IssueToken {
            token_hash: token.to_owned(),
            label: "interface".to_owned(),
            expires_at: until(end),
            scopes: None,
        },
        ["revoke", token] => Command::RevokeToken { token_hash: token.to_owned() },
        ["close"] => Command::Close,
        ref other => panic!("unknown command {other:?}"),
    }
}

fn read(roles: &[&str]) -> BTreeSet<Role> {
    roles.iter().map(|word| Role::from_word(word).unwrap()).collect()
}

fn sealed() -> Private<String> {
    serde_json::from_str(r#"{"subject":"person-1","sealed":"v1.c2VhbGVk"}"#).unwrap()
}

fn moment(second: i64) -> Moment {
    "2026-05-02T06:30:00Z".parse::<Moment>().unwrap().plus_seconds(second)
}
