//! What may be asked of an incident.

use lexicon::{ClaimId, KeyedHash, Money, Private, Ratio};

use super::{
    CircumstancesCorrected, ClaimAttached, Event, FaultDetermined, Incident, IncidentReported, LossStated,
    LossWaived, PartyId, Refusal, Seat, SelfClaimAgreed, TermsStated, VehicleAdded, VehicleLoss, VehicleTold,
    Victim, VictimStated,
};

/// At most so many vehicles, and as many people, in one accident.
const PARTIES_MAX: usize = 50;

/// What may be asked. A command that would change nothing is answered with no event.
#[derive(Clone, Debug)]
pub struct Command {
    /// What.
    pub ask: Ask,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Report it.
    Report(IncidentReported),
    /// Attach a claim to a vehicle.
    Attach(ClaimAttached),
    /// Add a vehicle.
    AddVehicle {
        /// Its plate.
        plate: Option<Private<String>>,
        /// Keyed hash of its plate.
        plate_hash: Option<KeyedHash>,
    },
    /// Correct what was told.
    Correct(CircumstancesCorrected),
    /// State a vehicle's covers.
    StateTerms(TermsStated),
    /// Determine the shares of fault.
    DetermineFault(FaultDetermined),
    /// State a vehicle's loss.
    StateLoss(LossStated),
    /// A vehicle's side claims nothing.
    WaiveLoss(PartyId),
    /// State what a person or outside property lost.
    StateVictim(Victim),
    /// Agree on mutual self-claim, or take it back.
    AgreeSelfClaim(bool),
}

pub(crate) fn decide(incident: &Incident, command: Command) -> Result<Vec<Event>, Refusal> {
    match (incident.occurred_at, &command.ask) {
        (None, Ask::Report(_)) => {}
        (None, _) => return Err(Refusal::NotReported),
        (Some(_), Ask::Report(_)) => return Err(Refusal::AlreadyReported),
        (Some(_), _) => {}
    }
    let event = match command.ask {
        Ask::Report(reported) if reported.vehicles.len() > PARTIES_MAX => {
            return Err(Refusal::TooManyParties);
        }
        Ask::Report(reported) => {
            let mut told = reported.vehicles.iter().enumerate();
            if !told.all(|(index, vehicle)| vehicle.id == PartyId::vehicle(index)) {
                return Err(Refusal::BadParty);
            }
            Some(reported.into())
        }
        Ask::Attach(attached) => attach(incident, attached.vehicle, attached.claim)?,
        Ask::AddVehicle { .. } if incident.vehicles.len() >= PARTIES_MAX => {
            return Err(Refusal::TooManyParties);
        }
        Ask::AddVehicle { plate, plate_hash } => {
            let id = PartyId::vehicle(incident.vehicles.len());
            Some(VehicleAdded { vehicle: VehicleTold { id, plate, plate_hash } }.into())
        }
        Ask::Correct(corrected) => correct(incident, corrected),
        Ask::StateTerms(stated) => {
            let vehicle = incident.vehicle(&stated.vehicle).ok_or(Refusal::NoSuchVehicle)?;
            (vehicle.terms.as_ref() != Some(&stated.terms)).then(|| stated.into())
        }
        Ask::DetermineFault(determined) => determine_fault(incident, determined)?,
        Ask::StateLoss(stated) => state_loss(incident, stated)?,
        Ask::WaiveLoss(vehicle) => {
            let known = incident.vehicle(&vehicle).ok_or(Refusal::NoSuchVehicle)?;
            (known.loss != VehicleLoss::Waived).then(|| LossWaived { vehicle }.into())
        }
        Ask::StateVictim(victim) => state_victim(incident, victim)?,
        Ask::AgreeSelfClaim(agreed) => {
            (incident.self_claim_agreed != agreed).then(|| SelfClaimAgreed { agreed }.into())
        }
    };
    Ok(event.into_iter().collect())
}

fn attach(incident: &Incident, vehicle: PartyId, claim: ClaimId) -> Result<Option<Event>, Refusal> {
    incident.vehicle(&vehicle).ok_or(Refusal::NoSuchVehicle)?;
    match incident.claims.get(&vehicle) {
        Some(known) if *known == claim => Ok(None),
        Some(_) => Err(Refusal::VehicleHasClaim),
        None => Ok(Some(ClaimAttached { claim, vehicle }.into())),
    }
}

fn correct(incident: &Incident, corrected: CircumstancesCorrected) -> Option<Event> {
    let changes = corrected.occurred_at.is_some_and(|at| incident.occurred_at != Some(at))
        || corrected.cause.is_some_and(|cause| incident.cause != Some(cause))
        || corrected.injury.is_some_and(|injury| incident.injury != injury)
        || corrected.other_property.is_some_and(|property| incident.other_property != property);
    changes.then(|| corrected.into())
}

fn determine_fault(incident: &Incident, determined: FaultDetermined) -> Result<Option<Event>, Refusal> {
    if determined.shares.keys().any(|vehicle| incident.vehicle(vehicle).is_none()) {
        return Err(Refusal::NoSuchVehicle);
    }
    let after: Vec<Ratio> = incident
        .vehicles
        .iter()
        .filter_map(|vehicle| determined.shares.get(&vehicle.id).copied().or(vehicle.fault))
        .collect();
    if !after.iter().all(|share| share.is_share()) || !sums_to_one_at_most(&after) {
        return Err(Refusal::BadShares);
    }
    let same = determined
        .shares
        .iter()
        .all(|(id, share)| incident.vehicle(id).and_then(|vehicle| vehicle.fault) == Some(*share));
    Ok((!same || incident.fault_source != Some(determined.source)).then(|| determined.into()))
}

/// Shares have few digits: the common denominator of fifty of them stays far inside `i128` or is refused.
fn sums_to_one_at_most(shares: &[Ratio]) -> bool {
    let sum = shares.iter().try_fold((0i128, 1i128), |(above, below), share| {
        let (a, b) = (i128::from(share.numerator()), i128::from(share.denominator()));
        if below % b == 0 {
            return Some((above.checked_add(a.checked_mul(below / b)?)?, below));
        }
        Some((above.checked_mul(b)?.checked_add(a.checked_mul(below)?)?, below.checked_mul(b)?))
    });
    sum.is_some_and(|(above, below)| above <= below)
}

fn state_loss(incident: &Incident, stated: LossStated) -> Result<Option<Event>, Refusal> {
    let vehicle = incident.vehicle(&stated.vehicle).ok_or(Refusal::NoSuchVehicle)?;
    let mut amounts = vec![stated.repair, stated.rescue, stated.third_party_received];
    if let Some(total) = &stated.total_loss {
        amounts.extend([total.actual_value, total.salvage_kept]);
    }
    if amounts.iter().any(|amount| amount.is_negative()) {
        return Err(Refusal::NegativeAmount);
    }
    if stated.total_loss.as_ref().is_some_and(|total| total.actual_value.is_zero()) {
        return Err(Refusal::NoActualValue);
    }
    Ok((vehicle.loss != VehicleLoss::Stated(stated.clone())).then(|| stated.into()))
}

fn state_victim(incident: &Incident, victim: Victim) -> Result<Option<Event>, Refusal> {
    if let Some((vehicle, _)) = &victim.seat {
        incident.vehicle(vehicle).ok_or(Refusal::NoSuchVehicle)?;
    }
    let known = incident.victims.iter().find(|known| known.id == victim.id);
    if known.is_none() && incident.victims.len() >= PARTIES_MAX {
        return Err(Refusal::TooManyParties);
    }
    if !victim.id.is_victim() {
        return Err(Refusal::BadParty);
    }
    let amounts =
        [victim.death_disability, victim.mental, victim.medical, victim.medical_outside, victim.property];
    if amounts.iter().any(|amount: &Money| amount.is_negative()) {
        return Err(Refusal::NegativeAmount);
    }
    if victim.mental > victim.death_disability || victim.medical_outside > victim.medical {
        return Err(Refusal::PartAboveWhole);
    }
    let drives = |other: &&Victim| other.id != victim.id && other.seat == victim.seat;
    if matches!(victim.seat, Some((_, Seat::Driver))) && incident.victims.iter().any(|other| drives(&other)) {
        return Err(Refusal::TwoDrivers);
    }
    Ok((known != Some(&victim)).then(|| VictimStated { victim }.into()))
}
