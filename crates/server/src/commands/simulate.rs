//! `anpei simulate`: books of claims of any size, with the truth beside them.

mod assumptions;
mod book;
mod draw;
mod files;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::say;
use assumptions::Assumptions;
use files::Folder;

/// Write a book of invented claims, and the truth about them, for benchmarks and models
///
/// Policies, vehicles, accidents, claims with their stages and payments as an insurer sees them on the last day, and beside them what
/// really happened: which are fraudulent and how, what the damage truly was, what will be paid in the end. The same seed gives the same
/// bytes. Nothing here is anybody's data.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei simulate --claims 1000 --out book
  anpei simulate --claims 1000000 --out book --seed 7

The columns are told in docs/SIMULATOR.md. A book that was broken off is begun anew; one that is complete is left alone.")]
pub(crate) struct Arguments {
    /// How many claims
    #[arg(long)]
    claims: u64,
    /// The folder to write; it is made
    #[arg(long)]
    out: PathBuf,
    /// Decides everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs `anpei simulate`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let assumptions = Assumptions::shipped()?;
    let mut folder = Folder::make(&arguments.out)?;
    let begun = std::time::Instant::now();
    let mut told = begun;
    let counts = book::write(&assumptions, arguments.seed, arguments.claims, &mut folder, &mut |done| {
        if told.elapsed().as_secs() >= 1 {
            told = std::time::Instant::now();
            let rate = done / begun.elapsed().as_secs().max(1);
            eprintln!("{done} of {} claims, {rate} a second", arguments.claims);
        }
    })?;
    let manifest = folder.finish(arguments.seed, &assumptions.version, &counts)?;
    say(&manifest)?;
    Ok(ExitCode::SUCCESS)
}
