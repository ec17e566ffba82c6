//! What all policies owe for one accident, to the fen, and why.
//!
//! In: an [`Accident`] with its vehicles, people and policies. Out: a [`Statement`] whose lines carry their derivation.
//! Start reading at [`settle()`]; each of its steps is a file. A wording looks like `clauses/w2020.rs`.
//!
//! # Invariants
//!
//! - **Both sides at once.** All vehicles and covers of an accident are solved together, so that two insurers see one set of numbers.
//! - **Exact until paid.** Shares are [`Exact`] fractions; a group of lines is rounded once, later steps deduct what was rounded.
//! - **Every number of law or contract is dated data**, chosen by the accident's time or the policy's wording.
//! - **A line proves itself.** Its [`Step`]s carry all that a stranger needs to compute it again.
//! - No sentences, no events, no storage, no clock, no floats.

mod accident;
mod clauses;
mod ctpl;
mod exact;
mod items;
mod liability;
mod mutual;
mod occupants;
mod own_damage;
mod parties;
mod policy;
mod refusal;
mod riders;
mod rounding;
mod settle;
mod statement;
mod step;
mod third_party;
mod unpaid;

pub use accident::{
    Accident, Allocation, Ctpl, Damage, Extent, Injury, Kind, Liability, Occupant, OwnDamageMode, Rescued,
    Seat, Vehicle, Victim,
};
pub use clauses::Wording;
pub use ctpl::has_limits;
pub use exact::Exact;
pub use policy::{Covers, OwnDamage, Policy, Rider};
pub use refusal::Refusal;
pub use settle::settle;
pub use statement::{Bucket, Cover, Debtor, Ground, Line, Payee, Pending, Recovery, Statement, Unpaid};
pub use step::{Step, Term};
