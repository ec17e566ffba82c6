//! Password hashing. Slow by design: call it off the async threads.

/// Hashes and checks passwords.
pub trait Passwords: Send + Sync {
    /// A salted hash of `password`, in PHC text form.
    fn hash(&self, password: &str) -> String;

    /// Whether `password` gives `hash`. With no hash (no such account) it takes as long and says no.
    fn verify(&self, password: &str, hash: Option<&str>) -> bool;
}
