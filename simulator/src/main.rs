//! `cargo xtask simulate`: runs seeds, and hunts planted bugs.
#![expect(clippy::disallowed_methods, reason = "how long the seeds take is told to whoever waits for them")]
#![expect(clippy::disallowed_macros, reason = "a command line tool tells its errors on standard error")]
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use journal::Recorded;
use simulator::check::INVARIANTS;
use simulator::mutants;
use simulator::run::{Report, run, run_twice};

const HELP: &str = "\
simulator [OPTION…]

  --seed N [--twice] [--journal]
                            run one seed and tell of it; twice: and that it gives the same again; journal: all it recorded
  --seeds N [--from S]      run N seeds from S on (1 unless said), side by side on every core
  --first N                 run seeds one after the other, at most N, and stop at the first that fails
  --mutants [--seeds N]     hunt every planted bug with at most N seeds each (60 unless said); needs a build with them
  --invariants              tell what is held to
";

/// So many seeds hunt one planted bug unless said otherwise.
const HUNT_SEEDS: u64 = 60;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match go(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn go(arguments: &[String]) -> Result<bool> {
    let number = |name: &str| -> Result<Option<u64>> {
        let Some(place) = arguments.iter().position(|argument| argument == name) else { return Ok(None) };
        let text = arguments.get(place + 1).with_context(|| format!("{name} needs a number"))?;
        text.parse().map(Some).with_context(|| format!("{name} needs a number, not `{text}`"))
    };
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--mutants") {
        return hunt_all(number("--seeds")?.unwrap_or(HUNT_SEEDS));
    }
    if has("--invariants") {
        INVARIANTS.iter().for_each(|(name, says)| println!("{name:<10}{says}"));
        return Ok(true);
    }
    if let Some(seed) = number("--seed")? {
        let report = if has("--twice") { run_twice(seed)? } else { run(seed) };
        tell(&report);
        if has("--journal") {
            for entry in &report.journal {
                let Recorded { position, stream, version, name, at, actor, data, .. } = entry;
                println!("{position} {at} {stream} {version} {name} by {actor} {data}");
            }
        }
        return Ok(report.problems.is_empty());
    }
    if let Some(seeds) = number("--first")? {
        return Ok(first_failure(seeds));
    }
    if let Some(seeds) = number("--seeds")? {
        return Ok(many(number("--from")?.unwrap_or(1), seeds));
    }
    bail!("say what\n\n{HELP}");
}

fn tell(report: &Report) {
    if !report.problems.is_empty() {
        println!("{}", report.told());
    }
    println!("seed {}: {:?}", report.seed, report.tally);
    println!("journal {} in {:.2} s", report.hash, report.took.as_secs_f64());
}

/// Runs seeds side by side; says how it goes on, and what failed.
fn many(from: u64, seeds: u64) -> bool {
    let begun = Instant::now();
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let failed: Mutex<Vec<Report>> = Mutex::default();
    let sums: Mutex<[u64; 6]> = Mutex::default();
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= seeds {
                        return;
                    }
                    let report = run(from + number);
                    let tally = report.tally;
                    let counted = [
                        tally.claims,
                        tally.over,
                        tally.paid,
                        tally.entries,
                        tally.crashes,
                        tally.given_back,
                    ];
                    let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
                    sums.iter_mut().zip(counted).for_each(|(sum, one)| *sum += one);
                    drop(sums);
                    if !report.problems.is_empty() {
                        println!("{}", report.told());
                        failed.lock().unwrap_or_else(PoisonError::into_inner).push(report);
                    }
                    let done = done.fetch_add(1, Ordering::SeqCst) + 1;
                    if done.is_multiple_of(25) || done == seeds {
                        println!("{done} of {seeds} seeds, {:.0} s", begun.elapsed().as_secs_f64());
                    }
                }
            });
        }
    });
    let [claims, over, paid, entries, crashes, given_back] =
        sums.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{claims} claims ({over} ended), {paid} payments, {given_back} set off or given back, {entries} entries, {crashes} crashes"
    );
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|report| report.seed);
    for report in &failed {
        let first = report.problems.first().map_or("", String::as_str);
        println!("cargo xtask simulate --seed {:<6} {first}", report.seed);
    }
    println!("{} passed, {} failed", seeds - failed.len() as u64, failed.len());
    failed.is_empty()
}

/// Whether all of the first `seeds` seeds hold; says which is the first that does not.
fn first_failure(seeds: u64) -> bool {
    for seed in 1..=seeds {
        if let Some(problem) = run(seed).problems.first() {
            println!("seed {seed}: {problem}");
            return false;
        }
    }
    true
}

/// Hunts every planted bug; fails when one survives.
fn hunt_all(seeds: u64) -> Result<bool> {
    let planted = mutants::planted();
    if planted.is_empty() {
        bail!("no bugs are planted in this build: cargo xtask simulate --mutants builds one with them");
    }
    let conformance = mutants::build_conformance()?;
    let mut survived = 0;
    for mutant in &planted {
        let hunt = mutants::hunt(*mutant, seeds, Some(&conformance))?;
        survived += usize::from(hunt.found.is_none());
        let found = hunt.found.as_deref().unwrap_or("SURVIVED");
        println!("{:<26} {found}", hunt.name);
    }
    println!("{} passed, {survived} failed", planted.len() - survived);
    Ok(survived == 0)
}
