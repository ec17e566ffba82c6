//! The project's own commands, run as `cargo xtask <command>`.
//!
//! One file per command. A command prints what it does and how long it took, stops at the first failure,
//! and a failure says what to do about it.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod bench;
mod demo;
mod new;
mod postgres;
mod setup;
mod shell;
mod simulate;
mod test;
mod tidy;
mod torture;
mod vendor;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  setup                     install what is missing: Chromium, a Chinese font, PostgreSQL, front-end packages
  demo [ARGUMENT…]          set up, build, and start a full system with a seeded insurer
  test [--long]             everything: format, lints, tests, house checks, browser journeys
  new KIND NAME             write a new entry of a registry: its file, its line, its words
  bench [NAME]              run the benchmarks; without a name, write docs/BENCHMARKS.md
  postgres -- COMMAND…      run a command beside a PostgreSQL server of its own, named in ANPEI_TEST_POSTGRES
  simulate [OPTION…]        the simulated world: --seed N, --seeds N, --mutants; alone, 300 seeds
  torture [--rounds N] [--store sqlite|postgres] [--seed S] [--kinds kill,power,full,errors] [--nodes N]
                            kill, cut the power, fill and break the disk, and compare with what clients were told
  load [--claims-per-second R] [--seconds S] [--burst B] [--store sqlite|postgres] [--nodes N] [--seed S]
                            customers, programs and staff at a real server, steadily and all at once
  tidy                      the house checks alone
  tidy --accept-goldens     enter new golden events into xtask/goldens.lock
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
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => setup::setup(),
        ["demo", ..] => demo::demo(&arguments[1..]),
        ["test"] => test::test(test::Reach::Usual),
        ["test", "--long"] => test::test(test::Reach::Long),
        ["new", kind, name] => new::new(kind, name),
        ["new", ..] => bail!("say what: cargo xtask new {} NAME", new::kinds()),
        ["bench"] => bench::bench(None),
        ["bench", wanted] => bench::bench(Some(wanted)),
        ["postgres", "--", ..] => postgres::with_server(&arguments[2..]),
        ["simulate", ..] => simulate::simulate(&arguments[1..]),
        ["torture", ..] => torture::torture(&arguments[1..]),
        ["load", ..] => torture::load(&arguments[1..]),
        ["tidy"] => tidy::tidy(),
        ["tidy", "--accept-goldens"] => tidy::accept_goldens(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("`{}` is not a command\n\n{HELP}", unknown.join(" ")),
    }
}
