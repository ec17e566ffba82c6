//! Sealing bytes: AES-256-GCM with a random nonce, bound to a subject.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// First byte of everything sealed.
const FORM: u8 = 1;
const NONCE: usize = 12;

/// A secret of 32 bytes, wiped when dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// The bytes do not open under this key and subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// `plain` sealed: form, nonce, ciphertext with its tag.
pub(super) fn seal(key: &Key, subject: &str, plain: &[u8]) -> Result<Vec<u8>, getrandom::Error> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce)?;
    let payload = Payload { msg: plain, aad: subject.as_bytes() };
    let sealed = cipher(key).encrypt(&nonce.into(), payload).expect("less than 64 GiB are sealed at once");
    let mut bytes = Vec::with_capacity(1 + NONCE + sealed.len());
    bytes.push(FORM);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// What [`seal`] sealed.
pub(super) fn open(key: &Key, subject: &str, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
    let (&form, rest) = sealed.split_first().ok_or(Broken)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Broken)?;
    if form != FORM {
        return Err(Broken);
    }
    let payload = Payload { msg: sealed, aad: subject.as_bytes() };
    cipher(key).decrypt(&(*nonce).into(), payload).map_err(|_| Broken)
}

/// HMAC-SHA-256 of `text` under `key`.
pub(super) fn keyed(key: &[u8; 32], text: &[u8]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key will do");
    mac.update(text);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new_from_slice(&key[..]).expect("the key has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_subject_and_bytes_open() {
        let (key, other) = (Zeroizing::new([1; 32]), Zeroizing::new([2; 32]));
        let sealed = seal(&key, "s-1", b"text").unwrap();
        assert_eq!(open(&key, "s-1", &sealed).as_deref(), Ok(&b"text"[..]));
        assert_eq!(open(&other, "s-1", &sealed), Err(Broken));
        assert_eq!(open(&key, "s-2", &sealed), Err(Broken));
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(open(&key, "s-1", &altered), Err(Broken), "byte {place}");
            assert_eq!(open(&key, "s-1", &sealed[..place]), Err(Broken), "cut at {place}");
        }
        assert_ne!(seal(&key, "s-1", b"text").unwrap(), sealed, "a nonce is never used twice");
    }
}
