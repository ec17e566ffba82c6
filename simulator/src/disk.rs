//! What outlives the process: the store, in memory or in a folder.

use std::path::Path;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use insight::VIEWS;
use store::{Config, MasterKey, Store};
use tempfile::TempDir;

/// Work for the thread of a disk.
type Work = Box<dyn FnOnce() + Send>;

/// A disk, and the store on it.
pub struct Disk {
    folder: Option<TempDir>,
    master_key: String,
    store: Mutex<Option<Store>>,
    /// A store in a folder has threads of its own. It is asked from here, outside the runtime, while the world stands still.
    worker: Option<Sender<Work>>,
}

impl Disk {
    /// An empty disk: in memory, or a folder.
    pub fn new(seed: u64, in_folder: bool) -> Result<Disk> {
        let disk = Disk {
            folder: if in_folder { Some(folder()?) } else { None },
            master_key: format!("{seed:064x}"),
            store: Mutex::new(None),
            worker: in_folder.then(worker),
        };
        disk.reboot()?;
        Ok(disk)
    }

    /// The process that used the store is gone; the next one opens it.
    pub fn reboot(&self) -> Result<()> {
        let mut kept = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match (&self.folder, kept.take()) {
            (None, Some(store)) => store,
            (None, None) => Store::memory(VIEWS),
            (Some(folder), before) => {
                drop(before);
                let master_key = MasterKey::Text(self.master_key.clone().into());
                let folder = folder.path().to_owned();
                let config = Config { folder, database: None, views: VIEWS, master_key };
                Store::open(config).context("the store does not open again")?
            }
        };
        *kept = Some(store);
        Ok(())
    }

    /// Whether the store seals with its own keys.
    pub fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// The store.
    pub fn store(&self) -> Store {
        let kept = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone().expect("a store is there from the first boot on")
    }

    /// Does `work` on the store; nothing else happens in the world meanwhile.
    pub fn perform<T: Send + 'static>(&self, work: impl FnOnce(&Store) -> T + Send + 'static) -> T {
        let store = self.store();
        let Some(worker) = &self.worker else { return work(&store) };
        let (to, answer) = sync_channel(1);
        let work: Work = Box::new(move || {
            let done = work(&store);
            // Whoever hears of it may want to open the folder anew.
            drop(store);
            drop(to.send(done));
        });
        worker.send(work).expect("the thread of the disk lives as long as the disk");
        answer.recv().expect("the thread of the disk answers")
    }
}

fn worker() -> Sender<Work> {
    let (to, work) = channel::<Work>();
    thread::spawn(move || work.into_iter().for_each(|work| work()));
    to
}

/// What a disk loses is not the matter here, so memory will do where the system offers it as a folder.
fn folder() -> Result<TempDir> {
    let quick = Path::new("/dev/shm");
    let made = if quick.is_dir() { tempfile::tempdir_in(quick) } else { tempfile::tempdir() };
    made.context("no temporary folder")
}
