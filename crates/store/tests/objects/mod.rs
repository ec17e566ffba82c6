//! Files in a bucket of a store that speaks S3, and on their way into one or out of one.

mod child;
mod failing;
mod keeping;
mod killed;
mod looking;
mod moving;

use std::path::Path;

use app::ports::Blobs;
use futures::executor::block_on;
use journal::Unavailable;
use lexicon::BlobId;
use store::{FilesPlace, Filing, Store};
use tempfile::TempDir;
use torture::objects::Objects;

use crate::world::{World, open};

/// Larger files are sent in parts of this size.
const PART: usize = 8 << 20;

/// A store whose files are at `place`.
fn world_at(place: &str) -> World {
    let folder = tempfile::tempdir().expect("a folder for the test");
    move_to(folder.path(), place);
    World { store: open(folder.path()), folder: Some(folder) }
}

/// A store whose files are in the bucket.
fn world(objects: &Objects) -> World {
    world_at(&objects.url("files"))
}

fn folder(world: &World) -> &Path {
    world.folder.as_ref().map(TempDir::path).expect("it has one")
}

/// Whoever looks after the files of `world`, beside it.
fn filing(world: &World) -> Filing {
    Filing::open(folder(world)).expect("a store")
}

fn place(text: &str) -> FilesPlace {
    text.parse().expect("a place for files")
}

/// Moves all files of the store in `folder` to `to`.
fn move_to(folder: &Path, to: &str) {
    let (filing, to) = (Filing::open(folder).unwrap(), place(to));
    filing.begin_move(&to).unwrap();
    assert_eq!(filing.pass(&mut |_| ()).unwrap().lost, []);
    assert_eq!(filing.end_move(&to), Ok(true));
}

/// Bytes that tell one number from another.
fn bytes(number: u64, length: usize) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().repeat(length / 8 + 1);
    bytes.truncate(length);
    bytes
}

fn keep(store: &Store, bytes: &[u8]) -> Result<BlobId, Unavailable> {
    block_on(Blobs::keep(store, bytes.to_vec()))
}

fn fetch(store: &Store, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
    block_on(Blobs::fetch(store, id))
}

/// The key of a file in the bucket.
fn key(id: &BlobId) -> String {
    let (folder, rest) = id.as_str().split_at(2);
    format!("files/{folder}/{rest}")
}
