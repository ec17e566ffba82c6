//! What can happen to a claim.

mod decision;
mod ending;
mod intake;
mod task;

use journal::events;

pub use decision::*;
pub use ending::*;
pub use intake::*;
pub use task::*;

events! { "claim", upcast = upcast;
    /// What can happen to a claim.
    pub enum Event {
        /// An accident was notified (报案).
        Notified = 1,
        /// Somebody else gave notice of the same accident.
        ReporterJoined = 2,
        /// They may follow the claim from now on.
        ReporterAdmitted = 1,
        /// They may not.
        ReporterTurnedAway = 1,
        /// The register was asked for the policy.
        PolicyMatched = 1,
        /// It was graded (分级), or graded again.
        Triaged = 1,
        /// Something gave rise to a closer look.
        WarningRaised = 1,
        /// Papers were asked for, all at once.
        PapersRequested = 1,
        /// A paper or photo was accepted.
        EvidenceAccepted = 1,
        /// Everything asked for is there.
        PapersCompleted = 1,
        /// A surveyor looked at it (查勘).
        Inspected = 1,
        /// The customer picked damage on the drawing.
        DamageProposed = 1,
        /// The damage was put at an amount (定损).
        Assessed = 1,
        /// One of two needed assessors put the damage at an amount.
        FirstAssessed = 1,
        /// The second assessor confirmed it.
        AssessmentConfirmed = 1,
        /// It was sent back to the first assessor.
        AssessmentReturned = 1,
        /// Somebody is told at once how grave the accident is.
        Informed = 1,
        /// What is owed was computed and ruled on (核赔).
        Adjudicated = 1,
        /// A person of authority agreed to the reserve.
        ReserveAgreed = 1,
        /// One of two needed people agreed.
        FirstApproved = 1,
        /// Payment was approved.
        Approved = 1,
        /// One of two needed people proposed to decline.
        RefusalProposed = 1,
        /// The proposal was sent back.
        RefusalReturned = 1,
        /// Named people declined (拒赔).
        Declined = 2,
        /// The notice of the refusal went out.
        RefusalServed = 1,
        /// Where to pay was chosen.
        AccountChosen = 1,
        /// A payment arrived.
        Paid = 1,
        /// What was paid came back, or was set off elsewhere.
        Returned = 1,
        /// It ended (结案).
        Closed = 1,
        /// The customer took it back.
        Withdrawn = 1,
        /// It was opened again.
        Reopened = 1,
        /// The customer asked for a person.
        PersonAsked = 1,
        /// The customer rated the handling.
        Rated = 1,
        /// A member of staff wrote a note.
        NoteAdded = 1,
        /// A person has something to do.
        TaskOpened = 1,
        /// A task went to somebody.
        TaskAssigned = 1,
        /// A task is done.
        TaskDone = 1,
        /// A task came close to its end, or ran over it.
        TaskEscalated = 1,
    }
}

fn upcast(name: &str, version: u16, mut old: serde_json::Value) -> Option<serde_json::Value> {
    match (name, version) {
        // One person declined, whatever the amount.
        ("Declined", 1) => {
            let by = old.get_mut("by")?;
            *by = serde_json::Value::Array(vec![by.take()]);
            Some(old)
        }
        // Through which account they reported was not kept.
        ("ReporterJoined", 1) => {
            old.as_object_mut()?.insert("asks".to_owned(), serde_json::Value::Null);
            Some(old)
        }
        _ => None,
    }
}
