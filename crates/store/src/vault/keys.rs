//! Every subject's key: made when first needed, remembered while used, kept before it matters.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lexicon::{KeyedHash, SubjectId, Vault, VaultError};
use zeroize::Zeroizing;

use super::cipher::{self, Broken, Key};
use super::kept::{self, Kept, Wrapped};
use super::master::MasterKey;
use crate::OpenError;

/// So many keys are remembered.
const REMEMBERED_MAX: usize = 65_536;

/// The vault.
pub(crate) struct Keys {
    /// Wraps the subjects' keys.
    wrapping: Key,
    /// Root of the keys for lookups.
    lookup: Key,
    remembered: RwLock<HashMap<SubjectId, Key>>,
    kept: Mutex<Drawer>,
    /// Whether keys wait to be kept; said before anything sealed with them leaves the vault.
    waiting: AtomicBool,
}

/// The kept keys, and those that are not kept yet.
struct Drawer {
    kept: Kept,
    waiting: HashMap<SubjectId, Key>,
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
        Ok(Keys::with(&master, kept::open(&path, store, &check[..])?))
    }

    /// A vault that lasts as long as the process, under a key of its own.
    pub(crate) fn memory() -> Keys {
        let mut master = Zeroizing::new([0; 32]);
        getrandom::fill(&mut master[..]).expect("the system gives randomness");
        Keys::with(&master, Kept::Memory(HashMap::new()))
    }

    fn with(master: &Key, kept: Kept) -> Keys {
        Keys {
            wrapping: cipher::keyed(master, b"wrap"),
            lookup: cipher::keyed(master, b"lookup"),
            remembered: RwLock::default(),
            kept: Mutex::new(Drawer { kept, waiting: HashMap::new() }),
            waiting: AtomicBool::new(false),
        }
    }

    /// Keeps the keys made since the last time; afterwards all that was sealed so far can be acknowledged.
    pub(crate) fn flush(&self) -> Result<(), VaultError> {
        if !self.waiting.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut drawer = self.drawer();
        let Drawer { kept, waiting } = &mut *drawer;
        let wrapped: Result<Vec<_>, _> = waiting
            .iter()
            .map(|(subject, key)| {
                let wrapped = cipher::seal(&self.wrapping, subject.as_str(), &key[..])?;
                Ok((subject.as_str().to_owned(), wrapped))
            })
            .collect();
        kept.keep(&wrapped.map_err(no_randomness)?).map_err(unavailable)?;
        waiting.clear();
        self.waiting.store(false, Ordering::Release);
        Ok(())
    }

    /// Destroys `subject`'s key for ever.
    pub(crate) fn erase(&self, subject: &SubjectId) -> Result<(), VaultError> {
        let mut drawer = self.drawer();
        drawer.kept.erase(subject.as_str()).map_err(unavailable)?;
        drawer.waiting.remove(subject);
        self.remembered.write().unwrap_or_else(PoisonError::into_inner).remove(subject);
        Ok(())
    }

    /// What the database of keys says of itself, when it is damaged.
    pub(crate) fn problems(&self) -> Result<Vec<String>, VaultError> {
        self.drawer().kept.problems().map_err(unavailable)
    }

    /// The key of `subject`: `None` when it was erased. Made when there is none and `make` says so.
    fn key(&self, subject: &SubjectId, make: bool) -> Result<Option<Key>, VaultError> {
        if let Some(key) = self.remembered.read().unwrap_or_else(PoisonError::into_inner).get(subject) {
            return Ok(Some(key.clone()));
        }
        let mut drawer = self.drawer();
        let key = match drawer.waiting.get(subject) {
            Some(key) => key.clone(),
            None => match drawer.kept.find(subject.as_str()).map_err(unavailable)? {
                Some(Wrapped::Tombstone) => return Ok(None),
                Some(Wrapped::Key(wrapped)) => self.unwrap(subject, &wrapped)?,
                None if make => self.make(subject, &mut drawer)?,
                None => return Err(VaultError::Broken),
            },
        };
        // Remembered while the drawer is still open, so that an erasure cannot come in between.
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(subject.clone(), key.clone());
        Ok(Some(key))
    }

    fn make(&self, subject: &SubjectId, drawer: &mut Drawer) -> Result<Key, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut key[..]).map_err(no_randomness)?;
        drawer.waiting.insert(subject.clone(), key.clone());
        self.waiting.store(true, Ordering::Release);
        Ok(key)
    }

    fn unwrap(&self, subject: &SubjectId, wrapped: &[u8]) -> Result<Key, VaultError> {
        let plain = cipher::open(&self.wrapping, subject.as_str(), wrapped).map(Zeroizing::new);
        let key = plain.ok().and_then(|plain| <[u8; 32]>::try_from(&plain[..]).ok());
        key.map(Zeroizing::new)
            .ok_or_else(|| VaultError::Unavailable(format!("the key of subject {subject} is damaged")))
    }

    /// A panic elsewhere leaves the drawer whole.
    fn drawer(&self) -> MutexGuard<'_, Drawer> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

fn unavailable(error: rusqlite::Error) -> VaultError {
    VaultError::Unavailable(error.to_string())
}

fn no_randomness(error: getrandom::Error) -> VaultError {
    VaultError::Unavailable(format!("no randomness: {error}"))
}
