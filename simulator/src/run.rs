//! One seed from its first morning to its report.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app::App;
use claim::Claims;
use journal::Recorded;

use crate::check;
use crate::dice::Dice;
use crate::life::{self, Busy, Life};
use crate::plan::Plan;
use crate::world::World;

/// What became of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its seed.
    pub seed: u64,
    /// What did not hold, each behind the name of its invariant in brackets.
    pub problems: Vec<String>,
    /// The last steps.
    pub last: Vec<String>,
    /// What the run recorded, as a hash: the same for the same seed.
    pub hash: String,
    /// What was recorded.
    pub journal: Vec<Recorded>,
    /// How much happened.
    pub tally: Tally,
    /// How long it took, in real time.
    pub took: Duration,
}

/// How much happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries of the journal.
    pub entries: u64,
    /// Claims.
    pub claims: u64,
    /// Claims that ended.
    pub over: u64,
    /// Payments that left the bank.
    pub paid: u64,
    /// Requests of people.
    pub requests: u64,
    /// Crashes.
    pub crashes: u64,
    /// Erasures.
    pub erased: u64,
    /// Set-offs and recoveries.
    pub given_back: u64,
}

impl Report {
    /// Everything a person needs to look into a failure.
    pub fn told(&self) -> String {
        let mut text = format!("seed {} failed:\n", self.seed);
        for problem in &self.problems {
            text.push_str(&format!("  {problem}\n"));
        }
        text.push_str("the last steps:\n");
        for step in &self.last {
            text.push_str(&format!("  {step}\n"));
        }
        text.push_str(&format!("again: cargo xtask simulate --seed {}\n", self.seed));
        text
    }
}

/// Runs `seed`.
pub fn run(seed: u64) -> Report {
    let begun = Instant::now();
    let mut report = match live(seed) {
        Ok(report) => report,
        Err(problem) => Report {
            seed,
            problems: vec![format!("[run] {problem:#}")],
            last: vec![],
            hash: String::new(),
            journal: vec![],
            tally: Tally::default(),
            took: Duration::ZERO,
        },
    };
    report.took = begun.elapsed();
    report
}

fn live(seed: u64) -> Result<Report> {
    let plan = Plan::of(seed);
    let world = founded(plan.clone())?;
    let (last, crashes) = plan.lives.split_last().expect("there is a last life");
    world.weather.set_calm(false);
    let mut dice = Dice::new(seed, "crashes");
    for (number, length) in crashes.iter().enumerate() {
        let life = Life::new()?;
        let app = world.app(life.gate(), false)?;
        life.run(&world, async {
            let _busy = life::start(&world, &app);
            tokio::time::sleep(*length).await;
            // Something has just been recorded, and what follows from it is in hand.
            let mut head = app.ports().journal.head();
            head.mark_unchanged();
            let _ = tokio::time::timeout(Duration::from_secs(20), head.changed()).await;
            tokio::time::sleep(Duration::from_millis(dice.below(1_200))).await;
            Ok(())
        })?;
        drop(app);
        world.note(format_args!("crash {}", number + 1));
        world.disk.reboot()?;
    }
    let life = Life::new()?;
    let app = world.app(life.gate(), false)?;
    let tally = life.run(&world, async {
        let mut busy = life::start(&world, &app);
        tokio::time::sleep(*last).await;
        erase_some(&world, &app).await?;
        calm_down(&world, &app, &mut busy).await;
        check::all(&world, &app).await
    })?;
    drop(app);
    world.disk.reboot()?;
    check_again(&world)?;
    let hash = check::hash(&world)?;
    let tally = Tally { crashes: crashes.len() as u64, ..tally };
    let (problems, last, journal) = (world.problems(), world.trace.last(), check::entries(&world)?);
    Ok(Report { seed, problems, last, hash, journal, tally, took: Duration::ZERO })
}

/// A world in which everybody has an account.
fn founded(plan: Plan) -> Result<Arc<World>> {
    let mut world = World::new(plan)?;
    let life = Life::new()?;
    let app = world.app(life.gate(), false)?;
    life.block_on(world.found(&app))??;
    drop(app);
    drop(life);
    world.disk.reboot()?;
    Ok(Arc::new(world))
}

/// The keys of some claims are destroyed: of those that ended, and now and then of one under way.
async fn erase_some(world: &World, app: &App) -> Result<()> {
    let mut dice = Dice::new(world.plan.seed, "erasures");
    let claims = world.requests.claims();
    for _ in 0..dice.below(3).min(claims.len() as u64) {
        let claim = dice.pick(&claims);
        world.weather.set_calm(true);
        let over = app.streams().load::<Claims>(claim).await?.state.is_over();
        if over || dice.chance(250) {
            world.erase(claim)?;
        }
    }
    Ok(())
}

/// Fair weather until nothing moves any more.
async fn calm_down(world: &World, app: &App, busy: &mut Busy) {
    world.weather.set_calm(true);
    world.note("fair weather");
    busy.until_quiet(world, app).await;
    busy.send_home().await;
    if !busy.settled(app).await {
        world.problem("[rest] reactions do not come to an end".to_owned());
    }
}

/// A last process that has lost its checkpoints does everything once more, which must change nothing.
fn check_again(world: &Arc<World>) -> Result<()> {
    let life = Life::new()?;
    let app = world.app(life.gate(), true)?;
    life.run(world, async {
        let before = *app.ports().journal.head().borrow();
        if !life::react_again(&app).await {
            world.problem("[again] reacting again does not come to an end".to_owned());
        }
        check::again::nothing_changed(world, &app, &check::entries(world)?, before).await
    })
}

/// Runs `seed` twice and says whether both runs recorded the same.
pub fn run_twice(seed: u64) -> Result<Report> {
    let (one, other) = (run(seed), run(seed));
    ensure!(one.hash == other.hash, "seed {seed} gave {} and then {}", one.hash, other.hash);
    ensure!(one.tally == other.tally, "seed {seed} gave {:?} and then {:?}", one.tally, other.tally);
    Ok(one)
}
