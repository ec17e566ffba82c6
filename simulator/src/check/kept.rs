//! What was acknowledged is kept, once.

use std::collections::BTreeMap;

use anyhow::Result;
use claim::Event as ClaimEvent;
use futures::executor::block_on;
use journal::{Event, Journal, Recorded};

use crate::people::Op;
use crate::world::{State, World};

/// What people know of one kind of thing on one claim.
#[derive(Default)]
struct Known {
    told: usize,
    perhaps: usize,
}

/// Everything that people were told stands in the journal, and what can be counted stands there exactly once.
pub(super) fn acknowledged(world: &World, entries: &[Recorded]) -> Result<()> {
    let mut known: BTreeMap<(String, &str, String), Known> = BTreeMap::new();
    for (index, sent) in world.requests.list().into_iter().enumerate() {
        let actor = world.people[sent.who].principal.actor();
        let (told, perhaps) = match &sent.state {
            State::Told(answer) => (Some(answer), false),
            State::Abandoned | State::Open => (None, true),
            State::Refused(_) => continue,
        };
        if told.is_some() {
            let request = world.requests.request(index, &world.people[sent.who].principal);
            let Some(key) = request.key else { continue };
            let scope = format!("{actor} {}", key.route);
            let kept = world.disk.perform(move |store| block_on(store.answer(&scope, &key.key)))?;
            if kept.is_none_or(|kept| kept.request != key.request) {
                world.problem(format!(
                    "[kept] {} #{index} was answered, and its answer is not kept",
                    sent.op.name()
                ));
            }
        }
        if let (Op::Notice(_), Some(answer)) = (&sent.op, told) {
            let claim = answer.split(' ').next_back().unwrap_or_default();
            let begun = |entry: &&Recorded| entry.stream.id() == claim && &*entry.name == "Notified";
            if entries.iter().filter(begun).count() != 1 {
                world.problem(format!(
                    "[kept] {claim} was told to its reporter, and does not begin in the journal"
                ));
            }
            // Who joined a claim did not open one.
            if answer.starts_with("joined") {
                continue;
            }
        }
        let Some(event) = sent.op.leaves() else { continue };
        let claim = sent.op.claim().map(ToString::to_string).unwrap_or_default();
        let known = known.entry((claim, event, actor.to_string())).or_default();
        known.told += usize::from(told.is_some());
        known.perhaps += usize::from(perhaps);
    }
    for ((claim, event, actor), Known { told, perhaps }) in known {
        let this = |entry: &&Recorded| {
            entry.stream.category() == ClaimEvent::CATEGORY
                && *entry.name == *event
                && (claim.is_empty() || entry.stream.id() == claim)
                && entry.actor.to_string() == actor
        };
        let found = entries.iter().filter(this).count();
        if !(told..=told + perhaps).contains(&found) {
            world.problem(format!(
                "[kept] {event} of {actor} on `{claim}`: told {told} times, perhaps {perhaps} more, recorded {found} times"
            ));
        }
    }
    Ok(())
}

/// An adjudication names the version of the accident that it stands on: the one that there was.
pub(super) fn ground(world: &World, entries: &[Recorded]) {
    let mut incidents: BTreeMap<String, String> = BTreeMap::new();
    let mut versions: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in entries {
        if entry.stream.category() != ClaimEvent::CATEGORY {
            versions.insert(entry.stream.as_str(), entry.version);
        }
        match entry.decode() {
            Ok(ClaimEvent::Notified(notified)) if entry.stream.category() == ClaimEvent::CATEGORY => {
                incidents.insert(entry.stream.id().to_owned(), format!("incident-{}", notified.incident));
            }
            Ok(ClaimEvent::Adjudicated(adjudicated)) if entry.stream.category() == ClaimEvent::CATEGORY => {
                let stood = incidents.get(entry.stream.id()).and_then(|name| versions.get(name.as_str()));
                if stood.copied() != Some(adjudicated.incident_version) {
                    world.problem(format!(
                        "[ground] {} was adjudicated on version {} of its accident, which stood at {stood:?}",
                        entry.stream, adjudicated.incident_version
                    ));
                }
            }
            _ => {}
        }
    }
}
