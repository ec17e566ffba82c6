//! The money of one claim: reserve lines, payments, recoveries.
//!
//! A reserve line is what an exposure is expected to cost; a payment order takes its amount from the line, a rejected or cancelled
//! order gives it back, and releasing the line gives up what is left. What a payee was paid and is owed no more is a recovery from
//! them; it comes back through the bank, or is set off against what they are owed on another exposure of the same accident. Start reading at [`Command`]; what it books is in [`postings`].
//!
//! # Invariants
//!
//! - **Every event's postings sum to zero**, and the accounts always agree with [`Books::balances`].
//! - **A payment is named by what approved it** ([`payment_id`]): a retry orders nothing new.
//! - **Nothing is ordered that no reserve covers.**
//! - No coverage rule: whoever commands says how much is owed. No I/O, no clock.

mod command;
mod decide;
mod event;
mod found;
mod hold;
mod payment;
mod posting;
mod refusal;
mod state;

pub use command::{Command, Order};
pub use event::{
    Account, Event, FoundSetAside, FoundStated, PaymentCancelled, PaymentConfirmed, PaymentFound,
    PaymentOrdered, PaymentRejected, PaymentSent, RecoveryExpected, RecoveryReceived, ReserveReleased,
    Reserved, SetOff, SetOffGiven, SetOffTaken,
};
pub use found::{Found, Meaning};
pub use hold::{ALL, Hold, HoldCommand, HoldEvent, PaymentsFreed, PaymentsHeld, hold_stream};
pub use payment::{Payment, PaymentStatus, payment_id, set_off_id};
pub use posting::{AccountCode, Posting, postings};
pub use refusal::Refusal;
pub use state::{Books, PAYEE, Receipt, Recovery, overpaid};
