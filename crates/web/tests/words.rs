//! Every sentence that a page asks for by name is in the catalogue, and no page brings a sentence of its own.

use std::fs;
use std::path::{Path, PathBuf};

use app::words::{Lang, Words};

#[test]
fn every_code_in_the_source_has_a_sentence() {
    let mut missing = Vec::new();
    for (path, source) in sources() {
        for opening in ["say(\"", "say_with(\"", "(\"problem.", " \"problem."] {
            for (place, _) in source.match_indices(opening) {
                let mut texts = source[place..].split('"').skip(1);
                let code = texts.next().unwrap_or_default();
                // `say("stage", word)` joins the word of a closed set to its prefix; `app` holds that each has its sentence.
                let is_prefix = opening == "say(\"" && texts.next().unwrap_or_default().starts_with(',');
                if !is_prefix && !Words::of(Lang::Zh).knows(code) {
                    missing.push(format!("{}: {code}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_page_speaks_chinese_past_the_catalogue() {
    let mut found = Vec::new();
    for (path, source) in sources() {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            // Invented plates on the page of components are no sentences, nor are examples in the interface's description.
            if line.trim_start().starts_with("#[schema(example") {
                continue;
            }
            let han = line.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count();
            if han > line.matches('·').count() {
                found.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source is readable") {
            let path = entry.expect("the source is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("the source is text");
                found.push((path, text));
            }
        }
    }
    found
}
