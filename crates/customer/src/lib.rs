//! Care of the customer around one claim: so far the messages they get, each sent once and tried again until it arrives.
//!
//! Start reading at [`Command`]. A message is a template's code and its parameters: the sentence is made when it is sent,
//! in the language of whoever gets it.
//!
//! # Invariants
//!
//! - **A message has one id for ever**: queueing it again changes nothing, and the provider gets the same id at every attempt.
//! - **Nothing personal but the sealed number** is in a message; parameters name claims, amounts and days.
//! - **No message is tried for ever**: after the last wait of [`RETRIES`] it is given up.
//! - No claim state, no sentence, no clock.

mod contact;
mod event;
mod retry;

pub use contact::{Command, Contact, Message, MessageStatus, Refusal};
pub use event::{Event, Language, MessageFailed, MessageGivenUp, MessageQueued, MessageSent, Params};
pub use retry::{RETRIES, RetryRule, retry_seconds};
