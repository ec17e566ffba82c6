//! Messages to people.

use journal::BoxFuture;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Short message to a phone.
    Sms,
}

/// A message ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The same for every retry of one message; the provider sends one message per id.
    pub id: String,
    /// How.
    pub channel: Channel,
    /// Phone number.
    pub to: String,
    /// The sentence.
    pub text: String,
}

/// The provider did not take the message; try again later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message not taken: {0}")]
pub struct MessengerError(pub String);

/// Sends messages.
pub trait Messenger: Send + Sync {
    /// Hands `letter` to the provider.
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), MessengerError>>;
}
