//! Accounts, sign-in, one-time links, tokens, sessions.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::{Account, Command, Purpose};
use insight::view::{Query, Value};
use insight::{ACCOUNTS, AccountRow, CREDENTIALS, CredentialRow};
use journal::ActorKind;
use lexicon::{AccountId, Moment, Phone, Private, Reason, SubjectId};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::failure::{Failure, Refused};
use crate::ports::Session;
use crate::principal::{Principal, Request, Role};
use crate::streams::{Loaded, Outcome, Unit};

/// An idle session ends after this.
const IDLE_SECONDS: i64 = 8 * 3600;
/// A session ends after this at the latest.
const SESSION_SECONDS: i64 = 24 * 3600;
/// Uses are noted at most this often: a session is no event log.
const USE_SECONDS: i64 = 60;
/// The first link of a customer whom staff admit opens for a day.
const FIRST_LINK_SECONDS: i64 = 24 * 3600;
/// A password has at least so many characters.
const PASSWORD_MIN: usize = 10;
/// And at most so many, so that hashing it stays cheap.
const PASSWORD_MAX: usize = 200;

/// Somebody to open an account for.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What they sign in with: a login name or a phone number.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their phone.
    pub phone: Option<Phone>,
    /// What the account may act as.
    pub roles: BTreeSet<Role>,
}

/// A session that has just begun. The token is shown to the client once.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The token.
    pub token: String,
    /// Who.
    pub principal: Principal,
}

/// A session in use.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who.
    pub principal: Principal,
    /// The secret that forms carry against forgery.
    pub form_secret: String,
    /// Their name, for showing.
    pub name: String,
}

impl App {
    /// Opens an account; it has no password yet.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn open_account(&self, request: &Request, new: &NewAccount) -> Result<AccountId, Failure> {
        let (id, command) = self.opening(new).await?;
        self.account_command(request, &id, command).await?;
        Ok(id)
    }

    /// The id of an account that nobody has yet, and its opening.
    async fn opening(&self, new: &NewAccount) -> Result<(AccountId, Command), Failure> {
        let login = login_of(&new.login)?;
        let hash = self.vault().keyed_hash("login", login.as_bytes());
        let query = Query::of(&ACCOUNTS, "by_login", 1).equal(hash.as_str());
        if !self.ports().views.page(query).await?.is_empty() {
            return Err(Refused::new("identity.refused.login-taken").at("login").into());
        }
        // The id tells the login's hash: two people opening one login at once meet on one stream.
        let id: AccountId = format!("u{}", &hash.as_str()[..24]).parse().map_err(|_| Failure::NotFound)?;
        let subject: SubjectId = format!("account-{id}").parse().map_err(|_| Failure::NotFound)?;
        let name = Private::seal(self.vault(), &subject, &new.name)?;
        let phone =
            new.phone.as_ref().map(|phone| Private::seal(self.vault(), &subject, phone)).transpose()?;
        let command = Command::Open { login: hash, name, phone, roles: new.roles.clone(), subject };
        Ok((id, command))
    }

    /// The customer's account of `phone`; where there is none yet it is opened in `unit`, with a link for setting its password,
    /// whose token comes back.
    pub(super) async fn customer_of(
        &self,
        unit: &mut Unit<'_>,
        name: &str,
        phone: &Phone,
    ) -> Result<(AccountId, Option<String>), Failure> {
        if let Some((id, loaded)) = self.account_by_login(phone.as_str()).await? {
            let customer = loaded.state.open().is_some_and(|profile| profile.roles.contains(&Role::Customer));
            return match customer {
                true => Ok((id, None)),
                false => Err(Failure::refused("reporter.refused.no-customer")),
            };
        }
        let new = NewAccount {
            login: phone.as_str().to_owned(),
            name: name.to_owned(),
            phone: Some(phone.clone()),
            roles: [Role::Customer].into(),
        };
        let (id, open) = self.opening(&new).await?;
        let loaded = self.streams().load::<Account>(&id).await?;
        let token = self.ports().chance.token(24);
        let expires_at = self.now().plus_seconds(FIRST_LINK_SECONDS);
        let purpose = Purpose::SetPassword;
        unit.decide(&loaded, [open, Command::Invite { token_hash: hash_of(&token), expires_at, purpose }])?;
        Ok((id, Some(token)))
    }

    /// A one-time link's token for `account`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn invite(
        &self,
        request: &Request,
        account: &AccountId,
        purpose: Purpose,
        valid_seconds: i64,
    ) -> Result<String, Failure> {
        let token = self.ports().chance.token(24);
        let expires_at = self.now().plus_seconds(valid_seconds);
        let command = Command::Invite { token_hash: hash_of(&token), expires_at, purpose };
        self.account_command(request, account, command).await?;
        Ok(token)
    }

    /// What the link of `token` is for, while it opens.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn invitation(&self, token: &str) -> Result<Purpose, Failure> {
        let (_, loaded) = self.account_by_token(token).await?;
        let profile = loaded.state.open().ok_or(Failure::NotFound)?;
        let (purpose, link) = profile.invitation(&hash_of(token)).ok_or(Failure::NotFound)?;
        if link.used || link.expires_at <= self.now() {
            return Err(Failure::refused("identity.refused.invitation-expired"));
        }
        Ok(purpose)
    }

    /// Uses a one-time link, with a new password where it is for setting one, and begins a session.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn enter(&self, token: &str, password: Option<&str>) -> Result<Begun, Failure> {
        let (id, loaded) = self.account_by_token(token).await?;
        let profile = loaded.state.open().ok_or(Failure::NotFound)?;
        let password = match password {
            Some(password) => Some(self.hashed(&profile.subject, password).await?),
            None => None,
        };
        let command = Command::UseInvitation { token_hash: hash_of(token), at: self.now(), password };
        self.account_command(&Request::system(), &id, command).await?;
        self.begin(&id).await
    }

    /// Signs in by password. It takes as long, and says the same, whether the login or the password is wrong.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<Begun, Failure> {
        let wrong = || Failure::refused("identity.refused.sign-in");
        let found = match login_of(login) {
            Ok(login) => self.account_by_login(&login).await?,
            Err(_) => None,
        };
        let profile = found.as_ref().and_then(|(_, loaded)| loaded.state.open());
        if let Some(until) = profile.and_then(|profile| profile.locked(self.now())) {
            return Err(identity::Refusal::Locked { until }.into());
        }
        let hash = profile.and_then(|profile| profile.password.as_ref());
        let hash = hash
            .map(|hash| hash.open(self.vault(), Reason::OwnData))
            .transpose()?
            .and_then(|hash| hash.known());
        let (ports, password) = (self.ports().clone(), password.to_owned());
        let fits =
            tokio::task::spawn_blocking(move || ports.passwords.verify(&password, hash.as_deref())).await;
        let fits = fits.map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        let Some((id, _)) = found.filter(|(_, loaded)| loaded.state.open().is_some()) else {
            return Err(wrong());
        };
        let at = self.now();
        let command = if fits { Command::SignIn { at } } else { Command::FailSignIn { at } };
        self.account_command(&Request::system(), &id, command).await?;
        if fits { self.begin(&id).await } else { Err(wrong()) }
    }

    async fn begin(&self, account: &AccountId) -> Result<Begun, Failure> {
        let loaded = self.streams().load::<Account>(account).await?;
        let principal = principal_of(account, &loaded).ok_or(Failure::NotFound)?;
        let token = self.ports().chance.token(32);
        let now = self.now();
        let session = Session {
            token_hash: hash_of(&token),
            account: account.clone(),
            form_secret: self.ports().chance.token(16),
            began_at: now,
            ends_at: now.plus_seconds(SESSION_SECONDS),
            used_at: now,
        };
        self.ports().sessions.keep(session).await?;
        Ok(Begun { token, principal })
    }

    /// The session of `token`, while it lasts.
    pub async fn present(&self, token: &str) -> Result<Option<Present>, Failure> {
        let now = self.now();
        let Some(session) = self.ports().sessions.find(&hash_of(token)).await? else { return Ok(None) };
        let over = session.ends_at <= now || session.used_at.plus_seconds(IDLE_SECONDS) <= now;
        let loaded = self.streams().load::<Account>(&session.account).await?;
        let (Some(principal), false) = (principal_of(&session.account, &loaded), over) else {
            self.ports().sessions.end(&session.token_hash).await?;
            return Ok(None);
        };
        if now.seconds_since(session.used_at) >= USE_SECONDS {
            self.ports().sessions.keep(Session { used_at: now, ..session.clone() }).await?;
        }
        Ok(Some(Present { principal, form_secret: session.form_secret, name: self.name_of(&loaded)? }))
    }

    fn name_of(&self, loaded: &Loaded<Account>) -> Result<String, Failure> {
        let name = loaded
            .state
            .profile()
            .map(|profile| profile.name.open(self.vault(), Reason::OwnData))
            .transpose()?;
        Ok(name.and_then(|name| name.known()).unwrap_or_default())
    }

    /// The name of the owner of `account`, for showing to staff; empty when erased or unknown.
    pub async fn account_name(&self, account: &AccountId) -> Result<String, Failure> {
        let loaded = self.streams().load::<Account>(account).await?;
        self.name_of(&loaded)
    }

    /// Ends the session of `token`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sign_out(&self, token: &str) -> Result<(), Failure> {
        Ok(self.ports().sessions.end(&hash_of(token)).await?)
    }

    /// The account that signs in with `login`.
    pub async fn find_account(&self, login: &str) -> Result<Option<AccountId>, Failure> {
        Ok(self.account_by_login(&login_of(login)?).await?.map(|(id, _)| id))
    }

    /// Accounts in the order in which they were opened.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn accounts(
        &self,
        after: Option<Vec<Value>>,
        limit: usize,
    ) -> Result<(Vec<AccountRow>, Option<Vec<Value>>), Failure> {
        let query = Query::of(&ACCOUNTS, "by_time", limit).after(after);
        let rows = self.ports().views.page(query.clone()).await?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| query.place(row))).flatten();
        Ok((rows.iter().map(|row| AccountRow::read(&ACCOUNTS, row)).collect::<Result<_, _>>()?, next))
    }

    async fn account_by_login(&self, login: &str) -> Result<Option<(AccountId, Loaded<Account>)>, Failure> {
        let hash = self.vault().keyed_hash("login", login.as_bytes());
        let query = Query::of(&ACCOUNTS, "by_login", 1).equal(hash.as_str());
        let rows = self.ports().views.page(query).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let id: AccountId =
            AccountRow::read(&ACCOUNTS, row)?.account.parse().map_err(|_| Failure::NotFound)?;
        let loaded = self.streams().load::<Account>(&id).await?;
        Ok(Some((id, loaded)))
    }

    pub(super) async fn account_by_token(
        &self,
        token: &str,
    ) -> Result<(AccountId, Loaded<Account>), Failure> {
        let row = self
            .ports()
            .views
            .get(&CREDENTIALS, vec![Value::from(hash_of(token))])
            .await?
            .ok_or(Failure::NotFound)?;
        let id: AccountId =
            CredentialRow::read(&CREDENTIALS, &row)?.account.parse().map_err(|_| Failure::NotFound)?;
        let loaded = self.streams().load::<Account>(&id).await?;
        Ok((id, loaded))
    }

    async fn account_command(
        &self,
        request: &Request,
        id: &AccountId,
        command: Command,
    ) -> Result<(), Failure> {
        let loaded = self.streams().load::<Account>(id).await?;
        let mut unit = Unit::new(self.streams());
        unit.decide(&loaded, [command])?;
        match unit.commit(request, self.now(), None, "null").await? {
            Outcome::Done | Outcome::Replayed(_) => Ok(()),
        }
    }

    async fn hashed(&self, subject: &SubjectId, password: &str) -> Result<Private<String>, Failure> {
        let length = password.chars().count();
        if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
            return Err(Refused::new("identity.refused.password-length")
                .at("password")
                .with("min", PASSWORD_MIN)
                .into());
        }
        let (ports, password) = (self.ports().clone(), password.to_owned());
        let hash = tokio::task::spawn_blocking(move || ports.passwords.hash(&password)).await;
        let hash = hash.map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        Ok(Private::seal(self.vault(), subject, &hash)?)
    }

    /// Forgets sessions that ended.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(crate) async fn sweep_sessions(&self, now: Moment) -> Result<(), Failure> {
        Ok(self.ports().sessions.sweep(now).await?)
    }
}

impl From<identity::Refusal> for Failure {
    fn from(refusal: identity::Refusal) -> Failure {
        let refused = Refused::new(refusal.word());
        match refusal {
            identity::Refusal::Locked { until } => refused.with("until", until).into(),
            _ => refused.into(),
        }
    }
}

pub(super) fn principal_of(id: &AccountId, loaded: &Loaded<Account>) -> Option<Principal> {
    let profile = loaded.state.open()?;
    let kind = if profile.roles.contains(&Role::Customer) {
        ActorKind::Customer
    } else if profile.roles.contains(&Role::Client) {
        ActorKind::Client
    } else {
        ActorKind::Staff
    };
    let roles: Arc<[Role]> = profile.roles.iter().copied().collect();
    Some(Principal { account: Some(id.clone()), kind, roles })
}

/// A login as it is compared: a phone number in its normal form, anything else in lower case.
fn login_of(text: &str) -> Result<String, Refused> {
    let text = text.trim();
    if let Ok(phone) = text.parse::<Phone>() {
        return Ok(phone.as_str().to_owned());
    }
    let fits = (3..=64).contains(&text.chars().count()) && !text.chars().any(char::is_whitespace);
    if fits { Ok(text.to_lowercase()) } else { Err(Refused::new("identity.refused.login-form").at("login")) }
}

/// Tokens have 128 bits of chance or more, so a plain hash keeps them.
pub(super) fn hash_of(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
