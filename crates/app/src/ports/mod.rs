//! What `app` needs from outside, as small traits. Implemented on floor 7, wired by `server`.

mod bank;
mod blobs;
mod chance;
mod checkpoints;
mod clock;
mod event_stream;
mod hooks;
mod leases;
mod messenger;
mod passwords;
mod pictures;
mod sessions;

pub use bank::{Bank, BankAnswer, BankError, PaymentInstruction, StatementLine};
pub use blobs::Blobs;
pub use chance::Chance;
pub use checkpoints::Checkpoints;
pub use clock::Clock;
pub use event_stream::{EventStream, EventStreamError, Published};
pub use hooks::{HookAnswer, HookCall, HookError, Hooks, RetryAfter};
pub use leases::{Lease, Leases};
pub use messenger::{Channel, Letter, Messenger, MessengerError};
pub use passwords::Passwords;
pub use pictures::{Picture, PictureError, PictureFormat, Pictures};
pub use sessions::{Session, Sessions};
