//! Kept files, each addressed by the SHA-256 of its bytes.

mod fs;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use journal::Unavailable;
use lexicon::BlobId;
use sha2::{Digest, Sha256};

use crate::OpenError;
use fs::Folder;

/// Where files are kept.
pub(crate) enum Files {
    Folder(Folder),
    Memory(Heap),
}

impl Files {
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
            Files::Folder(folder) => folder.keep(bytes),
            Files::Memory(heap) => Ok(heap.keep(bytes)),
        }
    }

    /// The bytes kept as `id`, checked against it; `None` when there are none. Blocks.
    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        match self {
            Files::Folder(folder) => folder.fetch(id),
            Files::Memory(heap) => Ok(heap.fetch(id)),
        }
    }

    /// The addresses of all files. Blocks.
    pub(crate) fn ids(&self) -> Result<Vec<BlobId>, Unavailable> {
        match self {
            Files::Folder(folder) => folder.ids(),
            Files::Memory(heap) => Ok(heap.ids()),
        }
    }
}

/// The address of `bytes`.
pub(crate) fn address(bytes: &[u8]) -> BlobId {
    let text: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse().expect("64 hexadecimal digits are an id")
}

/// Files in memory.
#[derive(Default)]
pub(crate) struct Heap(Mutex<HashMap<BlobId, Vec<u8>>>);

impl Heap {
    fn keep(&self, bytes: &[u8]) -> BlobId {
        let id = address(bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), bytes.to_vec());
        id
    }

    fn fetch(&self, id: &BlobId) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn ids(&self) -> Vec<BlobId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
