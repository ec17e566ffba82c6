//! What people say of a payment of which only the bank knew.

use std::collections::BTreeSet;

use books::{Books, Command, Meaning};
use claim::incident::{Incident, PartyId};
use claim::{Ask, Claim, Claims, exposure_id};
use coverage::{Bucket, Cover};
use lexicon::{ClaimId, ExposureId, PaymentId};
use rulebook::tables::Act;

use super::reconciliation::{found_in, is_about_found};
use crate::app::App;
use crate::decisions::again;
use crate::failure::{Failure, Refused};
use crate::principal::Request;
use crate::streams::Unit;

/// So many more approvals than the books know may have been given before they were lost.
const LOST_APPROVALS: u32 = 10;
/// So many payments of one approval may have ended before the one that was made.
const LOST_ATTEMPTS: u32 = 4;

/// What somebody says that such a payment was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundWas {
    /// It paid what an exposure is owed.
    Paid {
        /// The exposure; not needed where there is only one choice.
        exposure: Option<ExposureId>,
    },
    /// It paid nothing on this claim.
    SetAside {
        /// Why.
        reason: String,
    },
}

impl App {
    /// Somebody says what a payment was of which only the bank knew, and so ends its task. What it paid counts from then on like any
    /// other payment; what it did not pay may be ordered. Above the amount from which payments take two, another person must say the
    /// same first.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim, %payment))]
    pub async fn explain_found(
        &self,
        request: &Request,
        claim: &ClaimId,
        payment: &PaymentId,
        was: &FoundWas,
    ) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            match self.try_explain(request, claim, payment, was).await {
                Err(failure) if again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    async fn try_explain(
        &self,
        request: &Request,
        claim: &ClaimId,
        payment: &PaymentId,
        was: &FoundWas,
    ) -> Result<(), Failure> {
        let incident = self.incident_of(claim).await?;
        let own = self.streams().load::<Claims>(claim).await?;
        let books = self.streams().load::<Books>(claim).await?;
        let found = found_in(&own.state).find(|found| found.payment == *payment);
        let found = found.ok_or(Failure::NotFound)?;
        let meaning = match was {
            FoundWas::Paid { exposure } => {
                let choices = choices(claim, &own.state, &books.state, &incident.state, payment);
                paid(&choices, exposure.as_ref())?
            }
            FoundWas::SetAside { reason } => {
                let reason = self.seal_text(claim, reason, "reason")?;
                let reason = reason.ok_or_else(|| Refused::new("form.refused.empty").at("reason"))?;
                Meaning::SetAside { reason }
            }
        };
        let alone = found.amount <= self.four_eyes_above(Act::Pay);
        let state = Command::StateFound { found, meaning, by: request.principal.actor(), alone };
        let mut unit = Unit::new(self.streams());
        let decided = unit.decide(&books, [state]).map_err(Failure::from).and_then(|books| {
            let about = |task: &claim::state::Task| {
                let named = task.details.get("payment").is_some_and(|named| named == payment.as_str());
                named && is_about_found(task.kind, &task.details) && books.explained(payment).is_some()
            };
            let open = own.state.open_tasks().filter(|(_, task)| about(task));
            let finish = open.map(|(task, _)| self.command(request, Ask::FinishTask { task }));
            unit.decide(&own, finish.collect::<Vec<_>>())?;
            Ok(())
        });
        self.conclude(request, unit, decided, None).await
    }
}

/// The meaning of "it paid": the exposure that was named, or the only one that it can be.
fn paid(choices: &[ExposureId], named: Option<&ExposureId>) -> Result<Meaning, Failure> {
    let exposure = match (named, choices) {
        (Some(named), choices) if choices.contains(named) => named,
        (None, [only]) => only,
        _ => return Err(Refused::new("books.refused.found-exposure").at("exposure").into()),
    };
    let payee = exposure.as_str().split('.').nth(2).unwrap_or_default().to_owned();
    Ok(Meaning::Paid { exposure: exposure.clone(), payee })
}

/// What a payment of which only the bank knew can have paid. Its reference is derived from its exposure: where it is that of one,
/// it is that one alone; otherwise whatever the claim owes or may owe.
pub(crate) fn choices(
    id: &ClaimId,
    claim: &Claim,
    books: &Books,
    incident: &Incident,
    payment: &PaymentId,
) -> Vec<ExposureId> {
    if let Some(known) = books.payment(payment) {
        return vec![known.exposure.clone()];
    }
    let approved = claim.approvals.iter().flat_map(|approved| &approved.owed);
    let owed = claim.adjudicated.iter().flat_map(|last| &last.owed).chain(approved);
    let known: BTreeSet<ExposureId> =
        books.exposures().cloned().chain(owed.map(|owed| owed.exposure.clone())).collect();
    let possible = possible(incident);
    let approvals = claim.approvals.len() as u32 + LOST_APPROVALS;
    let is_of = |exposure: &&ExposureId| {
        let mut names = (1..=approvals).flat_map(|approval| {
            (0..=LOST_ATTEMPTS).map(move |ended| books::payment_id(id, exposure, approval, ended))
        });
        names.any(|name| name == *payment)
    };
    match known.iter().chain(&possible).find(is_of) {
        Some(exposure) => vec![exposure.clone()],
        None if known.is_empty() => possible,
        None => known.into_iter().collect(),
    }
}

/// Every exposure that an accident can give rise to.
fn possible(incident: &Incident) -> Vec<ExposureId> {
    let vehicles: Vec<&PartyId> = incident.vehicles.iter().map(|vehicle| &vehicle.id).collect();
    let victims: Vec<&PartyId> = incident.victims.iter().map(|victim| &victim.id).collect();
    let bodily = [Bucket::Medical, Bucket::DeathDisability, Bucket::Property].map(Bucket::word);
    let mut exposures = vec![];
    for payer in &vehicles {
        let mut add = |cover: Cover, payee: &PartyId, bucket: &str| {
            exposures.push(exposure_id(cover.word(), payer, payee, bucket));
        };
        for cover in [Cover::OwnDamage, Cover::Rescue] {
            add(cover, payer, Bucket::Property.word());
        }
        for cover in [Cover::Compulsory, Cover::ThirdParty] {
            // By agreement a vehicle's own compulsory cover pays its own damage.
            let owed = vehicles.iter().filter(|payee| cover == Cover::Compulsory || *payee != payer);
            owed.for_each(|payee| add(cover, payee, Bucket::Property.word()));
            victims.iter().for_each(|payee| bodily.iter().for_each(|bucket| add(cover, payee, bucket)));
        }
        for cover in [Cover::Driver, Cover::Passengers] {
            victims.iter().for_each(|payee| add(cover, payee, "all"));
        }
    }
    exposures
}
