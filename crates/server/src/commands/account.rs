//! `anpei account`: people and programs that may sign in.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use app::words::{Lang, Words};
use app::{App, Failure, NewAccount, Request, Role};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use identity::Purpose;
use lexicon::Phone;

use super::on_runtime;
use crate::config::{Config, Given};
use crate::{say, wiring};

/// How long a link for setting a password opens.
pub(crate) const LINK_SECONDS: i64 = 24 * 3600;

/// Accounts of people and programs
#[derive(Subcommand)]
pub(crate) enum Command {
    Open(Arguments),
}

/// Open an account, such as the first administrator's, and print a link for setting its password
///
/// The link is printed once, opens once, and ends after a day. For an account that exists already a new link is made, so that
/// somebody who lost theirs gets in again. While `serve` runs on a data folder, use its pages
/// instead: one process works on a folder at a time.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei account open --data data --login lin --name '林知远' --role administrator
  anpei account open --data data --login 13800010101 --name '周若彤' --phone 13800010101 --role assessor --role surveyor
  anpei account open --data data --login workshop-api --name 'Workshop' --role client")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<true>,
    /// What they sign in with: a name without blanks, or a phone number
    #[arg(long)]
    login: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// Their phone number
    #[arg(long)]
    phone: Option<String>,
    /// What they may act as; may be given several times
    #[arg(long = "role", required = true, value_parser = roles())]
    roles: Vec<Role>,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    let known = |word: String| Role::ALL.into_iter().find(|role| role.word() == word);
    PossibleValuesParser::new(Role::ALL.map(Role::word))
        .try_map(move |word| known(word).ok_or_else(|| anyhow!("no such role").into_boxed_dyn_error()))
}

pub(crate) fn run(Command::Open(arguments): &Command) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let store = wiring::open_store(&config)?;
    let app = wiring::app(&store, wiring::Outside::nobody(), std::sync::Arc::new(crate::host::SystemClock))?;
    let base = config.base_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    let phone = arguments.phone.as_deref().map(str::parse::<Phone>).transpose();
    let phone = phone.map_err(|problem| anyhow!("phone: {problem}"))?;
    let new = NewAccount {
        login: arguments.login.clone(),
        name: arguments.name.clone(),
        phone,
        roles: arguments.roles.iter().copied().collect::<BTreeSet<_>>(),
    };
    let (opened, token) = on_runtime(open(&app, &new))?;
    let what = if opened { "is open" } else { "was open already" };
    say(&format!(
        "The account {} {what}. To set its password, open this within a day; it opens once:\n{base}/enter/{token}",
        new.login
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the account unless it is open, and makes a link for it.
async fn open(app: &App, new: &NewAccount) -> Result<(bool, String)> {
    let request = Request::system();
    let known = app.find_account(&new.login).await.map_err(told)?;
    let account = match &known {
        None => app.open_account(&request, new).await.map_err(told)?,
        Some(account) => account.clone(),
    };
    let link = app.invite(&request, &account, Purpose::SetPassword, LINK_SECONDS).await;
    Ok((known.is_none(), link.map_err(told)?))
}

/// The set-up of a product that nobody can sign in to: an administrator's account and the path of its link.
pub(crate) async fn first_administrator(app: &App) -> Result<Option<(String, String)>> {
    let (known, _) = app.accounts(None, 1).await.map_err(told)?;
    if !known.is_empty() {
        return Ok(None);
    }
    // Nothing is fixed, not even the login: whoever guesses it could lock it.
    let login = format!("admin-{}", app.ports().chance.token(3));
    let roles = BTreeSet::from([Role::Administrator]);
    let new = NewAccount { login: login.clone(), name: login.clone(), phone: None, roles };
    let (_, token) = open(app, &new).await?;
    Ok(Some((login, format!("/enter/{token}"))))
}

/// A failure as the operator reads it.
pub(crate) fn told(failure: Failure) -> anyhow::Error {
    let Failure::Refused(refused) = &failure else { return anyhow!("{failure}") };
    let args: Vec<_> = refused.values.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    anyhow!("{}", Words::of(Lang::En).say_with(&refused.word, &args))
}

/// The account that signs in with `login`.
pub(crate) async fn known(app: &App, login: &str) -> Result<lexicon::AccountId> {
    let found = app.find_account(login).await.map_err(told).with_context(|| format!("login `{login}`"))?;
    let Some(account) = found else {
        bail!(
            "no account signs in with `{login}`; open one with `anpei account open --login {login} --name … --role client`"
        )
    };
    Ok(account)
}
