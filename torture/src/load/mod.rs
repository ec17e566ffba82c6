//! Load on a real server: customers, programs and staff come at times of their own (open loop, a Poisson process from a seed), steadily,
//! then ten times as many at once, as when hail falls on a town, then steadily again.
//!
//! Time is counted from when a request was due, so that a server which keeps everybody waiting cannot hide it.

pub mod figure;
pub mod measure;
mod people;
mod picture;

use std::fmt::Write;
use std::fs;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::Dice;
use crate::anpei::{Anpei, Served};
use crate::http::exchange;
use measure::{Fate, Measured, Sample, at, by_kind};
use people::{Browser, Place, customer, desk, plate, program};

/// Customers with browsers.
const BROWSERS: usize = 12;
/// Side of a photo in pixels: what a phone sends after its app made it smaller.
const PHOTO: (u32, u32) = (1_280, 960);
/// After the last arrival everybody is done within this time.
const END_MAX: Duration = Duration::from_secs(300);

/// What is to be done.
pub struct Plan {
    /// The binary and its store, which is empty.
    pub anpei: Anpei,
    /// How many processes serve.
    pub nodes: usize,
    /// Claims that arrive a second, when nothing is the matter.
    pub claims_per_second: f64,
    /// How long each of the three times lasts.
    pub phase: Duration,
    /// So many times as many come in the second.
    pub burst: f64,
    /// What chance begins with.
    pub seed: u64,
}

/// What was seen.
pub struct Seen {
    /// The report, as Markdown.
    pub report: String,
    /// The figure, as SVG.
    pub figure: String,
    /// What broke: error pages, connections that were cut, what was lost.
    pub broken: Vec<String>,
}

/// Who arrives when.
struct Arrival {
    at: Duration,
    staff: bool,
}

/// Carries out a plan; `say` hears how it goes.
///
/// # Errors
///
/// When the server cannot be set up or asked.
pub fn run(plan: &Plan, say: &mut dyn FnMut(&str)) -> Result<Seen> {
    let mut dice = Dice::new(plan.seed);
    let arrivals = arrivals(plan, &mut dice);
    let claims = arrivals.iter().filter(|arrival| !arrival.staff).count();
    enter_policies(&plan.anpei, claims)?;
    let program = plan.anpei.bearer("program", &["client"])?;
    let assessor = plan.anpei.bearer("assessor", &["surveyor", "assessor"])?;
    let approver = plan.anpei.bearer("approver", &["approver", "senior-approver"])?;
    let mut links = vec![plan.anpei.account("manager", &["manager", "assessor"])?];
    for number in 0..BROWSERS {
        links.push(plan.anpei.account(&format!("customer{number}"), &["customer"])?);
    }
    let nodes: Vec<Served> = (0..plan.nodes)
        .map(|_| plan.anpei.serve(&["--log-level", "warn,server=info"]))
        .collect::<Result<_>>()?;
    let browsers = links.iter().map(|link| Browser::entered(&nodes[0].address, link).map(Arc::new));
    let browsers: Vec<Arc<Browser>> = browsers.collect::<Result<_>>()?;
    let rest = nodes.iter().map(|node| node.memory_kib("VmRSS")).collect::<Result<Vec<_>>>()?;
    let now = Timestamp::now() - SignedDuration::from_hours(2);
    let local = now.to_zoned(TimeZone::get("Asia/Shanghai")?).strftime("%Y-%m-%dT%H:%M").to_string();
    let place = Arc::new(Place {
        addresses: nodes.iter().map(|node| node.address.clone()).collect(),
        began: Instant::now(),
        measured: Measured::default(),
        picture: picture::picture(PHOTO.0, PHOTO.1)?,
        numbers: AtomicU64::new(0),
        occurred_at: now.to_string(),
        occurred_local: local,
        taken: Mutex::default(),
        program,
        assessor,
        approver,
    });
    say(&format!("{claims} claims and {} looks of staff will come", arrivals.len() - claims));

    let mut under_way = vec![];
    let (mut car, mut told) = (0, 0);
    for arrival in arrivals {
        let due = place.began + arrival.at;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if arrival.at.as_secs() / 10 > told {
            told = arrival.at.as_secs() / 10;
            say(&format!("{} s: {} answers", told * 10, place.measured.taken().0.len()));
        }
        let (place, chosen) = (place.clone(), dice.below(20));
        let browser = browsers[1 + dice.below(BROWSERS)].clone();
        let manager = browsers[0].clone();
        let number = car;
        car += usize::from(!arrival.staff);
        under_way.push(thread::spawn(move || match (arrival.staff, chosen) {
            (true, _) => self::desk(&place, &manager, due),
            // What broke is measured where it broke.
            (false, 0) => self::program(&place, due, number, true),
            (false, 1..8) => self::program(&place, due, number, false),
            _ => self::customer(&place, &browser, due, number),
        }));
    }
    let mut broken: Vec<String> = vec![];
    for person in under_way {
        match person.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => broken.push(format!("{error:#}")),
            Err(_) => broken.push("somebody panicked".to_owned()),
        }
    }
    let done = place.began.elapsed();
    let worked_off = worked_off(&place)?;
    let peak = nodes.iter().map(|node| node.memory_kib("VmHWM")).collect::<Result<Vec<_>>>()?;
    broken.extend(lost(&place)?);
    let (samples, said) = place.measured.taken();
    broken.extend(said);
    for node in nodes {
        node.stop()?;
    }
    let verified = plan.anpei.verify()?;
    let taken = place.taken.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let files: usize = taken.iter().map(|(_, files)| files).sum();
    let mut report = table(plan, &samples);
    writeln!(report, "\n| what | |\n|---|---|")?;
    writeln!(report, "| claims taken, photos taken | {}, {files} |", taken.len())?;
    let shed = samples.iter().filter(|sample| sample.fate == Fate::Shed).count();
    writeln!(report, "| requests sent away with 429 or 503 and Retry-After | {shed} of {} |", samples.len())?;
    writeln!(report, "| lost, error pages, cut connections | {} |", broken.len())?;
    let mib =
        |kib: &[u64]| kib.iter().map(|kib| format!("{} MiB", kib / 1024)).collect::<Vec<_>>().join(", ");
    writeln!(report, "| memory at rest, at its highest | {}; {} |", mib(&rest), mib(&peak))?;
    writeln!(
        report,
        "| after the burst, until p99 of a second is below 500 ms again | {} |",
        recovery(plan, &samples)
    )?;
    let late = done.saturating_sub(plan.phase * 3);
    writeln!(report, "| after the last arrival, until everybody was done | {:.1} s |", late.as_secs_f64())?;
    writeln!(report, "| and until the reactions were worked off | {:.1} s |", worked_off.as_secs_f64())?;
    writeln!(
        report,
        "| `anpei verify` afterwards | {} |",
        verified.trim().lines().last().unwrap_or_default()
    )?;
    let figure = figure::draw(&samples, (plan.phase, plan.phase * 2));
    Ok(Seen { report, figure, broken })
}

/// A Poisson process with three rates; as many looks of staff as claims arrive in steady times, at all times.
fn arrivals(plan: &Plan, dice: &mut Dice) -> Vec<Arrival> {
    let mut arrivals = vec![];
    for staff in [false, true] {
        let mut at = 0.0;
        loop {
            let phase = (at / plan.phase.as_secs_f64()) as u32;
            if phase > 2 {
                break;
            }
            let burst = if phase == 1 && !staff { plan.burst } else { 1.0 };
            arrivals.push(Arrival { at: Duration::from_secs_f64(at), staff });
            at += -(1.0 - dice.fraction()).ln() / (plan.claims_per_second * burst);
        }
    }
    arrivals.sort_by_key(|arrival| arrival.at);
    arrivals
}

fn enter_policies(anpei: &Anpei, cars: usize) -> Result<()> {
    let mut file = String::from(
        "number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,ends_at,\
         compulsory,own_damage\n",
    );
    for car in 0..cars {
        writeln!(
            file,
            "L{car:07},AN-BJ,{},LSVAA4182E2184847,medium,5,family,fuel,150000.00,林知远,13800010101,11010519860317021X,\
             2025-01-01,2035-12-31,yes,150000.00",
            plate(car)
        )?;
    }
    let path = anpei.file("policies.csv");
    fs::write(&path, file)?;
    anpei.run(&["import", "policies", &path.to_string_lossy()])?;
    Ok(())
}

/// How long until no reaction waits.
fn worked_off(place: &Place) -> Result<Duration> {
    let began = Instant::now();
    while began.elapsed() < END_MAX {
        let figures = exchange(&place.addresses[0], "GET", "/metrics", &[], b"")?.text();
        let lag = figures.lines().find_map(|line| line.strip_prefix("anpei_reactor_lag "));
        if lag.is_some_and(|lag| lag.trim() == "0") {
            return Ok(began.elapsed());
        }
        thread::sleep(Duration::from_millis(200));
    }
    anyhow::bail!("reactions are not worked off")
}

/// Every claim and every file that was taken is there.
fn lost(place: &Place) -> Result<Vec<String>> {
    let taken = place.taken.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut lost = vec![];
    for (claim, files) in taken {
        let path = format!("/api/v1/desk/claims/{claim}");
        let answer = exchange(&place.addresses[0], "GET", &path, &[("Authorization", &place.approver)], b"")?;
        let found = answer.json()["evidence"].as_array().map_or(0, Vec::len);
        if answer.status != 200 || found < files {
            lost.push(format!("claim {claim}: {} with {found} files of {files}", answer.status));
        }
    }
    Ok(lost)
}

/// How long after the burst the last bad second was.
fn recovery(plan: &Plan, samples: &[Sample]) -> String {
    let end = (plan.phase * 2).as_secs();
    let last = (plan.phase * 3).as_secs();
    let p99 = |second: u64| {
        let within =
            samples.iter().filter(|sample| sample.fate == Fate::Done && sample.due.as_secs() == second);
        let mut took: Vec<Duration> = within.map(|sample| sample.took).collect();
        took.sort();
        at(&took, 990)
    };
    match (end..last).rev().find(|second| p99(*second) > Duration::from_millis(500)) {
        None => "at once".to_owned(),
        Some(second) if second + 1 >= last => "not within the run".to_owned(),
        Some(second) => format!("{} s", second + 1 - end),
    }
}

/// How long everything took, by kind and by time.
fn table(plan: &Plan, samples: &[Sample]) -> String {
    let phases = ["steady", "burst", "steady again"];
    let mut table = String::from("| what | when | done | p50 | p99 | p99.9 |\n|---|---|---|---|---|---|\n");
    let phase = |sample: &Sample| (sample.due.as_secs_f64() / plan.phase.as_secs_f64()) as usize;
    let kinds: Vec<&str> = by_kind(samples).into_keys().collect();
    for kind in kinds {
        for (number, name) in phases.iter().enumerate() {
            let within: Vec<Sample> = samples
                .iter()
                .filter(|sample| phase(sample).min(2) == number && sample.kind == kind)
                .copied()
                .collect();
            let Some(took) = by_kind(&within).remove(kind) else { continue };
            let ms = |per_mille| at(&took, per_mille).as_secs_f64() * 1_000.0;
            let (p50, p99, p999) = (ms(500), ms(990), ms(999));
            let _ = writeln!(
                table,
                "| {kind} | {name} | {} | {p50:.0} ms | {p99:.0} ms | {p999:.0} ms |",
                took.len()
            );
        }
    }
    table
}

/// Refuses a report that is not clean.
///
/// # Errors
///
/// When something was lost or broke.
pub fn check(seen: &Seen) -> Result<()> {
    let first: Vec<&str> = seen.broken.iter().take(10).map(String::as_str).collect();
    ensure!(
        seen.broken.is_empty(),
        "{} things broke, the first of them:\n{}",
        seen.broken.len(),
        first.join("\n")
    );
    Ok(())
}

/// Writes the figure to `path`.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_figure(seen: &Seen, path: &std::path::Path) -> Result<()> {
    fs::write(path, &seen.figure).with_context(|| format!("{} cannot be written", path.display()))
}
