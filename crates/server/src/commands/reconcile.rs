//! `anpei reconcile`: compares the books with the bank's statement, and lets payments leave again.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use super::account::told;
use super::{WithPartners, on_runtime};
use crate::config::Config;
use crate::host::SystemClock;
use crate::say;
use crate::wiring::{self, Outside};

/// After a restore: compare the books with the bank's statement, and let payments leave again
///
/// A restored store may not know of payments that the bank has made since its backup. What the books have as ordered and the bank has
/// paid is booked as paid; what the bank has paid and the books do not explain becomes a task for a person, and its claim gets no other
/// payment ordered until somebody says on its settlement tab what it was; what the bank does not know is asked for again under the same reference. Payments of claims that
/// nobody knows any more keep everything waiting until a person has noted them: say so with --unplaced-noted. Exits with 1 while payments wait.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei reconcile --data restored --allow-fake-partners
  anpei reconcile --data restored --allow-fake-partners --unplaced-noted")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WithPartners,
    /// A person has noted the payments of claims that nobody knows any more
    #[arg(long)]
    unplaced_noted: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let found = arguments.settings.resolve()?;
    let config = Config::of(&found)?;
    wiring::mood(&config)?;
    let store = wiring::open_existing(&config)?;
    let app = wiring::app(&store, Outside::of(&config)?, Arc::new(SystemClock))?;
    let done = on_runtime(async { app.reconcile(arguments.unplaced_noted).await.map_err(told) })?;
    let Some(held) = &done.held else {
        say("payments do not wait: nothing was restored since they were compared last")?;
        return Ok(ExitCode::SUCCESS);
    };
    say(&format!("restored to position {}, of {}", held.restored_to, held.last_entry_at))?;
    for (claim, line) in &done.for_people {
        say(&format!(
            "PAID AND NOT IN THE BOOKS {} on claim {claim}: {} ({}); a task was opened: say on its settlement tab what it was",
            line.reference, line.amount, line.bank_reference
        ))?;
    }
    for line in &done.unplaced {
        let claim =
            line.claim.as_ref().map_or("an unknown claim".to_owned(), |claim| format!("claim {claim}"));
        say(&format!(
            "PAID AND NO SUCH CLAIM {} on {claim}: {} ({})",
            line.reference, line.amount, line.bank_reference
        ))?;
    }
    say(&format!(
        "{} payments on the statement: {} agree, {} were ordered and are booked as paid now, {} are tasks, {} have no \
         claim; {} orders are asked for again",
        done.lines,
        done.agreed,
        done.confirmed.len(),
        done.for_people.len(),
        done.unplaced.len(),
        done.asked_again
    ))?;
    match done.freed {
        true => {
            say("payments may leave again")?;
            Ok(ExitCode::SUCCESS)
        }
        false => {
            say("payments still wait: note those without a claim, then run this with --unplaced-noted")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
