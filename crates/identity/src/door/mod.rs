//! Doors: where other systems are told of what happens, and what of it they have not taken yet.
//!
//! Start reading at [`Endpoint`], an address that somebody registered; [`Delivery`] is one message to it that did not go through at
//! once. What went through leaves no fact: a position is kept for it.
//!
//! # Invariants
//!
//! - **A message has an end**: taken, or a dead letter with its reason; a dead letter can be sent again.
//! - **A secret that was replaced still counts for a day** ([`OLD_SECRET_SECONDS`]), so that no message is lost over it.
//! - How long and how often is tried is dated data ([`RETRIES`]).

mod delivery;
mod endpoint;
mod refusal;
mod retry;

pub use delivery::{
    Answer, Deliveries, Delivery, DeliveryCommand, DeliveryEvent, DeliveryFailed, DeliveryGivenUp,
    DeliveryHeld, DeliveryMade, DeliveryReplayed, Message, Why,
};
pub use endpoint::{
    Ended, Endpoint, EndpointCommand, EndpointDisabled, EndpointEnabled, EndpointEvent, EndpointRegistered,
    Endpoints, Listening, OLD_SECRET_SECONDS, SecretRotated, Sees,
};
pub use refusal::DoorRefusal;
pub use retry::{RETRIES, RetryRule, retry_rule};

/// Every shape is the first of its name.
fn no_older_shape(_name: &str, _version: u16, _value: serde_json::Value) -> Option<serde_json::Value> {
    None
}
