//! Words that may not stand in a file, or only in some files.

use anyhow::Result;

use super::Findings;
use super::floors::Floors;
use super::shape::Exceptions;
use super::source::Source;
use super::tree::{Tree, crate_of};

/// An open end: fine when the roadmap knows of it.
const OPEN_ENDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];

/// Hosts of package registries and paths of one machine: the project must build everywhere else too.
const PLACES: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("npm", "mirror.com"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("rsproxy", ".cn"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("deb.debian", ".org"),
    concat!("/wor", "k/main"),
    concat!("/wor", "k/shared"),
    concat!("../", "shared"),
];

/// Where money is reckoned: a float there is a wrong amount one day.
const MONEY: &[&str] = &[
    "crates/lexicon/src/money.rs",
    "crates/lexicon/src/ratio.rs",
    "crates/coverage/src/",
    "crates/rulebook/src/",
    "crates/books/src/",
    "crates/claim/src/",
    "crates/register/src/",
];

/// Silenced lints carry a reason; open ends carry a link to the roadmap.
pub(super) fn marks(tree: &Tree, findings: &mut Findings) -> Result<()> {
    for (path, text) in tree.ending(&[".rs"]) {
        for (at, _) in text.match_indices("#[").chain(text.match_indices("#![")) {
            let attribute = &text[at..text[at..].find(']').map_or(text.len(), |end| at + end)];
            let name = attribute.trim_start_matches(['#', '!', '[']);
            let starts_line = text[..at].rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
            let silences = name.starts_with("allow(") || name.starts_with("expect(");
            if starts_line && silences && !attribute.contains("reason =") {
                findings.fail(format!("{path}:{}: a lint is silenced without a reason", line_of(text, at)));
            }
        }
    }
    for (path, text) in tree.ending(&[".rs", ".js", ".mjs", ".css", ".toml", ".ftl", ".sh"]) {
        for (number, line) in text.lines().enumerate() {
            if OPEN_ENDS.iter().any(|mark| line.contains(mark)) && !line.contains("docs/ROADMAP.md") {
                findings
                    .fail(format!("{path}:{}: an open end without a link to docs/ROADMAP.md", number + 1));
            }
        }
    }
    Ok(())
}

/// No registry host and no path of one machine; lock files of npm keep no addresses.
pub(super) fn places(tree: &Tree, findings: &mut Findings) -> Result<()> {
    for (path, text) in tree.files().iter().filter(|(path, _)| *path != ".ci/run") {
        for (number, line) in text.lines().enumerate() {
            if let Some(place) = PLACES.iter().find(|place| line.contains(**place)) {
                findings.fail(format!("{path}:{}: names `{place}`", number + 1));
            }
        }
        if path.ends_with("package-lock.json") && text.contains("\"resolved\"") {
            findings
                .fail(format!("{path}: names a registry; keep omit-lockfile-registry-resolved in .npmrc"));
        }
    }
    Ok(())
}

/// Below `app` there are codes and parameters; sentences are in the catalogue.
pub(super) fn sentences(tree: &Tree, findings: &mut Findings) -> Result<()> {
    let floors = Floors::of(tree)?.floors;
    let app = floors.get("app").copied().unwrap_or(u8::MAX);
    let exceptions = Exceptions::of(tree)?.chinese;
    for (path, text) in tree.ending(&[".rs"]) {
        let below = crate_of(path).and_then(|name| floors.get(name)).is_some_and(|floor| *floor < app);
        if !below || !path.contains("/src/") {
            continue;
        }
        let mut holds_chinese = false;
        for (line, literal) in Source::of(text).literals {
            let chinese = literal.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
            let first_chinese = chinese && !holds_chinese;
            holds_chinese |= chinese;
            if (first_chinese && !exceptions.contains_key(path)) || is_sentence(&literal) {
                findings.fail(format!(
                    "{path}:{line}: a sentence for people; keep a code here, the words in app/locales"
                ));
            }
        }
        if !holds_chinese && exceptions.contains_key(path) {
            findings.fail(format!(
                "xtask/tidy.toml: {path} no longer needs its exception for Chinese characters"
            ));
        }
    }
    for path in exceptions.keys().filter(|path| !tree.files().contains_key(*path)) {
        findings.fail(format!("xtask/tidy.toml: {path} is gone"));
    }
    Ok(())
}

/// Amounts are whole fen and exact ratios.
pub(super) fn floats(tree: &Tree, findings: &mut Findings) -> Result<()> {
    for (path, text) in tree.ending(&[".rs"]) {
        if !MONEY.iter().any(|money| path.starts_with(money)) {
            continue;
        }
        for (number, line) in Source::of(text).code.lines().enumerate() {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.any(|word| word == "f64" || word == "f32") {
                findings.fail(format!("{path}:{}: a float where money is reckoned", number + 1));
            }
        }
    }
    Ok(())
}

/// Four words or more, from a capital letter to a full stop.
fn is_sentence(literal: &str) -> bool {
    literal.split_whitespace().count() >= 4
        && literal.starts_with(|c: char| c.is_ascii_uppercase())
        && literal.ends_with(['.', '!', '?'])
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::super::Check;
    use super::*;

    const CLAIM: &str = "crates/claim/src/decide.rs";

    #[test]
    fn a_forbidden_word_is_found_and_an_innocent_one_is_not() {
        let open_end = OPEN_ENDS[0];
        let linked = format!("// {open_end} docs/ROADMAP.md#reading");
        let cases: &[(Check, &str, &str, bool)] = &[
            (marks, CLAIM, "#[allow(dead_code)]", true),
            (marks, CLAIM, "#![expect(\n    clippy::print_stdout\n)]", true),
            (marks, CLAIM, "#[expect(dead_code, reason = \"kept for replay\")]", false),
            (marks, CLAIM, "#[allow_list]", false),
            (marks, CLAIM, &format!("// {open_end}: later"), true),
            (marks, CLAIM, &linked, false),
            (places, "docs/a.md", &format!("see {}", PLACES[0]), true),
            (places, ".ci/run", PLACES[10], false),
            (places, "a/package-lock.json", "{\"resolved\": \"x\"}", true),
            (sentences, CLAIM, "let a = \"已结案\";", true),
            (sentences, CLAIM, "// 已结案", false),
            (sentences, CLAIM, "#[cfg(test)]\nmod tests { const A: &str = \"已结案\"; }", false),
            (sentences, CLAIM, "let a = \"The claim is closed.\";", true),
            (sentences, CLAIM, "let a = \"claim.refused.closed\";", false),
            (sentences, "crates/app/src/words.rs", "let a = \"已结案\";", false),
            (sentences, "crates/lexicon/src/plate.rs", "let a = '京';", false),
            (floats, CLAIM, "let a: f64 = 0;", true),
            (floats, CLAIM, "let a = \"f64\"; // f64", false),
            (floats, "crates/lexicon/src/place.rs", "let a: f64;", false),
        ];
        for (check, path, text, expected) in cases {
            let tree = Tree::of(&[
                (path, text),
                ("crates/lexicon/src/plate.rs", "let a = '京';"),
                (
                    "xtask/tidy.toml",
                    "[length]\n[chinese]\n\"crates/lexicon/src/plate.rs\" = \"province letters\"",
                ),
                ("xtask/floors.toml", "[arrows]\n[only]\n[floors]\nlexicon = 1\nclaim = 4\napp = 6\n"),
            ]);
            let mut findings = Findings::default();
            check(&tree, &mut findings).unwrap();
            assert_eq!(!findings.failures.is_empty(), *expected, "{path} {text}: {:?}", findings.failures);
        }
    }
}
