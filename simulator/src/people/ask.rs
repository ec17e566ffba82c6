//! What people ask of the product, as data: it can be sent again, by the same key, after any crash.

use app::{App, Failure, Notice, Receipt, Request};
use claim::Terms;
use claim::command::Pick;
use claim::events::{BankAccount, ReopenCause, Service};
use claim::incident::{FaultDetermined, LossStated, PartyId, Victim};
use lexicon::{ClaimId, Money, PaymentId, PolicyId};
use rulebook::Team;

use crate::ports::picture;

/// One request.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is the use case of its name, each field its parameter")]
pub enum Op {
    Notice(Box<Notice>),
    Evidence { claim: ClaimId, kind: String, file: u64 },
    Propose { claim: ClaimId, picks: Vec<Pick> },
    Account { claim: ClaimId, payee: Option<PartyId>, account: BankAccount },
    AskPerson { claim: ClaimId, message: String },
    Rate { claim: ClaimId, stars: u8, comment: String },
    Withdraw { claim: ClaimId },
    Inspect { claim: ClaimId, findings: String },
    Assess { claim: ClaimId, vehicle: PartyId, picks: Vec<Pick>, total_loss: Option<(Money, Money)> },
    ConfirmAssessment { claim: ClaimId, number: u32 },
    ReturnAssessment { claim: ClaimId, number: u32 },
    Approve { claim: ClaimId, adjudication: u32 },
    AgreeReserve { claim: ClaimId, adjudication: u32 },
    Decline { claim: ClaimId, clause: String },
    ConfirmRefusal { claim: ClaimId, refusal: u32 },
    ReturnRefusal { claim: ClaimId, refusal: u32 },
    ServeRefusal { claim: ClaimId },
    FinishTask { claim: ClaimId, task: u32 },
    Refer { claim: ClaimId, team: Team },
    Note { claim: ClaimId, text: String },
    Fault { claim: ClaimId, determined: FaultDetermined },
    Loss { claim: ClaimId, stated: LossStated },
    Waive { claim: ClaimId, vehicle: PartyId },
    Terms { claim: ClaimId, vehicle: PartyId, terms: Terms },
    Victim { claim: ClaimId, victim: Victim },
    SetPolicy { claim: ClaimId, policy: PolicyId },
    PayAgain { claim: ClaimId, payment: PaymentId },
    Admit { claim: ClaimId, reporter: u32 },
    TurnAway { claim: ClaimId, reporter: u32 },
    Reopen { claim: ClaimId, cause: ReopenCause },
    Receive { claim: ClaimId, receipt: Receipt },
}

impl Op {
    /// Its name.
    pub fn name(&self) -> String {
        let text = format!("{self:?}");
        text.chars().take_while(char::is_ascii_alphanumeric).collect()
    }

    /// The claim it is about; a notice is about none yet.
    pub fn claim(&self) -> Option<&ClaimId> {
        match self {
            Op::Notice(_) => None,
            Op::Evidence { claim, .. }
            | Op::Propose { claim, .. }
            | Op::Account { claim, .. }
            | Op::AskPerson { claim, .. }
            | Op::Rate { claim, .. }
            | Op::Withdraw { claim }
            | Op::Inspect { claim, .. }
            | Op::Assess { claim, .. }
            | Op::ConfirmAssessment { claim, .. }
            | Op::ReturnAssessment { claim, .. }
            | Op::Approve { claim, .. }
            | Op::AgreeReserve { claim, .. }
            | Op::Decline { claim, .. }
            | Op::ConfirmRefusal { claim, .. }
            | Op::ReturnRefusal { claim, .. }
            | Op::ServeRefusal { claim }
            | Op::FinishTask { claim, .. }
            | Op::Refer { claim, .. }
            | Op::Note { claim, .. }
            | Op::Fault { claim, .. }
            | Op::Loss { claim, .. }
            | Op::Waive { claim, .. }
            | Op::Terms { claim, .. }
            | Op::Victim { claim, .. }
            | Op::SetPolicy { claim, .. }
            | Op::PayAgain { claim, .. }
            | Op::Admit { claim, .. }
            | Op::TurnAway { claim, .. }
            | Op::Reopen { claim, .. }
            | Op::Receive { claim, .. } => Some(claim),
        }
    }

    /// The event of the claim that it leaves every time it is done, and never otherwise: what can be counted.
    pub fn leaves(&self) -> Option<&'static str> {
        match self {
            Op::Notice(_) => Some("Notified"),
            Op::Evidence { .. } => Some("EvidenceAccepted"),
            Op::Note { .. } => Some("NoteAdded"),
            Op::Inspect { .. } => Some("Inspected"),
            Op::Rate { .. } => Some("Rated"),
            Op::Withdraw { .. } => Some("Withdrawn"),
            _ => None,
        }
    }

    /// The plain text in it that nobody may find anywhere unsealed.
    pub fn secrets(&self) -> Vec<String> {
        match self {
            Op::Notice(notice) => {
                let account = notice.account.iter().map(|account| account.number.clone());
                let contact = [notice.contact.phone.clone(), notice.story.clone(), notice.place.clone()];
                contact.into_iter().chain(account).collect()
            }
            Op::Account { account, .. } => vec![account.number.clone()],
            Op::AskPerson { message: text, .. }
            | Op::Note { text, .. }
            | Op::Inspect { findings: text, .. }
            | Op::Rate { comment: text, .. } => vec![text.clone()],
            _ => vec![],
        }
    }

    /// Asks it; what comes back is the answer as text.
    pub async fn perform(&self, app: &App, request: &Request) -> Result<String, Failure> {
        let done = |()| "done".to_owned();
        match self {
            Op::Notice(notice) => app
                .take_notice(request, (**notice).clone())
                .await
                .map(|taken| format!("{} {}", if taken.joined { "joined" } else { "new" }, taken.claim)),
            Op::Evidence { claim, kind, file } => {
                let accepted = app.add_evidence(request, claim, kind, None, picture(*file)).await;
                accepted.map(|accepted| accepted.evidence.to_string())
            }
            Op::Admit { claim, reporter } => {
                let admitted = app.admit_reporter(request, claim, *reporter).await;
                admitted.map(|admitted| admitted.account.to_string())
            }
            Op::Propose { claim, picks } => app.propose_damage(request, claim, picks.clone()).await.map(done),
            Op::Account { claim, payee, account } => {
                app.choose_account(request, claim, payee.clone(), account).await.map(done)
            }
            Op::AskPerson { claim, message } => app.ask_person(request, claim, message).await.map(done),
            Op::Rate { claim, stars, comment } => app.rate(request, claim, *stars, comment).await.map(done),
            Op::Withdraw { claim } => app.withdraw(request, claim).await.map(done),
            _ => self.perform_work(app, request).await.map(done),
        }
    }

    /// What staff ask.
    async fn perform_work(&self, app: &App, request: &Request) -> Result<(), Failure> {
        match self {
            Op::Inspect { claim, findings } => app.inspect(request, claim, findings, None).await,
            Op::Assess { claim, vehicle, picks, total_loss } => {
                app.assess(request, claim, vehicle.clone(), picks.clone(), *total_loss, Money::ZERO).await
            }
            Op::ConfirmAssessment { claim, number } => app.confirm_assessment(request, claim, *number).await,
            Op::ReturnAssessment { claim, number } => {
                app.return_assessment(request, claim, *number, "照片与清单不符").await
            }
            Op::Approve { claim, adjudication } => app.approve(request, claim, *adjudication).await,
            Op::AgreeReserve { claim, adjudication } => {
                app.agree_reserve(request, claim, *adjudication).await
            }
            Op::Decline { claim, clause } => app.decline(request, claim, clause, "不属于保险责任").await,
            Op::ConfirmRefusal { claim, refusal } => app.confirm_refusal(request, claim, *refusal).await,
            Op::ReturnRefusal { claim, refusal } => {
                app.return_refusal(request, claim, *refusal, "理由不充分").await
            }
            Op::ServeRefusal { claim } => app.serve_refusal(request, claim, Service::Post).await,
            Op::FinishTask { claim, task } => app.finish_task(request, claim, *task).await,
            Op::Refer { claim, team } => app.refer(request, claim, *team).await,
            Op::Note { claim, text } => app.add_note(request, claim, text).await,
            Op::Fault { claim, determined } => app.determine_fault(request, claim, determined.clone()).await,
            Op::Loss { claim, stated } => app.state_loss(request, claim, stated.clone()).await,
            Op::Waive { claim, vehicle } => app.waive_loss(request, claim, vehicle.clone()).await,
            Op::Terms { claim, vehicle, terms } => {
                app.state_terms(request, claim, vehicle.clone(), terms.clone()).await
            }
            Op::Victim { claim, victim } => app.state_victim(request, claim, victim.clone()).await,
            Op::SetPolicy { claim, policy } => app.set_policy(request, claim, policy).await,
            Op::PayAgain { claim, payment } => app.pay_again(request, claim, payment).await,
            Op::TurnAway { claim, reporter } => app.turn_away_reporter(request, claim, *reporter).await,
            Op::Reopen { claim, cause } => app.reopen(request, claim, *cause, "有新的情况").await,
            Op::Receive { claim, receipt } => app.receive_recovery(request, claim, receipt).await,
            // What customers ask has an answer of its own.
            _ => Ok(()),
        }
    }
}
