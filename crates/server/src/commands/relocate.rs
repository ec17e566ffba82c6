//! `anpei move`: a live store to PostgreSQL.

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use store::copy::{Moved, Original, transfer};
use store::{DatabaseUrl, Store};

use super::verify::Line;
use crate::config::{Config, Given};
use crate::{say, wiring};

/// Waits between two looks at whether the service has stopped.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is told how far behind the copy is.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Move a store from its data folder to a PostgreSQL database, while it is served
///
/// What is there is copied while the service goes on; then stop the service: the rest is copied, the journal in the folder is closed with a
/// note of where it went, and the database is verified against every hash. Start the service again with --database and the same
/// --data, where the master key and the files stay. Killed on the way, run it again: it goes on where it stopped.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei move --from-data data --to-database postgresql://anpei:…@db.example.com/anpei
  ANPEI_DATABASE=postgresql://… anpei move --from-data data --once")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// The data folder to move from
    #[arg(long, value_name = "DIR")]
    from_data: PathBuf,
    /// The database to move to: empty, or what an earlier run left. Its password is better kept in the environment
    #[arg(long, value_name = "URL", env = "ANPEI_DATABASE", hide_env_values = true)]
    to_database: String,
    /// Copy what is there and end, instead of waiting for the service to stop
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut found = arguments.settings.resolve()?;
    let folder = arguments.from_data.display().to_string();
    found.set("data", &folder, "from-data");
    let config = Config::of(&found)?;
    let database: DatabaseUrl = arguments.to_database.parse()?;
    let from = store::Config { database: None, ..wiring::place(&config) };
    let to = store::Config { database: Some(database), ..from.clone() };
    let original = Original::open(&from)?;
    let mut line = Line::default();
    let mut told = None::<Instant>;
    loop {
        let moved = transfer(&original, &to, &mut |at| line.tell(at.part, at.done, at.total));
        line.end();
        let Moved { head, entries, whole } = moved?;
        if whole {
            say(&format!("{head} entries are at the new place; {folder} is closed"))?;
            return verify(&to);
        }
        if told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            say(&format!(
                "{head} entries are copied, {entries} of them just now; stop the service, and the rest follows"
            ))?;
            told = Some(Instant::now());
        }
        if arguments.once {
            return Ok(ExitCode::SUCCESS);
        }
        thread::sleep(PAUSE);
    }
}

/// Opens the new place, which makes its views, and checks all of it.
fn verify(place: &store::Config) -> Result<ExitCode> {
    let store = Store::open(place.clone())?;
    let mut line = Line::default();
    let report = store.verify(&[], &mut |at| line.tell(at.part, at.done, at.total));
    line.end();
    let report = report.map_err(|problem| anyhow!("{problem}"))?;
    if !report.is_sound() {
        let first = report.differences.first().map(ToString::to_string).unwrap_or_default();
        bail!(
            "what arrived differs in {} places, the first: {first}; do not serve it",
            report.differences_total
        );
    }
    say(&format!(
        "sound: {} entries in {} streams and {} views are as they were recorded",
        report.events, report.streams, report.views
    ))?;
    Ok(ExitCode::SUCCESS)
}
