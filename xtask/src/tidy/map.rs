//! Holds the crate table of ARCHITECTURE.md against the workspace: a map kept by hand rots.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Findings;
use super::floors::Floors;
use super::tree::Tree;

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let floors = Floors::of(tree)?.floors;
    let table = table(tree.text("ARCHITECTURE.md")?);
    for name in tree.crates() {
        match table.get(name) {
            None => findings.fail(format!("ARCHITECTURE.md: the crate table does not show `{name}`")),
            Some(floor) if floors.get(name) != Some(floor) => {
                findings.fail(format!(
                    "ARCHITECTURE.md: `{name}` stands on another floor than in xtask/floors.toml"
                ));
            }
            Some(_) => {}
        }
    }
    for name in table.keys().filter(|name| !tree.crates().contains(&name.as_str())) {
        findings
            .fail(format!("ARCHITECTURE.md: the crate table shows `{name}`, which is not in the workspace"));
    }
    Ok(())
}

/// The rows that look like ``| 4 | `claim` | … |``.
fn table(text: &str) -> BTreeMap<String, u8> {
    text.lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let floor = cells.next()?.parse().ok()?;
            let name = cells.next()?.strip_prefix('`')?.split('`').next()?;
            Some((name.to_owned(), floor))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_missing_gone_or_on_another_floor_is_found() {
        let cases = [
            ("| 1 | `low` | job | never |\n| 2 | `high` | job | never |", ""),
            ("| 1 | `low` | job | never |", "does not show `high`"),
            ("| 1 | `low` | j | n |\n| 3 | `high` | j | n |", "`high` stands on another floor"),
            ("| 1 | `low` | j | n |\n| 2 | `high` | j | n |\n| 2 | `old` | j | n |", "shows `old`"),
        ];
        for (architecture, expected) in cases {
            let tree = Tree::of(&[
                ("ARCHITECTURE.md", architecture),
                ("xtask/floors.toml", "[floors]\nlow = 1\nhigh = 2\n[arrows]\n[only]\n"),
                ("crates/low/Cargo.toml", ""),
                ("crates/high/Cargo.toml", ""),
            ]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            let found = findings.failures.join("\n");
            assert!(
                found.contains(expected) && found.is_empty() == expected.is_empty(),
                "{architecture}: {found}"
            );
        }
    }
}
