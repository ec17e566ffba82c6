//! Holds every `Cargo.toml` against `xtask/floors.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use toml::Table;

use super::Findings;
use super::tree::{Tree, folder_of};

/// `xtask/floors.toml`.
#[derive(Deserialize)]
pub(super) struct Floors {
    pub(super) floors: BTreeMap<String, u8>,
    arrows: BTreeMap<String, Vec<String>>,
    only: BTreeMap<String, Vec<String>>,
}

impl Floors {
    pub(super) fn of(tree: &Tree) -> Result<Self> {
        toml::from_str(tree.text("xtask/floors.toml")?).context("xtask/floors.toml is not as expected")
    }

    fn floor(&self, name: &str) -> u8 {
        self.floors.get(name).copied().unwrap_or(0)
    }
}

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let floors = Floors::of(tree)?;
    let crates = tree.crates();
    for name in &crates {
        if !floors.floors.contains_key(*name) || !floors.arrows.contains_key(*name) {
            findings.fail(format!("{name} has no floor or no arrows in xtask/floors.toml"));
        }
    }
    for name in floors.floors.keys().chain(floors.arrows.keys()) {
        if !crates.contains(&name.as_str()) {
            findings.fail(format!("xtask/floors.toml lists `{name}`, but there is no such crate"));
        }
    }
    for (from, arrows) in &floors.arrows {
        for to in arrows.iter().filter(|to| floors.floor(to) >= floors.floor(from)) {
            findings.fail(format!("xtask/floors.toml: {from} → {to} does not point down"));
        }
    }
    for name in crates {
        manifest(tree, &floors, name, findings)?;
    }
    Ok(())
}

fn manifest(tree: &Tree, floors: &Floors, name: &str, findings: &mut Findings) -> Result<()> {
    let path = format!("{}/Cargo.toml", folder_of(name));
    let manifest: Table = tree.text(&path)?.parse().with_context(|| format!("{path} is not TOML"))?;
    let none = Vec::new();
    let allowed = floors.arrows.get(name).unwrap_or(&none);
    planted_bugs(&path, name, &manifest, findings);
    // What only tests use may come from anywhere in the house: it is in no product.
    for (section, in_product) in
        [("dependencies", true), ("build-dependencies", true), ("dev-dependencies", false)]
    {
        let Some(entries) = manifest.get(section).and_then(|section| section.as_table()) else { continue };
        for (dependency, entry) in entries {
            if entry.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                findings.fail(format!("{path}: `{dependency}` does not come from the workspace's list"));
            }
            if !in_product {
                continue;
            }
            if floors.floors.contains_key(dependency) && !allowed.contains(dependency) {
                findings.fail(format!("{path}: the arrow {name} → {dependency} is not allowed"));
            }
            if floors.only.get(dependency).is_some_and(|only| !only.iter().any(|only| only == name)) {
                findings.fail(format!(
                    "{path}: `{dependency}` must never be in {name} ([only] in xtask/floors.toml)"
                ));
            }
        }
    }
    Ok(())
}

/// The feature that builds planted bugs in.
const MUTANTS: &str = "mutants";

/// Planted bugs are built in for the simulator alone: no other crate asks for them of another, and none has them unasked.
fn planted_bugs(path: &str, name: &str, manifest: &Table, findings: &mut Findings) {
    let names = |value: &toml::Value| {
        let list = value.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let asks = |entry: &toml::Value| {
        entry.get("features").is_some_and(|features| names(features).iter().any(|one| one == MUTANTS))
    };
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let entries = manifest.get(section).and_then(|section| section.as_table());
        for (dependency, _) in entries.into_iter().flatten().filter(|(_, entry)| asks(entry)) {
            findings.fail(format!("{path}: `{dependency}` is asked for with planted bugs"));
        }
    }
    let features = manifest.get("features").and_then(|features| features.as_table());
    for (feature, asked) in features.into_iter().flatten() {
        let bugs = names(asked).iter().any(|one| one == MUTANTS || one.ends_with("/mutants"));
        if bugs && feature != MUTANTS {
            findings.fail(format!("{path}: the feature `{feature}` builds planted bugs in"));
        }
        if feature == MUTANTS && name == "server" {
            findings.fail(format!("{path}: the product has no planted bugs"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOORS: &str =
        "[floors]\nlow = 1\nhigh = 2\n[arrows]\nlow = []\nhigh = [\"low\"]\n[only]\nsql = [\"high\"]\n";
    const LOW: &str = "[package]\nname = \"low\"\n";

    #[test]
    fn an_arrow_that_is_not_listed_is_found() {
        let cases = [
            ("", "low.workspace = true", ""),
            ("high.workspace = true", "", "low → high is not allowed"),
            ("sql.workspace = true", "", "`sql` must never be in low"),
            ("", "sql.workspace = true", ""),
            ("", "serde = \"1\"", "does not come from the workspace"),
        ];
        for (low, high, expected) in cases {
            let found =
                found(FLOORS, &format!("{LOW}[dependencies]\n{low}"), &format!("[dependencies]\n{high}"));
            if expected.is_empty() {
                assert!(found.is_empty(), "{low} {high}: {found}");
            } else {
                assert!(found.contains(expected), "{low} {high}: {found}");
            }
        }
    }

    #[test]
    fn planted_bugs_come_into_no_product() {
        let cases = [
            ("[features]\nmutants = [\"low/mutants\"]", ""),
            (
                "[features]\ndefault = [\"mutants\"]\nmutants = []",
                "the feature `default` builds planted bugs in",
            ),
            ("[features]\nfast = [\"low/mutants\"]", "the feature `fast` builds planted bugs in"),
            (
                "[dependencies]\nlow = { workspace = true, features = [\"mutants\"] }",
                "`low` is asked for with planted bugs",
            ),
        ];
        for (high, expected) in cases {
            let found = found(FLOORS, LOW, &format!("[package]\nname = \"high\"\n{high}"));
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{high}: {found}");
        }
    }

    #[test]
    fn the_list_itself_may_not_point_up_or_name_what_is_not_there() {
        let up = FLOORS.replace("low = []", "low = [\"high\"]");
        assert!(found(&up, LOW, "").contains("low → high does not point down"));
        let gone = FLOORS.replace("low = 1", "low = 1\ngone = 1");
        assert!(found(&gone, LOW, "").contains("lists `gone`"));
    }

    fn found(floors: &str, low: &str, high: &str) -> String {
        let tree = Tree::of(&[
            ("xtask/floors.toml", floors),
            ("crates/low/Cargo.toml", low),
            ("crates/high/Cargo.toml", high),
        ]);
        let mut findings = Findings::default();
        check(&tree, &mut findings).unwrap();
        findings.failures.join("\n")
    }
}
