//! Leases in a store that one process has for itself: whoever asks is granted them, and whoever held before has lost.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::ports::{Lease, Leases};
use journal::{BoxFuture, Unavailable};

/// The last fence of each lease, and whether it is held.
#[derive(Default)]
pub(crate) struct OwnLeases(Mutex<HashMap<String, (u64, bool)>>);

impl OwnLeases {
    fn with<T>(&self, name: &str, ask: impl FnOnce(&mut (u64, bool)) -> T) -> T {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ask(leases.entry(name.to_owned()).or_default())
    }
}

impl Leases for OwnLeases {
    fn take<'a>(
        &'a self,
        name: &'a str,
        _: &'a str,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
        Box::pin(async move {
            Ok(self.with(name, |(fence, held)| {
                (*fence, *held) = (*fence + 1, true);
                Some(Lease { fence: *fence })
            }))
        })
    }

    fn renew<'a>(
        &'a self,
        name: &'a str,
        lease: Lease,
        _: Duration,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        self.holds(name, lease)
    }

    fn holds<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async move { Ok(self.with(name, |(fence, held)| *held && *fence == lease.fence)) })
    }

    fn give_back<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            self.with(name, |(fence, held)| *held &= *fence != lease.fence);
            Ok(())
        })
    }
}
