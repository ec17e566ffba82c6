//! The house checks: what reviewers would otherwise have to remember.
//!
//! Each check is a function from the [`Tree`] to its findings, listed in [`CHECKS`]; a test runs them all.

mod floors;
mod goldens;
mod links;
mod locales;
mod map;
mod shape;
mod source;
mod supply;
mod tree;
mod words;

use anyhow::{Result, bail};

pub(crate) use goldens::accept as accept_goldens;
use tree::Tree;

/// What a check found, as lines a person can act on.
#[derive(Default)]
struct Findings {
    failures: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn fail(&mut self, line: impl Into<String>) {
        self.failures.push(line.into());
    }

    fn warn(&mut self, line: impl Into<String>) {
        self.warnings.push(line.into());
    }
}

type Check = fn(&Tree, &mut Findings) -> Result<()>;

/// Every check, with the rule it stands for.
const CHECKS: &[(&str, Check)] = &[
    ("arrows between crates point down and are listed in xtask/floors.toml", floors::check),
    ("the crate table of ARCHITECTURE.md is the workspace", map::check),
    ("files are short, and nothing is called common or helpers", shape::check),
    ("lints are not silenced without a reason, open ends are on the roadmap", words::marks),
    ("tracked files name no registry and no path of one machine", words::places),
    ("sentences for people stand in no crate below app", words::sentences),
    ("floats stay away from money", words::floats),
    ("both languages have the same words", locales::check),
    ("a golden event is never edited", goldens::check),
    ("what comes from outside is allowed by deny.toml", supply::check),
    ("links between our documents lead somewhere", links::check),
];

/// Runs every check and fails when one found something.
pub(crate) fn tidy() -> Result<()> {
    let tree = Tree::read(&crate::shell::root())?;
    let mut failures = 0;
    for (rule, check) in CHECKS {
        let mut findings = Findings::default();
        if let Err(error) = check(&tree, &mut findings) {
            findings.fail(format!("{error:#}"));
        }
        println!("{} {rule}", if findings.failures.is_empty() { "ok  " } else { "FAIL" });
        for line in &findings.warnings {
            println!("     warning: {line}");
        }
        for line in &findings.failures {
            println!("     {line}");
        }
        failures += findings.failures.len();
    }
    if failures > 0 {
        bail!("tidy found {failures} thing(s) to put right");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_tidy() {
        let tree = Tree::read(&crate::shell::root()).unwrap();
        assert!(tree.files().len() > 20, "the list of files cannot be right");
        let mut failures = Vec::new();
        for (rule, check) in CHECKS {
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            failures.extend(findings.failures.into_iter().map(|line| format!("{rule}: {line}")));
        }
        assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    }
}
