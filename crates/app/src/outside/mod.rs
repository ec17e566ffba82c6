//! What other systems are told: one registry of public event types, each made from an entry of the journal.
//!
//! A type is added by a struct that implements [`Told`] and its line in [`TYPES`]. It carries ids, stages, amounts and codes; what is
//! sealed in the journal never stands in it. A released type is not changed but by fields that are added: otherwise it gets a
//! successor with the next version, and both are told for a time.

mod address;
mod claims;
mod cloud_event;
mod money;
mod signature;

use std::sync::LazyLock;

use journal::{DecodeError, Event, Recorded};
use lexicon::Moment;
use serde::Serialize;
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};

pub use address::{AddressRefused, DoorRules, check_address, may_be_reached};
pub use cloud_event::CloudEvent;
pub use signature::{BadSecret, Secret};

/// What one public type tells of an event.
pub(crate) trait Told: Serialize + ToSchema + PartialSchema + Sized {
    /// The vocabulary that its event belongs to.
    type From: Event;

    /// What is told of `event`, recorded as `entry`; `None` where it is another one.
    fn of(entry: &Recorded, event: Self::From) -> Option<Self>;

    /// What it looks like.
    fn example() -> Self;
}

/// A public event type.
pub struct OutsideType {
    /// Its name, the `type` of CloudEvents: reverse domain, subject, what happened, version.
    pub name: &'static str,
    /// What it tells, for the documents that list it.
    pub summary: &'static str,
    /// Whether those who see only their own claims are told too.
    pub for_owners: bool,
    category: &'static str,
    on: &'static str,
    data: fn(&Recorded) -> Result<Option<Value>, DecodeError>,
    schema: fn() -> Value,
    example: fn() -> Value,
}

/// Something that happened, as others are told of it.
#[derive(Clone, Debug)]
pub struct OutsideEvent {
    /// The same whenever it is told: `<stream>-<version>`.
    pub id: String,
    /// Its type.
    pub kind: &'static OutsideType,
    /// The claim it is about.
    pub claim: String,
    /// The position of its entry.
    pub position: u64,
    /// When it was recorded.
    pub at: Moment,
    /// What is told.
    pub data: Value,
}

/// Every public type.
pub static TYPES: LazyLock<Vec<OutsideType>> = LazyLock::new(|| {
    use claims::*;
    use money::*;
    vec![
        one::<ClaimNotified>("cn.anpei.claim.notified.v1", "Notified", "An accident was notified."),
        one::<ClaimTriaged>("cn.anpei.claim.triaged.v1", "Triaged", "A claim was graded, or graded again."),
        one::<PapersRequested>(
            "cn.anpei.claim.papers-requested.v1",
            "PapersRequested",
            "Papers were asked for, all at once.",
        ),
        one::<PapersCompleted>(
            "cn.anpei.claim.papers-completed.v1",
            "PapersCompleted",
            "Everything that was asked for is there.",
        ),
        one::<ClaimInspected>("cn.anpei.claim.inspected.v1", "Inspected", "A surveyor looked at the damage."),
        one::<ClaimAssessed>("cn.anpei.claim.assessed.v1", "Assessed", "Damage was put at an amount."),
        one::<ClaimApproved>("cn.anpei.claim.approved.v1", "Approved", "Payment was approved."),
        one::<ClaimDeclined>("cn.anpei.claim.declined.v1", "Declined", "Named people declined."),
        one::<ClaimClosed>("cn.anpei.claim.closed.v1", "Closed", "A claim ended."),
        one::<ClaimWithdrawn>("cn.anpei.claim.withdrawn.v1", "Withdrawn", "The customer took a claim back."),
        one::<ClaimReopened>("cn.anpei.claim.reopened.v1", "Reopened", "A claim was opened again."),
        one::<PersonAsked>(
            "cn.anpei.claim.person-asked.v1",
            "PersonAsked",
            "The customer asked for a person.",
        ),
        one::<ClaimRated>("cn.anpei.claim.rated.v1", "Rated", "The customer rated the handling."),
        one::<PaymentOrdered>("cn.anpei.payment.ordered.v1", "PaymentOrdered", "A payment was ordered."),
        one::<PaymentConfirmed>("cn.anpei.payment.confirmed.v1", "PaymentConfirmed", "The bank has paid."),
        one::<PaymentRejected>(
            "cn.anpei.payment.rejected.v1",
            "PaymentRejected",
            "The bank declined to pay.",
        ),
        OutsideType {
            for_owners: false,
            ..one::<RecoveryReceived>(
                "cn.anpei.recovery.received.v1",
                "RecoveryReceived",
                "Money came back from somebody else.",
            )
        },
    ]
});

fn one<T: Told>(name: &'static str, on: &'static str, summary: &'static str) -> OutsideType {
    OutsideType {
        name,
        summary,
        for_owners: true,
        category: T::From::CATEGORY,
        on,
        data: |entry| Ok(T::of(entry, entry.decode::<T::From>()?).as_ref().map(value)),
        schema: || value(&T::schema()),
        example: || value(&T::example()),
    }
}

/// Our own values always have a JSON form.
fn value<T: Serialize>(told: &T) -> Value {
    serde_json::to_value(told).unwrap_or_default()
}

impl OutsideType {
    /// The type called `name`.
    pub fn named(name: &str) -> Option<&'static OutsideType> {
        TYPES.iter().find(|kind| kind.name == name)
    }

    /// The type that tells of `entry`, if it is told at all.
    pub fn of(entry: &Recorded) -> Option<&'static OutsideType> {
        TYPES.iter().find(|kind| kind.on == &*entry.name && kind.category == entry.stream.category())
    }

    /// The URI of its schema.
    pub fn schema_id(&self) -> String {
        format!("urn:anpei:schema:{}", self.name)
    }

    /// The JSON Schema (2020-12) of what it tells.
    pub fn schema(&self) -> Value {
        let mut schema = (self.schema)();
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("$id".to_owned(), self.schema_id().into());
        }
        schema
    }

    /// What is told, made up.
    pub fn example(&self) -> Value {
        (self.example)()
    }

    /// Its subject in a stream of messages: `anpei.` and its name without the domain.
    pub fn subject(&self) -> String {
        format!("anpei.{}", self.name.trim_start_matches("cn.anpei."))
    }
}

impl std::fmt::Debug for OutsideType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl OutsideEvent {
    /// What others are told of `entry`, if anything.
    pub fn of(entry: &Recorded) -> Result<Option<OutsideEvent>, DecodeError> {
        let Some(kind) = OutsideType::of(entry) else { return Ok(None) };
        Ok((kind.data)(entry)?.map(|data| OutsideEvent {
            id: format!("{}-{}", entry.stream, entry.version),
            kind,
            claim: entry.stream.id().to_owned(),
            position: entry.position,
            at: entry.at,
            data,
        }))
    }

    /// As a CloudEvent of `source`.
    pub fn cloud_event(&self, source: &str) -> CloudEvent {
        CloudEvent {
            id: self.id.clone(),
            source: source.to_owned(),
            kind: self.kind.name.to_owned(),
            time: self.at.to_string(),
            subject: Some(self.claim.clone()),
            content_type: Some("application/json".to_owned()),
            schema: Some(self.kind.schema_id()),
            // Positions as text of one length sort as they are.
            extensions: vec![
                ("sequence", format!("{:020}", self.position)),
                ("partitionkey", self.claim.clone()),
            ],
            data: self.data.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_type_names_an_event_that_exists_and_stands_for_it_alone() {
        let known = |kind: &OutsideType| {
            [(claim::Event::CATEGORY, claim::Event::NAMES), (books::Event::CATEGORY, books::Event::NAMES)]
                .into_iter()
                .any(|(category, names)| {
                    category == kind.category && names.iter().any(|(name, _)| *name == kind.on)
                })
        };
        let mut names = BTreeSet::new();
        let mut events = BTreeSet::new();
        for kind in TYPES.iter() {
            assert!(known(kind), "{kind:?}");
            assert!(names.insert(kind.name) && events.insert((kind.category, kind.on)), "{kind:?} twice");
            let version = kind.name.rsplit(".v").next().and_then(|version| version.parse::<u16>().ok());
            assert!(kind.name.starts_with("cn.anpei.") && version.is_some(), "{kind:?}");
        }
    }
}
