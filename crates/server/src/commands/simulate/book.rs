//! Draws a book, policy by policy: memory stays the same however long it is.

use anyhow::Result;
use serde_json::{Value, json};

use super::assumptions::Assumptions;
use super::draw::{Draw, date, time, yuan};
use super::files::{Folder, Table};

/// The first day on which a policy may begin: 2023-01-01, in days since 1970.
const FIRST_DAY: u64 = 19_358;
/// Policies begin within so many days.
const DAYS: u64 = 1_096;
/// The day on which the book is told: 2026-07-01. What comes later stands in the truth alone.
const TOLD_ON: u64 = 20_635;
const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;
/// Above this a claim is general, and above the next major, in fen.
const GENERAL_FROM: u64 = 500_000;
const MAJOR_FROM: u64 = 10_000_000;
/// Progress is told after so many claims.
const TELL_EVERY: u64 = 1_000;

/// What a book holds in all.
#[derive(Default)]
struct Counts {
    policies: u64,
    accidents: u64,
    claims: u64,
    fraudulent: u64,
    paid_fen: u64,
}

/// A policy as far as its claims need it.
struct Insured {
    number: u64,
    starts_on: u64,
    city: String,
    own_damage_yuan: u64,
    third_party: bool,
}

/// One claim from end to end, as it truly goes.
struct Way {
    severity: &'static str,
    outcome: &'static str,
    reported_at: u64,
    papers_at: u64,
    assessed_at: u64,
    decided_at: u64,
    paid_at: u64,
    claimed: u64,
    approved: u64,
    reopened: bool,
}

/// Fraud in a claim.
struct Deceit<'a> {
    how: &'a str,
    ring: u64,
    found: bool,
    excess: u64,
}

/// Writes `claims` claims into `folder`; `progress` hears how many are done.
pub(super) fn write(
    assumptions: &Assumptions,
    seed: u64,
    claims: u64,
    folder: &mut Folder,
    progress: &mut dyn FnMut(u64),
) -> Result<Value> {
    let mut counts = Counts::default();
    while counts.claims < claims {
        let number = counts.policies;
        counts.policies += 1;
        let mut draw = Draw::new(seed, number);
        let (insured, frequency) = policy(assumptions, &mut draw, number, folder)?;
        let mut happens = draw.chance(frequency);
        while happens && counts.claims < claims {
            accident(assumptions, &mut draw, &insured, &mut counts, folder)?;
            happens = draw.chance(assumptions.frequency.again_in_the_year);
            if counts.claims.is_multiple_of(TELL_EVERY) {
                progress(counts.claims);
            }
        }
    }
    Ok(json!({
        "policies": counts.policies,
        "accidents": counts.accidents,
        "claims": counts.claims,
        "fraudulent": counts.fraudulent,
        "ultimate_paid": yuan(counts.paid_fen),
        "told_on": date(TOLD_ON),
    }))
}

/// One policy and its vehicle; what comes back with it is how often in a thousand it has an accident.
fn policy(
    assumptions: &Assumptions,
    draw: &mut Draw,
    number: u64,
    folder: &mut Folder,
) -> Result<(Insured, u64)> {
    let class = draw.weighted(&assumptions.class.words.weights);
    let word = &assumptions.class.words.words[class];
    let energy = if word == "new-energy" { "new" } else { "fuel" };
    let usual = assumptions.class.value_yuan[class];
    let value = usual * (667 + draw.below(667)) / 1_000;
    let city = draw.word(&assumptions.city).to_owned();
    let starts_on = FIRST_DAY + draw.below(DAYS);
    let ends_on = starts_on + assumptions.policy.term_days;
    let registered = starts_on - draw.below(3_650);
    let (age, grade) = (19 + draw.below(52), draw.weighted(&[220, 240, 210, 330]));
    let own_damage_yuan = if draw.chance(assumptions.policy.own_damage) { value } else { 0 };
    let third_party = draw.chance(assumptions.policy.third_party);
    let limit =
        if third_party { [1_000_000, 2_000_000, 3_000_000][draw.weighted(&[420, 380, 200])] } else { 0 };
    folder.row(
        Table::Policies,
        format_args!(
            "P{number:09},V{number:09},{city},{},{},{age},{grade},yes,{own_damage_yuan}.00,{limit}.00",
            date(starts_on),
            date(ends_on)
        ),
    )?;
    let registered = date(registered);
    folder.row(Table::Vehicles, format_args!("V{number:09},{word},{energy},{registered},{value}.00"))?;
    let insured = Insured { number, starts_on, city, own_damage_yuan, third_party };
    Ok((insured, assumptions.frequency.by_no_claim_years[grade]))
}

/// One accident and the claim on it.
fn accident(
    assumptions: &Assumptions,
    draw: &mut Draw,
    insured: &Insured,
    counts: &mut Counts,
    folder: &mut Folder,
) -> Result<()> {
    let number = counts.claims;
    let cause = draw.weighted(&assumptions.cause.words.weights);
    let two = draw.chance(assumptions.cause.two_parties[cause]);
    let injured = draw.chance(assumptions.cause.injured[cause]);
    let fault = if two { assumptions.fault.percent[draw.weighted(&assumptions.fault.weights)] } else { 100 };
    let deceit = deceit(assumptions, draw, number);
    // Who deceives does so at night and soon after the policy began.
    let into = draw.below(assumptions.policy.term_days);
    let day = insured.starts_on + if deceit.is_some() && draw.chance(450) { into / 8 } else { into };
    let hour = if deceit.is_some() && draw.chance(500) { 20 + draw.below(8) } else { 6 + draw.below(17) };
    let occurred_at = day * DAY + hour * HOUR + draw.below(HOUR);
    let (word, vehicles) = (&assumptions.cause.words.words[cause], 1 + u64::from(two));
    let (policy, city) = (insured.number, &insured.city);
    let at = time(occurred_at);
    let hurt = if injured { "yes" } else { "no" };
    folder.row(
        Table::Accidents,
        format_args!("A{number:09},P{policy:09},{at},{word},{city},{vehicles},{hurt},{fault}"),
    )?;

    let own = draw.fine(&assumptions.damage.quantiles, 100).min(insured.own_damage_yuan * 100);
    let other = if two { draw.fine(&assumptions.damage.quantiles, 100) * fault / 100 } else { 0 };
    let other = if insured.third_party { other } else { other.min(200_000) };
    let harm = if injured { draw.fine(&assumptions.injury.quantiles, 100) * fault.max(10) / 100 } else { 0 };
    let true_damage = own + other + harm;
    let excess = deceit.as_ref().map_or(0, |deceit| true_damage * deceit.excess / 100);
    let staged = deceit.as_ref().is_some_and(|deceit| deceit.how == "staged");
    let found = deceit.as_ref().is_some_and(|deceit| deceit.found);
    let (delay_hours, late_because) = delay(assumptions, draw);
    let reported_at = occurred_at + delay_hours * HOUR + draw.below(HOUR);
    let claimed = true_damage + excess;
    let owed = match (found, staged) {
        (true, true) => 0,
        (true, false) => true_damage,
        (false, _) => claimed,
    };
    let way = way(assumptions, draw, reported_at, claimed, owed);
    claim(draw, insured, number, &way, folder)?;
    payments(assumptions, draw, number, &way, (own, other + harm), folder)?;
    let ends_at = if way.outcome == "paid" { way.paid_at } else { way.decided_at };
    let ultimate = if way.outcome == "paid" { way.approved } else { 0 };
    // Of a staged accident nothing was damaged that anybody owed for.
    let (true_damage, excess) = if staged { (0, claimed) } else { (true_damage, excess) };
    let (how, ring) = deceit.as_ref().map_or(("none", 0), |deceit| (deceit.how, deceit.ring));
    let (ring, found) =
        (if ring == 0 { String::new() } else { format!("R{ring:06}") }, if found { "yes" } else { "no" });
    folder.row(
        Table::Truth,
        format_args!(
            "C{number:09},{how},{ring},{found},{},{},{},{},{},{late_because},{delay_hours}",
            yuan(true_damage),
            yuan(excess),
            way.outcome,
            yuan(ultimate),
            time(ends_at)
        ),
    )?;
    counts.accidents += 1;
    counts.claims += 1;
    counts.fraudulent += u64::from(how != "none");
    counts.paid_fen += ultimate;
    Ok(())
}

fn deceit<'a>(assumptions: &'a Assumptions, draw: &mut Draw, claim: u64) -> Option<Deceit<'a>> {
    let fraud = &assumptions.fraud;
    if !draw.chance(fraud.share) {
        return None;
    }
    let how = draw.word(&fraud.words);
    // Those who stage accidents do so together; a ring has so many claims near each other in the book.
    let ring = if how == "staged" { 1 + claim * fraud.share / 1_000 / fraud.ring_size } else { 0 };
    Some(Deceit { how, ring, found: draw.chance(fraud.found), excess: draw.quantile(&fraud.excess_percent) })
}

/// Hours until the notice, and why they are many, if they are.
fn delay<'a>(assumptions: &'a Assumptions, draw: &mut Draw) -> (u64, &'a str) {
    let hours = draw.quantile(&assumptions.report.quantiles);
    let words = &assumptions.report.late_source_words;
    let why = &words[draw.below(words.len() as u64) as usize];
    (hours, if hours > 48 { why } else { "" })
}

fn way(assumptions: &Assumptions, draw: &mut Draw, reported_at: u64, claimed: u64, owed: u64) -> Way {
    let severity = match claimed {
        MAJOR_FROM.. => "major",
        GENERAL_FROM.. => "general",
        _ => "minor",
    };
    let handling = &assumptions.handling;
    let (papers, assessed, decided) = match severity {
        "minor" => (&handling.to_papers_minor, &handling.to_assessed_minor, &handling.to_decided_minor),
        _ => (&handling.to_papers_general, &handling.to_assessed_general, &handling.to_decided_general),
    };
    let papers_at = reported_at + draw.fine(papers, HOUR);
    let assessed_at = papers_at + draw.fine(assessed, HOUR);
    let decided_at = assessed_at + draw.fine(decided, HOUR);
    let paid_at = decided_at + draw.fine(&handling.to_paid, HOUR);
    let outcome = match () {
        () if draw.chance(assumptions.outcome.withdrawn) => "withdrawn",
        () if owed == 0 || draw.chance(assumptions.outcome.declined) => "declined",
        () => "paid",
    };
    let reopened = outcome == "paid" && draw.chance(assumptions.outcome.reopened);
    let supplement = if reopened { owed * assumptions.outcome.supplement_percent / 100 } else { 0 };
    let approved = if outcome == "paid" { owed + supplement } else { 0 };
    Way {
        severity,
        outcome,
        reported_at,
        papers_at,
        assessed_at,
        decided_at,
        paid_at,
        claimed,
        approved,
        reopened,
    }
}

/// The claim as the insurer knows it on the day on which the book is told.
fn claim(draw: &mut Draw, insured: &Insured, number: u64, way: &Way, folder: &mut Folder) -> Result<()> {
    let told_at = TOLD_ON * DAY;
    let last = if way.outcome == "paid" { way.paid_at } else { way.decided_at };
    let end = match way.outcome {
        "paid" => "closed",
        other => other,
    };
    let mut stages =
        vec![("reported", way.reported_at), ("assessing", way.papers_at), ("adjudicating", way.assessed_at)];
    if way.outcome == "paid" {
        stages.push(("paying", way.decided_at));
    }
    stages.push((end, last));
    stages.retain(|(_, at)| *at <= told_at);
    // A claim that nobody has told of yet is known to the truth alone.
    let Some((stage, _)) = stages.last() else { return Ok(()) };
    let channel = ["page", "phone", "api"][draw.weighted(&[620, 330, 50])];
    let known = |at: u64, amount: u64| if at <= told_at { yuan(amount) } else { String::new() };
    let ended_at = if last <= told_at { time(last) } else { String::new() };
    let reopened = if way.reopened && last <= told_at { "yes" } else { "no" };
    let (policy, severity, reported_at) = (insured.number, way.severity, time(way.reported_at));
    let paid = if way.outcome == "paid" { known(way.paid_at, way.approved) } else { yuan(0) };
    folder.row(
        Table::Claims,
        format_args!(
            "C{number:09},A{number:09},P{policy:09},{reported_at},{channel},{severity},{stage},{},{},{},{paid},{ended_at},{reopened}",
            yuan(way.claimed),
            known(way.assessed_at, way.claimed),
            known(way.decided_at, way.approved),
        ),
    )?;
    for (stage, at) in &stages {
        folder.row(Table::Stages, format_args!("C{number:09},{stage},{}", time(*at)))?;
    }
    Ok(())
}

/// The payments of a claim: own damage and what others are owed, each to its payee.
fn payments(
    assumptions: &Assumptions,
    draw: &mut Draw,
    number: u64,
    way: &Way,
    (own, others): (u64, u64),
    folder: &mut Folder,
) -> Result<()> {
    let told_at = TOLD_ON * DAY;
    if way.outcome != "paid" || way.decided_at > told_at {
        return Ok(());
    }
    let whole = (own + others).max(1);
    let own = u64::try_from(u128::from(way.approved) * u128::from(own) / u128::from(whole)).unwrap_or(0);
    let parts = [("own-damage", own), ("third-party", way.approved - own)];
    for (place, (cover, amount)) in parts.into_iter().filter(|(_, amount)| *amount > 0).enumerate() {
        let rejected = draw.chance(assumptions.outcome.rejected_payment);
        let ordered_at = time(way.decided_at);
        if rejected {
            folder.row(
                Table::Payments,
                format_args!(
                    "F{number:09}{place}0,C{number:09},{cover},{},{ordered_at},rejected,{ordered_at}",
                    yuan(amount)
                ),
            )?;
        }
        let (status, settled_at) =
            if way.paid_at <= told_at { ("confirmed", time(way.paid_at)) } else { ("sent", String::new()) };
        folder.row(
            Table::Payments,
            format_args!(
                "F{number:09}{place}1,C{number:09},{cover},{},{ordered_at},{status},{settled_at}",
                yuan(amount)
            ),
        )?;
    }
    Ok(())
}
