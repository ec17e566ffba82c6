//! Looking at the damage and putting it at an amount; of a grave accident by two assessors.

use std::collections::BTreeSet;

use jiff::civil::Date;
use journal::{Actor, ActorKind};
use lexicon::{Money, Private, Severity, Wgs84};
use rulebook::tables::VehicleClass;
use rulebook::{AmountSource, Route, Team, triage};

use super::Draft;
use crate::command::Pick;
use crate::events::{
    Assessed, AssessmentConfirmed, AssessmentReturned, DamageLine, DamageProposed, FirstAssessed, Inspected,
};
use crate::facts::facts_of;
use crate::incident::{Incident, PartyId};
use crate::refusal::Refusal;
use crate::state::{Stage, TaskKind};

/// More lines than a car has parts.
const LINES_MAX: usize = 200;

impl Draft {
    pub(super) fn propose_damage(&mut self, picks: &[Pick], incident: &Incident) -> Result<(), Refusal> {
        if self.claim.stage > Stage::Assessing || self.is_put() {
            return Err(Refusal::OutOfOrder);
        }
        let vehicle = self.claim.vehicle().cloned().ok_or(Refusal::NotFound)?;
        // A customer names damage; what it costs is the table's to say.
        let picks: Vec<Pick> =
            picks.iter().map(|pick| Pick { price: None, operation: None, ..pick.clone() }).collect();
        let lines = self.price(&picks)?;
        let total = total(&lines)?;
        self.fact(DamageProposed { vehicle, lines, total, at: self.at });
        self.triage(incident);
        self.take_up_proposal();
        Ok(())
    }

    /// What the customer picked stands, or an assessor looks at it: once the claim waits for its assessment.
    pub(super) fn take_up_proposal(&mut self) {
        if self.claim.stage != Stage::Assessing || self.is_put() {
            return;
        }
        let Some(proposed) = self.claim.proposed.clone() else { return };
        if self.may_stand_without_a_person(&proposed.lines, proposed.total) {
            let by = Actor::system("assessment.price-table");
            self.fact(assessed(proposed.vehicle, proposed.lines, proposed.total, by, self.at));
            self.finish(TaskKind::Assess);
        } else {
            self.open_task(TaskKind::Assess, Team::Assessment);
        }
    }

    /// Rule: lines of the table alone, no part twice, each with its photo, a minor claim on the customer's own photos, within the
    /// small-claim limit, and nothing that asks for a person.
    fn may_stand_without_a_person(&self, lines: &[DamageLine], total: Money) -> bool {
        let parts: BTreeSet<&str> = lines.iter().map(|line| line.part.as_str()).collect();
        let limit = self.tables.small_claim_limit(self.at);
        let own_photos =
            self.claim.route == Some(Route::OwnPhotos) && self.claim.severity == Some(Severity::Minor);
        own_photos
            && limit.is_some_and(|limit| total <= limit)
            && lines.iter().all(|line| line.photo.is_some())
            && parts.len() == lines.len()
            && !self.claim.reopened
            && self.claim.warnings.is_empty()
            && !self.claim.person_asked
    }

    pub(super) fn inspect(
        &mut self,
        findings: Private<String>,
        position: Option<Private<Wgs84>>,
    ) -> Result<(), Refusal> {
        if self.claim.stage > Stage::Adjudicating {
            return Err(Refusal::OutOfOrder);
        }
        self.fact(Inspected { findings, position, by: self.by.clone(), at: self.at });
        self.finish(TaskKind::Inspect);
        self.finish(TaskKind::Contact);
        if !self.is_put() {
            self.open_task(TaskKind::Assess, Team::Assessment);
        }
        Ok(())
    }

    /// Whether our own vehicle's damage was put at an amount, if only by the first of two.
    fn is_put(&self) -> bool {
        self.claim.is_assessed()
            || self.claim.vehicle().is_some_and(|own| self.claim.first_assessments.contains_key(own))
    }

    pub(super) fn assess(
        &mut self,
        vehicle: PartyId,
        picks: &[Pick],
        total_loss: Option<(Money, Money)>,
        rescue: Money,
        limit: Option<Money>,
        incident: &Incident,
    ) -> Result<(), Refusal> {
        let lines = if picks.is_empty() && total_loss.is_some() { vec![] } else { self.price(picks)? };
        let sum = total(&lines)?;
        let (value, salvage) = total_loss.unwrap_or((Money::ZERO, Money::ZERO));
        if rescue.is_negative() || salvage.is_negative() || (total_loss.is_some() && value <= Money::ZERO) {
            return Err(Refusal::BadAmount);
        }
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        let at_stake = sum.max(value).plus(rescue).map_err(|_| Refusal::Overflow)?;
        if at_stake > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        let own = self.claim.vehicle() == Some(&vehicle);
        let mut fact = assessed(vehicle, lines, sum, self.by.clone(), self.at);
        fact.total_loss = total_loss;
        fact.rescue = rescue;
        if total_loss.is_some()
            || !rescue.is_zero()
            || fact.lines.iter().any(|line| line.table.is_none() || line.photo.is_none())
        {
            fact.source = AmountSource::Person;
        }
        if self.needs_another(&fact, incident) {
            self.put_forward(fact);
            if own {
                self.finish(TaskKind::Assess);
            }
            self.triage(incident);
        } else {
            let vehicle = fact.vehicle.clone();
            self.fact(fact);
            self.after_assessment(&vehicle);
        }
        Ok(())
    }

    /// What follows when an assessment counts.
    fn after_assessment(&mut self, vehicle: &PartyId) {
        if self.claim.first_assessments.is_empty() {
            self.finish(TaskKind::ConfirmAssessment);
        }
        if self.claim.vehicle() != Some(vehicle) {
            return;
        }
        for kind in [TaskKind::Assess, TaskKind::Inspect, TaskKind::Contact] {
            self.finish(kind);
        }
        if self.claim.reopened {
            // A person decides on a claim that was opened again, also when the amount is what it was.
            self.open_task(TaskKind::Adjudicate, Team::Approval);
        }
    }

    /// Whether the accident, with the damage put at so much, is of a grade that asks for two assessors.
    fn needs_another(&self, fact: &Assessed, incident: &Incident) -> bool {
        let Some(mut facts) = facts_of(&self.claim, incident, None, self.at, &self.tables) else {
            return false;
        };
        if self.claim.vehicle() == Some(&fact.vehicle) {
            facts.estimate = Some(fact.at_stake());
        }
        self.needs_two_assessors(triage(&facts, &self.tables).severity)
    }

    fn needs_two_assessors(&self, severity: Severity) -> bool {
        self.tables.handling(severity, self.at).is_some_and(rulebook::tables::Handling::needs_two_assessors)
    }

    fn put_forward(&mut self, assessed: Assessed) {
        self.fact(FirstAssessed { number: self.claim.assessments_put + 1, assessed });
        self.open_task(TaskKind::ConfirmAssessment, Team::Assessment);
    }

    /// After the claim turned graver: what one person assessed, and nobody approved yet, waits for another.
    pub(super) fn ask_second_assessor(&mut self) {
        let grave = self.claim.severity.is_some_and(|severity| self.needs_two_assessors(severity));
        if !grave || self.claim.is_over() || self.claim.is_approved() {
            return;
        }
        let claim = &self.claim;
        let alone = claim.assessments.values().filter(|assessed| {
            assessed.by.kind == ActorKind::Staff
                && !claim.confirmed_by.contains_key(&assessed.vehicle)
                && !claim.first_assessments.contains_key(&assessed.vehicle)
        });
        let alone: Vec<Assessed> = alone.cloned().collect();
        for assessed in alone {
            self.put_forward(assessed);
        }
    }

    pub(super) fn confirm_assessment(&mut self, number: u32, limit: Option<Money>) -> Result<(), Refusal> {
        let assessed = self.put_as(number)?;
        let limit = limit.ok_or(Refusal::NoAuthority)?;
        if assessed.at_stake().plus(assessed.rescue).map_err(|_| Refusal::Overflow)? > limit {
            return Err(Refusal::AboveAuthority { limit });
        }
        if assessed.by == self.by {
            return Err(Refusal::SamePerson);
        }
        let vehicle = assessed.vehicle.clone();
        self.fact(Assessed { at: self.at, ..assessed });
        let (by, at) = (self.by.clone(), self.at);
        self.fact(AssessmentConfirmed { number, vehicle: vehicle.clone(), by, at });
        self.after_assessment(&vehicle);
        Ok(())
    }

    pub(super) fn return_assessment(&mut self, number: u32, reason: Private<String>) -> Result<(), Refusal> {
        let assessed = self.put_as(number)?;
        let (by, at) = (self.by.clone(), self.at);
        self.fact(AssessmentReturned { number, vehicle: assessed.vehicle, reason, by, at });
        if self.claim.first_assessments.is_empty() {
            self.finish(TaskKind::ConfirmAssessment);
        }
        self.give_back(TaskKind::Assess, Team::Assessment, &assessed.by);
        Ok(())
    }

    fn put_as(&self, number: u32) -> Result<Assessed, Refusal> {
        let put = self.claim.first_assessments.values().find(|first| first.number == number);
        put.map(|first| first.assessed.clone()).ok_or(Refusal::OtherAssessment)
    }

    /// Prices `picks` by the table of the accident's day, unless a person set a price.
    fn price(&self, picks: &[Pick]) -> Result<Vec<DamageLine>, Refusal> {
        let occurred_at = self.claim.notice.as_ref().map_or(self.at, |notice| notice.occurred_at);
        let day = self.tables.day(occurred_at);
        if picks.is_empty() {
            return Err(Refusal::NoDamage);
        }
        if picks.len() > LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        if !picks.iter().filter_map(|pick| pick.photo).all(|photo| self.is_photo(photo)) {
            return Err(Refusal::NoSuchPhoto);
        }
        if let Some(pick) = picks.iter().find(|pick| self.tables.prices.part(&pick.part, day).is_none()) {
            return Err(Refusal::NoSuchPart { part: pick.part.clone() });
        }
        let lines: Vec<DamageLine> = picks
            .iter()
            .map(|pick| self.price_one(pick, day).ok_or_else(|| Refusal::NoPrice { part: pick.part.clone() }))
            .collect::<Result<_, _>>()?;
        if lines.iter().any(|line| line.price <= Money::ZERO) {
            return Err(Refusal::BadAmount);
        }
        Ok(lines)
    }

    /// Whether the file of that number is a photo.
    fn is_photo(&self, number: u32) -> bool {
        let file = (number as usize).checked_sub(1).and_then(|index| self.claim.evidence.get(index));
        let kind = file.and_then(|file| file.kind.parse::<evidence::KindCode>().ok());
        kind.is_some_and(|kind| kind.family == evidence::Family::Photo)
    }

    fn price_one(&self, pick: &Pick, day: Date) -> Option<DamageLine> {
        let prices = &self.tables.prices;
        let part = prices.part(&pick.part, day)?;
        let operation = pick.operation.or_else(|| prices.proposed(part, pick.damage))?;
        let class = VehicleClass::from_word(&self.claim.class).unwrap_or(VehicleClass::Medium);
        let (price, table) = match pick.price {
            Some(price) => (price, None),
            None => (part.price(operation, class)?, Some(prices.version.clone())),
        };
        let (part, damage, photo) = (pick.part.clone(), pick.damage, pick.photo);
        Some(DamageLine { part, damage, operation, price, table, photo })
    }
}

fn total(lines: &[DamageLine]) -> Result<Money, Refusal> {
    Money::sum(lines.iter().map(|line| line.price)).map_err(|_| Refusal::Overflow)
}

fn assessed(
    vehicle: PartyId,
    lines: Vec<DamageLine>,
    total: Money,
    by: Actor,
    at: lexicon::Moment,
) -> Assessed {
    Assessed {
        vehicle,
        lines,
        total,
        total_loss: None,
        rescue: Money::ZERO,
        source: AmountSource::PriceTable,
        by,
        at,
    }
}
