//! `anpei drill`: whether a backup of today could be restored, tried out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use store::copy::{Original, Until, back_up};
use store::{MasterKey, Progress};

use super::verify::Line;
use super::{on_runtime, restore};
use crate::config::{Config, Given};
use crate::{money, say, wiring};

/// Try out today's backup: make one, restore it beside, and check everything
///
/// Backs up what is served, restores it to a temporary folder, and verifies what came out: every entry against its hash, every view against
/// the journal, every account against the books, every file against its address, and that everybody who was erased is. Nothing of
/// the store itself is changed, and the temporary folder is removed. Exits with 1 when anything is not as it should be.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei drill --data data
  anpei drill --data data --in /mnt/large --json > drill.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// Where the temporary folder is made; it needs room for the store twice [default: the system's]
    #[arg(long = "in", value_name = "DIR")]
    inside: Option<PathBuf>,
    /// Report as JSON
    #[arg(long)]
    json: bool,
}

/// One step of the drill.
struct Step {
    name: &'static str,
    took: Duration,
    found: String,
    sound: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let inside = arguments.inside.clone().unwrap_or_else(std::env::temp_dir);
    let folder = tempfile::Builder::new().prefix("anpei-drill-").tempdir_in(&inside);
    let folder = folder.with_context(|| format!("no folder can be made in {}", inside.display()))?;
    let mut line = Line::default();
    let steps = steps(&config, folder.path().to_owned(), &mut |at| line.tell(at.part, at.done, at.total));
    line.end();
    let steps = steps?;
    let sound = steps.iter().all(|step| step.sound);
    say(&if arguments.json { json(&steps, sound) } else { table(&steps, sound) })?;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn steps(config: &Config, folder: PathBuf, progress: &mut dyn FnMut(Progress)) -> Result<Vec<Step>> {
    let (backup, keys) = (folder.join("backup"), folder.join("keys"));
    let mut place = wiring::place(config);
    let mut steps = vec![];
    let mut step = |name, since: Instant, found: String, sound| {
        steps.push(Step { name, took: since.elapsed(), found, sound });
    };

    let since = Instant::now();
    let made = back_up(&Original::open(&place)?, &backup, &keys, progress)?;
    let found =
        format!("{} entries, {} files, {} keys, {} erased", made.head, made.files, made.keys, made.erased);
    step("backup", since, found, true);
    let lost: Vec<_> = made.lost.iter().map(|(id, problem)| format!("{id}: {problem}")).collect();
    if !lost.is_empty() {
        step("files", since, lost.join("; "), false);
    }

    // The copy stands in a folder of its own, whatever the original stands in.
    if let MasterKey::InFolder = place.master_key {
        place.master_key = MasterKey::File(place.folder.join("master.key"));
    }
    let since = Instant::now();
    (place.folder, place.database) = (folder.join("restored"), None);
    let (restored, store) = restore::bring_back((&backup, &keys), &[], &place, Until::End, progress)?;
    let same = (restored.head, restored.files, restored.keys, restored.erased)
        == (made.head, made.files_total, made.keys, made.erased);
    let found = format!(
        "{} entries, {} files, {} keys, {} erased, up to {}",
        restored.head, restored.files, restored.keys, restored.erased, restored.last_at
    );
    step("restore", since, found, same);

    let since = Instant::now();
    let mut counting = |done, total| progress(Progress { part: "money", done, total });
    let count = on_runtime(money::count(&store, &store, &mut counting))?;
    let found = match count.differences.first() {
        None => format!("books of {} claims balance", count.claims),
        Some(first) => format!("{} differences, the first: {first}", count.differences.len()),
    };
    step("money", since, found, count.differences.is_empty());

    let since = Instant::now();
    let report = store.verify(&count.blobs, progress).map_err(|problem| anyhow!("{problem}"))?;
    let found = match report.differences.first() {
        None => {
            format!("{} streams, {} views, {} files as recorded", report.streams, report.views, report.blobs)
        }
        Some(first) => format!("{} differences, the first: {first}", report.differences_total),
    };
    step("verify", since, found, report.is_sound());
    Ok(steps)
}

fn table(steps: &[Step], sound: bool) -> String {
    let mut lines: Vec<String> = steps
        .iter()
        .map(|step| {
            let verdict = if step.sound { "sound" } else { "NOT SOUND" };
            format!("{:<8} {:>9.1} s  {verdict:<9}  {}", step.name, step.took.as_secs_f64(), step.found)
        })
        .collect();
    let whole: Duration = steps.iter().map(|step| step.took).sum();
    let verdict = if sound { "sound: this backup can be restored" } else { "NOT SOUND" };
    lines.push(format!("{:<8} {:>9.1} s  {verdict}", "all", whole.as_secs_f64()));
    lines.join("\n")
}

fn json(steps: &[Step], sound: bool) -> String {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| {
            serde_json::json!({
                "step": step.name,
                "milliseconds": u64::try_from(step.took.as_millis()).unwrap_or(u64::MAX),
                "sound": step.sound,
                "found": step.found,
            })
        })
        .collect();
    serde_json::json!({ "sound": sound, "steps": steps }).to_string()
}
