//! Kept files, each addressed by the SHA-256 of its bytes.

mod fs;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lexicon::BlobId;
use sha2::{Digest, Sha256};

pub(crate) use fs::Folder;

/// The address of `bytes`.
pub(crate) fn address(bytes: &[u8]) -> BlobId {
    let text: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse().expect("64 hexadecimal digits are an id")
}

/// Files in memory.
#[derive(Default)]
pub(crate) struct Heap(Mutex<HashMap<BlobId, Vec<u8>>>);

impl Heap {
    pub(crate) fn keep(&self, bytes: Vec<u8>) -> BlobId {
        let id = address(&bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), bytes);
        id
    }

    pub(crate) fn fetch(&self, id: &BlobId) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}
