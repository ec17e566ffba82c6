//! `anpei outbox`: the stream that other systems read.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Subcommand;

use super::account::told;
use super::on_runtime;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// The stream that other systems read (NATS JetStream)
#[derive(Subcommand)]
pub(crate) enum Command {
    Replay(Arguments),
}

/// Publish what happened once more, from a position on
///
/// Messages carry the same ids as before, and the stream drops those that it has taken lately. The stream is filled by itself when it
/// was wiped or put back; this is for receivers that lost something. It ends when everything that is recorded now was acknowledged.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  ANPEI_NATS=nats://127.0.0.1:4222 anpei outbox replay --data data --from 1")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<true>,
    /// The position to begin with, from 1; an event's `sequence` says its own
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    from: u64,
}

pub(crate) fn run(Command::Replay(arguments): &Command) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let store = wiring::open_existing(&config)?;
    let app = wiring::app(&store, wiring::Outside::nobody(), Arc::new(SystemClock))?;
    let reached = on_runtime(async {
        let outbox = config.doors.outbox(&app).await?;
        let outbox = outbox
            .context("no stream is set; name its server by ANPEI_NATS, or by `nats` in the config file")?;
        outbox.replay(arguments.from).await.map_err(told)
    })?;
    say(&format!("published from {} to {reached}", arguments.from))?;
    Ok(ExitCode::SUCCESS)
}
