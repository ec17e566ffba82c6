//! Signatures of Standard Webhooks, version 1: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::ports::Chance;

const PREFIX: &str = "whsec_";
/// As long as the hash: more would be hashed down to it.
const BYTES: usize = 32;

/// What messages to one address are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// The text is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("secret-form")]
pub struct BadSecret;

impl Secret {
    /// A new one.
    pub fn draw(chance: &dyn Chance) -> Secret {
        let mut bytes = vec![0; BYTES];
        chance.fill(&mut bytes);
        Secret(bytes)
    }

    /// From its text, `whsec_` and base64.
    pub fn parse(text: &str) -> Result<Secret, BadSecret> {
        let coded = text.strip_prefix(PREFIX).ok_or(BadSecret)?;
        let bytes = STANDARD.decode(coded).map_err(|_| BadSecret)?;
        if bytes.is_empty() { Err(BadSecret) } else { Ok(Secret(bytes)) }
    }

    /// Its text, for the one who will check signatures.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of message `id`, sent `timestamp` seconds after 1970, with `body`.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
