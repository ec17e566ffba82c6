//! Kept files, already sealed.

use journal::{BoxFuture, Unavailable};
use lexicon::BlobId;

/// Files addressed by the SHA-256 of their (sealed) bytes.
pub trait Blobs: Send + Sync {
    /// Keeps `bytes`; answers when they are on disk. Keeping the same bytes again changes nothing.
    fn keep(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<BlobId, Unavailable>>;

    /// The bytes kept as `id`, checked against it; `None` when there are none.
    fn fetch<'a>(&'a self, id: &'a BlobId) -> BoxFuture<'a, Result<Option<Vec<u8>>, Unavailable>>;
}
