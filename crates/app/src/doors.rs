//! What the product remembers of doors while it runs: the operator's rules of addresses, and which tokens were used just now.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lexicon::Moment;
use lru::LruCache;

use crate::outside::DoorRules;

/// Tokens whose latest use is remembered.
const TOKENS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

pub(crate) struct Doors {
    rules: DoorRules,
    uses: Mutex<LruCache<String, Moment>>,
}

impl Doors {
    pub(crate) fn new(rules: DoorRules) -> Doors {
        Doors { rules, uses: Mutex::new(LruCache::new(TOKENS)) }
    }

    /// Where messages may go.
    pub(crate) fn rules(&self) -> DoorRules {
        self.rules
    }

    /// Whether the use of a token `now` is to be noted: the last one that was lies `seconds` back.
    pub(crate) fn uses_at(&self, token_hash: &str, now: Moment, seconds: i64) -> bool {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = uses.get(token_hash).is_some_and(|noted| now.seconds_since(*noted) < seconds);
        if !fresh {
            uses.put(token_hash.to_owned(), now);
        }
        !fresh
    }
}
