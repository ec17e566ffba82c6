//! `anpei import`: brings data of other systems in.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use app::Request;
use app::words::{Arg, Lang, Words};
use clap::{Subcommand, ValueEnum};
use register::import::{Format, Remark, RowProblem};

use super::account::told;
use super::on_runtime;
use crate::config::{Config, Given};
use crate::host::SystemClock;
use crate::{say, wiring};

/// Bring data of other systems in
#[derive(Subcommand)]
pub(crate) enum Command {
    Policies(Arguments),
}

/// Import policies from CSV or JSON
///
/// Sound rows are entered, each at once; the others are named with line, column and reason, and the exit code is then 1. A policy
/// that is known already is left as it is, so a file may be imported again after its rows were mended.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei import policies policies.csv --data data
  anpei import policies export.txt --format json --data data

A CSV file has a header line; a JSON file is an array of objects with the same names:
  number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,
  ends_at,compulsory                                                                                   (needed)
  wording,own_damage,own_damage_deductible,third_party,driver,passengers,deductible_rate,deductible_rate_covers,
  holiday_doubling                                                                                     (optional)")]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Given<false>,
    /// The file
    file: PathBuf,
    /// How it is written; by default what its name ends with
    #[arg(long, value_enum)]
    format: Option<Written>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    /// Comma-separated values
    Csv,
    /// A JSON array of objects
    Json,
}

pub(crate) fn run(Command::Policies(arguments): &Command) -> Result<ExitCode> {
    let config = Config::of(&arguments.settings.resolve()?)?;
    let file = &arguments.file;
    let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let format = match (arguments.format, ending.as_deref()) {
        (Some(Written::Csv), _) | (None, Some("csv")) => Format::Csv,
        (Some(Written::Json), _) | (None, Some("json")) => Format::Json,
        (None, _) => bail!("{}: say --format csv or --format json", file.display()),
    };
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let store = wiring::open_store(&config)?;
    let app = wiring::app(&store, wiring::Outside::nobody(), Arc::new(SystemClock))?;
    let imported =
        on_runtime(async { app.import_policies(&Request::system(), &bytes, format).await.map_err(told) });
    let report = imported.with_context(|| format!("{}", file.display()))?;
    for (remarks, kind) in [(&report.refused, "refused"), (&report.warnings, "warning")] {
        for remark in remarks {
            say(&format!("{kind}: {}", spelled(remark)))?;
        }
    }
    let mut lines: Vec<u64> = report.refused.iter().map(|remark| remark.line).collect();
    lines.dedup();
    let refused = lines.len();
    say(&format!("{} entered, {} known before, {refused} refused", report.entered, report.known))?;
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn spelled(remark: &Remark) -> String {
    let column = remark.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
    let args = match remark.problem {
        RowProblem::Duplicate { first_line } => vec![("line", first_line.to_string().into())],
        _ => vec![],
    };
    let args: Vec<_> = args.into_iter().map(|(name, value)| (name, Arg::Text(value))).collect();
    let sentence = Words::of(Lang::En).say_with(remark.problem.word(), &args);
    format!("line {}{column}: {sentence}", remark.line)
}
