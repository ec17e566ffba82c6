//! `torture`: rounds and loads by hand. `cargo xtask torture` and `cargo xtask load` build what is needed and run this.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use torture::anpei::Anpei;
use torture::postgres::Postgres;
use torture::rounds::{self, Plan};

const HELP: &str = "\
torture rounds --anpei PROGRAM [--rounds N] [--seed S] [--postgres URL] [--nodes N]
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("rounds") => torture(&Given(&arguments[1..])),
        _ => {
            print!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Pairs of a name and a value.
struct Given<'a>(&'a [String]);

impl Given<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        let place = self.0.iter().position(|word| word == name)?;
        self.0.get(place + 1).map(String::as_str)
    }

    fn number<T: std::str::FromStr>(&self, name: &str, usual: T) -> Result<T> {
        match self.text(name) {
            None => Ok(usual),
            Some(text) => text.parse().ok().with_context(|| format!("{name}: `{text}` is not such a number")),
        }
    }
}

fn torture(given: &Given<'_>) -> Result<()> {
    let program = PathBuf::from(given.text("--anpei").context("say which binary: --anpei PROGRAM")?);
    let (rounds, seed) = (given.number("--rounds", 30)?, given.number("--seed", 1)?);
    let postgres = given.text("--postgres").map(Postgres::at).transpose()?;
    let name = format!("torture_{}", std::process::id());
    let database = postgres.as_ref().map(|server| server.database(&name)).transpose()?;
    let nodes = given.number("--nodes", if postgres.is_some() { 3 } else { 1 })?;
    if nodes > 1 && postgres.is_none() {
        bail!("one process at a time serves a data folder; several need --postgres URL");
    }
    let data = std::env::temp_dir().join(format!("anpei-{name}"));
    std::fs::create_dir_all(&data)?;
    let anpei = Anpei { program, data: data.clone(), database };
    let mut plan =
        Plan { anpei, postgres, rounds, seed, programs: 4, nodes, life: 10..500, claims_a_round: 40 };
    match rounds::run(&mut plan, &mut |line| println!("{line}")) {
        Ok(outcome) => {
            println!("\n{outcome}\n{}", outcome.verified.trim());
            if let Some(server) = &plan.postgres {
                server.drop_database(&name)?;
            }
            std::fs::remove_dir_all(&data)?;
            Ok(())
        }
        Err(error) => {
            let store = if plan.postgres.is_some() { " --store postgres" } else { "" };
            println!("kept in {}", data.display());
            println!("again: cargo xtask torture --kinds kill --rounds {rounds} --seed {seed}{store}");
            Err(error)
        }
    }
}
