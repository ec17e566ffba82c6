//! How a vocabulary of events is declared, written and read.

use crate::NewEvent;

/// A closed set of events of one category. Declared with [`events!`](crate::events).
pub trait Event: Sized + Clone + Send + Sync + 'static {
    /// The category: the first part of the stream name, `claim` in `claim-A260502-7K3M9Q`.
    const CATEGORY: &'static str;
    /// Every name in the vocabulary with its current version.
    const NAMES: &'static [(&'static str, u16)];

    /// The past-tense name as stored.
    fn name(&self) -> &'static str;

    /// The event as it will be stored.
    fn encode(&self) -> NewEvent;

    /// The event stored as `name` and `version`; older versions are lifted by the vocabulary's upcaster.
    fn decode(name: &str, version: u16, data: &str) -> Result<Self, DecodeError>;
}

/// A stored event that this release cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The name is not in the vocabulary: written by a newer release, or foreign.
    #[error(
        "event `{category}.{name}` version {version} is unknown to this release; run the release that wrote it or a newer one"
    )]
    Unknown {
        /// The category asked for.
        category: &'static str,
        /// The stored name.
        name: String,
        /// The stored version.
        version: u16,
    },
    /// The data do not have the shape of that name and version.
    #[error("event `{category}.{name}` version {version} does not have its shape: {problem}")]
    Shape {
        /// The category asked for.
        category: &'static str,
        /// The stored name.
        name: String,
        /// The stored version.
        version: u16,
        /// What did not fit, without any value.
        problem: String,
    },
}

/// Declares a vocabulary: `events! { "claim", upcast = upcast; pub enum Event { Notified = 1, … } }`, where each name is also a
/// serializable struct in scope, the number is the current version of its shape, and `upcast(name, version, value)` lifts a stored older
/// shape to the current one (or says `None`).
#[macro_export]
macro_rules! events {
    ($category:literal, upcast = $upcast:path; $(#[$doc:meta])* $vis:vis enum $events:ident {
        $($(#[$variant_doc:meta])* $name:ident = $version:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        $vis enum $events {
            $($(#[$variant_doc])* $name($name),)*
        }

        impl $crate::Event for $events {
            const CATEGORY: &'static str = $category;
            const NAMES: &'static [(&'static str, u16)] = &[$((stringify!($name), $version)),*];

            fn name(&self) -> &'static str {
                match self { $($events::$name(_) => stringify!($name),)* }
            }

            fn encode(&self) -> $crate::NewEvent {
                let new = match self {
                    $($events::$name(event) => $crate::NewEvent::of(stringify!($name), $version, event),)*
                };
                new.with(self)
            }

            fn decode(name: &str, version: u16, data: &str) -> Result<Self, $crate::DecodeError> {
                let shape = |problem: $crate::serde_json::Error| $crate::DecodeError::Shape {
                    category: $category, name: name.to_owned(), version, problem: problem.to_string(),
                };
                match name {
                    $(stringify!($name) if version == $version => {
                        $crate::serde_json::from_str(data).map($events::$name).map_err(shape)
                    })*
                    $(stringify!($name) if version < $version => {
                        let old = $crate::serde_json::from_str(data).map_err(shape)?;
                        match $upcast(name, version, old) {
                            Some(lifted) => $crate::serde_json::from_value(lifted).map($events::$name).map_err(shape),
                            None => Err($crate::DecodeError::Unknown { category: $category, name: name.to_owned(), version }),
                        }
                    })*
                    _ => Err($crate::DecodeError::Unknown { category: $category, name: name.to_owned(), version }),
                }
            }
        }

        $(impl From<$name> for $events {
            fn from(event: $name) -> $events {
                $events::$name(event)
            }
        })*
    };
}
