//! The incident, and one claim on it from first notice to closure.
//!
//! An [`incident`] is what happened: vehicles, faults, losses, agreements; every claim on it, ours and the other side's, refers to
//! it. A [`Claim`] is one vehicle's way through it. [`history`] tells of all accidents of one vehicle, so that a second notice of
//! the same accident is found. Start reading at [`decide::decide`] and [`state::Claim`].
//!
//! # Invariants
//!
//! - **Only a named person declines.** No automatic path leads to [`events::Declined`].
//! - **What was paid is never forgotten**: reopening, supplements and conversions keep it and set it off.
//! - Nothing here moves money, reads a clock, or does I/O.

mod accident;
mod ball;
pub mod clocks;
pub mod command;
pub mod decide;
pub mod events;
mod evolve;
mod facts;
pub mod history;
pub mod incident;
mod papers;
mod refusal;
pub mod state;
mod terms;

pub use accident::{accident_of, exposure_id, owed_by};
pub use ball::{Ball, Holder, accounts_missing, ball};
pub use command::{Ask, Command};
pub use events::Event;
pub use facts::facts_of;
pub use papers::{missing_papers, required_papers};
pub use refusal::Refusal;
pub use state::{Claim, Stage, TaskKind};
pub use terms::{RiderTerms, Terms};

/// The claim as an aggregate.
#[derive(Debug)]
pub struct Claims;

impl journal::Decider for Claims {
    type State = Claim;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &Claim, command: Command) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: Claim, event: &Event) -> Claim {
        evolve::evolve(state, event)
    }
}
