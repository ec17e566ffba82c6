//! The catalogue has the same keys, with the same parameters, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::Findings;
use super::tree::Tree;

const FOLDER: &str = "crates/app/locales";
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// A key, and the names of the parameters in its sentence.
type Words = BTreeMap<String, BTreeSet<String>>;

pub(super) fn check(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let [zh, en] = LANGUAGES.map(|language| words(tree, language, findings));
    if zh.is_empty() {
        findings.fail(format!("{FOLDER}/zh holds no words"));
    }
    for (key, parameters) in &zh {
        match en.get(key) {
            None => findings.fail(format!("{FOLDER}/en has no `{key}`")),
            Some(other) if other != parameters => {
                findings.fail(format!(
                    "`{key}` has other parameters in zh ({parameters:?}) than in en ({other:?})"
                ));
            }
            Some(_) => {}
        }
    }
    for key in en.keys().filter(|key| !zh.contains_key(*key)) {
        findings.fail(format!("{FOLDER}/zh has no `{key}`"));
    }
    Ok(())
}

fn words(tree: &Tree, language: &str, findings: &mut Findings) -> Words {
    let folder = format!("{FOLDER}/{language}/");
    let mut words = Words::new();
    for (path, text) in tree.ending(&[".ftl"]).filter(|(path, _)| path.starts_with(&folder)) {
        for (key, parameters) in entries(text) {
            if words.insert(key.clone(), parameters).is_some() {
                findings.fail(format!("{path}: `{key}` is there twice"));
            }
        }
    }
    words
}

/// Messages (`key = …`), terms (`-key = …`) and attributes (`key.attribute`), each with its parameters.
fn entries(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut entries: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut message = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(key) = key(line) {
            message = key.to_owned();
            entries.push((message.clone(), BTreeSet::new()));
        } else if let Some(attribute) = line.trim_start().strip_prefix('.').and_then(key) {
            entries.push((format!("{message}.{attribute}"), BTreeSet::new()));
        }
        if let Some((_, parameters)) = entries.last_mut() {
            parameters.extend(parameters_of(line));
        }
    }
    entries
}

fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let named = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
    (named && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')).then_some(key)
}

fn parameters_of(line: &str) -> impl Iterator<Item = String> {
    line.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_missing_doubled_or_asks_for_something_else_is_found() {
        let cases = [
            ("a = 甲 { $n }\n", "a = A { $n }\n", ""),
            ("a = 甲\n", "a = A\nb = B\n", "zh has no `b`"),
            ("a = 甲\nb = 乙\n", "a = A\n", "en has no `b`"),
            ("a = 甲 { $n }\n", "a = A { $m }\n", "`a` has other parameters"),
            ("a = 甲\na = 乙\n", "a = A\n", "`a` is there twice"),
            ("a = 甲\n    .title = 题\n", "a = A\n", "en has no `a.title`"),
            ("a =\n    甲 { $n }\n", "a = { $n ->\n    [one] A\n   *[other] B\n }\n", ""),
            ("", "", "zh holds no words"),
        ];
        for (zh, en, expected) in cases {
            let tree = Tree::of(&[("crates/app/locales/zh/a.ftl", zh), ("crates/app/locales/en/a.ftl", en)]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            let found = findings.failures.join("\n");
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{zh}: {found}");
        }
    }
}
