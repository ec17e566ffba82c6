//! What is told of claims.

use claim::Event;
use journal::{ActorKind, Recorded};
use serde::Serialize;
use utoipa::ToSchema;

use super::Told;

/// The word of a closed set, as it is stored.
fn code<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn claim_of(entry: &Recorded) -> String {
    entry.stream.id().to_owned()
}

/// The claim of the examples.
fn a_claim() -> String {
    "A260502-7K3M9Q".to_owned()
}

/// Declares a type that says nothing but which claim it is about.
macro_rules! of_claim {
    ($($(#[$doc:meta])* $name:ident on $event:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Serialize, ToSchema)]
        pub(super) struct $name {
            /// The claim.
            claim: String,
        }

        impl Told for $name {
            type From = Event;

            fn of(entry: &Recorded, event: Event) -> Option<$name> {
                matches!(event, Event::$event(_)).then(|| $name { claim: claim_of(entry) })
            }

            fn example() -> $name {
                $name { claim: a_claim() }
            }
        }
    )*};
}

of_claim! {
    /// Everything that was asked for is there.
    PapersCompleted on PapersCompleted;
    /// A surveyor looked at the damage.
    ClaimInspected on Inspected;
    /// The customer took a claim back.
    ClaimWithdrawn on Withdrawn;
    /// The customer asked for a person.
    PersonAsked on PersonAsked;
}

/// An accident was notified.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimNotified {
    /// The claim.
    claim: String,
    /// The accident, shared by all claims on it.
    incident: String,
    /// Which vehicle of the accident the claim is for.
    vehicle: String,
    /// How the notice came: `page`, `phone` or `api`.
    channel: String,
    /// When the accident happened, as told.
    #[schema(format = DateTime)]
    occurred_at: String,
    /// When the notice came.
    #[schema(format = DateTime)]
    notified_at: String,
}

impl Told for ClaimNotified {
    type From = Event;

    fn of(_: &Recorded, event: Event) -> Option<ClaimNotified> {
        let Event::Notified(notified) = event else { return None };
        Some(ClaimNotified {
            claim: notified.claim.to_string(),
            incident: notified.incident.to_string(),
            vehicle: notified.vehicle.to_string(),
            channel: code(&notified.channel),
            occurred_at: notified.occurred_at.to_string(),
            notified_at: notified.at.to_string(),
        })
    }

    fn example() -> ClaimNotified {
        ClaimNotified {
            claim: a_claim(),
            incident: "i260502-4T8W1B".to_owned(),
            vehicle: "A".to_owned(),
            channel: "page".to_owned(),
            occurred_at: "2026-05-02T06:30:00Z".to_owned(),
            notified_at: "2026-05-02T06:41:07Z".to_owned(),
        }
    }
}

/// A claim was graded, or graded again.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimTriaged {
    /// The claim.
    claim: String,
    /// The grade: `minor`, `general` or `major`.
    severity: String,
    /// How the damage is looked at: `own-photos` or `inspection`.
    route: String,
    /// The team that has it first.
    team: String,
}

impl Told for ClaimTriaged {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimTriaged> {
        let Event::Triaged(triaged) = event else { return None };
        Some(ClaimTriaged {
            claim: claim_of(entry),
            severity: triaged.severity().word().to_owned(),
            route: triaged.route().word().to_owned(),
            team: code(&triaged.triage.team),
        })
    }

    fn example() -> ClaimTriaged {
        ClaimTriaged {
            claim: a_claim(),
            severity: "minor".to_owned(),
            route: "own-photos".to_owned(),
            team: "assessment".to_owned(),
        }
    }
}

/// Papers were asked for, all at once.
#[derive(Serialize, ToSchema)]
pub(super) struct PapersRequested {
    /// The claim.
    claim: String,
    /// All that is missing, by code.
    papers: Vec<String>,
}

impl Told for PapersRequested {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<PapersRequested> {
        let Event::PapersRequested(requested) = event else { return None };
        Some(PapersRequested { claim: claim_of(entry), papers: requested.papers })
    }

    fn example() -> PapersRequested {
        PapersRequested {
            claim: a_claim(),
            papers: vec!["photo-damage".to_owned(), "driving-licence".to_owned()],
        }
    }
}

/// Damage was put at an amount.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimAssessed {
    /// The claim.
    claim: String,
    /// The vehicle.
    vehicle: String,
    /// The sum of the lines, in yuan: `"1860.00"`.
    total: String,
    /// Whether it is a total loss.
    total_loss: bool,
    /// Where the amount comes from: `price-table` or `person`.
    source: String,
}

impl Told for ClaimAssessed {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimAssessed> {
        let Event::Assessed(assessed) = event else { return None };
        Some(ClaimAssessed {
            claim: claim_of(entry),
            vehicle: assessed.vehicle.to_string(),
            total: assessed.total.to_string(),
            total_loss: assessed.total_loss.is_some(),
            source: code(&assessed.source),
        })
    }

    fn example() -> ClaimAssessed {
        ClaimAssessed {
            claim: a_claim(),
            vehicle: "A".to_owned(),
            total: "1860.00".to_owned(),
            total_loss: false,
            source: "price-table".to_owned(),
        }
    }
}

/// Payment was approved.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimApproved {
    /// The claim.
    claim: String,
    /// Number of the approval within the claim, from 1.
    approval: u32,
    /// What is owed in all, in yuan.
    total: String,
    /// Whether a rule approved it without a person.
    automatic: bool,
    /// What each exposure is owed in all.
    #[schema(inline)]
    owed: Vec<OwedTold>,
}

/// What one exposure is owed.
#[derive(Serialize, ToSchema)]
pub(super) struct OwedTold {
    /// The exposure.
    exposure: String,
    /// The cover that owes, by code.
    cover: String,
    /// Who receives: the party's id within the accident.
    payee: String,
    /// How much in all, in yuan, what was paid before included.
    amount: String,
}

impl Told for ClaimApproved {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimApproved> {
        let Event::Approved(approved) = event else { return None };
        Some(ClaimApproved {
            claim: claim_of(entry),
            approval: approved.approval,
            total: approved.total.to_string(),
            automatic: approved.by.iter().all(|actor| actor.kind == ActorKind::System),
            owed: approved
                .owed
                .into_iter()
                .map(|owed| OwedTold {
                    exposure: owed.exposure.to_string(),
                    cover: owed.cover,
                    payee: owed.payee.to_string(),
                    amount: owed.amount.to_string(),
                })
                .collect(),
        })
    }

    fn example() -> ClaimApproved {
        ClaimApproved {
            claim: a_claim(),
            approval: 1,
            total: "1860.00".to_owned(),
            automatic: true,
            owed: vec![OwedTold {
                exposure: "damage.A.all".to_owned(),
                cover: "damage".to_owned(),
                payee: "A".to_owned(),
                amount: "1860.00".to_owned(),
            }],
        }
    }
}

/// Named people declined. The reason is told to the customer alone.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimDeclined {
    /// The claim.
    claim: String,
    /// The clause that the refusal stands on.
    clause: String,
    /// The amount that was declined, in yuan, as far as known.
    amount: String,
}

impl Told for ClaimDeclined {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimDeclined> {
        let Event::Declined(declined) = event else { return None };
        Some(ClaimDeclined {
            claim: claim_of(entry),
            clause: declined.clause,
            amount: declined.amount.to_string(),
        })
    }

    fn example() -> ClaimDeclined {
        ClaimDeclined { claim: a_claim(), clause: "W2020 8".to_owned(), amount: "5400.00".to_owned() }
    }
}

/// A claim ended.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimClosed {
    /// The claim.
    claim: String,
    /// What was paid in all, in yuan.
    paid: String,
}

impl Told for ClaimClosed {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimClosed> {
        let Event::Closed(closed) = event else { return None };
        Some(ClaimClosed { claim: claim_of(entry), paid: closed.paid.to_string() })
    }

    fn example() -> ClaimClosed {
        ClaimClosed { claim: a_claim(), paid: "1860.00".to_owned() }
    }
}

/// A claim was opened again.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimReopened {
    /// The claim.
    claim: String,
    /// Why: `supplement`, `dispute` or `correction`.
    cause: String,
}

impl Told for ClaimReopened {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimReopened> {
        let Event::Reopened(reopened) = event else { return None };
        Some(ClaimReopened { claim: claim_of(entry), cause: code(&reopened.cause) })
    }

    fn example() -> ClaimReopened {
        ClaimReopened { claim: a_claim(), cause: "dispute".to_owned() }
    }
}

/// The customer rated the handling.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimRated {
    /// The claim.
    claim: String,
    /// 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    stars: u8,
}

impl Told for ClaimRated {
    type From = Event;

    fn of(entry: &Recorded, event: Event) -> Option<ClaimRated> {
        let Event::Rated(rated) = event else { return None };
        Some(ClaimRated { claim: claim_of(entry), stars: rated.stars })
    }

    fn example() -> ClaimRated {
        ClaimRated { claim: a_claim(), stars: 5 }
    }
}
