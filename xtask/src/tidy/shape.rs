//! Files stay short and are named after what is in them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Findings;
use super::tree::Tree;

const LINES_AIM: usize = 400;
const LINES_MAX: usize = 600;

/// Names that say nothing: they are where arrows go to hide.
const EMPTY_NAMES: &[&str] = &["common", "core", "types", "util", "utils", "helper", "helpers", "misc"];

/// `xtask/tidy.toml`: path → reason.
#[derive(Deserialize)]
pub(super) struct Exceptions {
    pub(super) length: BTreeMap<String, String>,
    pub(super) chinese: BTreeMap<String, String>,
}

impl Exceptions {
    pub(super) fn of(tree: &Tree) -> Result<Self> {
        toml::from_str(tree.text("xtask/tidy.toml")?).context("xtask/tidy.toml is not as expected")
    }
}

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let exceptions = Exceptions::of(tree)?.length;
    for (path, text) in tree.ending(&[".rs", ".js", ".mjs", ".css"]) {
        let lines = text.lines().count();
        let excepted = exceptions.contains_key(path);
        if lines > LINES_MAX && !excepted {
            findings.fail(format!("{path} has {lines} lines; above {LINES_MAX} it must be parted"));
        } else if lines > LINES_AIM && !excepted {
            findings.warn(format!("{path} has {lines} lines; aim below {LINES_AIM}"));
        }
        if lines <= LINES_MAX && excepted {
            findings.fail(format!("xtask/tidy.toml: {path} no longer needs its exception from the length"));
        }
    }
    for path in exceptions.keys().filter(|path| !tree.files().contains_key(*path)) {
        findings.fail(format!("xtask/tidy.toml: {path} is gone"));
    }
    for path in tree.files().keys() {
        let name = path.split('/').find(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            EMPTY_NAMES.contains(&stem)
        });
        if let Some(name) = name {
            findings.fail(format!("{path}: `{name}` says nothing of what is in it"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_names_are_held() {
        let cases = [
            ("crates/a/src/money.rs", 400, "", "", ""),
            ("crates/a/src/money.rs", 401, "", "", "401 lines"),
            ("crates/a/src/money.rs", 601, "", "must be parted", ""),
            ("crates/a/src/money.rs", 601, "\"crates/a/src/money.rs\" = \"a table\"", "", ""),
            ("crates/a/src/money.rs", 600, "\"crates/a/src/money.rs\" = \"a table\"", "no longer needs", ""),
            ("crates/a/src/money.rs", 1, "\"crates/a/src/gone.rs\" = \"a table\"", "is gone", ""),
            ("crates/a/src/utils.rs", 1, "", "`utils.rs` says nothing", ""),
            ("crates/common/Cargo.toml", 1, "", "`common` says nothing", ""),
        ];
        for (path, lines, exception, failure, warning) in cases {
            let tree = Tree::of(&[
                (path, &"x\n".repeat(lines)),
                ("xtask/tidy.toml", &format!("[chinese]\n[length]\n{exception}")),
            ]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            for (found, expected) in [(findings.failures, failure), (findings.warnings, warning)] {
                let found = found.join("\n");
                assert!(
                    found.contains(expected) && found.is_empty() == expected.is_empty(),
                    "{path} {lines}: {found}"
                );
            }
        }
    }
}
