//! A golden event is never edited: what was written to a journal must be read for ever.
//!
//! `xtask/goldens.lock` holds the sum of every golden event. A new one is entered by
//! `cargo xtask tidy --accept-goldens`; nothing but an edit of the lock itself, which a reviewer sees,
//! can change one that is there.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::Findings;
use super::tree::{Tree, crate_of};
use crate::vendor::sha256;

const LOCK: &str = "xtask/goldens.lock";

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let locked = locked(tree)?;
    let found = found(tree);
    for (path, sum) in &locked {
        match found.get(path) {
            None => {
                findings.fail(format!("{path} is gone: journals with this event could no longer be read"))
            }
            Some(now) if now != sum => {
                findings
                    .fail(format!("{path} was edited: put it back, and give the new shape a new version"));
            }
            Some(_) => {}
        }
    }
    for path in found.keys().filter(|path| !locked.contains_key(*path)) {
        findings.fail(format!("{path} is new: run `cargo xtask tidy --accept-goldens`"));
    }
    Ok(())
}

/// Enters the golden events that the lock does not know yet.
pub(crate) fn accept() -> Result<()> {
    let root = crate::shell::root();
    let tree = Tree::read(&root)?;
    let mut locked = locked(&tree)?;
    let mut new = 0;
    for (path, sum) in found(&tree) {
        if let std::collections::btree_map::Entry::Vacant(place) = locked.entry(path) {
            place.insert(sum);
            new += 1;
        }
    }
    let text: String = locked.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect();
    fs::write(root.join(LOCK), text).with_context(|| format!("{LOCK} cannot be written"))?;
    println!("{LOCK}: {new} new golden event(s), {} in all", locked.len());
    Ok(())
}

fn locked(tree: &Tree) -> Result<BTreeMap<String, String>> {
    tree.text(LOCK)?
        .lines()
        .map(|line| {
            let (sum, path) =
                line.split_once("  ").with_context(|| format!("{LOCK}: `{line}` is not as expected"))?;
            Ok((path.to_owned(), sum.to_owned()))
        })
        .collect()
}

/// The golden events of the tree: `crates/<crate>/tests/golden/events/*.json`.
fn found(tree: &Tree) -> BTreeMap<String, String> {
    tree.ending(&[".json"])
        .filter(|(path, _)| {
            crate_of(path)
                .is_some_and(|name| path.starts_with(&format!("crates/{name}/tests/golden/events/")))
        })
        .map(|(path, text)| (path.to_owned(), sha256(text.as_bytes())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_golden_that_is_new_edited_or_gone_is_found() {
        let golden = "crates/claim/tests/golden/events/Closed.1.json";
        let lock = format!("{}  {golden}\n", sha256(b"{}"));
        let cases = [
            (golden, "{}", lock.as_str(), ""),
            (golden, "{ }", lock.as_str(), "was edited"),
            ("crates/claim/src/lib.rs", "", lock.as_str(), "is gone"),
            (golden, "{}", "", "is new"),
        ];
        for (path, text, lock, expected) in cases {
            let tree = Tree::of(&[(path, text), (LOCK, lock)]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            let found = findings.failures.join("\n");
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{path}: {found}");
        }
    }
}
