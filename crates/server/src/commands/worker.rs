//! `anpei worker`: background work without pages.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use super::{WithPartners, on_runtime};
use crate::config::Config;
use crate::host::{SystemClock, process_name};
use crate::service::{self, Work};
use crate::wiring::Outside;
use crate::{observe, wiring};

/// Do the background work of a database or a data folder without serving pages
///
/// Reactions, payments, messages and clocks. On a database start as many as you like: one works, the others take over within seconds
/// when it dies. `serve` does all of this itself, unless it is told --no-worker, and one process works on a data folder at a time: run
/// this on a folder that should be worked off without anybody reaching it. It does not stop by itself.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei worker --data data --allow-fake-partners
  ANPEI_DATABASE=postgresql://anpei:…@db/anpei?sslmode=verify-full anpei worker --data /srv/anpei")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WithPartners,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let found = arguments.settings.resolve()?;
    let config = Config::of(&found)?;
    let _watching = observe::start(&config)?;
    on_runtime(async {
        wiring::mood(&config)?;
        let store = wiring::open_existing(&config)?;
        let app =
            wiring::app_with_doors(&store, Outside::of(&config)?, Arc::new(SystemClock), config.doors.rules)?;
        let node = process_name();
        let work = Work::start(&app, &node).telling(&app, &node, &config.doors).await?;
        tracing::info!("working");
        service::told_to_stop().await?;
        work.end().await;
        Ok(())
    })?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
