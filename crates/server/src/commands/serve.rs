//! `anpei serve`: the service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};

use super::account::first_administrator;
use super::{WithPartners, on_runtime};
use crate::config::{Config, print};
use crate::host::{SystemClock, process_name};
use crate::service::{self, Work};
use crate::wiring::Outside;
use crate::{observe, say, wiring};

/// Serve pages and the JSON interface from a data folder or a database
///
/// One process serves a data folder, several may serve a PostgreSQL database; background work is done in the one whose turn it is. A
/// proxy in front ends TLS: name the public address with --base-url.
/// Where nobody can sign in yet, a link for the first administrator is printed on stdout. Log lines go to stderr.
///
/// For operators: /healthz says that the process lives, /readyz that it should get requests, /metrics gives figures for Prometheus.
/// Keep /metrics from the public at the proxy.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mkdir data && anpei serve --data data --allow-fake-partners
  ANPEI_DATABASE=postgresql://anpei:…@db/anpei?sslmode=verify-full anpei serve --data /srv/anpei --no-worker
  anpei serve --config anpei.toml --listen 0.0.0.0:8420 --base-url https://claims.example.com
  anpei serve --print-config > anpei.toml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WithPartners,
    /// Serve pages alone, and leave the background work to other processes on the database
    #[arg(long)]
    no_worker: bool,
    /// Print every setting with its value and origin, as a configuration file, and do nothing else
    #[arg(long)]
    print_config: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let found = arguments.settings.resolve()?;
    let config = Config::of(&found)?;
    if arguments.print_config {
        say(&print(&found))?;
        return Ok(ExitCode::SUCCESS);
    }
    let _watching = observe::start(&config)?;
    on_runtime(serve(&config, !arguments.no_worker))?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: &Config, worker: bool) -> Result<()> {
    // Whatever would stop the start is found before anything is written.
    wiring::mood(config)?;
    if !worker && config.database.is_none() {
        bail!(
            "--no-worker needs --database: a data folder is worked on by one process, and no other would do the work"
        );
    }
    let listener = service::listen(config.listen).await?;
    let address = listener.local_addr()?;
    let base = config.base_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let store = wiring::open_store(config)?;
    let app =
        wiring::app_with_doors(&store, Outside::of(config)?, Arc::new(SystemClock), config.doors.rules)?;
    if let Some((login, path)) = first_administrator(&app).await? {
        say(&format!(
            "Nobody can sign in yet. The account {login} may administer; set its password within a day at\n{base}{path}"
        ))?;
    }
    let node = process_name();
    let work = match worker {
        true => Some(Work::start(&app, &node).telling(&app, &node, &config.doors).await?),
        false => None,
    };
    let served = service::answer(
        &app,
        &store,
        listener,
        &base,
        config.insurer.clone(),
        config.stop_after,
        config.shown(),
    )
    .await;
    if let Some(work) = work {
        work.end().await;
    }
    served
}
