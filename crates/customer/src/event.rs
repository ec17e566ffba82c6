//! What can happen to the messages of a claim.

use lexicon::{Moment, Phone, Private};
use serde::{Deserialize, Serialize};

journal::events! { "contact", upcast = no_older_shape;
    /// A fact about the messages of one claim. The stream is `contact-<claim id>`.
    pub enum Event {
        /// A message is to be sent.
        MessageQueued = 1,
        /// The provider has taken it.
        MessageSent = 1,
        /// The provider has not taken it; it is tried again.
        MessageFailed = 1,
        /// It is not tried again.
        MessageGivenUp = 1,
    }
}

/// What fills the gaps of a template: a JSON object of text and numbers, nothing personal.
pub type Params = serde_json::Map<String, serde_json::Value>;

/// A message is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageQueued {
    /// Its id, derived from what it tells.
    pub id: String,
    /// Code of the template.
    pub template: String,
    /// What fills its gaps.
    pub params: Params,
    /// Where it goes.
    pub to: Private<Phone>,
    /// The language of whoever gets it.
    pub lang: Language,
}

/// A language in which messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// The provider has taken it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageSent {
    /// The message.
    pub id: String,
}

/// The provider has not taken it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageFailed {
    /// The message.
    pub id: String,
    /// Which attempt failed, from 1.
    pub attempt: u32,
    /// When it is tried again.
    pub retry_at: Moment,
}

/// It is not tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageGivenUp {
    /// The message.
    pub id: String,
}

impl Language {
    /// The word used in data and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

/// Every shape is the first of its name.
fn no_older_shape(_name: &str, _version: u16, _value: serde_json::Value) -> Option<serde_json::Value> {
    None
}
