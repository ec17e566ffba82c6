//! Whether planted bugs are found: by the seeds, by which invariant, and within how many.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A hunt for one planted bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunt {
    /// The bug.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Who found it: a seed with the invariant that did not hold, or the conformance suite.
    pub found: Option<String>,
}

/// The planted bugs of this build: their names, and what each does. None where it was built without them.
pub fn planted() -> Vec<(&'static str, &'static str)> {
    #[cfg(feature = "mutants")]
    return app::mutants::Mutant::ALL.iter().map(|mutant| (mutant.name(), mutant.what().trim())).collect();
    #[cfg(not(feature = "mutants"))]
    return vec![];
}

/// Hunts the bug called `name` in processes of its own, through at most `seeds` seeds and then with the conformance suite of the
/// store at `conformance`.
pub fn hunt(
    (name, what): (&'static str, &'static str),
    seeds: u64,
    conformance: Option<&PathBuf>,
) -> Result<Hunt> {
    let this = std::env::current_exe().context("this program does not know where it lies")?;
    let mut seeker = Command::new(this);
    seeker.args(["--first", &seeds.to_string()]).env("ANPEI_MUTANT", name).stderr(Stdio::null());
    let output = seeker.output().context("the hunt could not be started")?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() && said.starts_with("seed") {
        return Ok(Hunt { name, what, found: Some(said) });
    }
    if !output.status.success() {
        return Ok(Hunt { name, what, found: Some(format!("the run itself ended: {}", output.status)) });
    }
    let Some(conformance) = conformance else { return Ok(Hunt { name, what, found: None }) };
    let suite = Command::new(conformance)
        .args(["--test-threads", "1"])
        .env("ANPEI_MUTANT", name)
        .output()
        .context("the conformance suite could not be started")?;
    let said = String::from_utf8_lossy(&suite.stdout).into_owned();
    let first = said.lines().find(|line| line.starts_with("test ") && line.ends_with("FAILED"));
    let found = (!suite.status.success()).then(|| {
        let test = first.and_then(|line| line.split(' ').nth(1)).unwrap_or("a test");
        format!("conformance suite: {test}")
    });
    Ok(Hunt { name, what, found })
}

/// Builds the conformance suite of the store with the planted bugs; where its program lies.
pub fn build_conformance() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", "-p", "store", "--features", "mutants", "--test", "conformance", "--no-run"])
        .args(["--message-format", "json", "--quiet"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the conformance suite does not build with the planted bugs");
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let built = said.lines().rev().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let named = line["target"]["name"] == "conformance";
        named.then(|| line["executable"].as_str().map(PathBuf::from)).flatten()
    });
    built.context("cargo did not say where the conformance suite lies")
}
