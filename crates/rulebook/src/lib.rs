//! Turns the facts of a claim into a ruling, and says why.
//!
//! In: [`Facts`], complete before a rule runs, and the dated [`Tables`]. Out: [`Triage`] or [`Ruling`], naming every rule that
//! spoke. Start reading at [`adjudicate`]; a rule looks like [`rules::small_claim`].
//!
//! # Invariants
//!
//! - **No rule sees another rule's answer.** Order in [`rules::RULES`] changes wording, never outcome.
//! - **Doubt refers to a person.** A missing fact yields [`Verdict::Refer`], never [`Verdict::Approve`]; there is no verdict that declines.
//! - **A released rule is not edited.** It gets an end date and a successor, so any past ruling can be given again.
//! - No clock, no randomness, no I/O: "now" is a field of [`Facts`].

mod facts;
pub mod rules;
mod ruling;
pub mod tables;
mod triage;

pub use facts::{AmountSource, Cause, Facts, FaultSource, Injury, PolicyFact, Warning};
pub use ruling::{Because, Ruling, Team, Verdict, adjudicate};
pub use tables::Tables;
pub use triage::{Route, Triage, triage};
