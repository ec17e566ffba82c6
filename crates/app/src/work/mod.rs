//! Work that nobody waits for: reactions, payments under way, messages to be sent again, clocks, other systems that are told.

mod deliverer;
mod lease;
mod outbox;
mod reactor;
mod rounds;
mod signs;

pub use deliverer::Deliverer;
pub use outbox::Outbox;
pub use reactor::Reactor;
pub use rounds::Rounds;
pub use signs::Signs;
