//! Stores to copy, and places to copy them to.

use std::path::{Path, PathBuf};

use app::ports::Blobs;
use journal::{Actor, Appended, Journal, NewEvent, Recorded, StoredAnswer};
use lexicon::{BlobId, Moment, Opened, Private, Reason, Vault};
use store::copy::{BackedUp, CopyError, LastWord, Original, Restored, Until, back_up, restore};
use store::{Config, MasterKey, Store};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::world::{Placed, World, append, asked, stream, subject};

/// A folder for everything: `data`, `backup`, `keys`, `new`.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.at("data")).unwrap();
        place
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The store in `data`, open.
    pub fn world(&self) -> World {
        World { store: open(&self.at("data")), folder: None }
    }

    pub fn back_up(&self) -> Result<BackedUp, CopyError> {
        back_up(&original(&self.at("data")), &self.at("backup"), &self.at("keys"), &mut |_| ())
    }

    pub fn restore(&self, until: Until) -> Result<Restored, CopyError> {
        self.restore_to("new", until, &[])
    }

    pub fn restore_to(&self, new: &str, until: Until, erased: &[PathBuf]) -> Result<Restored, CopyError> {
        restored(&self.at("backup"), &self.at("keys"), erased, &config(&self.at(new)), until)
    }

    /// The store in `new`, open, and sound.
    pub async fn restored(&self) -> World {
        let world = World { store: open(&self.at("new")), folder: None };
        world.catch_up().await;
        world.check_sound().await;
        world
    }
}

/// Restores with a last word of its own.
pub fn restored(
    backup: &Path,
    keys: &Path,
    erased: &[PathBuf],
    config: &Config,
    until: Until,
) -> Result<Restored, CopyError> {
    let event =
        |position: u64, _: Moment| NewEvent::of("Restored", 1, &serde_json::json!({ "to": position }));
    let word = LastWord {
        stream: stream("restores-all"),
        event: &event,
        actor: Actor::system("test"),
        at: Moment::from_micros(9_000_000),
    };
    restore((backup, keys), erased, config, until, &word, &mut |_| ())
}

/// The master key is kept elsewhere, as it should be.
pub fn config(folder: &Path) -> Config {
    Config { master_key: MasterKey::Text(Zeroizing::new("5a".repeat(32))), ..crate::world::config(folder) }
}

pub fn open(folder: &Path) -> Store {
    Store::open(config(folder)).unwrap_or_else(|error| panic!("{error}"))
}

pub fn original(folder: &Path) -> Original {
    Original::open(&config(folder)).unwrap_or_else(|error| panic!("{error}"))
}

/// Puts thing `number` on a shelf: its owner's name is sealed, its picture is kept, and the request has a key. Answers the picture.
pub async fn put(store: &Store, number: u64) -> BlobId {
    let name = format!("thing-{number:05}");
    let owner = subject(&format!("owner-{number}"));
    let sealed = Private::seal(store, &owner, &name).unwrap();
    let picture = store.seal_bytes(&owner, name.as_bytes()).unwrap();
    let picture = Blobs::keep(store, picture).await.unwrap();
    let placed = Placed { shelf: Some(number as i64 % 7), owner: Some(sealed) };
    let mut append = append(&name, 0, vec![placed.into()]);
    append.at = Moment::from_micros(1_000_000 + number as i64);
    append.idempotency = asked(&name, 1, &format!("answer {number}"));
    assert!(matches!(store.append(append).await, Ok(Appended::Recorded { .. })));
    picture
}

/// Checks everything that [`put`] put.
pub async fn check(store: &Store, number: u64, picture: &BlobId) {
    let name = format!("thing-{number:05}");
    let owner = subject(&format!("owner-{number}"));
    let entries = Journal::stream(store, &stream(&name), 0).await.unwrap();
    let [entry] = &entries[..] else { panic!("{name}: {entries:?}") };
    assert_eq!(owner_of(store, entry), Opened::Known(name.clone()));
    let sealed = store.fetch(picture).await.unwrap().expect("the picture is there");
    assert_eq!(store.open_bytes(&owner, &sealed).unwrap().as_deref(), Some(name.as_bytes()));
    let kept = store.answer("someone /things", &name).await.unwrap();
    assert_eq!(kept, Some(StoredAnswer { request: [1; 32], answer: format!("answer {number}") }));
}

/// Whose thing it is.
pub fn owner_of(store: &Store, entry: &Recorded) -> Opened<String> {
    let Ok(crate::world::ThingEvent::Placed(Placed { owner: Some(owner), .. })) = entry.decode() else {
        panic!("{entry:?}")
    };
    owner.open(store, Reason::Verification).unwrap()
}

/// The whole journal, without a last word.
pub async fn journal(store: &Store) -> Vec<Recorded> {
    let mut entries = Journal::read(store, 0, 1_000_000).await.unwrap();
    entries.retain(|entry| &*entry.name != "Restored");
    entries
}

/// Every file under `folder` but locks, with what is in it.
pub fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = vec![];
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true => found.extend(content(&path)),
            false if path.ends_with("lock") => {}
            false => found.push((path.clone(), std::fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}
