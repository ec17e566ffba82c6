//! Payments that arrive, and the ends of a claim.

use lexicon::{ExposureId, Money, PaymentId, Private};
use rulebook::Team;

use super::Draft;
use crate::events::{
    Closed, NoteAdded, Paid, PersonAsked, Rated, ReopenCause, Reopened, Returned, Withdrawn,
};
use crate::refusal::Refusal;
use crate::state::{Stage, Task, TaskKind};

impl Draft {
    pub(super) fn record_payment(
        &mut self,
        payment: PaymentId,
        exposure: ExposureId,
        amount: Money,
        losses_unknown: bool,
    ) {
        if self.claim.payments.contains(&payment) {
            return;
        }
        self.fact(Paid { payment: payment.clone(), exposure, amount, at: self.at });
        let this = |task: &Task| task.details.get("payment").is_none_or(|named| named == payment.as_str());
        self.finish_where(|task| task.kind == TaskKind::FixPayment && this(task));
        self.close_if_done(losses_unknown);
    }

    pub(super) fn record_return(&mut self, exposure: ExposureId, total: Money) {
        let amount = total.less(self.claim.returned(&exposure));
        if !amount.is_zero() {
            self.fact(Returned { exposure, amount, at: self.at });
        }
    }

    pub(super) fn close(&mut self, losses_unknown: bool, quietly: bool) -> Result<(), Refusal> {
        if self.close_if_done(losses_unknown) || quietly { Ok(()) } else { Err(Refusal::StillOpen) }
    }

    /// A claim closes when everything owed is approved and has arrived, every loss is known, and nobody has anything to do.
    pub(super) fn close_if_done(&mut self, losses_unknown: bool) -> bool {
        if self.claim.stage != Stage::Paying
            || losses_unknown
            || !self.claim.is_approved()
            || !self.claim.is_paid()
        {
            return false;
        }
        self.finish(TaskKind::OtherSide);
        self.finish(TaskKind::Contact);
        self.finish(TaskKind::TakeNote);
        if self.claim.open_tasks().next().is_some() {
            return false;
        }
        self.fact(Closed { paid: self.claim.paid_total(), at: self.at });
        true
    }

    pub(super) fn withdraw(&mut self) -> Result<(), Refusal> {
        if !self.claim.approvals.is_empty() {
            return Err(Refusal::AlreadyPaid);
        }
        self.fact(Withdrawn { by: self.by.clone(), at: self.at });
        self.finish_all();
        Ok(())
    }

    pub(super) fn reopen(&mut self, cause: ReopenCause, reason: Private<String>) -> Result<(), Refusal> {
        // More damage may come up while the first payment is under way.
        let paying = cause == ReopenCause::Supplement && self.claim.stage == Stage::Paying;
        if !self.claim.is_over() && !paying {
            return Err(Refusal::NotOver);
        }
        self.fact(Reopened { cause, reason, by: self.by.clone(), at: self.at });
        match (self.claim.stage, cause) {
            (Stage::Inspecting, _) => self.open_task(TaskKind::Inspect, Team::Survey),
            (Stage::Adjudicating, ReopenCause::Dispute | ReopenCause::Correction) => {
                self.open_task(TaskKind::Adjudicate, Team::Approval)
            }
            _ => self.open_task(TaskKind::Assess, Team::Assessment),
        }
        if !self.claim.first_assessments.is_empty() {
            // It waited for the second assessor when the claim ended.
            self.open_task(TaskKind::ConfirmAssessment, Team::Assessment);
        }
        Ok(())
    }

    pub(super) fn ask_person(&mut self, message: Option<Private<String>>) {
        if self.claim.person_asked && message.is_none() {
            return;
        }
        self.fact(PersonAsked { message, at: self.at });
        self.open_task(TaskKind::Answer, Team::ServiceDesk);
    }

    pub(super) fn rate(&mut self, stars: u8, comment: Option<Private<String>>) -> Result<(), Refusal> {
        if !self.claim.is_over() {
            return Err(Refusal::NotOver);
        }
        if !(1..=5).contains(&stars) {
            return Err(Refusal::BadStars);
        }
        if self.claim.stars.is_some() {
            return Err(Refusal::AlreadyRated);
        }
        self.fact(Rated { stars, comment, at: self.at });
        Ok(())
    }

    pub(super) fn add_note(&mut self, text: Private<String>) {
        self.fact(NoteAdded { text, by: self.by.clone(), at: self.at });
    }
}
