//! What a backup consists of: one small file, written last.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CopyError;

/// Raised with every change of what a backup looks like.
const FORM: u32 = 1;

/// The list of everything in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) form: u32,
    /// The store that it is of, in hexadecimal digits.
    pub(super) store: String,
    /// The journal, in order.
    pub(super) segments: Vec<Part>,
    /// The answers to requests; one may stand in two of them.
    pub(super) answers: Vec<Part>,
    /// Up to here the backup is whole, files and keys included; 0 before the first is.
    pub(super) whole_to: u64,
    /// How far followers of the journal had come.
    pub(super) checkpoints: Vec<(String, u64)>,
    /// Files kept.
    pub(super) files: u64,
}

/// One file of the journal or of the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) name: String,
    /// Positions of its first and last entry.
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) bytes: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub(super) sum: String,
    /// The hash of the log at its last entry, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<String>,
}

impl Manifest {
    /// Of an empty backup.
    pub(super) fn new(store: &[u8]) -> Manifest {
        let (segments, answers, checkpoints) = (vec![], vec![], vec![]);
        Manifest { form: FORM, store: hex(store), segments, answers, whole_to: 0, checkpoints, files: 0 }
    }

    /// That of the backup in `folder`, if there is one.
    pub(super) fn read(folder: &Path) -> Result<Option<Manifest>, CopyError> {
        let path = path(folder);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(CopyError::file(&path, &error)),
        };
        let damaged = |problem: String| CopyError::Damaged { path: path.clone(), problem };
        let value: serde_json::Value =
            serde_json::from_slice(&text).map_err(|problem| damaged(problem.to_string()))?;
        if value["form"].as_u64().is_some_and(|form| form > u64::from(FORM)) {
            return Err(CopyError::Newer { path });
        }
        let manifest: Manifest =
            serde_json::from_value(value).map_err(|problem| damaged(problem.to_string()))?;
        let mut next = 1;
        for part in &manifest.segments {
            if part.from != next
                || part.to < part.from
                || part.name != Part::name("entries", part.from, part.to)
            {
                return Err(damaged(format!("{} does not follow what is before it", part.name)));
            }
            next = part.to + 1;
        }
        Ok(Some(manifest))
    }

    /// Puts it in the place of the one before.
    pub(super) fn write(&self, folder: &Path) -> Result<(), CopyError> {
        let text = serde_json::to_vec_pretty(self).expect("a manifest has a JSON form");
        replace(&path(folder), &text)
    }

    /// The last position in it.
    pub(super) fn head(&self) -> u64 {
        self.segments.last().map_or(0, |part| part.to)
    }
}

impl Part {
    /// How the file is called.
    pub(super) fn name(kind: &str, from: u64, to: u64) -> String {
        format!("{kind}-{from:012}-{to:012}.jsonl.gz")
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("manifest.json")
}

/// Writes `text` to `path`, whole or not at all, and waits for the disk.
pub(crate) fn replace(path: &Path, text: &[u8]) -> Result<(), CopyError> {
    let making = path.with_extension("making");
    let write = || {
        let mut file = File::create(&making)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&making, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(|error| {
        // On a full disk the half-written file is in the way; the first error is the one to tell.
        let _ = fs::remove_file(&making);
        CopyError::file(path, &error)
    })
}

/// `bytes` in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What [`hex`] wrote.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| (digit as char).to_digit(16).map(|value| value as u8);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?)).collect()
}

/// The 32 bytes that [`hex`] wrote.
pub(super) fn unhex_hash(text: &str) -> Option<[u8; 32]> {
    unhex(text)?.try_into().ok()
}
