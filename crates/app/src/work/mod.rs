//! Work that nobody waits for: reactions, payments under way, messages to be sent again, clocks.

mod lease;
mod reactor;
mod rounds;

pub use reactor::Reactor;
pub use rounds::Rounds;
