//! What is done again changes nothing: a process that lost its checkpoints reacts to the whole journal once more.

use std::collections::BTreeSet;

use anyhow::Result;
use app::App;
use claim::incident::{Event as IncidentEvent, Incidents};
use claim::{Claims, Event as ClaimEvent};
use journal::{Event, Recorded};
use lexicon::ClaimId;
use rulebook::Verdict;

use crate::world::World;

/// Never excused: what leaves the house, or is asked of somebody.
const NEVER: [&str; 6] =
    ["PaymentOrdered", "PaymentSent", "PaymentRejected", "MessageQueued", "Approved", "Declined"];
/// What follows figures that moved without anything that would have called for it at once: a reserve after money came back, a
/// set-off after the other claim's figures turned, reasons after a question was answered.
const CATCHES_UP: [&str; 13] = [
    "Reserved",
    "ReserveReleased",
    "SetOffGiven",
    "SetOffTaken",
    "Returned",
    "RecoveryExpected",
    "Paid",
    "Adjudicated",
    "TaskOpened",
    "TaskDone",
    "Closed",
    "LossStated",
    "ReserveAgreed",
];

/// Holds the entries after `before` against it.
pub async fn nothing_changed(world: &World, app: &App, entries: &[Recorded], before: u64) -> Result<()> {
    let mut wrong = vec![];
    let added: Vec<&Recorded> = entries.iter().filter(|entry| entry.position > before).collect();
    for entry in &added {
        let catches_up = CATCHES_UP.contains(&&*entry.name) && moved(app, entries, entry, before).await?;
        if NEVER.contains(&&*entry.name) || !(catches_up || same_ruling(entries, entry)) {
            wrong.push(format!("{} {}", entry.stream, entry.name));
        }
    }
    if !wrong.is_empty() {
        world.problem(format!("[again] what is done again changes something: {}", wrong.join(", ")));
    }
    Ok(())
}

/// Whether the accident of `entry` had figures that wait for a person, or money that came back.
async fn moved(app: &App, entries: &[Recorded], entry: &Recorded, before: u64) -> Result<bool> {
    let incident = match entry.stream.category() {
        IncidentEvent::CATEGORY => entry.stream.id().to_owned(),
        _ => {
            let Ok(claim) = entry.stream.id().parse::<ClaimId>() else { return Ok(false) };
            let state = app.streams().load::<Claims>(&claim).await?.state;
            let Some(notice) = &state.notice else { return Ok(false) };
            notice.incident.to_string()
        }
    };
    let claims = app.streams().load::<Incidents>(&incident).await?.state.claims.clone();
    for claim in claims.values() {
        let state = app.streams().load::<Claims>(claim).await?.state;
        if !state.approvals.is_empty() && !state.is_approved() {
            return Ok(true);
        }
    }
    let ids: BTreeSet<&str> = claims.values().map(ClaimId::as_str).chain([incident.as_str()]).collect();
    let back = ["RecoveryReceived", "SetOffGiven"];
    Ok(entries
        .iter()
        .any(|one| one.position <= before && back.contains(&&*one.name) && ids.contains(one.stream.id())))
}

/// Whether `entry` rules as the ruling before it did, for other reasons, or asks for fewer papers since some have come.
fn same_ruling(entries: &[Recorded], entry: &Recorded) -> bool {
    let ruling = |entry: &Recorded| match entry.decode() {
        Ok(ClaimEvent::Adjudicated(adjudicated)) => Some((adjudicated.owed, adjudicated.verdict)),
        _ => None,
    };
    let earlier = entries.iter().rev().find(|one| {
        one.position < entry.position && one.stream == entry.stream && &*one.name == "Adjudicated"
    });
    let Some(((known, said), (owed, says))) = earlier.and_then(&ruling).zip(ruling(entry)) else {
        return false;
    };
    let asks_for_less = match (&said, &says) {
        (Verdict::Ask { papers: before }, Verdict::Ask { papers }) => {
            papers.iter().all(|paper| before.contains(paper))
        }
        _ => said == says,
    };
    owed == known && asks_for_less
}
