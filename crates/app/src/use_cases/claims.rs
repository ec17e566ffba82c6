//! What people do with a claim.

use books::Books;
use claim::command::Pick;
use claim::events::{BankAccount, ReopenCause, Service};
use claim::incident::{Incidents, PartyId};
use claim::state::Channel;
use claim::{Ask, Claim, Claims, Refusal};
use lexicon::{AccountId, ClaimId, Money, Private, Wgs84};
use rulebook::Team;
use rulebook::tables::Act;

use super::money::is_owed_still;
use super::notice::subject_of;
use super::reconciliation::{found_of, is_explained};
use crate::access::Relation;
use crate::app::App;
use crate::decisions::Beside;
use crate::failure::{Failure, Refused};
use crate::principal::{Principal, Request, authority_of};
use crate::streams::Loaded;

/// The template of the message that leads to the notice of a refusal.
const REFUSAL_MESSAGE: &str = "message.declined";

/// Longest free text of a form, in characters.
const TEXT_MAX: usize = 2_000;

impl App {
    /// How `principal` stands to `claim`. A claim that does not exist is foreign to everybody.
    pub async fn relation(&self, principal: &Principal, claim: &ClaimId) -> Result<Relation, Failure> {
        let Some(account) = &principal.account else { return Ok(Relation::Foreign) };
        let loaded = self.streams().load::<Claims>(claim).await?;
        Ok(if loaded.state.is_followed_by(account) { Relation::Own } else { Relation::Foreign })
    }

    /// Asks `ask` of `claim`.
    async fn ask(
        &self,
        request: &Request,
        claim: &ClaimId,
        ask: impl Fn(&Claim) -> Ask,
    ) -> Result<(), Failure> {
        self.run::<Claims, _, _>(request, claim, None, |loaded| {
            Ok((vec![self.command(request, ask(&loaded.state))], ()))
        })
        .await
    }

    /// Asks something that needs the accident; the accident is held at the version that was read.
    pub(crate) async fn ask_on_incident(
        &self,
        request: &Request,
        claim: &ClaimId,
        ask: impl Fn(&Claim, &Loaded<Incidents>) -> Result<Ask, Failure>,
    ) -> Result<(), Failure> {
        self.run_beside::<Claims, Incidents, _, _>(request, claim, None, |known, incident| {
            Ok((vec![self.command(request, ask(&known.state, incident)?)], ()))
        })
        .await
    }

    /// The accident of `claim`.
    pub(crate) async fn incident_of(&self, claim: &ClaimId) -> Result<Loaded<Incidents>, Failure> {
        let loaded = self.streams().load::<Claims>(claim).await?;
        self.streams().load::<Incidents>(Incidents::id(claim, &loaded.state)?).await
    }

    /// `text` sealed for `claim`; `None` when it is blank.
    pub(crate) fn seal_text(
        &self,
        claim: &ClaimId,
        text: &str,
        field: &'static str,
    ) -> Result<Option<Private<String>>, Failure> {
        let text = text.trim();
        if text.chars().count() > TEXT_MAX {
            return Err(Refused::new("form.refused.too-long").at(field).with("max", TEXT_MAX).into());
        }
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(Private::seal(self.vault(), &subject_of(claim)?, &text.to_owned())?))
    }

    fn needed_text(
        &self,
        claim: &ClaimId,
        text: &str,
        field: &'static str,
    ) -> Result<Private<String>, Failure> {
        self.seal_text(claim, text, field)?.ok_or_else(|| Refused::new("form.refused.empty").at(field).into())
    }

    /// The customer picks damage on the drawing.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn propose_damage(
        &self,
        request: &Request,
        claim: &ClaimId,
        picks: Vec<Pick>,
    ) -> Result<(), Failure> {
        self.ask_on_incident(request, claim, |_, incident| {
            Ok(Ask::ProposeDamage { picks: picks.clone(), incident: incident.state.clone() })
        })
        .await
    }

    /// A surveyor records an inspection.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn inspect(
        &self,
        request: &Request,
        claim: &ClaimId,
        findings: &str,
        position: Option<Wgs84>,
    ) -> Result<(), Failure> {
        let findings = self.needed_text(claim, findings, "findings")?;
        let subject = subject_of(claim)?;
        let position =
            position.map(|position| Private::seal(self.vault(), &subject, &position)).transpose()?;
        self.ask(request, claim, |_| Ask::Inspect { findings: findings.clone(), position: position.clone() })
            .await
    }

    /// A member of staff puts a vehicle's damage at an amount.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn assess(
        &self,
        request: &Request,
        claim: &ClaimId,
        vehicle: PartyId,
        picks: Vec<Pick>,
        total_loss: Option<(Money, Money)>,
        rescue: Money,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Assess);
        self.ask_on_incident(request, claim, |_, incident| {
            if incident.state.vehicle(&vehicle).is_none() {
                return Err(Refusal::NoSuchVehicle.into());
            }
            Ok(Ask::Assess {
                vehicle: vehicle.clone(),
                picks: picks.clone(),
                total_loss,
                rescue,
                limit,
                incident: incident.state.clone(),
            })
        })
        .await
    }

    /// A second assessor confirms what the first put forward under `number`.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn confirm_assessment(
        &self,
        request: &Request,
        claim: &ClaimId,
        number: u32,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Assess);
        self.ask(request, claim, |_| Ask::ConfirmAssessment { number, limit }).await
    }

    /// Sends back what the first assessor put forward under `number`.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn return_assessment(
        &self,
        request: &Request,
        claim: &ClaimId,
        number: u32,
        reason: &str,
    ) -> Result<(), Failure> {
        let reason = self.needed_text(claim, reason, "reason")?;
        self.ask(request, claim, |_| Ask::ReturnAssessment { number, reason: reason.clone() }).await
    }

    /// Computes what is owed again, on what is known now.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn adjudicate(&self, request: &Request, claim: &ClaimId) -> Result<(), Failure> {
        self.ask_on_incident(request, claim, |_, incident| {
            Ok(Ask::Adjudicate { incident: incident.state.clone(), incident_version: incident.version })
        })
        .await
    }

    /// A person agrees to the reserve that the adjudication of that number asks for.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn agree_reserve(
        &self,
        request: &Request,
        claim: &ClaimId,
        adjudication: u32,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Reserve);
        self.ask(request, claim, |_| Ask::AgreeReserve { adjudication, limit }).await
    }

    /// A person approves the adjudication of that number, as they saw it.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn approve(
        &self,
        request: &Request,
        claim: &ClaimId,
        adjudication: u32,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Approve);
        let four_eyes_above = self.four_eyes_above(Act::Approve);
        let ask = Ask::Approve { adjudication, limit, four_eyes_above };
        match self.ask(request, claim, |_| ask.clone()).await {
            // Where it is the figures that moved, that is what the person is told.
            Err(Failure::Conflict) => {
                let loaded = self.streams().load::<Claims>(claim).await?;
                let other = loaded.state.adjudicated.as_ref().filter(|last| last.number != adjudication);
                Err(other
                    .map_or(Failure::Conflict, |last| Refusal::OtherFigures { total: last.total }.into()))
            }
            done => done,
        }
    }

    /// A named person declines, on a clause and with a reason; above the four-eyes amount they propose to.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn decline(
        &self,
        request: &Request,
        claim: &ClaimId,
        clause: &str,
        reason: &str,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Decline);
        let four_eyes_above = self.four_eyes_above(Act::Decline);
        let reason = self.seal_text(claim, reason, "reason")?;
        self.ask(request, claim, |_| Ask::Decline {
            clause: clause.to_owned(),
            reason: reason.clone(),
            limit,
            four_eyes_above,
        })
        .await
    }

    /// A second person declines what was proposed under `refusal`.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn confirm_refusal(
        &self,
        request: &Request,
        claim: &ClaimId,
        refusal: u32,
    ) -> Result<(), Failure> {
        let limit = self.limit(&request.principal, Act::Decline);
        self.ask(request, claim, |_| Ask::ConfirmRefusal { refusal, limit }).await
    }

    /// Sends the proposal `refusal` back to who made it.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn return_refusal(
        &self,
        request: &Request,
        claim: &ClaimId,
        refusal: u32,
        reason: &str,
    ) -> Result<(), Failure> {
        let reason = self.needed_text(claim, reason, "reason")?;
        self.ask(request, claim, |_| Ask::ReturnRefusal { refusal, reason: reason.clone() }).await
    }

    /// Records that the notice of the refusal went out.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn serve_refusal(
        &self,
        request: &Request,
        claim: &ClaimId,
        way: Service,
    ) -> Result<(), Failure> {
        self.ask(request, claim, |_| Ask::ServeRefusal { way }).await
    }

    /// A message by `template` went out: that of a refusal serves its notice, where the customer may open it on the claim's page.
    pub(crate) async fn went_out(&self, claim: &ClaimId, template: &str) -> Result<(), Failure> {
        if template != REFUSAL_MESSAGE {
            return Ok(());
        }
        let state = self.streams().load::<Claims>(claim).await?.state;
        let notice = state.notice.as_ref().filter(|_| state.declined.is_some());
        if notice.is_some_and(|notice| notice.channel == Channel::Page && notice.account.is_some()) {
            self.serve_refusal(&Request::system(), claim, Service::Message).await?;
        }
        Ok(())
    }

    /// Passes the claim on to a team.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn refer(&self, request: &Request, claim: &ClaimId, team: Team) -> Result<(), Failure> {
        self.ask(request, claim, |_| Ask::Refer { team }).await
    }

    /// Chooses where `payee` is paid; the customer's own vehicle without one.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn choose_account(
        &self,
        request: &Request,
        claim: &ClaimId,
        payee: Option<PartyId>,
        account: &BankAccount,
    ) -> Result<(), Failure> {
        if account.name.trim().is_empty() {
            return Err(Refused::new("form.refused.empty").at("account_name").into());
        }
        let account = Private::seal(self.vault(), &subject_of(claim)?, account)?;
        self.ask_on_incident(request, claim, |known, incident| {
            let payee = payee.clone().or_else(|| known.vehicle().cloned()).ok_or(Failure::NotFound)?;
            Ok(Ask::ChooseAccount { payee, account: account.clone(), incident: incident.state.clone() })
        })
        .await
    }

    /// Closes the claim by hand.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn close(&self, request: &Request, claim: &ClaimId) -> Result<(), Failure> {
        self.ask_on_incident(request, claim, |known, incident| {
            Ok(Ask::Close { losses_unknown: unknown(known, incident), quietly: false })
        })
        .await
    }

    /// Takes the claim back.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn withdraw(&self, request: &Request, claim: &ClaimId) -> Result<(), Failure> {
        self.ask(request, claim, |_| Ask::Withdraw).await
    }

    /// Opens it again.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn reopen(
        &self,
        request: &Request,
        claim: &ClaimId,
        cause: ReopenCause,
        reason: &str,
    ) -> Result<(), Failure> {
        let reason = self.needed_text(claim, reason, "reason")?;
        self.ask(request, claim, |_| Ask::Reopen { cause, reason: reason.clone() }).await
    }

    /// The customer asks for a person, or disagrees: a claim that has ended is opened again.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn ask_person(&self, request: &Request, claim: &ClaimId, message: &str) -> Result<(), Failure> {
        let message = self.seal_text(claim, message, "message")?;
        let loaded = self.streams().load::<Claims>(claim).await?;
        if loaded.state.is_over() {
            let reason = message.ok_or_else(|| Refused::new("form.refused.empty").at("message"))?;
            return self
                .ask(request, claim, |_| Ask::Reopen { cause: ReopenCause::Dispute, reason: reason.clone() })
                .await;
        }
        self.ask(request, claim, |_| Ask::AskPerson { message: message.clone() }).await
    }

    /// The customer rates the handling.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn rate(
        &self,
        request: &Request,
        claim: &ClaimId,
        stars: u8,
        comment: &str,
    ) -> Result<(), Failure> {
        let comment = self.seal_text(claim, comment, "comment")?;
        self.ask(request, claim, |_| Ask::Rate { stars, comment: comment.clone() }).await
    }

    /// A member of staff writes a note.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn add_note(&self, request: &Request, claim: &ClaimId, text: &str) -> Result<(), Failure> {
        let text = self.needed_text(claim, text, "text")?;
        self.ask(request, claim, |_| Ask::AddNote { text: text.clone() }).await
    }

    /// Gives a task to a team, or to a person.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn assign(
        &self,
        request: &Request,
        claim: &ClaimId,
        task: u32,
        team: Team,
        to: Option<AccountId>,
    ) -> Result<(), Failure> {
        self.ask(request, claim, |_| Ask::AssignTask { task, team, to: to.clone() }).await
    }

    /// Finishes a task. One about a payment of which only the bank knew ends when somebody says what it was, and one about a payment
    /// that failed when it is made good.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn finish_task(&self, request: &Request, claim: &ClaimId, task: u32) -> Result<(), Failure> {
        self.run_beside::<Claims, Books, _, _>(request, claim, None, |known, books| {
            let open = known.state.tasks.get(&task).filter(|task| task.done_at.is_none());
            let found = open.and_then(found_of);
            if found.is_some_and(|found| !is_explained(&books.state, &found)) {
                return Err(Failure::refused("books.refused.found-undecided"));
            }
            if open.is_some_and(|open| is_owed_still(&known.state, &books.state, open)) {
                return Err(Failure::refused("books.refused.still-owed"));
            }
            Ok((vec![self.command(request, Ask::FinishTask { task })], ()))
        })
        .await
    }

    /// Above which amount `act` takes two people today.
    pub(crate) fn four_eyes_above(&self, act: Act) -> Money {
        self.tables().authority.four_eyes_above(act, self.tables().day(self.now()))
    }

    /// Up to what `principal` may do `act` today.
    pub fn limit(&self, principal: &Principal, act: Act) -> Option<Money> {
        let day = self.tables().day(self.now());
        self.tables().authority.limit(principal.roles.iter().map(|role| authority_of(*role)), act, day)
    }
}

/// Whether a loss that the policy of `claim` may owe for is not known.
pub(crate) fn unknown(claim: &Claim, incident: &Loaded<Incidents>) -> bool {
    claim.vehicle().is_some_and(|own| incident.state.losses_unknown(own))
}
