//! Facts of the accident that staff take down: they hold for every claim on it.

use claim::Claims;
use claim::Terms;
use claim::events::PolicyMatched;
use claim::incident::{
    Ask, CircumstancesCorrected, Command, FaultDetermined, Incidents, LossStated, PartyId, TermsStated,
    TotalLoss, Victim,
};
use lexicon::{ClaimId, Money, Plate, PolicyId, Private};
use rulebook::PolicyFact;

use super::notice::{subject_of, terms_of};
use crate::app::App;
use crate::decisions::again;
use crate::failure::{Failure, Refused};
use crate::principal::Request;
use crate::streams::Unit;

impl App {
    async fn ask_incident(&self, request: &Request, claim: &ClaimId, ask: Ask) -> Result<(), Failure> {
        let incident = self.incident_of(claim).await?;
        let id = incident.stream.id().to_owned();
        // What the person saw was the claim; the accident may have moved on with another claim.
        let request = request.unversioned();
        self.run::<Incidents, _, _>(&request, &id, None, |_| Ok((vec![Command { ask: ask.clone() }], ())))
            .await
    }

    /// Determines the shares of fault.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn determine_fault(
        &self,
        request: &Request,
        claim: &ClaimId,
        determined: FaultDetermined,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::DetermineFault(determined)).await
    }

    /// States a vehicle's loss.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn state_loss(
        &self,
        request: &Request,
        claim: &ClaimId,
        stated: LossStated,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::StateLoss(stated)).await
    }

    /// A vehicle's side claims nothing from us.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn waive_loss(
        &self,
        request: &Request,
        claim: &ClaimId,
        vehicle: PartyId,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::WaiveLoss(vehicle)).await
    }

    /// States what a person or outside property lost; a new one without an id.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn state_victim(
        &self,
        request: &Request,
        claim: &ClaimId,
        victim: Victim,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::StateVictim(victim)).await
    }

    /// States the covers of a vehicle that is insured elsewhere. Those of our own policies come from the register alone.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn state_terms(
        &self,
        request: &Request,
        claim: &ClaimId,
        vehicle: PartyId,
        terms: Terms,
    ) -> Result<(), Failure> {
        let incident = self.incident_of(claim).await?;
        let known = incident.state.vehicle(&vehicle).and_then(|vehicle| vehicle.terms.as_ref());
        if known.is_some_and(|terms| terms.policy.is_some()) {
            return Err(Refused::new("incident.refused.own-policy").at("vehicle").into());
        }
        let terms = Terms { policy: None, ..terms };
        self.ask_incident(request, claim, Ask::StateTerms(TermsStated { vehicle, terms })).await
    }

    /// All sides agree on mutual self-claim, or take it back.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn agree_self_claim(
        &self,
        request: &Request,
        claim: &ClaimId,
        agreed: bool,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::AgreeSelfClaim(agreed)).await
    }

    /// Corrects what was told.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn correct(
        &self,
        request: &Request,
        claim: &ClaimId,
        corrected: CircumstancesCorrected,
    ) -> Result<(), Failure> {
        self.ask_incident(request, claim, Ask::Correct(corrected)).await
    }

    /// Adds a vehicle that turned out to have been in the accident.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn add_vehicle(
        &self,
        request: &Request,
        claim: &ClaimId,
        plate: Option<&Plate>,
    ) -> Result<(), Failure> {
        let subject = subject_of(claim)?;
        let sealed = plate
            .map(|plate| Private::seal(self.vault(), &subject, &plate.as_str().to_owned()))
            .transpose()?;
        let plate_hash = plate.map(|plate| register::plate_key(self.vault(), plate));
        self.ask_incident(request, claim, Ask::AddVehicle { plate: sealed, plate_hash }).await
    }

    /// Sets the policy by hand, when the register's own search found none or the wrong one.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn set_policy(
        &self,
        request: &Request,
        claim: &ClaimId,
        policy: &PolicyId,
    ) -> Result<(), Failure> {
        let loaded = self.streams().load::<register::Policy>(policy).await?;
        if loaded.state.id().is_none() {
            return Err(Refused::new("register.refused.not-registered").at("policy").into());
        }
        let mut tries = 0;
        loop {
            let incident = self.incident_of(claim).await?;
            let known = self.streams().load::<Claims>(claim).await?;
            let occurred_at = incident.state.occurred_at.ok_or(Failure::NotFound)?;
            let own = known.state.vehicle().cloned().ok_or(Failure::NotFound)?;
            if request.expected_version.is_some_and(|expected| expected != known.version) {
                return self.answered(request).await?.ok_or(Failure::Conflict);
            }
            // What the accident is told and what the claim is told are recorded together, or not at all.
            let mut unit = Unit::new(self.streams());
            let (fact, class) = match loaded.state.at(occurred_at) {
                Some(content) => {
                    let terms = terms_of(policy.clone(), content);
                    let ask = Ask::StateTerms(TermsStated { vehicle: own, terms });
                    unit.decide(&incident, [Command { ask }])?;
                    let days = occurred_at.seconds_since(content.starts_at) / 86_400;
                    (PolicyFact::InForce { days }, content.vehicle.class.clone())
                }
                None => (PolicyFact::NotInForce, String::new()),
            };
            let matched = PolicyMatched { policy: Some(policy.clone()), fact, class };
            let command = self.command(request, claim::Ask::MatchPolicy(matched));
            let decided = unit.decide(&known, [command]).map(|_| ()).map_err(Failure::from);
            match self.conclude(request, unit, decided, None).await {
                Err(failure) if request.expected_version.is_none() && again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    /// The loss that an assessment states: what every claim on the accident stands on.
    pub(crate) fn loss_of(assessed: &claim::events::Assessed) -> LossStated {
        LossStated {
            vehicle: assessed.vehicle.clone(),
            repair: assessed.total,
            total_loss: assessed
                .total_loss
                .map(|(actual_value, salvage_kept)| TotalLoss { actual_value, salvage_kept }),
            rescue: assessed.rescue,
            third_party_received: Money::ZERO,
            source: assessed.source,
        }
    }
}
