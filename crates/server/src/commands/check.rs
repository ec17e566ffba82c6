//! `anpei check`: whether an identifier is sound.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use lexicon::identifier::{self, Kind};

use crate::say;

/// Check an identifier: its writing, its form, its check digit
///
/// Prints one JSON object with kind, value, normalised, valid and problem. Exits with 0 when the identifier is valid, 1 when it is
/// not, and 2 when the kind is unknown or the value is missing.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei check vin LSVAA4182E2184847
  anpei check plate '京N·8K621'
  anpei check id-number 11010519491231002X

Problems: length, character, region, form, date, check-digit; the first that applies is named.")]
pub(crate) struct Arguments {
    /// The kind of identifier
    #[arg(value_parser = kinds())]
    kind: Kind,
    /// The identifier as written: full-width letters, blanks, `-` and `·` are brought into order
    #[arg(allow_hyphen_values = true)]
    value: String,
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::word)).try_map(|word| word.parse::<Kind>())
}

pub(crate) fn run(Arguments { kind, value }: &Arguments) -> Result<ExitCode> {
    let checked = identifier::check(*kind, value);
    say(&serde_json::to_string(&checked)?)?;
    Ok(if checked.valid { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
