//! The messages of one claim.

use journal::Decider;
use lexicon::{Moment, Phone, Private};

use crate::{
    Event, Language, MessageFailed, MessageGivenUp, MessageQueued, MessageSent, Params, retry_seconds,
};

/// The messages of one claim, in the order in which they were queued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    messages: Vec<Message>,
}

/// One message and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Code of its template.
    pub template: String,
    /// What fills its gaps.
    pub params: Params,
    /// Where it goes.
    pub to: Private<Phone>,
    /// The language of whoever gets it.
    pub lang: Language,
    /// Where it stands.
    pub status: MessageStatus,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageStatus {
    /// To be sent at once.
    Queued,
    /// To be tried again.
    Waiting {
        /// How many attempts have failed.
        attempts: u32,
        /// When it is tried again.
        retry_at: Moment,
    },
    /// The provider has it.
    Sent,
    /// Not tried again.
    GivenUp,
}

/// A command to the messages of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Queues a message. One whose id is known is passed over, whatever else it says.
    Queue {
        /// Its id, derived from what it tells.
        id: String,
        /// Code of the template.
        template: String,
        /// What fills its gaps; nothing personal.
        params: Params,
        /// Where it goes.
        to: Private<Phone>,
        /// The language of whoever gets it.
        lang: Language,
    },
    /// The provider has taken it, perhaps after it was given up.
    MarkSent {
        /// The message.
        id: String,
    },
    /// The provider has not taken it.
    MarkFailed {
        /// The message.
        id: String,
        /// Now.
        at: Moment,
    },
    /// It cannot arrive, for instance because its receiver was erased.
    GiveUp {
        /// The message.
        id: String,
    },
}

/// Why a command was declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such message.
    #[error("{}", self.word())]
    NoSuchMessage,
}

impl Refusal {
    /// The key under which both languages keep the sentence. Never renamed once released.
    pub const fn word(&self) -> &'static str {
        match self {
            Refusal::NoSuchMessage => "customer.refused.no-such-message",
        }
    }
}

impl Contact {
    /// Every message.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// One message.
    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// The messages still to be sent.
    pub fn pending(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.status.is_pending())
    }

    /// The messages to be sent now.
    pub fn due(&self, now: Moment) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(move |message| message.status.is_due(now))
    }
}

impl MessageStatus {
    /// Whether it is still to be sent.
    pub const fn is_pending(self) -> bool {
        matches!(self, MessageStatus::Queued | MessageStatus::Waiting { .. })
    }

    /// Whether it is to be sent now.
    pub fn is_due(self, now: Moment) -> bool {
        match self {
            MessageStatus::Queued => true,
            MessageStatus::Waiting { retry_at, .. } => retry_at <= now,
            MessageStatus::Sent | MessageStatus::GivenUp => false,
        }
    }

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            MessageStatus::Queued => "queued",
            MessageStatus::Waiting { .. } => "waiting",
            MessageStatus::Sent => "sent",
            MessageStatus::GivenUp => "given-up",
        }
    }
}

impl Decider for Contact {
    type State = Contact;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(contact: &Contact, command: Command) -> Result<Vec<Event>, Refusal> {
        let status =
            |id: &str| contact.message(id).map(|message| message.status).ok_or(Refusal::NoSuchMessage);
        match command {
            Command::Queue { id, .. } if contact.message(&id).is_some() => Ok(Vec::new()),
            Command::Queue { id, template, params, to, lang } => {
                Ok(vec![MessageQueued { id, template, params, to, lang }.into()])
            }
            Command::MarkSent { id } => match status(&id)? {
                MessageStatus::Sent => Ok(Vec::new()),
                MessageStatus::Queued | MessageStatus::Waiting { .. } | MessageStatus::GivenUp => {
                    Ok(vec![MessageSent { id }.into()])
                }
            },
            Command::MarkFailed { id, at } => {
                let attempt = match status(&id)? {
                    MessageStatus::Queued => 1,
                    MessageStatus::Waiting { attempts, .. } => attempts.saturating_add(1),
                    // A late word about an earlier attempt.
                    MessageStatus::Sent | MessageStatus::GivenUp => return Ok(Vec::new()),
                };
                Ok(vec![match retry_seconds(attempt, at) {
                    Some(wait) => MessageFailed { id, attempt, retry_at: at.plus_seconds(wait) }.into(),
                    None => MessageGivenUp { id }.into(),
                }])
            }
            Command::GiveUp { id } => match status(&id)? {
                MessageStatus::Queued | MessageStatus::Waiting { .. } => {
                    Ok(vec![MessageGivenUp { id }.into()])
                }
                MessageStatus::Sent | MessageStatus::GivenUp => Ok(Vec::new()),
            },
        }
    }

    fn evolve(mut contact: Contact, event: &Event) -> Contact {
        let (id, status) = match event {
            Event::MessageQueued(queued) => {
                contact.messages.push(Message {
                    id: queued.id.clone(),
                    template: queued.template.clone(),
                    params: queued.params.clone(),
                    to: queued.to.clone(),
                    lang: queued.lang,
                    status: MessageStatus::Queued,
                });
                return contact;
            }
            Event::MessageSent(sent) => (&sent.id, MessageStatus::Sent),
            Event::MessageFailed(failed) => {
                (&failed.id, MessageStatus::Waiting { attempts: failed.attempt, retry_at: failed.retry_at })
            }
            Event::MessageGivenUp(given_up) => (&given_up.id, MessageStatus::GivenUp),
        };
        if let Some(message) = contact.messages.iter_mut().find(|message| message.id == *id) {
            message.status = status;
        }
        contact
    }
}
