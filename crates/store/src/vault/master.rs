//! The master key: where it comes from.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::cipher::Key;
use crate::OpenError;

/// Where the master key comes from. It is written as 64 hexadecimal digits.
#[derive(Clone, Default)]
pub enum MasterKey {
    /// The file `master.key` in the data folder, made at the first start.
    #[default]
    InFolder,
    /// A file that the operator keeps.
    File(PathBuf),
    /// The text itself, as from an environment variable.
    Text(Zeroizing<String>),
}

/// What the log may show of it.
impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MasterKey::InFolder => f.write_str("InFolder"),
            MasterKey::File(path) => f.debug_tuple("File").field(path).finish(),
            MasterKey::Text(_) => f.write_str("Text(***)"),
        }
    }
}

impl MasterKey {
    /// The key; made when `may_be_made` and its place is the data folder.
    pub(super) fn read(&self, folder: &Path, may_be_made: bool) -> Result<Key, OpenError> {
        let in_folder = folder.join("master.key");
        match self {
            MasterKey::Text(text) => parse(text, || "the configured text".to_owned()),
            MasterKey::File(path) => parse_file(path),
            MasterKey::InFolder if may_be_made && !in_folder.exists() => make(&in_folder),
            MasterKey::InFolder => parse_file(&in_folder),
        }
    }
}

fn parse_file(path: &Path) -> Result<Key, OpenError> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OpenError::MasterKey { problem: format!("{} is missing", path.display()) },
        _ => OpenError::MasterKey { problem: format!("{}: {error}", path.display()) },
    })?;
    parse(&Zeroizing::new(text), || path.display().to_string())
}

fn parse(text: &str, place: impl Fn() -> String) -> Result<Key, OpenError> {
    let digits = text.trim().as_bytes();
    let nibble = |digit: u8| (digit as char).to_digit(16).map(|value| value as u8);
    let mut key = Zeroizing::new([0; 32]);
    let pairs = digits.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?));
    let read = key.iter_mut().zip(pairs).filter_map(|(byte, pair)| pair.map(|pair| *byte = pair)).count();
    match digits.len() {
        64 if read == 32 => Ok(key),
        _ => {
            Err(OpenError::MasterKey { problem: format!("{} does not hold 64 hexadecimal digits", place()) })
        }
    }
}

/// A new key in a file that only its owner reads, on disk before it is used.
fn make(path: &Path) -> Result<Key, OpenError> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut key[..])
        .map_err(|error| OpenError::MasterKey { problem: format!("no randomness: {error}") })?;
    let mut text = Zeroizing::new(String::with_capacity(65));
    key.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
    text.push('\n');
    let write = || {
        // A half-written key must never be found under the name.
        let making = path.with_extension("making");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&making)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&making, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(|error| OpenError::of_file(path, &error))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_hexadecimal_digits_are_a_key() {
        let good = format!("{}0a\n", "00".repeat(31));
        assert_eq!(parse(&good, String::new).unwrap()[31], 10);
        let (short, long, foreign) = ("0".repeat(62), "0".repeat(66), "g".repeat(64));
        for bad in ["", &short, &long, &foreign, &format!("+1{}", "0".repeat(62))] {
            assert!(matches!(parse(bad, String::new), Err(OpenError::MasterKey { .. })), "{bad}");
        }
    }
}
