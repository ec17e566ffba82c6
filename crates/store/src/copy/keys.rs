//! The wrapped keys and the list of erased subjects, in a folder of their own.
//!
//! The list of the erased only grows: each backup adds to it. Where several lists are known, whoever stands in any of them stays
//! erased.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::CopyError;
use super::manifest::{hex, replace};
use crate::vault::WrappedKeys;

/// Raised with every change of what the files look like.
const FORM: u32 = 1;

/// The first line of both files.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    form: u32,
    /// The store, in hexadecimal digits.
    store: String,
    /// Tells the master key, in hexadecimal digits; not in the list of the erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check: Option<String>,
    /// How many lines follow.
    lines: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    subject: String,
    wrapped: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Erased {
    subject: String,
}

/// The keys of a backup.
pub(super) struct Keys {
    pub(super) check: Vec<u8>,
    pub(super) wrapped: Vec<(String, Vec<u8>)>,
    pub(super) erased: BTreeSet<String>,
}

/// Writes the keys of the store called `store` into `folder`, in place of those of the backup before. Answers how many keys and how
/// many erased subjects there are.
pub(super) fn write(folder: &Path, store: &[u8], keys: &WrappedKeys) -> Result<(u64, u64), CopyError> {
    fs::create_dir_all(folder).map_err(|error| CopyError::file(folder, &error))?;
    let mut erased = match read_erased(&list(folder), store) {
        Err(CopyError::NoBackup { .. }) => BTreeSet::new(),
        read => read?,
    };
    erased.extend(keys.erased.iter().cloned());
    let mut wrapped = keys.wrapped.iter().filter(|(subject, _)| !erased.contains(subject)).peekable();
    let count = wrapped.clone().count() as u64;
    // The list comes first: after a crash in between an erased subject's key is still there, and of no use.
    let lines = erased.iter().map(|subject| Erased { subject: subject.clone() });
    let head = Head { form: FORM, store: hex(store), check: None, lines: erased.len() as u64 };
    replace(&list(folder), &text(&head, lines))?;
    let head = Head { form: FORM, store: hex(store), check: Some(hex(&keys.check)), lines: count };
    let lines = std::iter::from_fn(|| wrapped.next())
        .map(|(subject, wrapped)| Key { subject: subject.clone(), wrapped: STANDARD.encode(wrapped) });
    let mut packed = GzEncoder::new(vec![], Compression::fast());
    let path = file(folder);
    packed.write_all(&text(&head, lines)).map_err(|error| CopyError::file(&path, &error))?;
    replace(&path, &packed.finish().map_err(|error| CopyError::file(&path, &error))?)?;
    let back = read(folder, store)?;
    debug_assert_eq!(back.wrapped.len() as u64, count);
    Ok((count, erased.len() as u64))
}

/// The keys in `folder`, which must be those of the store called `store`.
pub(super) fn read(folder: &Path, store: &[u8]) -> Result<Keys, CopyError> {
    let path = file(folder);
    let bytes = bytes(&path)?;
    let (head, lines): (Head, Vec<Key>) = parse(&path, GzDecoder::new(&bytes[..]), store)?;
    let damaged = || CopyError::Damaged { path: path.clone(), problem: "a key is malformed".to_owned() };
    let check = head.check.as_deref().and_then(super::manifest::unhex).ok_or_else(damaged)?;
    let wrapped = lines
        .into_iter()
        .map(|key| Ok((key.subject, STANDARD.decode(key.wrapped).map_err(|_| damaged())?)))
        .collect::<Result<_, CopyError>>()?;
    Ok(Keys { check, wrapped, erased: read_erased(&list(folder), store)? })
}

/// The list of the erased at `path`, a file or the folder of a backup's keys.
pub(super) fn read_erased(path: &Path, store: &[u8]) -> Result<BTreeSet<String>, CopyError> {
    let path = if path.is_dir() { list(path) } else { path.to_owned() };
    let bytes = bytes(&path)?;
    let (_, lines): (Head, Vec<Erased>) = parse(&path, &bytes[..], store)?;
    Ok(lines.into_iter().map(|erased| erased.subject).collect())
}

fn file(folder: &Path) -> PathBuf {
    folder.join("keys.jsonl.gz")
}

fn list(folder: &Path) -> PathBuf {
    folder.join("erased.jsonl")
}

fn bytes(path: &Path) -> Result<Vec<u8>, CopyError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => CopyError::NoBackup { path: path.into() },
        _ => CopyError::file(path, &error),
    })
}

fn text(head: &Head, lines: impl Iterator<Item = impl Serialize>) -> Vec<u8> {
    let mut text = serde_json::to_vec(head).expect("a head has a JSON form");
    for line in lines {
        text.push(b'\n');
        serde_json::to_writer(&mut text, &line).expect("a line has a JSON form");
    }
    text.push(b'\n');
    text
}

fn parse<T: DeserializeOwned>(
    path: &Path,
    text: impl Read,
    store: &[u8],
) -> Result<(Head, Vec<T>), CopyError> {
    let damaged = |problem: String| CopyError::Damaged { path: path.into(), problem };
    let mut lines = BufReader::new(text).lines().map(|line| line.map_err(|error| damaged(error.to_string())));
    let head = lines.next().transpose()?.unwrap_or_default();
    let head: Head = serde_json::from_str(&head).map_err(|error| damaged(error.to_string()))?;
    if head.form > FORM {
        return Err(CopyError::Newer { path: path.into() });
    }
    if head.store != hex(store) {
        return Err(CopyError::OtherStore { path: path.into() });
    }
    let lines = lines
        .map(|line| serde_json::from_str(&line?).map_err(|error| damaged(error.to_string())))
        .collect::<Result<Vec<T>, CopyError>>()?;
    match lines.len() as u64 == head.lines {
        true => Ok((head, lines)),
        false => Err(damaged("it was cut off".to_owned())),
    }
}
