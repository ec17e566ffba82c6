//! The JSON interface against its own description: every operation, every status that is promised, every body.

mod contract;
mod document;
mod doors;
mod found;
mod house;
mod journey;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
