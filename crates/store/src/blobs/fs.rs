//! Files in a folder: `blobs/ab/cdef…`.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use journal::Unavailable;
use lexicon::{BlobId, Moment};

use super::{Listed, address, is_address};
use crate::OpenError;

/// Half-written files as old as this are nobody's.
const LEFT_FOR: Duration = Duration::from_secs(24 * 3_600);

/// A folder of files.
pub(crate) struct Folder {
    root: PathBuf,
    /// Tells the files that this process is writing from those of others.
    own: String,
    making: AtomicU64,
}

impl Folder {
    /// The folder at `root`, made when missing. What was left half-written long ago is removed; others may be writing now.
    pub(crate) fn open(root: PathBuf) -> Result<Folder, OpenError> {
        let making = root.join("making");
        let ready = || {
            fs::create_dir_all(&making)?;
            for left in fs::read_dir(&making)? {
                let left = left?;
                let age = left.metadata()?.modified()?.elapsed().unwrap_or_default();
                if age > LEFT_FOR {
                    fs::remove_file(left.path())?;
                }
            }
            sync(&root)
        };
        ready().map_err(|error| OpenError::of_file(&root, &error))?;
        let mut own = [0; 8];
        getrandom::fill(&mut own).map_err(|error| OpenError::of_file(&root, &io::Error::other(error)))?;
        let own = own.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Folder { root, own, making: AtomicU64::new(0) })
    }

    /// The folder at `root` as it is, for a reader.
    pub(crate) fn to_read(root: PathBuf) -> Folder {
        Folder { root, own: String::new(), making: AtomicU64::new(0) }
    }

    /// Removes a file; one that is not there is gone already.
    pub(crate) fn delete(&self, id: &BlobId) -> Result<(), Unavailable> {
        let Some(place) = self.place(id) else { return Ok(()) };
        match fs::remove_file(place) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Unavailable(format!("file {id} cannot be removed: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Every file with its size and time.
    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Unavailable> {
        let read = || -> io::Result<Vec<Listed>> {
            let mut listed = vec![];
            for folder in names(&self.root)?.into_iter().filter(|name| name.len() == 2) {
                for rest in names(&self.root.join(&folder))? {
                    if let Ok(id) = format!("{folder}{rest}").parse::<BlobId>()
                        && let Some(place) = self.place(&id)
                    {
                        let found = fs::metadata(place)?;
                        let at = Moment::from_micros(found.mtime() * 1_000_000 + found.mtime_nsec() / 1_000);
                        listed.push(Listed { id, bytes: found.len(), at });
                    }
                }
            }
            Ok(listed)
        };
        read().map_err(|error| Unavailable(format!("the files cannot be listed: {error}")))
    }

    /// Keeps `bytes`; they are on disk, and their name too, when this answers.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<BlobId, Unavailable> {
        let id = address(bytes);
        let keep = || {
            let place = self.place(&id).ok_or(ErrorKind::InvalidInput)?;
            let folder = place.parent().unwrap_or(&self.root);
            if !place.exists() {
                if !folder.exists() {
                    fs::create_dir_all(folder)?;
                    sync(&self.root)?;
                }
                self.write(bytes, &place)?;
            }
            // The name may stem from another writer that has not come so far.
            sync(folder)
        };
        let root = self.root.display();
        keep().map_err(|error: io::Error| match error.kind() {
            ErrorKind::StorageFull => Unavailable(format!(
                "no space is left on the disk of {root}; make room and do the same again"
            )),
            _ => Unavailable(format!("a file cannot be kept in {root}: {error}")),
        })?;
        Ok(id)
    }

    fn write(&self, bytes: &[u8], place: &Path) -> io::Result<()> {
        let name = format!("{}-{}", self.own, self.making.fetch_add(1, Ordering::Relaxed));
        let making = self.root.join("making").join(name);
        let written = File::create(&making).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&making, place)
        });
        if written.is_err() {
            // On a full disk the half-written file is in the way; the first error is the one to tell.
            let _ = fs::remove_file(&making);
        }
        written
    }

    /// The bytes kept as `id`, if they still are what they were.
    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        let Some(place) = self.place(id) else { return Ok(None) };
        match fs::read(place) {
            Ok(bytes) if address(&bytes) == *id => Ok(Some(bytes)),
            Ok(_) => Err(Unavailable(format!("file {id} was altered"))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Unavailable(format!("file {id} cannot be read: {error}"))),
        }
    }

    /// Where `id` is kept; nowhere when it is no hash.
    fn place(&self, id: &BlobId) -> Option<PathBuf> {
        let text = id.as_str();
        is_address(id).then(|| self.root.join(&text[..2]).join(&text[2..]))
    }
}

/// What is in `folder`; nothing when there is no such folder.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(error),
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
