//! What went wrong last, by who must act: codes, routes and our own sentences, in a short memory.

use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::figures::FAULTS;

/// So many are remembered of each kind.
const REMEMBERED: usize = 20;

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The person who asked.
    Refusal,
    /// Nobody: it is asked again.
    Conflict,
    /// The operator.
    Unavailable,
    /// We.
    Bug,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Kind; 4] = [Kind::Refusal, Kind::Conflict, Kind::Unavailable, Kind::Bug];

    /// The word used in figures and on pages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::Refusal => "refusal",
            Kind::Conflict => "conflict",
            Kind::Unavailable => "unavailable",
            Kind::Bug => "bug",
        }
    }

    /// What an answer's status says; `None` for what went well.
    pub(crate) const fn of_status(status: u16) -> Option<Kind> {
        match status {
            ..400 => None,
            409 | 412 | 428 => Some(Kind::Conflict),
            408 | 429 | 502..=504 | 507 => Some(Kind::Unavailable),
            500.. => Some(Kind::Bug),
            _ => Some(Kind::Refusal),
        }
    }
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// When it happened last.
    pub(crate) at: SystemTime,
    /// Its code, or the sentence of our own log line.
    pub(crate) code: String,
    /// The route, or the part of the product.
    pub(crate) place: String,
    /// How often it happened since it was first remembered.
    pub(crate) times: u64,
}

/// The memory of this process.
pub(crate) static RECENT: Recent = Recent(Mutex::new(Vec::new()));

/// What went wrong last.
pub(crate) struct Recent(Mutex<Vec<VecDeque<Fault>>>);

impl Recent {
    /// Remembers one.
    pub(crate) fn note(&self, kind: Kind, code: &str, place: &str) {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.resize_with(Kind::ALL.len(), VecDeque::new);
        let faults = &mut kinds[kind as usize];
        let at = SystemTime::now();
        let known = faults.iter().position(|fault| fault.code == code && fault.place == place);
        let times = known.and_then(|place| faults.remove(place)).map_or(0, |fault| fault.times) + 1;
        faults.push_front(Fault { kind, at, code: code.to_owned(), place: place.to_owned(), times });
        faults.truncate(REMEMBERED);
    }

    /// The last ones, the gravest kind first, of each kind the latest first.
    pub(crate) fn last(&self) -> Vec<Fault> {
        let kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.iter().rev().flatten().cloned().collect()
    }
}

/// Notes what is logged as a warning or an error outside of requests.
pub(crate) struct Noting;

/// Our own lines alone: their sentences hold no text of anybody.
pub(crate) fn is_noted(metadata: &Metadata<'_>) -> bool {
    let package = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_event()
        && *metadata.level() <= Level::WARN
        && matches!(package, "server" | "web" | "app" | "store" | "connectors")
        // A request is noted by its answer.
        && !metadata.target().starts_with("server::observe")
}

impl<S: Subscriber> Layer<S> for Noting {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        // A warning says that somebody waits, an error that a promise was not kept.
        let kind = match *event.metadata().level() {
            Level::ERROR if event.metadata().target() != "web::problem" => Kind::Bug,
            _ => Kind::Unavailable,
        };
        metrics::counter!(FAULTS, "kind" => kind.word()).increment(1);
        RECENT.note(kind, &message.0, event.metadata().target());
    }
}

/// The sentence of a line, without its fields.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing to a text does not fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_who_must_act() {
        for (status, kind) in [
            (200, None),
            (303, None),
            (404, Some(Kind::Refusal)),
            (422, Some(Kind::Refusal)),
            (409, Some(Kind::Conflict)),
            (412, Some(Kind::Conflict)),
            (429, Some(Kind::Unavailable)),
            (503, Some(Kind::Unavailable)),
            (500, Some(Kind::Bug)),
        ] {
            assert_eq!(Kind::of_status(status), kind, "{status}");
        }
    }

    #[test]
    fn the_memory_is_short_and_counts_what_comes_again() {
        let recent = Recent(Mutex::new(Vec::new()));
        for number in 0..50 {
            recent.note(Kind::Refusal, &format!("code-{number}"), "/report");
        }
        recent.note(Kind::Bug, "problem.internal", "/desk");
        recent.note(Kind::Refusal, "code-45", "/report");
        let last = recent.last();
        assert_eq!(last.len(), REMEMBERED + 1);
        assert_eq!((last[0].kind, last[0].code.as_str()), (Kind::Bug, "problem.internal"));
        assert_eq!((last[1].code.as_str(), last[1].times), ("code-45", 2));
        assert_eq!(last[2].code, "code-49");
    }
}
