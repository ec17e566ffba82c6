//! What everybody was told, compared with what is there.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Outcome;
use super::program::{Claim, Program, read};
use crate::http::exchange;

/// After a start or a crash of what is behind it, a process takes requests again within this time.
const READY_MAX: Duration = Duration::from_secs(60);
/// After the last start every payment is made and every claim ended, or a person has the payment.
const END_MAX: Duration = Duration::from_secs(180);
/// What the bank has not heard of by then it will not hear of for hours: a lost order is sent again within seconds.
const SILENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(200);

/// Waits until the process at `address` takes requests.
pub(super) fn ready(address: &str) -> Result<()> {
    let began = Instant::now();
    loop {
        let answer = exchange(address, "GET", "/readyz", &[], b"");
        match answer {
            Ok(answer) if answer.status == 200 => return Ok(()),
            Ok(answer) if began.elapsed() > READY_MAX => bail!("not ready: {}", answer.text()),
            Err(error) if began.elapsed() > READY_MAX => bail!("not ready: {error}"),
            _ => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Compares the claims that were worked on since the last time, and sends again what was answered; how much that was.
pub(super) fn after_a_round(addresses: &[String], programs: &mut [Program]) -> Result<usize> {
    let mut answers = 0;
    for (number, program) in programs.iter_mut().enumerate() {
        let address = &addresses[number % addresses.len()];
        let bearer = program.approver().to_owned();
        for claim in program.worked_on() {
            compare(address, &bearer, claim)?;
        }
        for told in &program.told {
            let again =
                told.sent.post(address).with_context(|| format!("{} sent again", told.sent.name()))?;
            let (first, now) = ((told.answer.status, told.answer.text()), (again.status, again.text()));
            ensure!(first == now, "{}: first {first:?}, sent again {now:?}", told.sent.name());
        }
        answers += program.told.len();
        program.checked();
    }
    Ok(answers)
}

/// Each acknowledged step is in the claim's history, once; one whose answer was lost may be there as well.
fn compare(address: &str, bearer: &str, claim: &Claim) -> Result<()> {
    let Some(id) = &claim.id else { return Ok(()) };
    let page = read(address, bearer, id, true)?;
    let history = page["timeline"].as_array().context("a claim's page has no history")?;
    let steps = claim.way.steps();
    for step in steps {
        let Some((event, by)) = step.line() else { continue };
        let same = |step: &super::program::Step| step.line() == Some((event, by));
        let told = steps[..claim.done].iter().filter(|step| same(step)).count();
        let asked = told + usize::from(claim.step().is_some_and(|step| same(&step)));
        let found = history.iter().filter(|line| line["event"] == event && line["by"] == by).count();
        ensure!(
            (told..=asked).contains(&found),
            "claim {id}: {event} stands there {found} times; {told} were acknowledged and {asked} asked for"
        );
    }
    for number in &claim.files {
        let files = page["evidence"].as_array().context("a claim's page has no files")?;
        ensure!(files.iter().any(|file| file["number"] == *number), "claim {id}: file {number} is lost");
    }
    Ok(())
}

/// A payment order as its claim tells it: amount and status.
type Payments = HashMap<String, (String, String)>;

/// Waits until every claim has ended, or a person has its payment; every payment order, each once.
pub(super) fn wait_for_the_end(
    addresses: &[String],
    programs: &[Program],
    ledger: &Path,
) -> Result<Payments> {
    let began = Instant::now();
    let mut payments = Payments::new();
    for program in programs {
        for id in program.claims.iter().filter_map(|claim| claim.id.as_deref()) {
            loop {
                let page = read(&addresses[0], program.approver(), id, true)?;
                let orders = page["payments"].as_array().context("a claim's page has no payments")?;
                let text = |order: &Value, name: &str| order[name].as_str().unwrap_or_default().to_owned();
                let ended = match page["stage"].as_str() {
                    Some("closed" | "withdrawn" | "declined") => true,
                    Some("paying") => {
                        orders.iter().all(|order| is_with_a_person(&page, &text(order, "status")))
                    }
                    _ => false,
                };
                // An order that the bank never hears of is told to a person after hours.
                let unheard = || {
                    let silent = |order: &Value| {
                        let reference = text(order, "payment");
                        text(order, "status") == "sent" && !in_ledger(ledger, &reference).unwrap_or(true)
                    };
                    began.elapsed() > SILENCE && orders.iter().any(silent)
                };
                if ended || unheard() {
                    for order in orders {
                        let known = (text(order, "amount"), text(order, "status"));
                        let before = payments.insert(text(order, "payment"), known);
                        ensure!(before.is_none(), "claim {id}: a reference serves once");
                    }
                    break;
                }
                ensure!(
                    began.elapsed() < END_MAX,
                    "claim {id} is stuck: {} {}",
                    page["stage"],
                    page["payments"]
                );
                thread::sleep(LOOK);
            }
        }
    }
    Ok(payments)
}

/// Whether an order has ended, or somebody has a task for it.
fn is_with_a_person(page: &Value, status: &str) -> bool {
    let task = page["staff"]["tasks"].as_array().is_some_and(|tasks| !tasks.is_empty());
    matches!(status, "confirmed" | "cancelled") || (status == "rejected" && task)
}

fn in_ledger(ledger: &Path, reference: &str) -> Result<bool> {
    Ok(fs::read_to_string(ledger)?.contains(reference))
}

/// The bank paid nothing twice and nothing that was not ordered, and paid all that claims say it did.
pub(super) fn with_the_bank(ledger: &Path, payments: &Payments, outcome: &mut Outcome) -> Result<()> {
    let mut paid: HashMap<String, i64> = HashMap::new();
    for line in fs::read_to_string(ledger).context("the bank has no book")?.lines() {
        let entry: Value = serde_json::from_str(line)?;
        if entry["outcome"]["paid"].is_null() {
            continue;
        }
        let reference = entry["reference"].as_str().context("an entry without a reference")?;
        let amount = entry["amount"].as_i64().context("an entry without an amount")?;
        ensure!(paid.insert(reference.to_owned(), amount).is_none(), "{reference} was paid twice");
        let (ordered, status) =
            payments.get(reference).with_context(|| format!("{reference} was never ordered"))?;
        ensure!(fen(ordered) == Some(amount), "{reference}: ordered {ordered}, paid {amount} fen");
        ensure!(status == "confirmed", "{reference} was paid, and is {status}");
    }
    for (reference, (amount, status)) in payments {
        if status == "confirmed" {
            ensure!(paid.get(reference).copied() == fen(amount), "{reference} is said to be paid");
            outcome.paid += 1;
        } else {
            outcome.with_people += 1;
        }
    }
    outcome.orders = payments.len();
    ensure!(outcome.paid > 0, "nothing was paid at all");
    Ok(())
}

/// `2400.00` in fen.
fn fen(text: &str) -> Option<i64> {
    let (yuan, fen) = text.split_once('.')?;
    Some(yuan.parse::<i64>().ok()? * 100 + fen.parse::<i64>().ok()?)
}
