//! Looking at the damage and putting it at an amount.

use journal::Actor;
use lexicon::{Money, Private, Severity, Wgs84};
use rulebook::tables::VehicleClass;
use rulebook::{AmountSource, Route, Team};

use super::Draft;
use crate::command::Pick;
use crate::events::{Assessed, DamageLine, DamageProposed, Inspected};
use crate::incident::{Incident, PartyId};
use crate::refusal::Refusal;
use crate::state::{Stage, TaskKind};

/// More lines than a car has parts.
const LINES_MAX: usize = 200;

impl Draft {
    pub(super) fn propose_damage(&mut self, picks: &[Pick], incident: &Incident) -> Result<(), Refusal> {
        if self.claim.stage > Stage::Assessing || !self.claim.assessments.is_empty() {
            return Err(Refusal::OutOfOrder);
        }
        let vehicle = self.claim.vehicle().cloned().ok_or(Refusal::NotFound)?;
        // A customer names damage; what it costs is the table's to say.
        let picks: Vec<Pick> =
            picks.iter().map(|pick| Pick { price: None, operation: None, ..pick.clone() }).collect();
        let lines = self.price(&picks)?;
        let total = total(&lines)?;
        let proposed = DamageProposed { vehicle: vehicle.clone(), lines: lines.clone(), total, at: self.at };
        self.fact(proposed);
        self.triage(incident);
        if self.may_stand_without_a_person(&lines, total) {
            let by = Actor::system("assessment.price-table");
            self.fact(assessed(vehicle, lines, total, by, self.at));
        } else if self.claim.route == Some(Route::OwnPhotos) || self.claim.inspected {
            self.open_task(TaskKind::Assess, Team::Assessment);
        }
        Ok(())
    }

    /// Rule: lines of the table alone, each with its photo, a minor claim on the customer's own photos, within the small-claim limit.
    fn may_stand_without_a_person(&self, lines: &[DamageLine], total: Money) -> bool {
        let limit = self.tables.small_claim_limit(self.at);
        let own_photos =
            self.claim.route == Some(Route::OwnPhotos) && self.claim.severity == Some(Severity::Minor);
        own_photos
            && limit.is_some_and(|limit| total <= limit)
            && lines.iter().all(|line| line.photo.is_some())
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
        if self.claim.assessments.is_empty() {
            self.open_task(TaskKind::Assess, Team::Assessment);
        }
        Ok(())
    }

    pub(super) fn assess(
        &mut self,
        vehicle: PartyId,
        picks: &[Pick],
        total_loss: Option<(Money, Money)>,
        rescue: Money,
        limit: Option<Money>,
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
        self.fact(fact);
        if own {
            for kind in [TaskKind::Assess, TaskKind::Inspect, TaskKind::Contact] {
                self.finish(kind);
            }
        } else {
            self.finish(TaskKind::OtherSide);
        }
        Ok(())
    }

    /// Prices `picks` by the table of the accident's day, unless a person set a price.
    fn price(&self, picks: &[Pick]) -> Result<Vec<DamageLine>, Refusal> {
        if picks.is_empty() {
            return Err(Refusal::NoDamage);
        }
        if picks.len() > LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        picks.iter().map(|pick| self.price_one(pick)).collect()
    }

    fn price_one(&self, pick: &Pick) -> Result<DamageLine, Refusal> {
        if pick.photo.is_some_and(|number| number == 0 || number as usize > self.claim.evidence.len()) {
            return Err(Refusal::NoSuchPhoto);
        }
        let occurred_at = self.claim.notice.as_ref().map_or(self.at, |notice| notice.occurred_at);
        let prices = &self.tables.prices;
        let part = prices.part(&pick.part, self.tables.day(occurred_at));
        let part = part.ok_or_else(|| Refusal::NoSuchPart { part: pick.part.clone() })?;
        let no_price = || Refusal::NoPrice { part: pick.part.clone() };
        let operation = pick.operation.or_else(|| prices.proposed(part, pick.damage)).ok_or_else(no_price)?;
        let class = VehicleClass::from_word(&self.claim.class).unwrap_or(VehicleClass::Medium);
        let (price, table) = match pick.price {
            Some(price) if price <= Money::ZERO => return Err(Refusal::BadAmount),
            Some(price) => (price, None),
            None => (part.price(operation, class).ok_or_else(no_price)?, Some(prices.version.clone())),
        };
        Ok(DamageLine {
            part: pick.part.clone(),
            damage: pick.damage,
            operation,
            price,
            table,
            photo: pick.photo,
        })
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
