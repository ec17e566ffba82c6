//! One row per claim: work lists, customer lists, search.

use claim::Event;
use claim::events::Owed;
use journal::Recorded;
use lexicon::{Moment, Money};

use super::{id, sealed};
use crate::view::{FoldError, Index, Kind, Rows, View};

crate::row! {
    /// A claim at a glance.
    pub struct ClaimRow {
        /// The claim.
        claim: String,
        /// The accident.
        incident: String,
        /// How far it is, by word.
        stage: String,
        /// The grade, by word.
        severity: Option<String>,
        /// When it was notified.
        notified_at: Moment,
        /// When the accident happened.
        occurred_at: Moment,
        /// When something last happened.
        updated_at: Moment,
        /// Version of the claim's stream.
        version: u64,
        /// The plate, sealed.
        plate: String,
        /// Keyed hash of the plate.
        plate_hash: String,
        /// Who gave notice, sealed.
        contact: String,
        /// Keyed hash of the phone.
        phone_hash: String,
        /// What the damage is put at, once it is.
        assessed: Option<Money>,
        /// What is owed, once computed.
        owed: Option<Money>,
        /// What was approved.
        approved: Money,
        /// What arrived.
        paid: Money,
        /// Whether the last approval was made by a rule.
        automatic: bool,
        /// The rating.
        stars: Option<i64>,
        /// When it ended.
        ended_at: Option<Moment>,
        /// The vehicle of the accident that the claim is for.
        vehicle: String,
        /// How the damage is looked at, by word.
        route: Option<String>,
        /// Whether a surveyor looked at it.
        inspected: bool,
        /// Whether it was opened again since the last approval.
        reopened: bool,
        /// What the last approval approved, exposure by exposure.
        approved_lines: Option<String>,
    }
}

/// One row per claim.
pub static CLAIMS: View = View {
    name: "claims",
    version: 2,
    kind: Kind::Inline,
    categories: &["claim"],
    columns: ClaimRow::COLUMNS,
    key: 1,
    indexes: &[
        Index { name: "by_time", columns: &["notified_at"] },
        Index { name: "by_stage", columns: &["stage", "notified_at"] },
        Index { name: "by_plate", columns: &["plate_hash", "notified_at"] },
        Index { name: "by_phone", columns: &["phone_hash", "notified_at"] },
    ],
    fold,
};

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let event: Event = entry.decode()?;
    let mut row = match (&event, rows.get(&[id(entry)])?) {
        (_, Some(row)) => ClaimRow::read(&CLAIMS, &row)?,
        (Event::Notified(notified), None) => ClaimRow {
            claim: entry.stream.id().to_owned(),
            incident: notified.incident.to_string(),
            stage: "reported".to_owned(),
            severity: None,
            notified_at: notified.at,
            occurred_at: notified.occurred_at,
            updated_at: entry.at,
            version: entry.version,
            plate: sealed(&notified.plate)?,
            plate_hash: notified.plate_hash.as_str().to_owned(),
            contact: sealed(&notified.contact)?,
            phone_hash: notified.phone_hash.as_str().to_owned(),
            assessed: None,
            owed: None,
            approved: Money::ZERO,
            paid: Money::ZERO,
            automatic: false,
            stars: None,
            ended_at: None,
            vehicle: notified.vehicle.to_string(),
            route: None,
            inspected: false,
            reopened: false,
            approved_lines: None,
        },
        (_, None) => return Ok(()),
    };
    row.updated_at = entry.at;
    row.version = entry.version;
    apply(&mut row, &event);
    rows.put(row.write())
}

/// The stage moves as it does in the claim itself.
fn apply(row: &mut ClaimRow, event: &Event) {
    let waits_for_damage = matches!(row.stage.as_str(), "reported" | "inspecting" | "assessing");
    match event {
        Event::Triaged(triaged) => {
            row.severity = Some(triaged.severity().word().to_owned());
            let inspection = triaged.route() == rulebook::Route::Inspection;
            row.route = Some(if inspection { "inspection" } else { "own-photos" }.to_owned());
            if waits_for_damage && row.assessed.is_none() {
                look_at_damage(row);
            }
        }
        Event::Inspected(_) => {
            row.inspected = true;
            if row.stage == "inspecting" {
                row.stage = "assessing".to_owned();
            }
        }
        Event::Assessed(assessed) if assessed.vehicle.as_str() == row.vehicle => {
            if waits_for_damage {
                row.stage = "adjudicating".to_owned();
            }
            row.assessed = Some(assessed.total_loss.map_or(assessed.total, |(value, _)| value));
        }
        Event::Adjudicated(adjudicated) => {
            row.owed = Some(adjudicated.total);
            if row.ended_at.is_none() {
                let stands = row.approved_lines.as_ref() == Some(&lines(&adjudicated.owed));
                row.stage = if stands && !row.reopened { "paying" } else { "adjudicating" }.to_owned();
            }
        }
        Event::Approved(approved) => {
            row.stage = "paying".to_owned();
            row.approved = approved.total;
            row.approved_lines = Some(lines(&approved.owed));
            row.reopened = false;
            row.automatic = approved.by.iter().all(|by| by.kind == journal::ActorKind::System);
        }
        Event::Paid(paid) => row.paid = [row.paid, paid.amount].into_iter().sum(),
        Event::Returned(returned) => row.paid = row.paid.less(returned.amount),
        Event::Closed(closed) => {
            row.stage = "closed".to_owned();
            row.ended_at = Some(closed.at);
        }
        Event::Declined(declined) => {
            row.stage = "declined".to_owned();
            row.ended_at = Some(declined.at);
        }
        Event::Withdrawn(withdrawn) => {
            row.stage = "withdrawn".to_owned();
            row.ended_at = Some(withdrawn.at);
        }
        Event::Reopened(_) => {
            row.reopened = true;
            row.ended_at = None;
            if row.assessed.is_some() {
                row.stage = "adjudicating".to_owned();
            } else {
                look_at_damage(row);
            }
        }
        Event::Rated(rated) => row.stars = Some(i64::from(rated.stars)),
        _ => {}
    }
}

fn look_at_damage(row: &mut ClaimRow) {
    let inspection = row.route.as_deref() == Some("inspection") && !row.inspected;
    row.stage = if inspection { "inspecting" } else { "assessing" }.to_owned();
}

fn lines(owed: &[Owed]) -> String {
    let lines: Vec<String> = owed.iter().map(|owed| format!("{}={}", owed.exposure, owed.amount)).collect();
    lines.join(" ")
}
