//! Keys from the seed, for a store in memory: what is sealed is the same in every run.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lexicon::{KeyedHash, SubjectId, Vault, VaultError};
use sha2::{Digest, Sha256};

/// Bytes of the number that makes every sealing another.
const NONCE: usize = 8;
/// Bytes of the mark that tells whether something was altered.
const MARK: usize = 8;

/// A vault for the simulator alone: reproducible, and no secret to anybody who knows the seed.
pub struct SeededVault {
    seed: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    erased: HashSet<SubjectId>,
    /// How often something was sealed for a subject.
    sealed: HashMap<SubjectId, u64>,
}

impl SeededVault {
    /// The vault of `seed`.
    pub fn new(seed: u64) -> SeededVault {
        SeededVault { seed, state: Mutex::default() }
    }

    /// Forgets the key of `subject` for ever.
    pub fn erase(&self, subject: &SubjectId) {
        self.state().erased.insert(subject.clone());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.seed.to_be_bytes());
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }

    /// `bytes` under the key stream of `subject` and `nonce`: twice gives the bytes again.
    fn turn(&self, subject: &SubjectId, nonce: &[u8], bytes: &[u8]) -> Vec<u8> {
        let blocks = bytes.chunks(32).enumerate().flat_map(|(block, bytes)| {
            let key = self.digest(&[b"stream", subject.as_str().as_bytes(), nonce, &block.to_be_bytes()]);
            bytes.iter().zip(key).map(|(byte, key)| byte ^ key).collect::<Vec<u8>>()
        });
        blocks.collect()
    }

    fn mark(&self, subject: &SubjectId, nonce: &[u8], plain: &[u8]) -> [u8; MARK] {
        let mark = self.digest(&[b"mark", subject.as_str().as_bytes(), nonce, plain]);
        std::array::from_fn(|place| mark[place])
    }
}

impl Vault for SeededVault {
    fn seal(&self, subject: &SubjectId, plain: &[u8]) -> Result<String, VaultError> {
        Ok(URL_SAFE_NO_PAD.encode(self.seal_bytes(subject, plain)?))
    }

    fn open(&self, subject: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Broken)?;
        self.open_bytes(subject, &sealed)
    }

    fn seal_bytes(&self, subject: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce = {
            let mut state = self.state();
            if state.erased.contains(subject) {
                return Err(VaultError::Erased);
            }
            let sealed = state.sealed.entry(subject.clone()).or_default();
            *sealed += 1;
            sealed.to_be_bytes()
        };
        Ok([&nonce[..], &self.mark(subject, &nonce, plain), &self.turn(subject, &nonce, plain)].concat())
    }

    fn open_bytes(&self, subject: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        if self.state().erased.contains(subject) {
            return Ok(None);
        }
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(VaultError::Broken)?;
        let (mark, turned) = rest.split_at_checked(MARK).ok_or(VaultError::Broken)?;
        let plain = self.turn(subject, nonce, turned);
        match self.mark(subject, nonce, &plain) == *mark {
            true => Ok(Some(plain)),
            false => Err(VaultError::Broken),
        }
    }

    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash {
        let hash = self.digest(&[b"hash", purpose.as_bytes(), plain]);
        KeyedHash::from_text(&hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_until_it_is_erased_and_is_the_same_for_a_seed() {
        let (one, other): (SubjectId, SubjectId) = ("claim-1".parse().unwrap(), "claim-2".parse().unwrap());
        let vault = SeededVault::new(7);
        let sealed = vault.seal(&one, b"text").unwrap();
        assert_eq!(vault.open(&one, &sealed).unwrap().as_deref(), Some(&b"text"[..]));
        assert_eq!(vault.open(&other, &sealed), Err(VaultError::Broken));
        assert_ne!(vault.seal(&one, b"text").unwrap(), sealed, "sealed again it is other bytes");
        assert_eq!(SeededVault::new(7).seal(&one, b"text").unwrap(), sealed);
        vault.erase(&one);
        assert_eq!(vault.open(&one, &sealed), Ok(None));
        assert_eq!(vault.seal(&one, b"text"), Err(VaultError::Erased));
    }
}
