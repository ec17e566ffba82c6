//! Money: what the bank did, what the books say, and what was approved.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use app::App;
use books::{AccountCode, Books, Event as BooksEvent, PaymentStatus};
use claim::Event as ClaimEvent;
use connectors::Outcome;
use journal::{Decider, Event, Recorded};
use lexicon::{ClaimId, ExposureId, Money, PaymentId};

use crate::world::World;

/// Claims that have books.
fn kept_books(entries: &[Recorded]) -> BTreeSet<ClaimId> {
    let books = entries.iter().filter(|entry| entry.stream.category() == BooksEvent::CATEGORY);
    books.filter_map(|entry| entry.stream.id().parse().ok()).collect()
}

/// What the bank paid is what the books say, once for each reference, and no more than was approved.
pub(super) async fn bank(world: &World, app: &App, entries: &[Recorded]) -> Result<()> {
    let payments = world.bank.ledger().payments();
    let references: BTreeSet<&PaymentId> = payments.iter().map(|(reference, _)| reference).collect();
    if references.len() != payments.len() {
        world.problem("[paid] a reference stands twice in the bank's ledger".to_owned());
    }
    for payment in world.bank.unannounced() {
        world.problem(format!("[named] the bank heard of {payment} before it stood on disk that it would"));
    }
    let mut unknown: BTreeMap<PaymentId, Money> = payments.iter().cloned().collect();
    for claim in kept_books(entries) {
        let books = app.streams().load::<Books>(&claim).await?.state;
        let mut paid: BTreeMap<ExposureId, Money> = BTreeMap::new();
        for payment in books.payments() {
            let left = unknown.remove(&payment.id);
            let fits = match &payment.status {
                PaymentStatus::Confirmed { .. } => left == Some(payment.amount),
                PaymentStatus::Rejected { .. } | PaymentStatus::Cancelled => left.is_none(),
                PaymentStatus::Ordered => left.is_none(),
                PaymentStatus::Sent { .. } => left.is_none_or(|amount| amount == payment.amount),
            };
            if !fits {
                let status = payment.status.word();
                world.problem(format!(
                    "[paid] {} is {status} with {}, the bank paid {left:?}",
                    payment.id, payment.amount
                ));
            }
            if let Some(amount) = left {
                let sum = paid.entry(payment.exposure.clone()).or_insert(Money::ZERO);
                *sum = sum.plus(amount)?;
            }
        }
        let approved = approved(entries, &claim);
        for (exposure, paid) in paid {
            let most = approved.get(&exposure).copied().unwrap_or(Money::ZERO);
            if paid.less(books.returned(&exposure)) > most {
                world
                    .problem(format!("[paid] {claim} {exposure}: {paid} left the bank, {most} was approved"));
            }
        }
    }
    for (payment, amount) in unknown {
        world.problem(format!("[paid] the bank paid {amount} under {payment}, which no books know"));
    }
    Ok(())
}

/// The most that was ever approved on each exposure of `claim`.
fn approved(entries: &[Recorded], claim: &ClaimId) -> BTreeMap<ExposureId, Money> {
    let own = |entry: &&Recorded| {
        entry.stream.category() == ClaimEvent::CATEGORY && entry.stream.id() == claim.as_str()
    };
    let mut most: BTreeMap<ExposureId, Money> = BTreeMap::new();
    for entry in entries.iter().filter(own) {
        let Ok(ClaimEvent::Approved(approved)) = entry.decode() else { continue };
        for owed in approved.owed {
            let known = most.entry(owed.exposure).or_insert(Money::ZERO);
            *known = (*known).max(owed.amount);
        }
    }
    most
}

/// Every event sums to zero, the sums are the balances, and what is set off on one side is set off on the other. A payment's name
/// is that of its approval.
pub(super) async fn books(world: &World, app: &App, entries: &[Recorded]) -> Result<()> {
    let mut set_off = 0;
    for claim in kept_books(entries) {
        let mut before = Books::default();
        let mut sums: BTreeMap<AccountCode, i64> = BTreeMap::new();
        let own = |entry: &&Recorded| {
            entry.stream.category() == BooksEvent::CATEGORY && entry.stream.id() == claim.as_str()
        };
        for entry in entries.iter().filter(own) {
            let event: BooksEvent = entry.decode()?;
            if let BooksEvent::PaymentOrdered(ordered) = &event {
                let name = before.next_payment(&claim, &ordered.exposure, ordered.approval);
                if name != ordered.payment {
                    world.problem(format!(
                        "[named] {claim}: {} should be {name} by its approval",
                        ordered.payment
                    ));
                }
            }
            let postings = books::postings(&event, &before);
            if postings.iter().map(|posting| posting.amount.fen()).sum::<i64>() != 0 {
                world.problem(format!("[books] {claim}: {} does not sum to zero", entry.name));
            }
            for posting in postings {
                *sums.entry(posting.account).or_default() += posting.amount.fen();
            }
            before = Books::evolve(before, &event);
        }
        for (account, balance) in before.balances() {
            if sums.get(&account).copied().unwrap_or(0) != balance.fen() {
                world.problem(format!(
                    "[books] {claim}: {account:?} is {balance}, its postings say otherwise"
                ));
            }
        }
        set_off += before.balances().get(&AccountCode::SetOffs).map_or(0, |balance| balance.fen());
        outcomes(world, app, &claim, &before).await?;
    }
    if set_off != 0 {
        world.problem(format!("[books] {set_off} fen are set off on one side alone"));
    }
    Ok(())
}

/// After a quiet time the books know whatever the bank has decided, and people whatever it has not.
async fn outcomes(world: &World, app: &App, claim: &ClaimId, books: &Books) -> Result<()> {
    let ledger = world.bank.ledger().ledger();
    let state = app.streams().load::<claim::Claims>(claim).await?.state;
    for payment in books.payments().iter().filter(|payment| payment.is_open()) {
        let decided = ledger
            .iter()
            .any(|line| line.reference == payment.id && !matches!(line.outcome, Outcome::Accepted));
        // Who ticks the task off while the bank is silent gets another with one of the next questions.
        let watched = state.tasks.values().any(|task| {
            task.details.get("payment").is_some_and(|named| named == payment.id.as_str())
                && task.done_at.is_none_or(|done| world.now().seconds_since(done) < 3_600)
        });
        if decided {
            world.problem(format!("[rest] the bank has decided on {}, the books do not know", payment.id));
        } else if !watched {
            world.problem(format!("[rest] {} is open, and nobody looks after it", payment.id));
        }
    }
    if state.is_over() && state.open_tasks().next().is_none() && !books.is_settled() {
        let stage = state.stage.word();
        world.problem(format!("[books] {claim} is {stage} with money still reserved or under way"));
    }
    Ok(())
}
