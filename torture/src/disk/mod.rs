//! A disk for SQLite that remembers the order of everything, so that the power can be cut at any moment afterwards, and that fails
//! when it is told to.
//!
//! [`Disk::watch`] a folder, work on a store in it, then [`Disk::cut`] as often as wanted: what was synced is there, and of
//! the rest anything, nothing or torn pieces. Real files take part only while the store is open.

mod cut;
mod tape;
mod vfs;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use cut::{Image, Syncs};
pub use tape::{Change, Fault, Lasting, Tape};

use crate::dice::Dice;

/// A watched folder; left alone again when it is dropped.
pub struct Disk {
    folder: PathBuf,
    tape: Arc<Tape>,
}

impl Disk {
    /// Watches the databases that this process opens in `folder` from now on.
    ///
    /// # Errors
    ///
    /// When there is no such folder.
    pub fn watch(folder: &Path) -> std::io::Result<Disk> {
        // SQLite asks for files by their real paths.
        let folder = folder.canonicalize()?;
        let tape = Arc::new(Tape::default());
        vfs::watch(&folder, tape.clone());
        Ok(Disk { folder, tape })
    }

    /// What happened to it.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// What is found after the power was cut behind the first `steps` steps.
    pub fn cut(&self, steps: usize, syncs: Syncs, dice: &mut Dice) -> Image {
        self.tape.with_first(steps, |steps| Image::after(steps, syncs, dice))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        vfs::leave(&self.folder);
    }
}
