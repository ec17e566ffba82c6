//! `anpei settle`: what all policies owe for one accident.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app::settlement;
use app::words::Lang;
use clap::ValueEnum;

use crate::say;

/// Compute what all policies owe for one accident: JSON in, JSON out
///
/// All vehicles and people, all covers of all policies, solved at once. Refused input exits with 2 and one problem document
/// (RFC 9457, JSON) on stderr: a stable code, the place in the input, and a sentence.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei settle accident.json
  anpei settle --explain --lang en accident.json
  cat accident.json | anpei settle -

The smallest input: one car hits a wall, and its own policy covers it
  { \"occurred_at\": \"2026-05-02T14:30:00+08:00\",
    \"vehicles\": [ { \"id\": \"A\", \"fault\": \"1\", \"damage\": { \"repair\": \"3000.00\" },
                    \"policy\": { \"wording\": \"W2020\", \"own_damage\": { \"sum_insured\": \"164000.00\" } } } ] }")]
pub(crate) struct Arguments {
    /// Print the derivation in plain words instead of JSON
    #[arg(long)]
    explain: bool,
    /// The language of sentences
    #[arg(long, value_enum, default_value_t = Tongue::Zh)]
    lang: Tongue,
    /// The file with the accident, or `-` for standard input
    file: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    /// 中文
    Zh,
    /// English
    En,
}

pub(crate) fn run(Arguments { explain, lang, file }: &Arguments) -> Result<ExitCode> {
    let lang = match lang {
        Tongue::Zh => Lang::Zh,
        Tongue::En => Lang::En,
    };
    let input = if file.as_os_str() == "-" {
        let mut input = Vec::new();
        io::stdin().lock().read_to_end(&mut input).context("standard input cannot be read")?;
        input
    } else {
        fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?
    };
    match settlement::run(&input, *explain, lang) {
        Ok(answer) => {
            say(answer.trim_end())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            writeln!(io::stderr(), "{problem}")?;
            Ok(ExitCode::from(2))
        }
    }
}
