//! Runs the simulated world; `--mutants` with planted bugs in it, to see that each is found.

use anyhow::{Context, Result};

use crate::shell::{cargo, run};

/// Hands `arguments` to the simulator; none runs its 300 seeds.
pub(crate) fn simulate(arguments: &[String]) -> Result<()> {
    let usual = ["--seeds".to_owned(), "300".to_owned()];
    let arguments = if arguments.is_empty() { &usual[..] } else { arguments };
    let mut simulator = cargo();
    simulator.args(["run", "--quiet", "-p", "simulator"]);
    if arguments.iter().any(|argument| argument == "--mutants") {
        simulator.args(["--features", "mutants"]);
    }
    run(simulator.arg("--").args(arguments)).context("something did not hold; the seed above says what")
}
