//! `anpei token`: what programs show instead of a password.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use app::pages::TokenEntry;
use app::{App, NewToken, Request, Scope};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::account::{known, told};
use super::on_runtime;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// Rows read at once.
const ROWS: usize = 200;

/// Tokens for programs
#[derive(Subcommand)]
pub(crate) enum Command {
    Issue(Issue),
    List(List),
    Revoke(Revoke),
}

/// Issue a bearer token for an account and print it, once
///
/// A program sends it as `Authorization: Bearer TOKEN` and may then do what the account's roles allow, or with --scope a part of that.
/// Only a hash of it is kept: a token that is lost is not printed again, another one is issued.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei account open --data data --login workshop-api --name 'Workshop' --role client
  anpei token issue --data data --login workshop-api --label 'workshop, test system' --days 30
  anpei token issue --data data --login workshop-api --label 'workshop, hooks' --scope webhooks:write --scope claims:read")]
pub(crate) struct Issue {
    #[command(flatten)]
    settings: Given<false>,
    /// The account, by what it signs in with
    #[arg(long)]
    login: String,
    /// What the token is for, in words that name no person
    #[arg(long)]
    label: String,
    /// For how many days it is heard
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3660))]
    days: u16,
    /// What it is narrowed to; may be given several times
    #[arg(long = "scope", value_parser = scopes())]
    scopes: Vec<Scope>,
}

/// List the tokens that were not revoked
///
/// One a line, parted by tabs: id, account, label, scopes, issued, ends, last used. The last use is known to within a minute.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei token list --data data
  anpei token list --data data --login workshop-api")]
pub(crate) struct List {
    #[command(flatten)]
    settings: Given<false>,
    /// Only those of this account, by what it signs in with
    #[arg(long)]
    login: Option<String>,
}

/// Revoke a token by its id: it is heard no more
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei token revoke --data data 9f86d081884c7d65")]
pub(crate) struct Revoke {
    #[command(flatten)]
    settings: Given<false>,
    /// The token's id, as `token list` shows it
    id: String,
}

fn scopes() -> impl TypedValueParser<Value = Scope> {
    PossibleValuesParser::new(Scope::ALL.map(Scope::word)).try_map(|word| {
        Scope::from_word(&word).ok_or_else(|| anyhow!("no such scope").into_boxed_dyn_error())
    })
}

pub(crate) fn run(command: &Command) -> Result<ExitCode> {
    let settings = match command {
        Command::Issue(issue) => &issue.settings,
        Command::List(list) => &list.settings,
        Command::Revoke(revoke) => &revoke.settings,
    };
    let config = Config::of(&settings.resolve()?)?;
    let store = wiring::open_existing(&config)?;
    let app = wiring::app(&store, wiring::Outside::nobody(), Arc::new(SystemClock))?;
    let lines = on_runtime(async {
        match command {
            Command::Issue(asked) => Ok(vec![issue(&app, asked).await?]),
            Command::List(asked) => list(&app, asked).await,
            Command::Revoke(asked) => {
                app.revoke_token(&Request::system(), &asked.id).await.map_err(told)?;
                Ok(vec![format!("revoked {}", asked.id)])
            }
        }
    })?;
    lines.iter().try_for_each(|line| say(line))?;
    Ok(ExitCode::SUCCESS)
}

async fn issue(app: &App, asked: &Issue) -> Result<String> {
    let account = known(app, &asked.login).await?;
    let scopes = (!asked.scopes.is_empty()).then(|| asked.scopes.iter().copied().collect());
    let new = NewToken { label: asked.label.clone(), valid_seconds: i64::from(asked.days) * 86_400, scopes };
    app.issue_token(&Request::system(), &account, &new).await.map_err(told)
}

async fn list(app: &App, asked: &List) -> Result<Vec<String>> {
    let account = match &asked.login {
        Some(login) => Some(known(app, login).await?),
        None => None,
    };
    let (mut lines, mut cursor) = (vec![], None);
    loop {
        let page = app.tokens_page(account.as_ref(), cursor.as_deref(), ROWS).await.map_err(told)?;
        lines.extend(page.tokens.iter().map(line));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(lines);
        }
    }
}

fn line(token: &TokenEntry) -> String {
    let scopes = token.scopes.as_ref().map_or_else(|| "-".to_owned(), |scopes| scopes.join(","));
    let used = token.used_at.map_or_else(|| "-".to_owned(), |used| used.0.to_string());
    [
        &token.token,
        &token.account,
        &token.label,
        &scopes,
        &token.issued_at.0.to_string(),
        &token.expires_at.0.to_string(),
        &used,
    ]
    .map(String::as_str)
    .join("\t")
}
