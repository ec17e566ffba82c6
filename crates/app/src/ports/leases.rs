//! Work that one process at a time does, however many run.

use std::time::Duration;

use journal::{BoxFuture, Unavailable};

/// A lease that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Grows each time the lease is taken: an older one is over, whatever its holder believes.
    pub fence: u64,
}

/// Gives work by name to one holder for a time. How long that is, the store's clock tells and no other. A store that one process
/// has for itself grants whoever asks, and whoever held before has lost.
pub trait Leases: Send + Sync {
    /// Takes the lease called `name` for so long; `None` while somebody else holds it. Taken again by its holder it gets a new fence.
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        time: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>>;

    /// Holds it for so long from now; `false` when it is lost.
    fn renew<'a>(
        &'a self,
        name: &'a str,
        lease: Lease,
        time: Duration,
    ) -> BoxFuture<'a, Result<bool, Unavailable>>;

    /// Whether it is held still.
    fn holds<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>>;

    /// Lets the next one have it at once. Changes nothing when it is lost already.
    fn give_back<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>>;
}
