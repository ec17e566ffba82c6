//! One message to one address that did not go through at once.

use journal::Decider;
use lexicon::{Moment, Private};
use serde::{Deserialize, Serialize};

use super::{DoorRefusal, no_older_shape, retry_rule};

journal::events! { "delivery", upcast = no_older_shape;
    /// A fact about one message to one address. The stream is `delivery-<endpoint>.<position>`.
    pub enum DeliveryEvent {
        /// It could not go at once.
        DeliveryHeld = 1,
        /// It was not taken, and is tried again.
        DeliveryFailed = 1,
        /// It is not tried again.
        DeliveryGivenUp = 1,
        /// It is tried anew, since somebody asked.
        DeliveryReplayed = 1,
        /// It was taken.
        DeliveryMade = 1,
    }
}

/// A message could not go at once: it was not taken, or an earlier one of the same claim waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryHeld {
    /// The message.
    pub message: Message,
    /// When it is due; `None` when those before it have gone.
    pub due: Option<Moment>,
}

/// A message to an address. What it says is made from the journal anew whenever it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The address.
    pub endpoint: String,
    /// The position of the entry that it tells of.
    pub position: u64,
    /// Its id, the same at every attempt.
    pub event: String,
    /// Its type.
    pub kind: String,
    /// The claim it is about.
    pub claim: String,
}

/// It was not taken, and is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryFailed {
    /// How often it was tried since it was held or replayed.
    pub attempts: u32,
    /// What the receiver answered.
    pub answer: Answer,
    /// When this attempt failed.
    pub at: Moment,
    /// When it is tried again, unless it is given up.
    pub retry_at: Moment,
}

/// What a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What happened, as a code: `status`, `timeout`, `unreachable`.
    pub code: String,
    /// The status of an answer.
    pub status: Option<u16>,
    /// How its body begins, sealed: nobody knows what a stranger writes.
    pub text: Option<Private<String>>,
}

/// It is not tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryGivenUp {
    /// Why.
    pub why: Why,
}

/// Why a message is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It was tried for as long as is tried.
    TriedLong,
    /// The receiver said that it is gone.
    Gone,
    /// The receiver took nothing for as long as is tried.
    Silent,
}

/// It is tried anew, since somebody asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryReplayed {
    /// When.
    pub at: Moment,
}

/// It was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryMade {}

/// Where a message stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// It was never held: it went at once, or was not tried yet.
    #[default]
    Unknown,
    /// It is to be tried.
    Waiting {
        /// How often it was tried.
        attempts: u32,
        /// When it first failed.
        since: Option<Moment>,
    },
    /// A dead letter.
    Dead,
    /// It was taken.
    Made,
}

/// A command to one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryCommand {
    /// It cannot go now. One that is known is passed over.
    Hold {
        /// The message.
        message: Message,
        /// When it is due; `None` when those before it have gone.
        due: Option<Moment>,
    },
    /// It was not taken.
    Fail {
        /// What the receiver answered.
        answer: Answer,
        /// How long the receiver asks to wait.
        retry_after_seconds: Option<i64>,
        /// Spreads the waits.
        chance: u32,
        /// Now.
        at: Moment,
    },
    /// It is not tried again.
    GiveUp {
        /// Why.
        why: Why,
    },
    /// It is tried anew.
    Replay {
        /// Now.
        at: Moment,
    },
    /// It was taken.
    MarkMade,
}

/// The rules of messages.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries;

impl Decider for Deliveries {
    type State = Delivery;
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Refusal = DoorRefusal;

    fn decide(delivery: &Delivery, command: DeliveryCommand) -> Result<Vec<DeliveryEvent>, DoorRefusal> {
        match (delivery, command) {
            (Delivery::Unknown, DeliveryCommand::Hold { message, due }) => {
                Ok(vec![DeliveryHeld { message, due }.into()])
            }
            (Delivery::Unknown, _) => Err(DoorRefusal::NoSuchDelivery),
            (
                Delivery::Waiting { attempts, since },
                DeliveryCommand::Fail { answer, retry_after_seconds, chance, at },
            ) => {
                let rule = retry_rule(at);
                let attempts = attempts + 1;
                let asked = retry_after_seconds.unwrap_or_default().min(rule.longest_seconds);
                let wait = rule.wait_seconds(attempts, chance).max(asked);
                let failed = DeliveryFailed { attempts, answer, at, retry_at: at.plus_seconds(wait) };
                let over = since.is_some_and(|since| at.seconds_since(since) >= rule.whole_seconds);
                let mut events = vec![failed.into()];
                if over {
                    events.push(DeliveryGivenUp { why: Why::TriedLong }.into());
                }
                Ok(events)
            }
            (Delivery::Waiting { .. }, DeliveryCommand::GiveUp { why }) => {
                Ok(vec![DeliveryGivenUp { why }.into()])
            }
            (Delivery::Waiting { .. }, DeliveryCommand::MarkMade) => Ok(vec![DeliveryMade {}.into()]),
            (Delivery::Dead, DeliveryCommand::Replay { at }) => Ok(vec![DeliveryReplayed { at }.into()]),
            (_, DeliveryCommand::Replay { .. }) => Err(DoorRefusal::NotDead),
            // What is known already, or was settled by whoever was faster, changes nothing.
            (Delivery::Waiting { .. } | Delivery::Dead | Delivery::Made, _) => Ok(vec![]),
        }
    }

    fn evolve(delivery: Delivery, event: &DeliveryEvent) -> Delivery {
        match event {
            DeliveryEvent::DeliveryHeld(_) | DeliveryEvent::DeliveryReplayed(_) => {
                Delivery::Waiting { attempts: 0, since: None }
            }
            DeliveryEvent::DeliveryFailed(failed) => match delivery {
                Delivery::Waiting { since, .. } => {
                    Delivery::Waiting { attempts: failed.attempts, since: since.or(Some(failed.at)) }
                }
                settled @ (Delivery::Unknown | Delivery::Dead | Delivery::Made) => settled,
            },
            DeliveryEvent::DeliveryGivenUp(_) => Delivery::Dead,
            DeliveryEvent::DeliveryMade(_) => Delivery::Made,
        }
    }
}

impl Why {
    /// Every reason.
    pub const ALL: [Why; 3] = [Why::TriedLong, Why::Gone, Why::Silent];

    /// The word used in data and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Why::TriedLong => "tried-long",
            Why::Gone => "gone",
            Why::Silent => "silent",
        }
    }
}
