//! `torture`: rounds and loads by hand. `cargo xtask torture` and `cargo xtask load` build what is needed and run this.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use torture::anpei::Anpei;
use torture::load;
use torture::postgres::Postgres;
use torture::rounds::{self, Plan};

const HELP: &str = "\
torture rounds --anpei PROGRAM [--rounds N] [--seed S] [--postgres URL] [--nodes N]
torture load --anpei PROGRAM [--claims-per-second R] [--seconds S] [--burst B] [--seed S] [--postgres URL] [--nodes N]
             [--figure FILE]
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("rounds") => torture(&Given(&arguments[1..])),
        Some("load") => load(&Given(&arguments[1..])),
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

/// A new store for a binary, and the server behind it.
struct Lent {
    anpei: Anpei,
    postgres: Option<Postgres>,
    name: String,
    nodes: usize,
}

impl Lent {
    fn new(given: &Given<'_>) -> Result<Lent> {
        let program = PathBuf::from(given.text("--anpei").context("say which binary: --anpei PROGRAM")?);
        let postgres = given.text("--postgres").map(Postgres::at).transpose()?;
        let name = format!("torture_{}", std::process::id());
        let database = postgres.as_ref().map(|server| server.database(&name)).transpose()?;
        let nodes = given.number("--nodes", if postgres.is_some() { 3 } else { 1 })?;
        if nodes > 1 && postgres.is_none() {
            bail!("one process at a time serves a data folder; several need --postgres URL");
        }
        let data = std::env::temp_dir().join(format!("anpei-{name}"));
        std::fs::create_dir_all(&data)?;
        Ok(Lent { anpei: Anpei { program, data, database }, postgres, name, nodes })
    }
}

/// Takes the store away again.
fn remove(anpei: &Anpei, postgres: Option<&Postgres>, name: &str) -> Result<()> {
    if let Some(server) = postgres {
        server.drop_database(name)?;
    }
    std::fs::remove_dir_all(&anpei.data).context("the data folder cannot be removed")
}

fn torture(given: &Given<'_>) -> Result<()> {
    let (rounds, seed) = (given.number("--rounds", 30)?, given.number("--seed", 1)?);
    let Lent { anpei, postgres, name, nodes } = Lent::new(given)?;
    let data = anpei.data.clone();
    let mut plan =
        Plan { anpei, postgres, rounds, seed, programs: 4, nodes, life: 10..500, claims_a_round: 40 };
    match rounds::run(&mut plan, &mut |line| println!("{line}")) {
        Ok(outcome) => {
            println!("\n{outcome}\n{}", outcome.verified.trim());
            remove(&plan.anpei, plan.postgres.as_ref(), &name)
        }
        Err(error) => {
            let store = if plan.postgres.is_some() { " --store postgres" } else { "" };
            println!("kept in {}", data.display());
            println!("again: cargo xtask torture --kinds kill --rounds {rounds} --seed {seed}{store}");
            Err(error)
        }
    }
}

fn load(given: &Given<'_>) -> Result<()> {
    let Lent { anpei, postgres, name, nodes } = Lent::new(given)?;
    let plan = load::Plan {
        anpei,
        nodes,
        claims_per_second: given.number("--claims-per-second", 2.0)?,
        phase: Duration::from_secs(given.number("--seconds", 60)?),
        burst: given.number("--burst", 10.0)?,
        seed: given.number("--seed", 1)?,
    };
    let seen = load::run(&plan, &mut |line| println!("{line}"))?;
    println!("\n{}", seen.report);
    if let Some(path) = given.text("--figure") {
        load::write_figure(&seen, path.as_ref())?;
    }
    load::check(&seen)?;
    remove(&plan.anpei, postgres.as_ref(), &name)
}
