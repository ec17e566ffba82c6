//! One append-only journal of facts, told in streams.
//!
//! A [`Decider`] turns a command into events; an [`Append`] puts them at the end of their streams, all or none; every reader
//! follows positions. Start reading at [`Journal`]; a vocabulary of events is declared with [`events!`].
//!
//! # Invariants
//!
//! - **Nothing is overwritten.** There is no update and no delete; what is sealed inside an event is erased by losing its key.
//! - **An append is all or nothing**, and acknowledged only when it is on disk.
//! - **A reader that follows positions never skips one**, whatever commits at the same time.
//! - **Each entry carries the hash of the one before it in its stream** ([`chain`]); hashes cover sealed bytes.
//! - No insurance words, no I/O.

mod append;
pub mod chain;
mod decider;
mod event;
mod port;
mod recorded;

pub use append::{Append, AppendError, Appended, Guard, Idempotency, NewEvent, StoredAnswer, Write};
pub use chain::Hash;
pub use decider::{Decider, replay};
pub use event::{DecodeError, Event};
pub use port::{BoxFuture, Journal, Unavailable};
pub use recorded::{Actor, ActorKind, BadStream, Decoded, Recorded, StreamId};

#[doc(hidden)]
pub use serde_json;
