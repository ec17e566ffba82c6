//! `anpei migrate`: brings a database or a data folder to this release.

use std::process::ExitCode;

use anyhow::{Result, bail};
use insight::VIEWS;
use store::{DatabaseUrl, Migration, MigrationKind, Store};

use crate::config::{Config, Given};
use crate::{say, wiring};

/// Bring a database or a data folder to the form of this release, or make a new one
///
/// `serve` and `worker` do the same when they start; run this to do it beforehand, or to learn whether the place can be opened at all.
/// The journal itself is never rewritten: what is made anew are the views on it.
///
/// The schema of a database changes in steps. One that expands only adds: releases before go on serving beside it. One that contracts
/// takes away what only they needed, and is left for --contract: give it once none of them runs any more.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mkdir data && anpei migrate --data data
  ANPEI_DATABASE=postgresql://anpei:…@db/anpei anpei migrate --data /srv/anpei
  ANPEI_DATABASE=postgresql://anpei:…@db/anpei anpei migrate --check || echo 'steps are due'")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// Say which steps are due and change nothing; exits with 1 when one is that expands
    #[arg(long, conflicts_with = "contract")]
    check: bool,
    /// Take the steps too that end older releases, and drop the tables of views that this release does not know
    #[arg(long)]
    contract: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    match &config.database {
        Some(database) if arguments.check => return check(database),
        Some(database) => tell(&Store::migrate(database, VIEWS, false, arguments.contract)?)?,
        None if arguments.check || arguments.contract => {
            bail!(
                "a data folder has no steps: it takes the form of a release that opens it; name a database with --database"
            )
        }
        None => {}
    }
    let store = wiring::open_store(&config)?;
    let entries = *journal::Journal::head(&store).borrow();
    let place = match &config.database {
        Some(database) => database.to_string(),
        None => format!("data folder {}", config.data.display()),
    };
    say(&format!("{place} is ready: {entries} entries, {} views", VIEWS.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn check(database: &DatabaseUrl) -> Result<ExitCode> {
    let steps = Store::migrate(database, VIEWS, true, false)?;
    tell(&steps)?;
    let due = steps.iter().any(|step| !step.applied && step.kind == MigrationKind::Expand);
    Ok(if due { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn tell(steps: &[Migration]) -> Result<()> {
    for Migration { name, kind, applied, .. } in steps {
        let state = match (applied, kind) {
            (true, _) => "taken",
            (false, MigrationKind::Expand) => "due",
            (false, MigrationKind::Contract) => "waits for --contract",
        };
        say(&format!("{name} {} {state}", kind.word()))?;
    }
    Ok(())
}
