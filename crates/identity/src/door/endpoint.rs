//! Addresses of other systems that are told of what happens.

use std::collections::BTreeSet;

use journal::Decider;
use lexicon::{AccountId, Moment, Private, SubjectId};
use serde::{Deserialize, Serialize};

use super::{DoorRefusal, no_older_shape};

/// How long a secret still counts after another took its place.
pub const OLD_SECRET_SECONDS: i64 = 24 * 3_600;

journal::events! { "endpoint", upcast = no_older_shape;
    /// A fact about one address. The stream is `endpoint-<id>`.
    pub enum EndpointEvent {
        /// Somebody registered it.
        EndpointRegistered = 1,
        /// Its secret was replaced.
        SecretRotated = 1,
        /// It is told nothing from now on.
        EndpointDisabled = 1,
        /// It is told again, from where it stopped.
        EndpointEnabled = 1,
    }
}

/// Somebody registered an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointRegistered {
    /// Who registered it.
    pub owner: AccountId,
    /// Of whose claims it is told.
    pub sees: Sees,
    /// Where messages go.
    pub url: String,
    /// Of what it is told, by type; of everything where nothing is named.
    pub types: BTreeSet<String>,
    /// Under whose key the secret is sealed.
    pub subject: SubjectId,
    /// What messages are signed with.
    pub secret: Private<String>,
    /// The position after which it is told.
    pub after: u64,
}

/// Of whose claims an address is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sees {
    /// Of claims that its owner may follow.
    Own,
    /// Of all.
    All,
}

/// Its secret was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRotated {
    /// The secret from now on.
    pub secret: Private<String>,
    /// Until when messages are signed with the one before as well.
    pub old_until: Moment,
}

/// It is told nothing from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointDisabled {
    /// Why.
    pub why: Ended,
}

/// Why an address is told nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Somebody asked for it.
    Asked,
    /// The receiver said that it is gone.
    Gone,
    /// The receiver took nothing for as long as is tried.
    Silent,
}

/// It is told again, from where it stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointEnabled {}

/// One address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Endpoint {
    /// Nobody registered it.
    #[default]
    Unknown,
    /// It is known.
    Registered(Listening),
}

/// What is true of a registered address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Who registered it.
    pub owner: AccountId,
    /// Of whose claims it is told.
    pub sees: Sees,
    /// Where messages go.
    pub url: String,
    /// Of what it is told; of everything where nothing is named.
    pub types: BTreeSet<String>,
    /// Under whose key its secrets are sealed.
    pub subject: SubjectId,
    /// What messages are signed with.
    pub secret: Private<String>,
    /// The secret before, and until when it counts.
    pub old: Option<(Private<String>, Moment)>,
    /// The position after which it is told.
    pub after: u64,
    /// Why it is told nothing, if so.
    pub ended: Option<Ended>,
}

/// A command to one address. Asking for what is already so makes no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointCommand {
    /// Registers it.
    Register(EndpointRegistered),
    /// Replaces its secret.
    Rotate {
        /// The secret from now on.
        secret: Private<String>,
        /// Now.
        at: Moment,
    },
    /// Tells it nothing more.
    Disable {
        /// Why.
        why: Ended,
    },
    /// Tells it again.
    Enable,
}

/// The rules of addresses.
#[derive(Clone, Copy, Debug)]
pub struct Endpoints;

impl Endpoint {
    /// What is true of it once it is registered.
    pub fn listening(&self) -> Option<&Listening> {
        match self {
            Endpoint::Registered(listening) => Some(listening),
            Endpoint::Unknown => None,
        }
    }
}

impl Listening {
    /// Whether it is told of `kind`.
    pub fn hears(&self, kind: &str) -> bool {
        self.types.is_empty() || self.types.contains(kind)
    }
}

impl Decider for Endpoints {
    type State = Endpoint;
    type Command = EndpointCommand;
    type Event = EndpointEvent;
    type Refusal = DoorRefusal;

    fn decide(endpoint: &Endpoint, command: EndpointCommand) -> Result<Vec<EndpointEvent>, DoorRefusal> {
        let asked = match (endpoint, command) {
            (Endpoint::Unknown, EndpointCommand::Register(registered)) => return Ok(vec![registered.into()]),
            (Endpoint::Unknown, _) => return Err(DoorRefusal::NoSuchEndpoint),
            (Endpoint::Registered(_), EndpointCommand::Register(_)) => {
                return Err(DoorRefusal::AlreadyRegistered);
            }
            (Endpoint::Registered(listening), command) => (listening, command),
        };
        Ok(match asked {
            (_, EndpointCommand::Rotate { secret, at }) => {
                vec![SecretRotated { secret, old_until: at.plus_seconds(OLD_SECRET_SECONDS) }.into()]
            }
            (listening, EndpointCommand::Disable { why }) if listening.ended.is_none() => {
                vec![EndpointDisabled { why }.into()]
            }
            (listening, EndpointCommand::Enable) if listening.ended.is_some() => {
                vec![EndpointEnabled {}.into()]
            }
            (_, EndpointCommand::Register(_) | EndpointCommand::Disable { .. } | EndpointCommand::Enable) => {
                vec![]
            }
        })
    }

    fn evolve(endpoint: Endpoint, event: &EndpointEvent) -> Endpoint {
        match (endpoint, event) {
            (Endpoint::Unknown, EndpointEvent::EndpointRegistered(registered)) => {
                Endpoint::Registered(Listening {
                    owner: registered.owner.clone(),
                    sees: registered.sees,
                    url: registered.url.clone(),
                    types: registered.types.clone(),
                    subject: registered.subject.clone(),
                    secret: registered.secret.clone(),
                    old: None,
                    after: registered.after,
                    ended: None,
                })
            }
            (Endpoint::Registered(listening), event) => Endpoint::Registered(listening.after(event)),
            (Endpoint::Unknown, _) => Endpoint::Unknown,
        }
    }
}

impl Listening {
    fn after(mut self, event: &EndpointEvent) -> Listening {
        match event {
            EndpointEvent::SecretRotated(rotated) => {
                let old = std::mem::replace(&mut self.secret, rotated.secret.clone());
                self.old = Some((old, rotated.old_until));
            }
            EndpointEvent::EndpointDisabled(disabled) => self.ended = Some(disabled.why),
            EndpointEvent::EndpointEnabled(_) => self.ended = None,
            EndpointEvent::EndpointRegistered(_) => {}
        }
        self
    }
}

impl Sees {
    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Sees::Own => "own",
            Sees::All => "all",
        }
    }
}

impl Ended {
    /// Every reason.
    pub const ALL: [Ended; 3] = [Ended::Asked, Ended::Gone, Ended::Silent];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Ended::Asked => "asked",
            Ended::Gone => "gone",
            Ended::Silent => "silent",
        }
    }
}
