//! `anpei backup`: a copy of everything, made while it is served.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use store::copy::{Original, back_up};

use super::verify::Line;
use crate::config::{Config, Given};
use crate::{say, wiring};

/// Copy everything into a backup, while it is served
///
/// The first time everything is copied, later what is new since. Journal, answers and files go to one folder, the keys that open
/// personal data and the list of erased people to another: keep them apart, and neither beside the master key, which is in neither.
/// What was copied is on disk and was read back when this ends. Exits with 1 when a file could not be copied; the rest is.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei backup --data data --to /backup/anpei --keys-to /vault/anpei
  anpei restore --from /backup/anpei --keys-from /vault/anpei --data new --master-key-file master.key")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// The folder of the backup: a new one, or that of earlier backups of the same store
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Another folder, for the wrapped keys and the list of erased people
    #[arg(long, value_name = "DIR")]
    keys_to: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { settings, to, keys_to } = arguments;
    apart(to, keys_to)?;
    let config = Config::of(&settings.resolve()?)?;
    let from = Original::open(&wiring::place(&config))?;
    let mut progress = Line::default();
    let made = back_up(&from, to, keys_to, &mut |at| progress.tell(at.part, at.done, at.total));
    progress.end();
    let made = made?;
    say(&format!(
        "{} entries and {} files added; {} holds everything up to position {}, with {} files",
        made.entries,
        made.files,
        to.display(),
        made.head,
        made.files_total
    ))?;
    say(&format!(
        "{} wrapped keys and a list of {} erased in {}; the master key is in neither folder: keep it apart",
        made.keys,
        made.erased,
        keys_to.display()
    ))?;
    for (id, problem) in &made.lost {
        say(&format!("LOST file {id}: {problem}"))?;
    }
    Ok(if made.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keys beside what they open protect nothing.
pub(super) fn apart(to: &Path, keys_to: &Path) -> Result<()> {
    if to.starts_with(keys_to) || keys_to.starts_with(to) {
        bail!("the keys must not be kept with the backup: name another folder for them");
    }
    Ok(())
}
