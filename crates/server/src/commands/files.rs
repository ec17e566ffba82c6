//! `anpei files`: what is lost, what nobody refers to, and moving them elsewhere while they are served.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use app::ports::Clock;
use claim::Event as ClaimEvent;
use clap::Subcommand;
use journal::Event;
use lexicon::BlobId;
use store::copy::Original;
use store::{FilesPlace, Filing};

use super::verify::Line;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// After a move began, uploads that had begun before it may still arrive at the old place for so long.
const ARRIVING: Duration = Duration::from_secs(10);

/// Files: what is lost, what nobody refers to, where they are kept
#[derive(Subcommand)]
pub(crate) enum Command {
    Report(Report),
    Move(Move),
}

/// Hold the kept files against what the claims refer to, while they are served
///
/// Every file that a claim refers to is read whole and checked. A file that no claim refers to is an orphan: an upload that was not
/// finished, or one of which a restored journal knows nothing any more. Exits with 1 when a file is lost.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei files report --data data
  anpei files report --data data --delete-orphans --older-than-days 30")]
pub(crate) struct Report {
    #[command(flatten)]
    settings: Given<false>,
    /// Remove orphans for ever
    #[arg(long, requires = "older_than_days")]
    delete_orphans: bool,
    /// Only those that were kept so many days ago
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    older_than_days: Option<u32>,
}

/// Move the files to a folder or a bucket, while they are served
///
/// From the first moment on new files go to the new place and both are read; then the others are brought over, each read back there.
/// When all of them have arrived only the new place is read; what is at the old one stays, until you remove it. Killed on the way,
/// run it again. The credentials of a bucket come from the environment, also of the service: AWS_ACCESS_KEY_ID and
/// AWS_SECRET_ACCESS_KEY. Exits with 1 when a file could not be brought over; both places are read then.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei files move --data data --to 's3://claims/files?endpoint=https://objects.example.com&region=cn-north-1'
  anpei files move --data data --to /srv/anpei-files")]
pub(crate) struct Move {
    #[command(flatten)]
    settings: Given<false>,
    /// A folder, or a bucket: s3://BUCKET/PREFIX?endpoint=URL&region=NAME
    #[arg(long, value_name = "PLACE")]
    to: String,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Report(arguments) => report(arguments),
        Command::Move(arguments) => relocate(arguments),
    }
}

fn report(arguments: &Report) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let place = wiring::place(&config);
    let filing = Filing::open(&place.folder)?;
    let original = Original::open(&place)?;
    let mut line = Line::default();
    let found = filing.report(|| referred(&original), &mut |at| line.tell(at.part, at.done, at.total));
    line.end();
    let found = found?;
    let places: Vec<_> = filing.places()?.iter().map(ToString::to_string).collect();
    for (id, problem) in &found.lost {
        say(&format!("LOST file {id}: {problem}"))?;
    }
    let bytes: u64 = found.orphans.iter().map(|(_, bytes, _)| bytes).sum();
    say(&format!(
        "{} files of {} bytes in {}; {} are referred to, {} of them lost; {} orphans of {bytes} bytes",
        found.kept,
        found.bytes,
        places.join(" and "),
        found.referred,
        found.lost.len(),
        found.orphans.len()
    ))?;
    if let (true, Some(days)) = (arguments.delete_orphans, arguments.older_than_days) {
        let until = SystemClock.now().plus_seconds(-i64::from(days) * 24 * 3600);
        let old = found.orphans.iter().filter(|(_, _, at)| *at < until);
        let mut removed = 0;
        for (id, ..) in old {
            filing.delete(id)?;
            removed += 1;
        }
        say(&format!("{removed} orphans older than {days} days removed"))?;
    }
    Ok(if found.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every file that a claim refers to.
fn referred(original: &Original) -> Result<Vec<BlobId>> {
    let (mut ids, mut unread) = (vec![], None);
    original.entries(&mut |entry| {
        if entry.stream.category() == ClaimEvent::CATEGORY && &*entry.name == "EvidenceAccepted" {
            match entry.decode() {
                Ok(ClaimEvent::EvidenceAccepted(file)) => ids.extend([file.original, file.shown]),
                Ok(_) => {}
                Err(problem) => unread = Some((entry.position, problem)),
            }
        }
        unread.is_none()
    })?;
    match unread {
        // What cannot be read may refer to anything.
        Some((position, problem)) => Err(problem).with_context(|| format!("entry {position}")),
        None => Ok(ids),
    }
}

fn relocate(arguments: &Move) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let to: FilesPlace = arguments.to.parse()?;
    if let FilesPlace::Folder(path) = &to
        && path.is_relative()
    {
        bail!("name the folder from the root, such as /srv/anpei-files");
    }
    let filing = Filing::open(&config.data)?;
    filing.begin_move(&to)?;
    say(&format!("new files go to {to} from now on"))?;
    let (mut line, mut copied, mut quiet) = (Line::default(), 0, false);
    let last = loop {
        let pass = filing.pass(&mut |at| line.tell(at.part, at.done, at.total));
        line.end();
        let pass = pass?;
        copied += pass.copied;
        if (quiet && pass.copied == 0) || !pass.lost.is_empty() {
            break pass;
        }
        quiet = true;
        thread::sleep(ARRIVING);
    };
    for (id, problem) in &last.lost {
        say(&format!("LOST file {id}: {problem}"))?;
    }
    say(&format!("{copied} files brought over; {} are there", last.there))?;
    if !last.lost.is_empty() {
        say("both places are read, since some files could not be brought over")?;
        return Ok(ExitCode::FAILURE);
    }
    if !filing.end_move(&to)? {
        bail!("somebody else is moving the files to another place");
    }
    say("only the new place is read from now on")?;
    Ok(ExitCode::SUCCESS)
}
