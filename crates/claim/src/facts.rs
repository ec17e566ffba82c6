//! What the rules are told of a claim.

use lexicon::{Moment, Money};
use rulebook::{Cause, Facts, PolicyFact};

use crate::incident::{Incident, VehicleLoss};
use crate::papers::missing_papers;
use crate::state::Claim;
use rulebook::Tables;

/// The facts of `claim` on `incident` at `now`; `None` before notice. `owed` is what the arithmetic says, once it ran.
pub fn facts_of(
    claim: &Claim,
    incident: &Incident,
    owed: Option<Money>,
    now: Moment,
    tables: &Tables,
) -> Option<Facts> {
    let notice = claim.notice.as_ref()?;
    let own = incident.vehicle(&notice.vehicle);
    let stated = own.and_then(|vehicle| match &vehicle.loss {
        VehicleLoss::Stated(stated) => Some(stated),
        VehicleLoss::Unknown | VehicleLoss::Waived => None,
    });
    let put = claim.first_assessments.get(&notice.vehicle).map(|first| first.assessed.at_stake());
    let proposed = claim.proposed.as_ref().map(|proposed| proposed.total);
    let estimate =
        stated.map(|stated| stated.total_loss.as_ref().map_or(stated.repair, |total| total.actual_value));
    let total_loss = incident
        .vehicles
        .iter()
        .any(|vehicle| matches!(&vehicle.loss, VehicleLoss::Stated(loss) if loss.total_loss.is_some()));
    // The weakest source among all losses that our policy may owe for.
    let amount_source =
        incident.vehicles.iter().filter_map(|vehicle| incident.amount_source(&vehicle.id)).max();
    Some(Facts {
        now,
        occurred_at: incident.occurred_at.unwrap_or(notice.occurred_at),
        notified_at: notice.at,
        policy: claim.policy.as_ref().map_or(PolicyFact::NotFound, |(_, fact)| *fact),
        injury: incident.injury,
        cause: incident.cause.unwrap_or(Cause::Other),
        vehicles: incident.vehicles.len(),
        other_property: incident.other_property
            || incident.victims.iter().any(|victim| !victim.property.is_zero()),
        fault: own.and_then(|vehicle| vehicle.fault).zip(incident.fault_source),
        severity: claim.severity,
        estimate: put.or(estimate).or(proposed).or(notice.guess.amount()),
        amount_source,
        lines_have_photos: claim
            .assessments
            .values()
            .flat_map(|assessed| &assessed.lines)
            .all(|line| line.photo.is_some()),
        papers_missing: missing_papers(claim, incident, now, tables),
        losses_unknown: incident.losses_unknown(&notice.vehicle),
        owed,
        total_loss,
        warnings: claim.warnings.iter().copied().collect(),
        person_asked: claim.person_asked,
        reopened: claim.reopened,
    })
}
