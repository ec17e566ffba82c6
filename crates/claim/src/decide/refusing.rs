//! Declining: by named people alone, on a clause, with a reason, and told in writing.

use journal::{Actor, ActorKind};
use lexicon::{Money, Private};
use rulebook::Team;

use super::Draft;
use crate::events::{Declined, RefusalProposed, RefusalReturned, RefusalServed, Service};
use crate::refusal::Refusal;
use crate::state::TaskKind;

impl Draft {
    pub(super) fn decline(
        &mut self,
        clause: String,
        reason: Option<Private<String>>,
        limit: Option<Money>,
        four_eyes_above: Money,
    ) -> Result<(), Refusal> {
        if self.claim.refusal_proposed.is_some() {
            return Err(Refusal::RefusalWaits);
        }
        let amount = self.at_stake();
        self.check_decliner(amount, limit)?;
        let clause = clause.trim().to_owned();
        if clause.is_empty() {
            return Err(Refusal::NoClause);
        }
        let reason = reason.ok_or(Refusal::NoReason)?;
        if !self.claim.approvals.is_empty() {
            return Err(Refusal::AlreadyPaid);
        }
        let by = self.by.clone();
        if amount > four_eyes_above {
            let refusal = self.claim.refusals_proposed + 1;
            self.fact(RefusalProposed { refusal, clause, reason, amount, by, at: self.at });
            self.finish_decision_tasks();
            self.open_task(TaskKind::ConfirmRefusal, Team::Approval);
        } else {
            self.refuse(clause, reason, amount, vec![by]);
        }
        Ok(())
    }

    pub(super) fn confirm_refusal(&mut self, refusal: u32, limit: Option<Money>) -> Result<(), Refusal> {
        let proposed = self.proposed_as_seen(refusal)?;
        let amount = self.at_stake().max(proposed.amount);
        self.check_decliner(amount, limit)?;
        if proposed.by == self.by {
            return Err(Refusal::SamePerson);
        }
        self.refuse(proposed.clause, proposed.reason, amount, vec![proposed.by, self.by.clone()]);
        Ok(())
    }

    pub(super) fn return_refusal(&mut self, refusal: u32, reason: Private<String>) -> Result<(), Refusal> {
        let proposed = self.proposed_as_seen(refusal)?;
        self.fact(RefusalReturned { refusal, reason, by: self.by.clone(), at: self.at });
        self.finish(TaskKind::ConfirmRefusal);
        self.give_back(TaskKind::Adjudicate, Team::Approval, &proposed.by);
        Ok(())
    }

    /// The notice of the refusal went out; only the first time counts.
    pub(super) fn serve_refusal(&mut self, way: Service) -> Result<(), Refusal> {
        if self.claim.declined.is_none() {
            return Err(Refusal::OutOfOrder);
        }
        if self.claim.refusal_served.is_none() {
            self.fact(RefusalServed { way, by: self.by.clone(), at: self.at });
            self.finish(TaskKind::ServeRefusal);
        }
        Ok(())
    }

    /// Only a named person declines, within their authority; a program or a rule never does.
    fn check_decliner(&self, amount: Money, limit: Option<Money>) -> Result<(), Refusal> {
        if self.by.kind != ActorKind::Staff {
            return Err(Refusal::NoAuthority);
        }
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if amount > limit { Err(Refusal::AboveAuthority { limit }) } else { Ok(()) }
    }

    fn proposed_as_seen(&self, refusal: u32) -> Result<RefusalProposed, Refusal> {
        let proposed = self.claim.refusal_proposed.as_deref().filter(|proposed| proposed.refusal == refusal);
        proposed.cloned().ok_or(Refusal::OtherRefusal)
    }

    fn refuse(&mut self, clause: String, reason: Private<String>, amount: Money, by: Vec<Actor>) {
        self.fact(Declined { clause, reason, amount, by, at: self.at });
        self.finish_all();
        self.open_task(TaskKind::ServeRefusal, Team::ServiceDesk);
    }

    /// What a refusal refuses: our customer's own damage or what was computed, whichever is more.
    fn at_stake(&self) -> Money {
        let claim = &self.claim;
        let own = claim.vehicle();
        let assessed = own.and_then(|own| claim.assessments.get(own)).map(|assessed| assessed.at_stake());
        let put = own.and_then(|own| claim.first_assessments.get(own));
        let put = put.map(|first| first.assessed.at_stake());
        let damage = assessed.max(put).or_else(|| claim.proposed.as_ref().map(|proposed| proposed.total));
        let computed = claim.adjudicated.as_ref().map(|last| last.total);
        damage.max(computed).unwrap_or(Money::ZERO)
    }
}
