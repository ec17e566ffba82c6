//! The files of the project as the checks see them: tracked, or new and not ignored.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Every text file of the project by its path from the root.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads the work tree at `root`; files that are not UTF-8 (pictures) are left out.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root)
            .output()
            .context("git could not be started; the house checks need it to list the project's files")?;
        ensure!(output.status.success(), "git could not list the files of {}", root.display());
        let list = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        let mut files = BTreeMap::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            if let Ok(text) = fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    pub(super) fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The text of a file that must be there.
    pub(super) fn text(&self, path: &str) -> Result<&str> {
        self.files.get(path).map(String::as_str).with_context(|| format!("{path} is missing"))
    }

    /// The files whose path ends in one of `ends`.
    pub(super) fn ending<'a>(&'a self, ends: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(|(path, _)| ends.iter().any(|end| path.ends_with(end)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The names of the crates: those under `crates/`, and the simulator beside them.
    pub(super) fn crates(&self) -> Vec<&str> {
        let manifests = self.files.keys().filter_map(|path| path.strip_suffix("/Cargo.toml"));
        let names =
            manifests.filter_map(|path| path.strip_prefix("crates/").or((path == SIMULATOR).then_some(path)));
        names.filter(|name| !name.contains('/')).collect()
    }
}

/// The one crate that stands beside `crates/`: it is in no product.
pub(super) const SIMULATOR: &str = "simulator";

/// The folder of the crate called `name`.
pub(super) fn folder_of(name: &str) -> String {
    if name == SIMULATOR { name.to_owned() } else { format!("crates/{name}") }
}

/// The crate that a path belongs to.
pub(super) fn crate_of(path: &str) -> Option<&str> {
    let (first, rest) = path.split_once('/')?;
    match first {
        "crates" => rest.split('/').next(),
        SIMULATOR => Some(first),
        _ => None,
    }
}
