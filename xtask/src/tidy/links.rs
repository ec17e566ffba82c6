//! Links from one of our documents to another lead somewhere.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::Findings;
use super::tree::Tree;

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let root = crate::shell::root();
    for (path, text) in tree.ending(&[".md"]) {
        for (number, line) in text.lines().enumerate() {
            for target in targets(line) {
                let file = target.split('#').next().unwrap_or(target);
                let aimed = aimed(path, file);
                if !file.is_empty() && !tree.files().contains_key(&aimed) && !root.join(&aimed).exists() {
                    findings.fail(format!("{path}:{}: `{target}` leads nowhere", number + 1));
                }
            }
        }
    }
    Ok(())
}

/// What stands in `](…)`, when it is a path.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// The path from the root that a link in the file `from` means.
fn aimed(from: &str, target: &str) -> String {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let cases = [
            ("[a](decisions/0001.md#why)", false),
            ("[a](../README.md) and [b](https://example.org/x)", false),
            ("[a](#here)", false),
            ("[a](decisions/gone.md)", true),
            ("[a](../README.md) ![b](none.png)", true),
        ];
        for (text, expected) in cases {
            let tree = Tree::of(&[("docs/a.md", text), ("docs/decisions/0001.md", ""), ("README.md", "")]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            assert_eq!(!findings.failures.is_empty(), expected, "{text}: {:?}", findings.failures);
        }
    }
}
