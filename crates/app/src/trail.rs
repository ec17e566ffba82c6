//! Which trace the work in hand belongs to, for partners who keep one too. `app` knows of traces only this.

use std::sync::OnceLock;

static TOLD_BY: OnceLock<fn() -> Option<String>> = OnceLock::new();

/// Lets `current` say which trace the work in hand belongs to. The first one who says so stays.
pub fn told_by(current: fn() -> Option<String>) {
    let _ = TOLD_BY.set(current);
}

/// The value of a `traceparent` header (W3C Trace Context) for a request to a partner; `None` where no traces are kept.
pub fn traceparent() -> Option<String> {
    TOLD_BY.get()?()
}

/// Whether traces are kept.
pub fn is_kept() -> bool {
    TOLD_BY.get().is_some()
}
