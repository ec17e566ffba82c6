//! What `app` needs from outside, as small traits. Implemented on floor 7, wired by `server`.

mod bank;
mod blobs;
mod chance;
mod checkpoints;
mod clock;
mod messenger;
mod passwords;
mod pictures;
mod sessions;

pub use bank::{Bank, BankAnswer, BankError, PaymentInstruction};
pub use blobs::Blobs;
pub use chance::Chance;
pub use checkpoints::Checkpoints;
pub use clock::Clock;
pub use messenger::{Channel, Letter, Messenger, MessengerError};
pub use passwords::Passwords;
pub use pictures::{Picture, PictureError, PictureFormat, Pictures};
pub use sessions::{Session, Sessions};
