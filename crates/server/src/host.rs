//! What the machine gives: the time of day, randomness, and password hashing.

use app::ports::{Chance, Clock, Passwords};
use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use lexicon::Moment;

/// The machine's clock.
pub struct SystemClock;

/// The machine's source of unguessable bytes.
pub struct SystemChance;

/// Argon2id with OWASP's parameters: 19 MiB, two passes, one lane.
pub struct Argon2Passwords {
    argon2: Argon2<'static>,
    /// Checked when there is no account, so that the answer takes as long.
    nobody: String,
}

/// A name that no other process has, on this machine or another: whoever looks at leases reads where their holder is.
pub fn process_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut once = [0; 4];
    SystemChance.fill(&mut once);
    let once = once.map(|byte| format!("{byte:02x}")).concat();
    format!("{}:{}:{once}", host.trim(), std::process::id())
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Moment::from_micros(since.as_micros().try_into().unwrap_or(i64::MAX))
    }
}

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl Argon2Passwords {
    /// A hasher with the house's parameters.
    pub fn new() -> Argon2Passwords {
        let params = Params::new(19 * 1024, 2, 1, None).expect("OWASP's parameters are in range");
        let mut passwords = Argon2Passwords {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobody: String::new(),
        };
        passwords.nobody = passwords.hash("nobody");
        passwords
    }
}

impl Default for Argon2Passwords {
    fn default() -> Argon2Passwords {
        Argon2Passwords::new()
    }
}

impl Passwords for Argon2Passwords {
    fn hash(&self, password: &str) -> String {
        let mut salt = [0; Salt::RECOMMENDED_LENGTH];
        SystemChance.fill(&mut salt);
        let hashed = self.argon2.hash_password_with_salt(password.as_bytes(), &salt);
        hashed.expect("a password shorter than 4 GiB has a hash").to_string()
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&self.nobody)) else { return false };
        let fits = self.argon2.verify_password(password.as_bytes(), &parsed).is_ok();
        fits && hash.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only_and_nobody_has_none() {
        let passwords = Argon2Passwords::new();
        let hash = passwords.hash("correct horse");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse"), "salted");
        assert!(passwords.verify("correct horse", Some(&hash)));
        assert!(!passwords.verify("correct horse ", Some(&hash)));
        assert!(!passwords.verify("nobody", None));
        assert!(!passwords.verify("correct horse", Some("not a hash")));
    }

    #[test]
    fn the_clock_shows_this_century_and_chance_does_not_repeat() {
        assert!(SystemClock.now() > "2025-01-01T00:00:00Z".parse().unwrap());
        let (mut one, mut other) = ([0; 16], [0; 16]);
        SystemChance.fill(&mut one);
        SystemChance.fill(&mut other);
        assert_ne!(one, other);
    }
}
