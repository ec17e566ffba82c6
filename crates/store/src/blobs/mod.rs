//! Kept files, each addressed by the SHA-256 of its bytes.

mod bucket;
mod filing;
mod fs;
mod place;
mod places;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use journal::Unavailable;
use lexicon::{BlobId, Moment};
use sha2::{Digest, Sha256};

use crate::OpenError;
use bucket::Bucket;
use fs::Folder;
use places::Places;

pub use filing::{FilesReport, Filing, MovedFiles};
pub use place::{BadFilesPlace, BucketUrl, FilesPlace};

/// Where files are kept.
pub(crate) enum Files {
    /// Where the store says.
    Places(Box<Places>),
    Folder(Folder),
    Bucket(Bucket),
    Memory(Heap),
}

/// A kept file as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: BlobId,
    pub(crate) bytes: u64,
    /// When it was kept.
    pub(crate) at: Moment,
}

impl Files {
    /// The files of the store in the data folder `folder`. Its owner clears away what an earlier process left half-written.
    pub(crate) fn of_store(folder: &Path, owned: bool) -> Result<Files, OpenError> {
        Places::open(folder, owned).map(|places| Files::Places(Box::new(places)))
    }

    /// Files in the folder at `root`, made when missing.
    pub(crate) fn folder(root: PathBuf) -> Result<Files, OpenError> {
        Folder::open(root).map(Files::Folder)
    }

    /// Files in the folder at `root`, which another process may be adding to: they are only read.
    pub(crate) fn to_read(root: PathBuf) -> Files {
        Files::Folder(Folder::to_read(root))
    }

    /// Files that last as long as the process.
    pub(crate) fn memory() -> Files {
        Files::Memory(Heap::default())
    }

    /// Keeps `bytes`; they are safe when this answers. Blocks.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<BlobId, Unavailable> {
        match self {
            Files::Places(places) => places.keep(bytes),
            Files::Folder(folder) => folder.keep(bytes),
            Files::Bucket(bucket) => bucket.keep(bytes),
            Files::Memory(heap) => Ok(heap.keep(bytes)),
        }
    }

    /// The bytes kept as `id`, checked against it; `None` when there are none. Blocks.
    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        match self {
            Files::Places(places) => places.fetch(id),
            Files::Folder(folder) => folder.fetch(id),
            Files::Bucket(bucket) => bucket.fetch(id),
            Files::Memory(heap) => Ok(heap.fetch(id)),
        }
    }

    /// Every file. Blocks.
    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Unavailable> {
        match self {
            Files::Places(places) => places.listed(),
            Files::Folder(folder) => folder.listed(),
            Files::Bucket(bucket) => bucket.listed(),
            Files::Memory(heap) => Ok(heap.listed()),
        }
    }

    /// The addresses of all files. Blocks.
    pub(crate) fn ids(&self) -> Result<Vec<BlobId>, Unavailable> {
        Ok(self.listed()?.into_iter().map(|listed| listed.id).collect())
    }

    /// Removes a file; one that is not there is gone already. Blocks.
    pub(crate) fn delete(&self, id: &BlobId) -> Result<(), Unavailable> {
        match self {
            Files::Places(places) => places.delete(id),
            Files::Folder(folder) => folder.delete(id),
            Files::Bucket(bucket) => bucket.delete(id),
            Files::Memory(heap) => {
                heap.delete(id);
                Ok(())
            }
        }
    }
}

/// The address of `bytes`.
pub(crate) fn address(bytes: &[u8]) -> BlobId {
    let text: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse().expect("64 hexadecimal digits are an id")
}

/// Whether `id` is the address of a file; nothing is kept under any other name.
pub(crate) fn is_address(id: &BlobId) -> bool {
    let text = id.as_str();
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Files in memory.
#[derive(Default)]
pub(crate) struct Heap(Mutex<HashMap<BlobId, Vec<u8>>>);

impl Heap {
    fn keep(&self, bytes: &[u8]) -> BlobId {
        let id = address(bytes);
        self.files().insert(id.clone(), bytes.to_vec());
        id
    }

    fn fetch(&self, id: &BlobId) -> Option<Vec<u8>> {
        self.files().get(id).cloned()
    }

    fn listed(&self) -> Vec<Listed> {
        let at = Moment::from_micros(0);
        self.files()
            .iter()
            .map(|(id, bytes)| Listed { id: id.clone(), bytes: bytes.len() as u64, at })
            .collect()
    }

    fn delete(&self, id: &BlobId) {
        self.files().remove(id);
    }

    fn files(&self) -> std::sync::MutexGuard<'_, HashMap<BlobId, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
