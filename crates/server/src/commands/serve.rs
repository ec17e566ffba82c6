//! `anpei serve`: the service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use super::account::first_administrator;
use super::on_runtime;
use crate::config::{Config, Given, print};
use crate::host::SystemClock;
use crate::service::{self, Work};
use crate::wiring::Outside;
use crate::{log, say, wiring};

/// Serve pages and the JSON interface from a data folder
///
/// One process serves a data folder; background work runs in it. A proxy in front ends TLS: name the public address with --base-url.
/// Where nobody can sign in yet, a link for the first administrator is printed on stdout. Log lines go to stderr.
///
/// For operators: /healthz says that the process lives, /readyz that it should get requests, /metrics gives figures for Prometheus.
/// Keep /metrics from the public at the proxy.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mkdir data && anpei serve --data data --allow-fake-partners
  anpei serve --config anpei.toml --listen 0.0.0.0:8420 --base-url https://claims.example.com
  anpei serve --print-config > anpei.toml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<true>,
    /// Let stand-ins take the place of bank and messages, as `partners = "fake"` does: no money moves
    #[arg(long)]
    allow_fake_partners: bool,
    /// Print every setting with its value and origin, as a configuration file, and do nothing else
    #[arg(long)]
    print_config: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut found = arguments.settings.resolve()?;
    if arguments.allow_fake_partners {
        found.set("partners", "fake", "allow-fake-partners");
    }
    let config = Config::of(&found)?;
    if arguments.print_config {
        say(&print(&found))?;
        return Ok(ExitCode::SUCCESS);
    }
    log::start(&config.log_level, config.log_format);
    on_runtime(serve(&config))?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: &Config) -> Result<()> {
    // Whatever would stop the start is found before anything is written.
    wiring::mood(config)?;
    let listener = service::listen(config.listen).await?;
    let address = listener.local_addr()?;
    let base = config.base_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let store = wiring::open_store(&config.data, config.master_key.clone())?;
    let app = wiring::app(&store, Outside::of(config, &store)?, Arc::new(SystemClock))?;
    if let Some((login, path)) = first_administrator(&app).await? {
        say(&format!(
            "Nobody can sign in yet. The account {login} may administer; set its password within a day at\n{base}{path}"
        ))?;
    }
    let work = Work::start(&app);
    let served =
        service::answer(&app, &store, listener, &base, config.insurer.clone(), config.stop_after).await;
    work.end().await;
    served
}
