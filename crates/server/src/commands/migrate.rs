//! `anpei migrate`: brings the data folder to this release.

use std::process::ExitCode;

use anyhow::Result;

use crate::config::{Config, Given};
use crate::{say, wiring};

/// Bring a data folder to the form of this release, or make a new one in an empty folder
///
/// `serve` does the same when it starts; run this to do it beforehand, or to learn whether a folder can be opened at all. The
/// journal itself is never rewritten: what is made anew are the views on it.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mkdir data && anpei migrate --data data
  ANPEI_DATA=/srv/anpei anpei migrate")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let store = wiring::open_store(&config.data, config.master_key.clone())?;
    let entries = *journal::Journal::head(&store).borrow();
    say(&format!(
        "data folder {} is ready: {entries} entries, {} views",
        config.data.display(),
        insight::VIEWS.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}
