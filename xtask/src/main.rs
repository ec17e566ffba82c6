//! The project's own commands, run as `cargo xtask <command>`.
//!
//! One file per command. A command prints what it does and how long it took, stops at the first failure,
//! and a failure says what to do about it.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod setup;
mod shell;
mod vendor;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  setup              install what is missing: Chromium, fonts, front-end packages
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) = arguments.split_first().map_or(("help", &[][..]), |(c, r)| (c.as_str(), r));
    match command {
        "setup" => setup::setup(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("there is no command `{unknown}`{}\n\n{HELP}", if rest.is_empty() { "" } else { " with arguments" }),
    }
}
