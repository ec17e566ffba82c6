//! `anpei verify`: whether all that is kept still is what was recorded.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use super::on_runtime;
use crate::config::{Config, Given};
use crate::money::{self, Count};
use crate::{say, wiring};

/// Differences that are named; the rest are counted.
const NAMED_MAX: usize = 100;

/// Check a data folder or a database: journal, hash chains, views, money, files
///
/// Replays the whole journal and compares every entry with its hash, every view with a fold from the first entry, every account with
/// the books, and every file that a claim refers to with its address. Exits with 1 when anything differs. It reads only. A data
/// folder it needs for itself: stop `serve` first; a database it reads as it is at one moment.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei verify --data data
  anpei verify --data /mnt/restored && echo sound")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let store = wiring::open_existing(&config)?;
    let mut progress = Line::default();
    let count =
        on_runtime(money::count(&store, &store, &mut |done, total| progress.tell("money", done, total)))?;
    let report = store.verify(&count.blobs, &mut |at| progress.tell(at.part, at.done, at.total));
    progress.end();
    let report = report.map_err(|problem| anyhow!("{problem}"))?;
    let money = count.differences.iter().map(|difference| format!("money: {difference}"));
    let kept = report.differences.iter().map(ToString::to_string);
    let total = report.differences_total + count.differences.len() as u64;
    for difference in kept.chain(money).take(NAMED_MAX) {
        say(&format!("DIFFERS {difference}"))?;
    }
    say(&format!(
        "{} entries in {} streams, {} views, {} files; {}",
        report.events,
        report.streams,
        report.views,
        report.blobs,
        spelled(&count)
    ))?;
    if total == 0 {
        say("sound: everything is as it was recorded")?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{total} differences"))?;
    Ok(ExitCode::FAILURE)
}

fn spelled(count: &Count) -> String {
    let balances = count.accounts.iter().map(|(account, fen)| {
        let sign = if *fen < 0 { "-" } else { "" };
        let fen = fen.unsigned_abs();
        format!("{} {sign}{}.{:02}", account.word(), fen / 100, fen % 100)
    });
    let balances: Vec<_> = balances.collect();
    let balances = if balances.is_empty() { "nothing booked".to_owned() } else { balances.join(", ") };
    format!("books of {} claims with {} events: {balances}", count.claims, count.events)
}

/// Progress on one line of a terminal; nothing elsewhere, so that a log stays short.
#[derive(Default)]
pub(super) struct Line {
    part: String,
}

impl Line {
    pub(super) fn tell(&mut self, part: &str, done: u64, total: u64) {
        let mut out = io::stderr();
        if !out.is_terminal() {
            return;
        }
        if self.part != part {
            self.end();
            part.clone_into(&mut self.part);
        }
        // Progress that cannot be shown is no reason to stop.
        let _ = write!(out, "\r{part}: {done} of {total}").and_then(|()| out.flush());
    }

    pub(super) fn end(&mut self) {
        if !self.part.is_empty() {
            let _ = writeln!(io::stderr());
            self.part.clear();
        }
    }
}
