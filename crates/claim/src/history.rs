//! All accidents of one vehicle, known by the keyed hash of its plate: how a second notice of the same accident is found.

use journal::{Decider, events};
use lexicon::{ClaimId, IncidentId, Moment};
use serde::{Deserialize, Serialize};

use crate::incident::PartyId;

events! { "vehicle", upcast = upcast;
    /// What happens to a vehicle.
    pub enum Event {
        /// It was in an accident.
        AccidentNoted = 1,
    }
}

/// A vehicle was in an accident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccidentNoted {
    /// The accident.
    pub incident: IncidentId,
    /// Which vehicle of the accident it was.
    pub party: PartyId,
    /// The claim for this vehicle; `None` while only the other side has told of it.
    pub claim: Option<ClaimId>,
    /// When the accident happened, as told.
    pub occurred_at: Moment,
    /// When it was noted.
    pub at: Moment,
}

/// The accidents of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In the order in which they became known; the newest entry on an accident counts.
    pub accidents: Vec<AccidentNoted>,
}

/// How a new notice relates to what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation<'a> {
    /// Another accident.
    New,
    /// The same accident; the claim on it may already exist.
    Same(&'a AccidentNoted),
    /// Perhaps the same: a person should look.
    Perhaps(&'a AccidentNoted),
}

/// Notices of one vehicle whose accidents lie closer together are taken for one accident.
const SAME_SECONDS_MAX: i64 = 2 * 3600;
/// Closer than this, a person should look.
const PERHAPS_SECONDS_MAX: i64 = 24 * 3600;

impl History {
    /// How an accident told to have happened at `occurred_at` relates to those known.
    pub fn relate(&self, occurred_at: Moment) -> Relation<'_> {
        let distance =
            |known: &&AccidentNoted| (known.occurred_at.micros() - occurred_at.micros()).abs() / 1_000_000;
        match self.accidents.iter().rev().min_by_key(distance) {
            Some(known) if distance(&known) <= SAME_SECONDS_MAX => Relation::Same(known),
            Some(known) if distance(&known) <= PERHAPS_SECONDS_MAX => Relation::Perhaps(known),
            _ => Relation::New,
        }
    }

    /// Claims on accidents in the year before `now`.
    pub fn claims_within_a_year(&self, now: Moment) -> usize {
        let since = now.plus_seconds(-365 * 24 * 3600);
        let mut claims: Vec<&ClaimId> = self
            .accidents
            .iter()
            .filter(|noted| noted.occurred_at >= since)
            .filter_map(|noted| noted.claim.as_ref())
            .collect();
        claims.sort();
        claims.dedup();
        claims.len()
    }
}

/// The history of a vehicle as an aggregate. Its only command is the fact itself.
#[derive(Debug)]
pub struct Histories;

impl Decider for Histories {
    type State = History;
    type Command = AccidentNoted;
    type Event = Event;
    type Refusal = std::convert::Infallible;

    fn decide(history: &History, noted: AccidentNoted) -> Result<Vec<Event>, Self::Refusal> {
        let known = history.accidents.iter().any(|known| {
            known.incident == noted.incident
                && known.party == noted.party
                && (known.claim == noted.claim || noted.claim.is_none())
        });
        Ok(if known { vec![] } else { vec![noted.into()] })
    }

    fn evolve(mut history: History, event: &Event) -> History {
        let Event::AccidentNoted(noted) = event;
        history.accidents.retain(|known| known.incident != noted.incident || known.party != noted.party);
        history.accidents.push(noted.clone());
        history
    }
}

fn upcast(_: &str, _: u16, _: serde_json::Value) -> Option<serde_json::Value> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_close_in_time_are_one_accident() {
        let at = |hours: i64| Moment::from_micros(0).plus_seconds(hours * 3600);
        let noted = AccidentNoted {
            incident: "i1".parse().unwrap(),
            party: PartyId::vehicle(0),
            claim: None,
            occurred_at: at(100),
            at: at(101),
        };
        let history = History { accidents: vec![noted.clone()] };
        for (hours, expected) in [
            (100, Relation::Same(&noted)),
            (102, Relation::Same(&noted)),
            (98, Relation::Same(&noted)),
            (103, Relation::Perhaps(&noted)),
            (124, Relation::Perhaps(&noted)),
            (125, Relation::New),
        ] {
            assert_eq!(history.relate(at(hours)), expected, "{hours} h");
        }
    }
}
