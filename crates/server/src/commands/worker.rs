//! `anpei worker`: background work without pages.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use super::on_runtime;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::service::{self, Work};
use crate::wiring::Outside;
use crate::{log, wiring};

/// Do the background work of a data folder without serving pages
///
/// Reactions, payments, messages and clocks. `serve` does all of this itself, and one process works on a data folder at a time: run
/// this where a folder should be worked off without anybody reaching it, such as after a restore. It does not stop by itself.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei worker --data data --allow-fake-partners")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<true>,
    /// Let stand-ins take the place of bank and messages, as `partners = "fake"` does: no money moves
    #[arg(long)]
    allow_fake_partners: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut found = arguments.settings.resolve()?;
    if arguments.allow_fake_partners {
        found.set("partners", "fake", "allow-fake-partners");
    }
    let config = Config::of(&found)?;
    log::start(&config.log_level, config.log_format);
    on_runtime(async {
        wiring::mood(&config)?;
        let store = wiring::open_existing(&config)?;
        let app = wiring::app(&store, Outside::of(&config, &store)?, Arc::new(SystemClock))?;
        let work = Work::start(&app);
        tracing::info!("working; one process works on a data folder at a time");
        service::told_to_stop().await?;
        work.end().await;
        Ok(())
    })?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
