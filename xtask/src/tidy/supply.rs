//! Holds what comes from outside against `deny.toml`: licences, banned packages, sources.
//!
//! `cargo deny` reads the same file and knows more; this needs nothing installed, so it always runs.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::Findings;
use super::tree::Tree;
use crate::shell::{cargo, read};

/// The parts of `deny.toml` that are read here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Nothing for a package of this workspace.
    source: Option<String>,
}

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let deny: Deny = toml::from_str(tree.text("deny.toml")?).context("deny.toml is not as expected")?;
    let output = read(cargo().args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform=x86_64-unknown-linux-gnu",
    ]))?;
    let metadata: Metadata = serde_json::from_str(&output).context("cargo metadata is not as expected")?;
    for package in &metadata.packages {
        for problem in problems(&deny, package)? {
            findings.fail(format!("{} {}: {problem}", package.name, package.version));
        }
    }
    Ok(())
}

fn problems(deny: &Deny, package: &Package) -> Result<Vec<String>> {
    let Some(source) = &package.source else { return Ok(Vec::new()) };
    let mut problems = Vec::new();
    if !source
        .strip_prefix("registry+")
        .is_some_and(|url| deny.sources.allow_registry.iter().any(|ok| ok == url))
    {
        problems.push(format!("comes from {source}, which deny.toml does not allow"));
    }
    if let Some(ban) = deny.bans.deny.iter().find(|ban| ban.name == package.name) {
        problems.push(format!("is banned: {}", ban.reason));
    }
    match &package.license {
        None => problems.push("names no licence".to_owned()),
        Some(licence) if !is_allowed(licence, &deny.licenses.allow)? => {
            problems.push(format!("`{licence}` is not among the licences of deny.toml"));
        }
        Some(_) => {}
    }
    Ok(problems)
}

/// Evaluates an SPDX expression: `OR` is our choice, `AND` binds us to both and binds tighter. Old manifests write
/// `/` for `OR`.
fn is_allowed(licence: &str, allow: &[String]) -> Result<bool> {
    let spaced = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut expression = Expression { words: &words, allow };
    let allowed = expression.either()?;
    if !expression.words.is_empty() {
        bail!("`{licence}` is not a licence expression");
    }
    Ok(allowed)
}

struct Expression<'a> {
    words: &'a [&'a str],
    allow: &'a [String],
}

impl<'a> Expression<'a> {
    fn either(&mut self) -> Result<bool> {
        let mut allowed = self.both()?;
        while self.takes("OR") {
            allowed |= self.both()?;
        }
        Ok(allowed)
    }

    fn both(&mut self) -> Result<bool> {
        let mut allowed = self.one()?;
        while self.takes("AND") {
            allowed &= self.one()?;
        }
        Ok(allowed)
    }

    fn one(&mut self) -> Result<bool> {
        let word = self.next()?;
        if word == "(" {
            let allowed = self.either()?;
            if !self.takes(")") {
                bail!("a bracket in a licence expression does not close");
            }
            return Ok(allowed);
        }
        let name = if self.takes("WITH") { format!("{word} WITH {}", self.next()?) } else { word.to_owned() };
        Ok(self.allow.contains(&name))
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn next(&mut self) -> Result<&'a str> {
        let (word, rest) = self.words.split_first().context("a licence expression ends too early")?;
        self.words = rest;
        Ok(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_expression_is_read_as_spdx_means_it() {
        let allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned);
        let cases = [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("MIT/GPL-2.0", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("MIT OR Apache-2.0 AND GPL-3.0-only", true),
            ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH Other-exception", false),
        ];
        for (licence, expected) in cases {
            assert_eq!(is_allowed(licence, &allow).unwrap(), expected, "{licence}");
        }
        for broken in ["", "(MIT", "MIT Apache-2.0", "MIT OR"] {
            assert!(is_allowed(broken, &allow).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_package_is_held_against_the_list() {
        let deny: Deny = toml::from_str(
            "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ name = 'bad', reason = 'why' }]\n\
             [sources]\nallow-registry = ['https://index']\n",
        )
        .unwrap();
        let index = Some("registry+https://index");
        let cases = [
            ("good", index, Some("MIT"), 0),
            ("ours", None, None, 0),
            ("bad", index, Some("MIT"), 1),
            ("good", Some("git+https://elsewhere"), Some("MIT"), 1),
            ("bad", Some("registry+https://elsewhere"), Some("GPL-3.0-only"), 3),
            ("good", index, None, 1),
        ];
        for (name, source, license, expected) in cases {
            let package = Package {
                name: name.to_owned(),
                version: "1.0.0".to_owned(),
                license: license.map(str::to_owned),
                source: source.map(str::to_owned),
            };
            let found = problems(&deny, &package).unwrap();
            assert_eq!(found.len(), expected, "{name} {source:?} {license:?}: {found:?}");
        }
    }
}
