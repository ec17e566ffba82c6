//! `anpei token`: what programs show instead of a password.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use app::Request;
use clap::Subcommand;

use super::account::{known, told};
use super::on_runtime;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// Tokens for programs
#[derive(Subcommand)]
pub(crate) enum Command {
    Issue(Arguments),
}

/// Issue a bearer token for an account and print it, once
///
/// A program sends it as `Authorization: Bearer TOKEN` and may then do what the account's roles allow. Only a hash of it is kept:
/// a token that is lost is not printed again, another one is issued.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei account open --data data --login workshop-api --name 'Workshop' --role client
  anpei token issue --data data --login workshop-api --label 'workshop, test system' --days 30")]
pub(crate) struct Arguments {
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
}

pub(crate) fn run(Command::Issue(arguments): &Command) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let store = wiring::open_existing(&config)?;
    let app = wiring::app(&store, wiring::Outside::nobody(), Arc::new(SystemClock))?;
    let seconds = i64::from(arguments.days) * 86_400;
    let token = on_runtime(async {
        let account = known(&app, &arguments.login).await?;
        app.issue_token(&Request::system(), &account, &arguments.label, seconds).await.map_err(told)
    })?;
    say(&token)?;
    Ok(ExitCode::SUCCESS)
}
