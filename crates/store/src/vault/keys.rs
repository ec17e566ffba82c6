//! Every subject's key: made when first needed, remembered while used, kept before it matters.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
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
    /// Where other nodes make and erase keys too.
    shared: Option<Arc<SharedKeys>>,
    kept: Mutex<Drawer>,
    /// Whether keys wait to be kept; said before anything sealed with them leaves the vault.
    waiting: AtomicBool,
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
        Ok(Keys::with(&master, kept::open(&path, store, &check[..])?, None))
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
        let shared = Arc::new(shared);
        Ok(Keys::with(&master, Kept::Shared(shared.clone()), Some(shared)))
    }

    /// A vault that lasts as long as the process, under a key of its own.
    pub(crate) fn memory() -> Keys {
        let mut master = Zeroizing::new([0; 32]);
        getrandom::fill(&mut master[..]).expect("the system gives randomness");
        Keys::with(&master, Kept::Memory(HashMap::new()), None)
    }

    fn with(master: &Key, kept: Kept, shared: Option<Arc<SharedKeys>>) -> Keys {
        Keys {
            wrapping: cipher::keyed(master, b"wrap"),
            lookup: cipher::keyed(master, b"lookup"),
            remembered: RwLock::default(),
            shared,
            kept: Mutex::new(Drawer { kept, waiting: HashMap::new() }),
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
        let mut drawer = self.drawer();
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
        if let Some(shared) = &self.shared {
            // It waits for all nodes; the drawer stays open for others.
            shared.erase(subject.as_str()).map_err(VaultError::Unavailable)?;
            self.forget();
            return Ok(());
        }
        let mut drawer = self.drawer();
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
        if let Some(shared) = &self.shared {
            if shared.known() != Some(erasures) {
                self.forget();
            }
            shared.seen(asked, erasures);
        }
    }

    /// Asks for erasures by other nodes when it was not asked for a moment.
    fn refresh(&self) -> Result<(), VaultError> {
        match &self.shared {
            Some(shared) if !shared.is_fresh() => {
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
        self.drawer().kept.problems()
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
        let mut drawer = self.drawer();
        let key = match drawer.waiting.get(subject) {
            Some(key) => key.clone(),
            None => match drawer.kept.find(subject.as_str())? {
                Some(Wrapped::Tombstone) => return Ok(None),
                Some(Wrapped::Key(wrapped)) => self.unwrap(subject, &wrapped)?,
                None if make => match self.make(subject, &mut drawer)? {
                    Some(key) => key,
                    None => return Ok(None),
                },
                None => return Err(VaultError::Broken),
            },
        };
        // Remembered while the drawer is still open, so that an erasure cannot come in between.
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.keys.len() >= REMEMBERED_MAX {
            remembered.keys.clear();
        }
        if remembered.forgotten == forgotten {
            remembered.keys.insert(subject.clone(), key.clone());
        }
        Ok(Some(key))
    }

    /// A new key; `None` when another node erased the subject meanwhile.
    fn make(&self, subject: &SubjectId, drawer: &mut Drawer) -> Result<Option<Key>, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut key[..]).map_err(no_randomness)?;
        if let Some(shared) = &self.shared {
            // Of two nodes that make a key for one subject the first wins, before anything is sealed with either.
            let wrapped = cipher::seal(&self.wrapping, subject.as_str(), &key[..]).map_err(no_randomness)?;
            let kept = shared.claim(subject.as_str(), &wrapped).map_err(VaultError::Unavailable)?;
            return match Wrapped::of(kept) {
                Some(Wrapped::Key(wrapped)) => self.unwrap(subject, &wrapped).map(Some),
                Some(Wrapped::Tombstone) => Ok(None),
                None => Err(VaultError::Unavailable(format!("the key of subject {subject} was not kept"))),
            };
        }
        drawer.waiting.insert(subject.clone(), key.clone());
        self.waiting.store(true, Ordering::Release);
        Ok(Some(key))
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

fn no_randomness(error: getrandom::Error) -> VaultError {
    VaultError::Unavailable(format!("no randomness: {error}"))
}
