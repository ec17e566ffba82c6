//! `anpei restore`: a store out of a backup, at a new place.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use app::ports::Clock;
use books::{PaymentsHeld, hold_stream};
use insight::VIEWS;
use insight::view::{Query, View, Views};
use journal::{Actor, Event};
use lexicon::Moment;
use store::copy::{LastWord, Restored, Until, restore};
use store::{MasterKey, Progress, Store};

use super::on_runtime;
use super::verify::Line;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// Make a store out of a backup, at a new place
///
/// Every entry is checked against its hash while it is brought over, and the views are made anew. Whoever was erased stays erased, by the
/// newest list of the erased that is given. Afterwards no payment leaves until `anpei reconcile` compared the books with the bank's
/// statement, and everybody signs in again. Killed on the way, run it again: it goes on where it stopped.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei restore --from /backup/anpei --keys-from /vault/anpei --data new --master-key-file master.key
  anpei restore --from /backup/anpei --keys-from /vault/anpei --data new --master-key-file master.key \\
    --until 2026-05-20T10:00:00+08:00")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// The folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The folder of its keys
    #[arg(long, value_name = "DIR")]
    keys_from: PathBuf,
    /// Another list of erased people, newer than the one beside the keys; may be given several times
    #[arg(long, value_name = "FILE")]
    erased: Vec<PathBuf>,
    /// Leave out what was recorded later than this, with its offset: 2026-05-20T10:00:00+08:00
    #[arg(long, value_name = "TIME", conflicts_with = "position")]
    until: Option<String>,
    /// Leave out what stands behind this position of the journal
    #[arg(long, value_name = "N")]
    position: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let until = match (&arguments.until, arguments.position) {
        (Some(text), _) => Until::Moment(text.parse().ok().with_context(|| {
            format!("until: `{text}` is no time with its offset, such as 2026-05-20T10:00:00+08:00")
        })?),
        (None, Some(position)) => Until::Position(position),
        (None, None) => Until::End,
    };
    let place = wiring::place(&config);
    if matches!(place.master_key, MasterKey::InFolder) && !place.folder.join("master.key").exists() {
        bail!(
            "the master key is not in a backup: name it with --master-key-file, or put it into {} as master.key",
            place.folder.display()
        );
    }
    let mut line = Line::default();
    let mut progress = |at: Progress| line.tell(at.part, at.done, at.total);
    let from = (arguments.from.as_path(), arguments.keys_from.as_path());
    let restored = bring_back(from, &arguments.erased, &place, until, &mut progress);
    line.end();
    let (restored, store) = restored?;
    drop(store);
    say(&told(&restored, &place.folder))?;
    say(
        "payments wait until `anpei reconcile` compared the books with the bank's statement; people sign in again",
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Restores and opens the store, with every view made.
pub(super) fn bring_back(
    from: (&Path, &Path),
    erased: &[PathBuf],
    place: &store::Config,
    until: Until,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Restored, Store)> {
    let at = SystemClock.now();
    let event = |restored_to: u64, last_entry_at: Moment| {
        books::HoldEvent::from(PaymentsHeld { restored_to, last_entry_at, at }).encode()
    };
    let last_word = LastWord { stream: hold_stream(), event: &event, actor: Actor::system("restore"), at };
    let restored = restore(from, erased, place, until, &last_word, progress)?;
    let store = Store::open(place.clone())?;
    for (done, view) in (1..).zip(VIEWS) {
        made(&store, view)?;
        progress(Progress { part: "views", done, total: VIEWS.len() as u64 });
    }
    Ok((restored, store))
}

/// Waits until `view` is made.
fn made(store: &Store, view: &'static View) -> Result<()> {
    let query = || Query {
        view,
        index: None,
        equal: vec![],
        between: None,
        after: None,
        descending: false,
        limit: 1,
    };
    let mut refused = None;
    // A view of many millions of entries takes minutes.
    for _ in 0..36_000 {
        match on_runtime(async { Ok(store.page(query()).await) })? {
            Ok(_) => return Ok(()),
            Err(problem) => refused = Some(problem),
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(refused.map_or_else(|| anyhow!("view {} is not made", view.name), |problem| anyhow!("{problem}")))
}

pub(super) fn told(restored: &Restored, folder: &Path) -> String {
    let Restored { head, last_at, backup_head, files, keys, erased } = restored;
    let left = match backup_head - head {
        0 => String::new(),
        left => format!(", {left} later ones left out"),
    };
    format!(
        "restored to {}: {head} entries up to {last_at}{left}, {files} files, {keys} keys, {erased} erased",
        folder.display()
    )
}
