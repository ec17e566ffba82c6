//! What an aggregate is.

use crate::{DecodeError, Event, Recorded};

/// An aggregate as two pure functions. Services, the clock and chance arrive inside the command.
pub trait Decider {
    /// What is true of one stream; the default is a stream that has not begun.
    type State: Default + Clone + Send + Sync + 'static;
    /// What may be asked.
    type Command;
    /// What can happen.
    type Event: Event;
    /// Why a command was declined.
    type Refusal;

    /// What `command` makes true, or why it may not.
    fn decide(state: &Self::State, command: Self::Command) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after `event`. Total: what has happened cannot be refused.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;
}

/// The state that `recorded` leaves, beginning at `state`.
pub fn replay<'a, D: Decider>(
    state: D::State,
    recorded: impl IntoIterator<Item = &'a Recorded>,
) -> Result<D::State, DecodeError> {
    recorded.into_iter().try_fold(state, |state, entry| Ok(D::evolve(state, &entry.decode::<D::Event>()?)))
}
