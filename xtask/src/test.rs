//! Everything that must hold, from nothing: what a contributor runs before sending a change.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::postgres::{self, Lent};
use crate::shell::{cargo, command, has, root, run, target};
use crate::{setup, tidy};

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What every change must pass.
    Usual,
    /// Also the tests marked `#[ignore]` and the long products of the browser journeys.
    Long,
}

/// A step: what it is called, and how it is taken.
type Step = (&'static str, fn(Reach) -> Result<()>);

const STEPS: &[Step] = &[
    ("set-up", |_| setup::setup()),
    ("format", |_| run(cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")),
    ("lints", |_| {
        run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"]))
    }),
    ("tests", tests),
    ("examples in the docs", |_| run(cargo().args(["test", "--workspace", "--doc", "--quiet"]))),
    ("house checks", |_| tidy::tidy()),
    ("supply", supply),
    ("browser journeys", journeys),
];

/// Takes every step in order and stops at the first that fails.
pub(crate) fn test(reach: Reach) -> Result<()> {
    let start = Instant::now();
    let mut taken: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS {
        println!("\n== {name}");
        let begun = Instant::now();
        let outcome = step(reach);
        let time = begun.elapsed();
        println!(
            "== {name}: {} ({:.1} s)",
            if outcome.is_ok() { "done" } else { "FAILED" },
            time.as_secs_f64()
        );
        if outcome.is_err() {
            println!("\nsteps: {} passed, 1 failed", taken.len());
            return outcome.with_context(|| format!("the step `{name}` failed"));
        }
        taken.push((name, time));
    }
    println!("\nEverything holds:");
    for (name, time) in &taken {
        println!("  {name:<22}{:>8.1} s", time.as_secs_f64());
    }
    println!("  {:<22}{:>8.1} s", "in all", start.elapsed().as_secs_f64());
    println!("\nsteps: {} passed, 0 failed", taken.len());
    Ok(())
}

fn tests(reach: Reach) -> Result<()> {
    let server = Lent::get()?;
    // nextest runs the tests of all crates side by side; without it cargo runs crate after crate.
    if has("cargo-nextest") {
        let mut nextest = cargo();
        nextest.args(["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"]);
        nextest.env(postgres::VARIABLE, server.url());
        if reach == Reach::Long {
            nextest.args(["--run-ignored", "all"]);
        }
        return run(&mut nextest);
    }
    let mut test = cargo();
    test.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast", "--quiet"]);
    test.env(postgres::VARIABLE, server.url());
    if reach == Reach::Long {
        test.args(["--", "--include-ignored"]);
    }
    run(&mut test)
}

/// `cargo deny` knows more than our own check of deny.toml (duplicates, licence texts), but takes minutes to build:
/// it runs where it is installed, and is installed for the long run.
fn supply(reach: Reach) -> Result<()> {
    let check = ["--all-features", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    if has("cargo-deny") {
        return run(cargo().arg("deny").args(check));
    }
    if reach == Reach::Usual {
        println!(
            "cargo-deny is not installed; the house checks have held deny.toml, `test --long` installs it"
        );
        return Ok(());
    }
    let tools = target().join("tools");
    run(cargo().args(["install", "cargo-deny", "--locked", "--quiet", "--root"]).arg(&tools))?;
    run(command(&tools.join("bin/cargo-deny").to_string_lossy()).args(check))
}

fn journeys(reach: Reach) -> Result<()> {
    // The tests of the server have built the binary already; asked for in the same words, nothing is built again.
    run(cargo().args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-run", "--quiet"]))?;
    let binary = target().join("debug/anpei");
    let mut node = command("npm");
    node.args(["test", "--silent"]).current_dir(root().join("e2e")).env("ANPEI_BIN", binary);
    if reach == Reach::Long {
        node.env("ANPEI_LONG", "1");
    }
    run(&mut node).context("a browser journey failed; its pictures are in target/screenshots")
}
