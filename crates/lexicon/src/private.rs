//! Personal text, sealed from the first event on.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::SubjectId;

/// A personal value, sealed under its subject's key. It never holds the plain value, prints `***`, is stored and copied
/// as it is, and is opened with a [`Vault`] and a reason. When the subject's key is gone it opens to [`Opened::Erased`].
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Private<T> {
    subject: SubjectId,
    sealed: Arc<str>,
    #[serde(skip)]
    kind: PhantomData<fn() -> T>,
}

/// What opening a [`Private`] value finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened<T> {
    /// The value.
    Known(T),
    /// The subject was erased; nothing is left to read.
    Erased,
}

/// Why a personal value is opened; written to the access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// To show it to its own subject.
    OwnData,
    /// To handle the claim it belongs to.
    ClaimHandling,
    /// To pay.
    Payment,
    /// To send its subject a message.
    Message,
    /// To verify the store.
    Verification,
}

/// A keyed hash of a personal value: equal values are found without being readable. Hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyedHash(Arc<str>);

/// The keys of all subjects. Sealing makes a subject's key when there is none yet; an erased subject gets none again.
pub trait Vault: Send + Sync {
    /// `plain` sealed under `subject`'s key, as text.
    fn seal(&self, subject: &SubjectId, plain: &[u8]) -> Result<String, VaultError>;

    /// The plain bytes, or `None` when the subject was erased.
    fn open(&self, subject: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError>;

    /// `plain` sealed as bytes, for files.
    fn seal_bytes(&self, subject: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError>;

    /// The plain bytes of a sealed file, or `None` when the subject was erased.
    fn open_bytes(&self, subject: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError>;

    /// The keyed hash of `plain` for lookups named `purpose`; hashes of different purposes never match.
    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash;
}

/// Why the vault could not serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The sealed text was altered or belongs to another subject.
    #[error("sealed text does not open: altered, or sealed for another subject")]
    Broken,
    /// The subject was erased and may not get new personal text.
    #[error("the subject was erased")]
    Erased,
    /// The keys cannot be read or written now.
    #[error("key vault unavailable: {0}")]
    Unavailable(String),
}

impl<T: Serialize + DeserializeOwned> Private<T> {
    /// `value` sealed under `subject`'s key.
    pub fn seal(vault: &dyn Vault, subject: &SubjectId, value: &T) -> Result<Private<T>, VaultError> {
        let plain = serde_json::to_vec(value).map_err(|_| VaultError::Broken)?;
        let sealed = vault.seal(subject, &plain)?.into();
        Ok(Private { subject: subject.clone(), sealed, kind: PhantomData })
    }

    /// The value, for `_reason`. Callers that show it to a person write the reason to the access log.
    pub fn open(&self, vault: &dyn Vault, _reason: Reason) -> Result<Opened<T>, VaultError> {
        match vault.open(&self.subject, &self.sealed)? {
            Some(plain) => serde_json::from_slice(&plain).map(Opened::Known).map_err(|_| VaultError::Broken),
            None => Ok(Opened::Erased),
        }
    }
}

impl<T> Private<T> {
    /// Whose key seals this.
    pub fn subject(&self) -> &SubjectId {
        &self.subject
    }
}

impl<T> Opened<T> {
    /// The value, if there still is one.
    pub fn known(self) -> Option<T> {
        match self {
            Opened::Known(value) => Some(value),
            Opened::Erased => None,
        }
    }
}

impl KeyedHash {
    /// From the hexadecimal text that a vault made.
    pub fn from_text(text: &str) -> KeyedHash {
        KeyedHash(text.into())
    }

    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> Clone for Private<T> {
    fn clone(&self) -> Private<T> {
        Private { subject: self.subject.clone(), sealed: self.sealed.clone(), kind: PhantomData }
    }
}

impl<T> PartialEq for Private<T> {
    fn eq(&self, other: &Private<T>) -> bool {
        self.subject == other.subject && self.sealed == other.sealed
    }
}

impl<T> Eq for Private<T> {}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
