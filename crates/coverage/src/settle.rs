//! The steps in their order.

use lexicon::Money;

use crate::ctpl::{Compulsory, Table};
use crate::own_damage::{self, Earlier};
use crate::{
    Accident, Line, Pending, Recovery, Refusal, Statement, items, mutual, occupants, parties, third_party,
    unpaid,
};

/// What every policy owes for `accident`, or why it cannot be said.
pub fn settle(accident: &Accident) -> Result<Statement, Refusal> {
    accident.check()?;
    let parties = parties::of(accident, Table::at(accident.occurred_at)?);
    let items = items::of(accident);
    if mutual::holds(accident, &parties, &items) {
        let lines = mutual::lines(accident, &items)?;
        return total(accident, Statement { mutual_self_claim: true, lines, ..Statement::default() });
    }
    let mut lines = Vec::with_capacity(4 * items.len());
    let mut recoveries = Vec::new();
    let compulsory = Compulsory::of(accident.allocation, &parties, &items)?;
    compulsory.lines(accident, &parties, &items, &mut lines, &mut recoveries);
    let absorbed: Vec<Money> = (0..items.len()).map(|item| compulsory.absorbed(item)).collect();
    let third_party = third_party::lines(accident, &parties, &items, &absorbed, &mut lines)?;
    occupants::lines(accident, &parties, &items, &absorbed, &mut lines)?;
    let earlier = Earlier {
        parties: &parties,
        items: &items,
        compulsory: &compulsory,
        absorbed: &absorbed,
        third_party: &third_party,
    };
    own_damage::lines(accident, &earlier, &mut lines, &mut recoveries)?;
    let unpaid = unpaid::of(accident, &items, &lines)?;
    let pending =
        if parties.iter().any(|party| party.fault.is_none()) { vec![Pending::Fault] } else { Vec::new() };
    let recoveries = merged(recoveries)?;
    total(accident, Statement { lines, recoveries, unpaid, pending, ..Statement::default() })
}

/// One recovery per claimant, debtor and ground, in the order in which they arose.
fn merged(recoveries: Vec<Recovery>) -> Result<Vec<Recovery>, Refusal> {
    let mut merged: Vec<Recovery> = Vec::with_capacity(recoveries.len());
    for next in recoveries {
        let same =
            |seen: &&mut Recovery| (seen.by, seen.from, seen.ground) == (next.by, next.from, next.ground);
        match merged.iter_mut().find(same) {
            Some(seen) => seen.amount = seen.amount.plus(next.amount).map_err(|_| Refusal::Overflow)?,
            None => merged.push(next),
        }
    }
    Ok(merged)
}

fn total(accident: &Accident, statement: Statement) -> Result<Statement, Refusal> {
    let per_vehicle = |of: fn(&Line) -> usize| -> Result<Vec<(usize, Money)>, Refusal> {
        let mut totals = vec![Money::ZERO; accident.vehicles.len()];
        for line in &statement.lines {
            let total = &mut totals[of(line)];
            *total = total.plus(line.amount).map_err(|_| Refusal::Overflow)?;
        }
        Ok(totals.into_iter().enumerate().filter(|(_, total)| !total.is_zero()).collect())
    };
    let (totals, paid_totals) = (per_vehicle(|line| line.payer)?, per_vehicle(|line| line.paid_by)?);
    Ok(Statement { totals, paid_totals, ..statement })
}
