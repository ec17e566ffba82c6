//! `cargo xtask new <kind> <name>`: writes the file of a new entry, its lines in the registry and in both catalogues.
//!
//! A recipe is data, so that a new registry gets its recipe by one entry in [`RECIPES`]. Nothing is written unless
//! all of it can be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::root;

/// How an entry of one kind is added. `{snake}`, `{kebab}`, `{Pascal}` and `{Title}` stand for the name.
struct Recipe {
    kind: &'static str,
    /// The new file, and what stands in it.
    file: Option<(&'static str, &'static str)>,
    /// Lines for files that are there.
    lines: &'static [Line],
    /// What is left to the person.
    left: &'static str,
}

/// A line to insert into a file.
struct Line {
    file: &'static str,
    place: Place,
    text: &'static str,
}

/// Where a line goes.
enum Place {
    /// In order among the declarations that begin so.
    Among(&'static str),
    /// As the first entry of the list (or `enum`) that is declared so.
    ListStart(&'static str),
    /// As the last entry of the list (or `enum`) that is declared so.
    ListEnd(&'static str),
    /// At the end of the file.
    FileEnd,
}

const RECIPES: &[Recipe] = &[
    Recipe {
        kind: "rule",
        file: Some(("crates/rulebook/src/rules/{snake}.rs", include_str!("../templates/rule.rs.txt"))),
        lines: &[
            Line {
                file: "crates/rulebook/src/rules/mod.rs",
                place: Place::Among("pub mod "),
                text: "pub mod {snake};",
            },
            Line {
                file: "crates/rulebook/src/rules/mod.rs",
                place: Place::ListEnd("pub const RULES"),
                text: "{snake}::RULE,",
            },
            Line {
                file: "crates/app/locales/zh/rules.ftl",
                place: Place::FileEnd,
                text: "adjudication-{kebab} = {Title}",
            },
            Line {
                file: "crates/app/locales/en/rules.ftl",
                place: Place::FileEnd,
                text: "adjudication-{kebab} = {Title}",
            },
            Line {
                file: "crates/app/locales/zh/rules.ftl",
                place: Place::FileEnd,
                text: "adjudication-{kebab}-customer = {Title}",
            },
            Line {
                file: "crates/app/locales/en/rules.ftl",
                place: Place::FileEnd,
                text: "adjudication-{kebab}-customer = {Title}",
            },
        ],
        left: "its condition and `since`, its sentence in both languages, its lines in the table of crates/rulebook/tests",
    },
    Recipe {
        kind: "clause",
        file: Some(("crates/coverage/src/clauses/{snake}.rs", include_str!("../templates/clause.rs.txt"))),
        lines: &[
            Line {
                file: "crates/coverage/src/clauses/mod.rs",
                place: Place::Among("mod "),
                text: "mod {snake};",
            },
            Line {
                file: "crates/coverage/src/clauses/mod.rs",
                place: Place::ListStart("const CLAUSES"),
                text: "{snake}::CLAUSE,",
            },
            Line {
                file: "crates/coverage/src/clauses/mod.rs",
                place: Place::ListEnd("pub enum Wording"),
                text: "/// {Title}.\n    {Pascal},",
            },
        ],
        left: "its arm in `Wording::clause` and in `register`, its dates and formulas, a golden table in crates/coverage/tests",
    },
    Recipe {
        kind: "kind",
        file: Some(("crates/evidence/src/kinds/{snake}.rs", include_str!("../templates/kind.rs.txt"))),
        lines: &[
            Line { file: "crates/evidence/src/kinds.rs", place: Place::Among("mod "), text: "mod {snake};" },
            Line {
                file: "crates/evidence/src/kinds.rs",
                place: Place::ListEnd("pub static KINDS"),
                text: "&{snake}::KIND,",
            },
            Line {
                file: "crates/app/locales/zh/evidence.ftl",
                place: Place::FileEnd,
                text: "evidence-{kebab} = {Title}",
            },
            Line {
                file: "crates/app/locales/en/evidence.ftl",
                place: Place::FileEnd,
                text: "evidence-{kebab} = {Title}",
            },
        ],
        left: "its fields, its name in both languages, and rules/papers.toml where a tier asks for it",
    },
    Recipe {
        kind: "page",
        file: Some(("crates/web/src/pages/{snake}.rs", include_str!("../templates/page.rs.txt"))),
        lines: &[
            Line {
                file: "crates/web/src/pages/mod.rs",
                place: Place::Among("pub mod "),
                text: "pub mod {snake};",
            },
            Line {
                file: "crates/web/src/routes.rs",
                place: Place::ListEnd("routes.extend(vec!["),
                text: "get(\"/desk/{kebab}\", Action::ReadClaims, pages::{snake}::show),",
            },
            Line {
                file: "crates/app/locales/zh/pages.ftl",
                place: Place::FileEnd,
                text: "{kebab}-title = {Title}",
            },
            Line {
                file: "crates/app/locales/en/pages.ftl",
                place: Place::FileEnd,
                text: "{kebab}-title = {Title}",
            },
            Line {
                file: "crates/app/locales/zh/pages.ftl",
                place: Place::FileEnd,
                text: "{kebab}-empty = {Title}",
            },
            Line {
                file: "crates/app/locales/en/pages.ftl",
                place: Place::FileEnd,
                text: "{kebab}-empty = {Title}",
            },
        ],
        left: "what is on it, who may see it, its words in both languages, its place in the navigation, a visit in e2e/tests",
    },
    Recipe {
        kind: "reaction",
        file: None,
        lines: &[
            Line {
                file: "crates/app/src/reactions.rs",
                place: Place::ListEnd("pub const REACTIONS"),
                text: "on::<ClaimEvent>(\"{Pascal}\", Then::Tell(\"message.{kebab}\")),",
            },
            Line {
                file: "crates/app/locales/zh/messages.ftl",
                place: Place::FileEnd,
                text: "message-{kebab} = {Title}",
            },
            Line {
                file: "crates/app/locales/en/messages.ftl",
                place: Place::FileEnd,
                text: "message-{kebab} = {Title}",
            },
        ],
        left: "what follows when it is not a message to the customer, the message's words in both languages, and its \
               line in the test of the table",
    },
];

/// The kinds that have a recipe.
pub(crate) fn kinds() -> String {
    RECIPES.iter().map(|recipe| recipe.kind).collect::<Vec<_>>().join("|")
}

/// Writes a new entry.
pub(crate) fn new(kind: &str, name: &str) -> Result<()> {
    let recipe = RECIPES
        .iter()
        .find(|recipe| recipe.kind == kind)
        .with_context(|| format!("there is no recipe for a {kind}; there is one for {}", kinds()))?;
    for (path, text) in changes(recipe, name, &root())? {
        let whole = root().join(&path);
        fs::write(&whole, text).with_context(|| format!("{path} cannot be written"))?;
        println!("wrote {path}");
    }
    println!("left to you: {}", recipe.left);
    Ok(())
}

/// Every file that changes, with its new text.
fn changes(recipe: &Recipe, name: &str, root: &Path) -> Result<BTreeMap<String, String>> {
    let named = Name::of(name)?;
    let mut changes = BTreeMap::new();
    if let Some((path, template)) = recipe.file {
        let path = named.fill(path);
        ensure!(!root.join(&path).exists(), "{path} is already there");
        changes.insert(path, named.fill(template));
    }
    for line in recipe.lines {
        let path = named.fill(line.file);
        let text = match changes.remove(&path) {
            Some(text) => text,
            None => fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?,
        };
        let text = insert(&text, &line.place, &named.fill(line.text)).with_context(|| path.clone())?;
        changes.insert(path, text);
    }
    Ok(changes)
}

fn insert(text: &str, place: &Place, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    ensure!(!lines.iter().any(|present| present.trim() == line), "`{line}` is already there");
    let at = match place {
        Place::Among(start) => {
            let fellows = || {
                lines
                    .iter()
                    .enumerate()
                    .filter(|(_, fellow)| fellow.starts_with(start) && fellow.ends_with(';'))
            };
            let last = fellows().next_back().with_context(|| format!("no line begins with `{start}`"))?.0;
            fellows().find(|(_, fellow)| **fellow > line).map_or(last + 1, |(at, _)| at)
        }
        Place::FileEnd => lines.len(),
        Place::ListStart(declared) => return into_list(text, declared, line, true),
        Place::ListEnd(declared) => return into_list(text, declared, line, false),
    };
    lines.insert(at, line);
    Ok(lines.join("\n") + "\n")
}

/// Puts an entry into `const LIST: [T; 2] = [a, b];` or into an `enum`, on one line or on several.
fn into_list(text: &str, declared: &str, entry: &str, first: bool) -> Result<String> {
    let start = text.find(declared).with_context(|| format!("there is no `{declared}`"))?;
    if declared.ends_with('[') {
        return into_brackets(text, start, start + declared.len(), entry, first);
    }
    let head = text[start..].find(['{', ';']).map_or(text.len(), |end| start + end);
    let is_enum = text[head..].starts_with('{') && !text[start..head].contains('=');
    let open = if is_enum {
        Some(head)
    } else {
        text[start..].find("= ").and_then(|equals| Some(start + equals + text[start + equals..].find('[')?))
    };
    let open = open.with_context(|| format!("`{declared}` is no list"))? + 1;
    into_brackets(text, start, open, entry, first)
}

/// `open` is where the list begins, behind its bracket.
fn into_brackets(text: &str, start: usize, open: usize, entry: &str, first: bool) -> Result<String> {
    let mut depth = 1;
    let close = text[open..].char_indices().find(|(_, c)| {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let close = open + close.context("the list does not end")?.0;
    let body = &text[open..close];
    let several = body.contains('\n');
    // As deep as the entries that are there.
    let depth = body.trim_start_matches('\n').chars().take_while(|c| *c == ' ').count();
    let (indent, outdent) = (" ".repeat(depth), " ".repeat(depth.saturating_sub(4)));
    let body = match (several, first) {
        (true, true) => format!("\n{indent}{entry}{body}"),
        (true, false) => format!("{}\n{indent}{entry}\n{outdent}", body.trim_end()),
        (false, true) => format!("{}, {body}", entry.trim_end_matches(',')),
        (false, false) => format!("{body}, {}", entry.trim_end_matches(',')),
    };
    Ok(format!("{}{body}{}", counted_up(&text[..open], start), &text[close..]))
}

/// An array names its length in its type: `[T; 2]` becomes `[T; 3]`.
fn counted_up(text: &str, start: usize) -> String {
    let length = text[start..].find("; ").map(|at| start + at + 2);
    let number =
        length.and_then(|at| text[at..].split(']').next()?.parse::<usize>().ok().map(|count| (at, count)));
    match number {
        Some((at, count)) => format!("{}{}{}", &text[..at], count + 1, &text[at + count.to_string().len()..]),
        None => text.to_owned(),
    }
}

/// A name in the spellings that files, codes and headings want.
struct Name {
    snake: String,
    kebab: String,
    pascal: String,
    title: String,
}

impl Name {
    fn of(name: &str) -> Result<Self> {
        let words: Vec<String> = name.split(['-', '_', ' ']).map(str::to_lowercase).collect();
        for word in &words {
            let plain = word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            if !plain {
                bail!(
                    "`{name}` is no name for an entry: write words of latin letters, as in duplicate-photo"
                );
            }
        }
        let capital = |word: &str| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
        let pascal = words.iter().map(|word| capital(word)).collect();
        Ok(Self { snake: words.join("_"), kebab: words.join("-"), pascal, title: capital(&words.join(" ")) })
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{snake}", &self.snake)
            .replace("{kebab}", &self.kebab)
            .replace("{Pascal}", &self.pascal)
            .replace("{Title}", &self.title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_to_its_place() {
        let text = "mod a;\nmod c;\n\nconst LIST: &[u8] = &[\n    a::X,\n    c::X,\n];\n\
                    const SHORT: [u8; 2] = [a::Y, c::Y];\nenum Word {\n    A,\n}\nfn f() {\n    all(vec![\n        a,\n    ]);\n}\n";
        let cases = [
            (Place::Among("mod "), "mod b;", "mod a;\nmod b;\nmod c;\n"),
            (Place::Among("mod "), "mod d;", "mod c;\nmod d;\n\n"),
            (Place::ListEnd("const LIST"), "b::X,", "    c::X,\n    b::X,\n];"),
            (Place::ListStart("const LIST"), "b::X,", "&[\n    b::X,\n    a::X,\n"),
            (Place::ListEnd("const SHORT"), "b::Y,", "const SHORT: [u8; 3] = [a::Y, c::Y, b::Y];"),
            (Place::ListStart("const SHORT"), "b::Y,", "const SHORT: [u8; 3] = [b::Y, a::Y, c::Y];"),
            (Place::ListEnd("enum Word"), "B,", "enum Word {\n    A,\n    B,\n}\n"),
            (Place::ListEnd("all(vec!["), "c,", "    all(vec![\n        a,\n        c,\n    ]);\n"),
            (Place::FileEnd, "// end", "}\n// end\n"),
        ];
        for (place, line, expected) in cases {
            let found = insert(text, &place, line).unwrap();
            assert!(found.contains(expected) && found.len() > text.len(), "{found}");
        }
        for (place, line) in [
            (Place::Among("use "), "use x;"),
            (Place::ListEnd("const NONE"), "x"),
            (Place::ListEnd("const LIST"), "a::X,"),
            (Place::FileEnd, "mod a;"),
        ] {
            assert!(insert(text, &place, line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_recipe_fits_the_files_it_changes() {
        for recipe in RECIPES {
            let changes = changes(recipe, "never-seen-before", &root()).unwrap();
            for (path, text) in &changes {
                let names = ["never_seen_before", "never-seen-before", "NeverSeenBefore"];
                assert!(names.iter().any(|name| text.contains(name)), "{path}");
                let marks = ["{snake}", "{kebab}", "{Pascal}", "{Title}"];
                assert!(!marks.iter().any(|mark| text.contains(mark)), "{path}");
            }
            assert!(changes.len() >= recipe.lines.len().min(1), "{}", recipe.kind);
        }
    }

    #[test]
    fn an_entry_that_is_there_is_never_overwritten() {
        let rule = RECIPES.iter().find(|recipe| recipe.kind == "rule").unwrap();
        let error = changes(rule, "small-claim", &root()).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("crates/rulebook/src/rules/small_claim.rs is already there"));
    }

    #[test]
    fn a_name_is_words_of_latin_letters() {
        let name = Name::of("Duplicate-photo 2x").err().map(|error| error.to_string());
        assert!(name.is_some_and(|error| error.contains("is no name")));
        let name = Name::of("duplicate-photo").unwrap();
        assert_eq!(
            [&name.snake, &name.kebab, &name.pascal, &name.title],
            ["duplicate_photo", "duplicate-photo", "DuplicatePhoto", "Duplicate photo"]
        );
        for wrong in ["", "../x", "重复", "a--b", "2x"] {
            assert!(Name::of(wrong).is_err(), "{wrong}");
        }
    }
}
