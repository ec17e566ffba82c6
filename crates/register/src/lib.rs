//! The register: policies and their versions, the vehicles they insure, and who holds them.
//!
//! A policy is the stream `policy-<number>`. Start reading at [`Policy`]; files of policies are read by [`import`].
//!
//! # Invariants
//!
//! - **What an accident stands on is the version in force at its time**, never the newest one: see [`Policy::at`].
//! - **Name, numbers, plate and VIN are stored sealed**, under the holder's key; they are found by the keyed hashes of [`Keys`].
//! - No claim, no I/O, no clock.

mod command;
mod content;
mod event;
pub mod import;
mod keys;
mod policy;
mod refusal;

pub use command::Command;
pub use content::{
    Content, CoverName, Covers, Energy, Holder, HolderNumber, OwnDamage, Rider, Usage, Vehicle, Wording,
};
pub use event::{Event, PolicyAmended, PolicyCancelled, PolicyRegistered};
pub use keys::{Keys, holder_key, phone_key, plate_key, vin_key};
pub use policy::{Policy, Version};
pub use refusal::Refusal;
