//! The files of a store, wherever they are now: one place, or two while they move.
//!
//! `files.json` in the data folder lists the places. New files go to the first; the others are read too. Whoever moves files writes
//! it, and whoever serves them looks at it before each file, so that nobody need be stopped.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use journal::Unavailable;
use lexicon::BlobId;
use serde::{Deserialize, Serialize};

use super::bucket::Bucket;
use super::fs::Folder;
use super::place::FilesPlace;
use super::{Files, Listed};
use crate::OpenError;
use crate::copy::replace;

/// Where files are when nobody said otherwise.
const FIRST: &str = "blobs";

/// The files of a store.
pub(crate) struct Places {
    /// The data folder.
    folder: PathBuf,
    /// Whether half-written files of an earlier process may be cleared away.
    owned: bool,
    now: Mutex<(Option<Stamp>, Arc<Vec<Files>>)>,
}

/// Tells one version of the list from another.
type Stamp = (u64, i64, i64, u64);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    places: Vec<String>,
}

impl Places {
    /// The files of the store in `folder`; only its owner may clear away what an earlier process left half-written.
    pub(crate) fn open(folder: &Path, owned: bool) -> Result<Places, OpenError> {
        let stamp = stamp(folder);
        let files = opened(folder, owned)?;
        Ok(Places { folder: folder.into(), owned, now: Mutex::new((stamp, Arc::new(files))) })
    }

    /// The places as they are listed now; the first takes new files.
    fn now(&self) -> Result<Arc<Vec<Files>>, Unavailable> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.folder);
        if now.0 != stamp {
            let files = opened(&self.folder, self.owned).map_err(|error| Unavailable(error.to_string()))?;
            *now = (stamp, Arc::new(files));
        }
        Ok(now.1.clone())
    }

    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<BlobId, Unavailable> {
        let mut places = self.now()?;
        loop {
            let id = places[0].keep(bytes)?;
            // A move that began meanwhile may have looked through the old place already: what is acknowledged there was there before.
            let now = self.now()?;
            if Arc::ptr_eq(&places, &now) {
                return Ok(id);
            }
            places = now;
        }
    }

    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        let mut refused = None;
        for place in self.now()?.iter() {
            match place.fetch(id) {
                Ok(Some(bytes)) => return Ok(Some(bytes)),
                Ok(None) => {}
                // Another place may have it unaltered.
                Err(problem) => refused = refused.or(Some(problem)),
            }
        }
        refused.map_or(Ok(None), Err)
    }

    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Unavailable> {
        let mut all = vec![];
        for place in self.now()?.iter() {
            all.extend(place.listed()?);
        }
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all.dedup_by(|one, other| one.id == other.id);
        Ok(all)
    }

    pub(crate) fn delete(&self, id: &BlobId) -> Result<(), Unavailable> {
        self.now()?.iter().try_for_each(|place| place.delete(id))
    }
}

/// The places that `folder` lists.
pub(crate) fn list(folder: &Path) -> Result<Vec<FilesPlace>, OpenError> {
    let path = folder.join("files.json");
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(vec![FilesPlace::Folder(FIRST.into())]);
        }
        Err(error) => return Err(OpenError::of_file(&path, &error)),
    };
    let wrong = |problem: String| OpenError::Database { path: path.clone(), problem };
    let List { places } = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    if places.is_empty() {
        return Err(wrong("it lists no place".to_owned()));
    }
    let read = |place: &String| place.parse().map_err(|error: super::BadFilesPlace| wrong(error.to_string()));
    places.iter().map(read).collect()
}

/// Lists `places` in `folder`.
pub(crate) fn write_list(folder: &Path, places: &[FilesPlace]) -> Result<(), crate::copy::CopyError> {
    let list = List { places: places.iter().map(ToString::to_string).collect() };
    let text = serde_json::to_vec_pretty(&list).expect("a list has a JSON form");
    replace(&folder.join("files.json"), &text)
}

/// The place that `place` names, seen from the data folder `folder`.
pub(crate) fn open_place(folder: &Path, place: &FilesPlace, owned: bool) -> Result<Files, OpenError> {
    match place {
        FilesPlace::Folder(path) if owned => Folder::open(folder.join(path)).map(Files::Folder),
        FilesPlace::Folder(path) => Ok(Files::Folder(Folder::to_read(folder.join(path)))),
        FilesPlace::Bucket(url) => Bucket::open(url).map(Files::Bucket).map_err(|problem| {
            let path = PathBuf::from(place.to_string());
            OpenError::Database { path, problem }
        }),
    }
}

fn opened(folder: &Path, owned: bool) -> Result<Vec<Files>, OpenError> {
    list(folder)?.iter().map(|place| open_place(folder, place, owned)).collect()
}

fn stamp(folder: &Path) -> Option<Stamp> {
    // Opened, since a folder on the network may remember what it knew of a file that is not.
    let found = File::open(folder.join("files.json")).ok()?.metadata().ok()?;
    Some((found.ino(), found.mtime(), found.mtime_nsec(), found.len()))
}
