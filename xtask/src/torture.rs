//! Torture and load by hand: builds what is needed, lends a database where one is wanted, and runs the `torture` program.

use anyhow::{Context, Result, bail};

use crate::postgres::Lent;
use crate::shell::{cargo, command, root, run, target};

/// Words and their values, as `--rounds 100`.
struct Given<'a>(&'a [String]);

impl Given<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        let place = self.0.iter().position(|word| word == name)?;
        self.0.get(place + 1).map(String::as_str)
    }

    /// The same words without `names` and their values.
    fn without(&self, names: &[&str]) -> Vec<String> {
        let mut left = vec![];
        let mut words = self.0.iter();
        while let Some(word) = words.next() {
            if names.contains(&word.as_str()) {
                words.next();
            } else {
                left.push(word.clone());
            }
        }
        left
    }

    fn check(&self, known: &[&str]) -> Result<()> {
        for pair in self.0.chunks(2) {
            match pair {
                [name, _] if known.contains(&name.as_str()) => {}
                _ => bail!(
                    "`{}` is not known here; say {} each with a value",
                    pair.join(" "),
                    known.join(", ")
                ),
            }
        }
        Ok(())
    }
}

/// Kills processes, cuts the power, fills and breaks the disk.
pub(crate) fn torture(words: &[String]) -> Result<()> {
    let given = Given(words);
    given.check(&["--rounds", "--store", "--seed", "--kinds", "--nodes"])?;
    let kinds = given.text("--kinds").unwrap_or("kill,power,full,errors");
    for kind in kinds.split(',') {
        println!("\n== {kind}");
        match kind {
            "kill" => program("rounds", &given, &["--kinds", "--store"])?,
            "power" => test(&given, "store", "conformance", "disk::power")?,
            "errors" => test(&given, "store", "conformance", "disk::failing")?,
            "full" => test(&given, "server", "anpei", "full::")?,
            other => bail!("`{other}` is no kind of torture: kill, power, full, errors"),
        }
    }
    Ok(())
}

/// Customers, programs and staff at a served process.
pub(crate) fn load(words: &[String]) -> Result<()> {
    let given = Given(words);
    given.check(&["--claims-per-second", "--seconds", "--burst", "--store", "--nodes", "--seed"])?;
    program("load", &given, &["--store"])
}

/// The tests of one kind, with as many rounds as wanted.
fn test(given: &Given<'_>, package: &str, target: &str, filter: &str) -> Result<()> {
    let mut test = cargo();
    test.args(["test", "--quiet", "--package", package, "--test", target, "--", "--nocapture", filter]);
    for (word, variable) in [("--rounds", "ANPEI_TORTURE_ROUNDS"), ("--seed", "ANPEI_TORTURE_SEED")] {
        if let Some(value) = given.text(word) {
            test.env(variable, value);
        }
    }
    run(&mut test)
}

/// The `torture` program against a release build of the product.
fn program(what: &str, given: &Given<'_>, ours: &[&str]) -> Result<()> {
    // Both in release: on a small machine a slow client would take the server's time.
    run(cargo().args(["build", "--release", "--package", "server", "--package", "torture", "--bins"]))?;
    let mut program = command(&target().join("release/torture").to_string_lossy());
    program.arg(what).arg("--anpei").arg(target().join("release/anpei")).args(given.without(ours));
    let store = given.text("--store").unwrap_or("sqlite");
    if what == "load" {
        program.arg("--figure").arg(root().join(format!("docs/load-{store}.svg")));
    }
    match store {
        "sqlite" => run(&mut program),
        "postgres" => {
            let server = Lent::get()?;
            run(program.args(["--postgres", server.url()])).context("see the rounds above")
        }
        other => bail!("`{other}` is no store: sqlite, postgres"),
    }
}
