//! Speaks to the outside: banks and messages so far by stand-ins that behave as badly as the real ones do, other systems by
//! webhooks ([`HttpHooks`]) and NATS JetStream ([`NatsStream`]).
//!
//! Start reading at [`FakeBank`]. A stand-in keeps the promises that the port states and no others, so that what passes with it
//! is not surprised by the real one.
//!
//! # Invariants
//!
//! - **No decision**: a connector carries questions and answers.
//! - **A stand-in is reproducible**: what it does to a payment or a letter follows from its plan alone, never from a clock or chance.

pub mod hook;
pub mod message;
pub mod pay;
pub mod stream;

pub use hook::HttpHooks;
pub use message::fake::{Delivery, FakeMessenger};
pub use pay::fake::{Behaviour, Durability, Entry, FakeBank, Outcome, Requests, seeded};
pub use stream::NatsStream;
