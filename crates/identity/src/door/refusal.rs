//! Why a door declines.

/// Why a command was declined. When several apply, the first listed here is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorRefusal {
    /// There is no such address.
    #[error("{}", self.word())]
    NoSuchEndpoint,
    /// It was registered before.
    #[error("{}", self.word())]
    AlreadyRegistered,
    /// There is no such message.
    #[error("{}", self.word())]
    NoSuchDelivery,
    /// The message is no dead letter.
    #[error("{}", self.word())]
    NotDead,
}

impl DoorRefusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(self) -> &'static str {
        match self {
            DoorRefusal::NoSuchEndpoint => "door.refused.no-such-endpoint",
            DoorRefusal::AlreadyRegistered => "door.refused.already-registered",
            DoorRefusal::NoSuchDelivery => "door.refused.no-such-delivery",
            DoorRefusal::NotDead => "door.refused.not-dead",
        }
    }
}
