//! The papers that a claim needs, and those that are missing.

use lexicon::{Moment, Severity};
use rulebook::tables::{Circumstances, Per, Requirement, Step};
use rulebook::{Cause, Injury, Tables};

use crate::incident::{Incident, VehicleLoss};
use crate::state::Claim;

/// The code under which the account stands in the paper table.
const ACCOUNT: &str = "bank-account";

/// The papers that the claim needs at `now`, with how many pictures of each.
pub fn required_papers<'a>(
    claim: &Claim,
    incident: &Incident,
    now: Moment,
    tables: &'a Tables,
) -> Vec<(&'a Requirement, u32)> {
    let injured = incident
        .victims
        .iter()
        .filter(|victim| victim.death_disability > lexicon::Money::ZERO || !victim.medical.is_zero());
    let injured = injured.count().max(usize::from(incident.injury > Injury::None));
    let circumstances = Circumstances {
        severity: claim.severity.unwrap_or(Severity::General),
        two_parties: incident.vehicles.len() > 1,
        injury: incident.injury > Injury::None,
        serious_injury: incident.injury >= Injury::Serious,
        death: incident.injury >= Injury::Death,
        other_property: incident.other_property,
        theft: incident.cause == Some(Cause::Theft),
        total_loss: incident
            .vehicles
            .iter()
            .any(|vehicle| matches!(&vehicle.loss, VehicleLoss::Stated(loss) if loss.total_loss.is_some())),
        weather: incident.cause == Some(Cause::Weather),
        workshop_estimate: false,
    };
    let lines = claim.proposed.as_ref().map(|proposed| proposed.lines.len());
    let lines =
        lines.or_else(|| claim.assessments.get(claim.vehicle()?).map(|assessed| assessed.lines.len()));
    let times = |per: Per| match per {
        Per::Claim => 1,
        // Only our own vehicle: what the other side shows comes with its own notice.
        Per::Vehicle => 1,
        Per::DamageLine => lines.unwrap_or(1),
        Per::Injured => injured,
    };
    let needed = tables.requirements(&circumstances, now).into_iter();
    needed
        .map(|requirement| (requirement, requirement.count * times(requirement.per) as u32))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// What is missing, by code of the requirement, complete. One close-up may show several lines: a line without a photo of its
/// own is the assessment's matter, so one close-up serves here.
pub fn missing_papers(claim: &Claim, incident: &Incident, now: Moment, tables: &Tables) -> Vec<String> {
    let has = |requirement: &Requirement, count: u32| {
        if requirement.takes(ACCOUNT) {
            return claim.vehicle().is_some_and(|vehicle| claim.accounts.contains_key(vehicle));
        }
        let count = if requirement.per == Per::DamageLine { 1 } else { count };
        let accepted = claim.evidence.iter().filter(|accepted| requirement.takes(&accepted.kind)).count();
        accepted as u32 >= count
    };
    let required = required_papers(claim, incident, now, tables).into_iter();
    // An inspection by a surveyor stands in for photos of the customer.
    let waived = |requirement: &Requirement| claim.inspected && requirement.blocks == Step::Assess;
    required
        .filter(|(paper, count)| !waived(paper) && !has(paper, *count))
        .map(|(paper, _)| paper.code.clone())
        .collect()
}
