//! Every subject's key: made when first needed, remembered while used, kept before it matters.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

#[cfg(feature = "mutants")]
use app::mutants::{Mutant, at_work};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lexicon::{KeyedHash, SubjectId, Vault, VaultError};
use zeroize::Zeroizing;

use super::cipher::{self, Broken, Key};
use super::kept::{self, Kept, Wrapped};
use super::master::MasterKey;
use crate::OpenError;
use crate::postgres::SharedKeys;

/// So many keys are remembered.
const REMEMBERED_MAX: usize = 65_536;

/// The vault.
pub(crate) struct Keys {
    /// Wraps the subjects' keys.
    wrapping: Key,
    /// Root of the keys for lookups.
    lookup: Key,
    remembered: RwLock<Remembered>,
    place: Place,
    /// Whether keys wait to be kept; said before anything sealed with them leaves the vault.
    waiting: AtomicBool,
}

/// Where keys are kept.
enum Place {
    /// For this process alone.
    Own(Mutex<Drawer>),
    /// With the journal on a server: other nodes make and erase keys too.
    Shared(Box<SharedKeys>),
}

/// The kept keys, and those that are not kept yet.
struct Drawer {
    kept: Kept,
    waiting: HashMap<SubjectId, Key>,
}

/// Keys in memory.
#[derive(Default)]
struct Remembered {
    keys: HashMap<SubjectId, Key>,
    /// How often all were forgotten: one that was looked up before is not remembered after.
    forgotten: u64,
}

impl Keys {
    /// The vault in `folder` of the store called `store`; `new` when that store has no entries yet.
    pub(crate) fn open(
        folder: &Path,
        store: &[u8],
        master: &MasterKey,
        new: bool,
    ) -> Result<Keys, OpenError> {
        let path = folder.join("vault.db");
        let exists = path.exists();
        if !exists && !new {
            return Err(OpenError::Parted { path });
        }
        let master = master.read(folder, !exists)?;
        let check = cipher::keyed(&master, b"check");
        Ok(Keys::with(&master, Place::own(kept::open(&path, store, &check[..])?)))
    }

    /// The vault on the server of the store called `store`; `new` when that store has no entries yet. `folder` has the master key.
    pub(crate) fn open_shared(
        folder: &Path,
        store: &[u8],
        master: &MasterKey,
        new: bool,
        shared: SharedKeys,
    ) -> Result<Keys, OpenError> {
        let empty = shared.is_new()?;
        if empty && !new {
            return Err(shared.parted());
        }
        let master = master.read(folder, empty)?;
        let check = cipher::keyed(&master, b"check");
        shared.check(store, &check[..])?;
        Ok(Keys::with(&master, Place::Shared(Box::new(shared))))
    }

    /// A vault that lasts as long as the process, under a key of its own.
    pub(crate) fn memory() -> Keys {
        let mut master = Zeroizing::new([0; 32]);
        getrandom::fill(&mut master[..]).expect("the system gives randomness");
        Keys::with(&master, Place::own(Kept::Memory(HashMap::new())))
    }

    fn with(master: &Key, place: Place) -> Keys {
        Keys {
            wrapping: cipher::keyed(master, b"wrap"),
            lookup: cipher::keyed(master, b"lookup"),
            remembered: RwLock::default(),
            place,
            waiting: AtomicBool::new(false),
        }
    }

    /// Keeps the keys made since the last time; afterwards all that was sealed so far can be acknowledged.
    pub(crate) fn flush(&self) -> Result<(), VaultError> {
        #[cfg(feature = "mutants")]
        if at_work(Mutant::KeysNotFlushed) {
            return Ok(());
        }
        if !self.waiting.load(Ordering::Acquire) {
            return Ok(());
        }
        // Shared ones never wait.
        let Place::Own(drawer) = &self.place else { return Ok(()) };
        let mut drawer = open(drawer);
        let Drawer { kept, waiting } = &mut *drawer;
        let wrapped: Result<Vec<_>, _> = waiting
            .iter()
            .map(|(subject, key)| {
                let wrapped = cipher::seal(&self.wrapping, subject.as_str(), &key[..])?;
                Ok((subject.as_str().to_owned(), wrapped))
            })
            .collect();
        kept.keep(&wrapped.map_err(no_randomness)?)?;
        waiting.clear();
        self.waiting.store(false, Ordering::Release);
        Ok(())
    }

    /// Destroys `subject`'s key for ever.
    pub(crate) fn erase(&self, subject: &SubjectId) -> Result<(), VaultError> {
        let drawer = match &self.place {
            Place::Own(drawer) => drawer,
            Place::Shared(shared) => {
                shared.erase(subject.as_str()).map_err(VaultError::Unavailable)?;
                self.forget();
                return Ok(());
            }
        };
        let mut drawer = open(drawer);
        drawer.kept.erase(subject.as_str())?;
        drawer.waiting.remove(subject);
        #[cfg(feature = "mutants")]
        if at_work(Mutant::ErasureRemembers) {
            return Ok(());
        }
        self.remembered.write().unwrap_or_else(PoisonError::into_inner).keys.remove(subject);
        Ok(())
    }

    /// A question asked at `asked` was answered: so many erasures there are over all nodes.
    pub(crate) fn heard(&self, asked: Instant, erasures: i64) {
        if let Place::Shared(shared) = &self.place {
            if shared.known() != Some(erasures) {
                self.forget();
            }
            shared.seen(asked, erasures);
        }
    }

    /// Asks for erasures by other nodes when it was not asked for a moment.
    fn refresh(&self) -> Result<(), VaultError> {
        match &self.place {
            Place::Shared(shared) if !shared.is_fresh() => {
                let (asked, erasures) = shared.look().map_err(VaultError::Unavailable)?;
                self.heard(asked, erasures);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn forget(&self) {
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        remembered.keys.clear();
        remembered.forgotten += 1;
    }

    /// What the database of keys says of itself, when it is damaged.
    pub(crate) fn problems(&self) -> Result<Vec<String>, VaultError> {
        match &self.place {
            Place::Own(drawer) => open(drawer).kept.problems(),
            Place::Shared(_) => Ok(vec![]),
        }
    }

    /// The key of `subject`: `None` when it was erased. Made when there is none and `make` says so.
    fn key(&self, subject: &SubjectId, make: bool) -> Result<Option<Key>, VaultError> {
        self.refresh()?;
        let forgotten = {
            let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = remembered.keys.get(subject) {
                return Ok(Some(key.clone()));
            }
            remembered.forgotten
        };
        match &self.place {
            Place::Own(drawer) => {
                // Open until the key is remembered, so that an erasure cannot come in between.
                let mut drawer = open(drawer);
                let key = self.own_key(&mut drawer, subject, make)?;
                Ok(key.inspect(|key| self.remember(subject, key, forgotten)))
            }
            // What all nodes forgot in between is not remembered.
            Place::Shared(shared) => {
                let key = self.shared_key(shared, subject, make)?;
                Ok(key.inspect(|key| self.remember(subject, key, forgotten)))
            }
        }
    }

    fn own_key(
        &self,
        drawer: &mut Drawer,
        subject: &SubjectId,
        make: bool,
    ) -> Result<Option<Key>, VaultError> {
        if let Some(key) = drawer.waiting.get(subject) {
            return Ok(Some(key.clone()));
        }
        match drawer.kept.find(subject.as_str())? {
            Some(Wrapped::Tombstone) => Ok(None),
            Some(Wrapped::Key(wrapped)) => self.unwrap(subject, &wrapped).map(Some),
            None if make => {
                let key = new_key()?;
                drawer.waiting.insert(subject.clone(), key.clone());
                self.waiting.store(true, Ordering::Release);
                Ok(Some(key))
            }
            None => Err(VaultError::Broken),
        }
    }

    fn shared_key(
        &self,
        shared: &SharedKeys,
        subject: &SubjectId,
        make: bool,
    ) -> Result<Option<Key>, VaultError> {
        let mut kept = shared.find(subject.as_str()).map_err(VaultError::Unavailable)?;
        if kept.is_none() {
            if !make {
                return Err(VaultError::Broken);
            }
            // Of two nodes that make a key for one subject the first wins, before anything is sealed with either.
            let wrapped = cipher::seal(&self.wrapping, subject.as_str(), &new_key()?[..]);
            let wrapped = wrapped.map_err(no_randomness)?;
            kept = shared.claim(subject.as_str(), &wrapped).map_err(VaultError::Unavailable)?;
        }
        match Wrapped::of(kept) {
            Some(Wrapped::Tombstone) => Ok(None),
            Some(Wrapped::Key(wrapped)) => self.unwrap(subject, &wrapped).map(Some),
            None => Err(VaultError::Unavailable(format!("the key of subject {subject} was not kept"))),
        }
    }

    /// Remembers `key` unless all were forgotten since it was looked up.
    fn remember(&self, subject: &SubjectId, key: &Key, forgotten: u64) {
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.keys.len() >= REMEMBERED_MAX {
            remembered.keys.clear();
        }
        if remembered.forgotten == forgotten {
            remembered.keys.insert(subject.clone(), key.clone());
        }
    }

    fn unwrap(&self, subject: &SubjectId, wrapped: &[u8]) -> Result<Key, VaultError> {
        let plain = cipher::open(&self.wrapping, subject.as_str(), wrapped).map(Zeroizing::new);
        let key = plain.ok().and_then(|plain| <[u8; 32]>::try_from(&plain[..]).ok());
        key.map(Zeroizing::new)
            .ok_or_else(|| VaultError::Unavailable(format!("the key of subject {subject} is damaged")))
    }
}

impl Place {
    fn own(kept: Kept) -> Place {
        Place::Own(Mutex::new(Drawer { kept, waiting: HashMap::new() }))
    }
}

/// A panic elsewhere leaves the drawer whole.
fn open(drawer: &Mutex<Drawer>) -> MutexGuard<'_, Drawer> {
    drawer.lock().unwrap_or_else(PoisonError::into_inner)
}

fn new_key() -> Result<Key, VaultError> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut key[..]).map_err(no_randomness)?;
    Ok(key)
}

impl Vault for Keys {
    fn seal(&self, subject: &SubjectId, plain: &[u8]) -> Result<String, VaultError> {
        Ok(URL_SAFE_NO_PAD.encode(self.seal_bytes(subject, plain)?))
    }

    fn open(&self, subject: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Broken)?;
        self.open_bytes(subject, &sealed)
    }

    fn seal_bytes(&self, subject: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.key(subject, true)?.ok_or(VaultError::Erased)?;
        cipher::seal(&key, subject.as_str(), plain).map_err(no_randomness)
    }

    fn open_bytes(&self, subject: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        let Some(key) = self.key(subject, false)? else { return Ok(None) };
        cipher::open(&key, subject.as_str(), sealed).map(Some).map_err(|Broken| VaultError::Broken)
    }

    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash {
        let key = cipher::keyed(&self.lookup, purpose.as_bytes());
        let hash = cipher::keyed(&key, plain);
        KeyedHash::from_text(&hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

fn no_randomness(error: getrandom::Error) -> VaultError {
    VaultError::Unavailable(format!("no randomness: {error}"))
}
