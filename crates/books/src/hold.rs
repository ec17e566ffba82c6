//! Whether payments may leave the house at all.
//!
//! A store that was restored from a backup may not know of payments that the bank has made since. So a restore ends with
//! [`PaymentsHeld`], and no payment leaves until the bank's statement was compared with the books: [`PaymentsFreed`].

use std::convert::Infallible;

use journal::{Decider, StreamId};
use lexicon::{Moment, PaymentId};
use serde::{Deserialize, Serialize};

/// The one id under which the hold stands: its stream is `payments-all`.
pub const ALL: &str = "all";

journal::events! { "payments", upcast = upcast;
    /// A fact about all payments.
    pub enum HoldEvent {
        /// Payments wait.
        PaymentsHeld = 1,
        /// Payments may leave again.
        PaymentsFreed = 1,
    }
}

/// The journal was restored: what the bank did after its last entry is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentsHeld {
    /// Position of the last entry that was restored.
    pub restored_to: u64,
    /// When that entry was recorded.
    pub last_entry_at: Moment,
    /// When the restore was done.
    pub at: Moment,
}

/// The bank's statement was compared with the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentsFreed {
    /// From when the statement tells.
    pub since: Moment,
    /// Payments on the statement.
    pub lines: u64,
    /// Of them, those that the books know as paid.
    pub agreed: u64,
    /// Of them, those that the books had as ordered, and now have as paid.
    pub confirmed: u64,
    /// Of them, those that the books do not explain: each is a task for a person.
    pub for_people: Vec<PaymentId>,
    /// Of them, those that no claim is known for: a person has noted them.
    pub unplaced: Vec<PaymentId>,
    /// Orders that the bank has not paid, and is asked about under their references.
    pub asked_again: u64,
    /// When.
    pub at: Moment,
}

/// Whether payments wait, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// The restore that they wait for; `None` when they may leave.
    pub held: Option<PaymentsHeld>,
}

/// A command to the hold. Asking for what is already so makes no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldCommand {
    /// Payments wait.
    Hold(PaymentsHeld),
    /// Payments may leave.
    Free(PaymentsFreed),
}

impl Decider for Hold {
    type State = Hold;
    type Command = HoldCommand;
    type Event = HoldEvent;
    type Refusal = Infallible;

    fn decide(hold: &Hold, command: HoldCommand) -> Result<Vec<HoldEvent>, Infallible> {
        Ok(match command {
            HoldCommand::Hold(held) => vec![held.into()],
            HoldCommand::Free(freed) if hold.held.is_some() => vec![freed.into()],
            HoldCommand::Free(_) => vec![],
        })
    }

    fn evolve(_: Hold, event: &HoldEvent) -> Hold {
        match event {
            HoldEvent::PaymentsHeld(held) => Hold { held: Some(held.clone()) },
            HoldEvent::PaymentsFreed(_) => Hold::default(),
        }
    }
}

/// The stream of the hold.
pub fn hold_stream() -> StreamId {
    StreamId::of::<HoldEvent>(ALL)
}

/// Nothing of it was ever stored in another shape.
fn upcast(_: &str, _: u16, _: serde_json::Value) -> Option<serde_json::Value> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_wait_from_a_restore_until_they_are_freed() {
        let at = Moment::from_micros(1);
        let held = PaymentsHeld { restored_to: 7, last_entry_at: at, at };
        let freed = PaymentsFreed {
            since: at,
            lines: 0,
            agreed: 0,
            confirmed: 0,
            for_people: vec![],
            unplaced: vec![],
            asked_again: 0,
            at,
        };
        let mut hold = Hold::default();
        for (command, waits, events) in [
            (HoldCommand::Free(freed.clone()), false, 0),
            (HoldCommand::Hold(held.clone()), true, 1),
            // Restored once more before anybody reconciled: the later restore counts.
            (HoldCommand::Hold(PaymentsHeld { restored_to: 5, ..held }), true, 1),
            (HoldCommand::Free(freed), false, 1),
        ] {
            let Ok(made) = Hold::decide(&hold, command.clone());
            assert_eq!(made.len(), events, "{command:?}");
            hold = made.iter().fold(hold, Hold::evolve);
            assert_eq!(hold.held.is_some(), waits, "{command:?}");
        }
    }
}
