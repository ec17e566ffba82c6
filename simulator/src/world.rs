//! One world: what outlives every crash of the product, and what people were told by it.

mod requests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use app::ports::{Checkpoints, Clock};
use app::{App, Failure, NewAccount, Ports, Principal, Request, Role};
use futures::future::join;
use journal::ActorKind;
use lexicon::{Moment, PolicyId, SubjectId, Vault};
use register::import::Format;
use rulebook::{Injury, Tables};

pub use requests::{Answer, Requests, Sent, State};

use crate::clock::WorldClock;
use crate::dice::Dice;
use crate::disk::Disk;
use crate::people::{Customer, Op, Part, Person, Persona, Planned, Staff, roster};
use crate::plan::Plan;
use crate::ports::{
    Forgetful, Gate, Plain, QuickPictures, SeededChance, SeededVault, StormyBank, StormyMessenger,
    StormyStore,
};
use crate::trace::Trace;
use crate::weather::Weather;

/// The morning on which every world begins; a Wednesday.
const MORNING: &str = "2026-05-20T08:00:00+08:00";
/// The policies that the insurer begins with.
const POLICIES: &str = include_str!("../../fixtures/policies.csv");
/// A person waits so long for an answer, in virtual time.
const PATIENCE: Duration = Duration::from_secs(25);
/// And tries so often before they come back another time.
const TRIES: u32 = 4;

/// One world.
#[expect(missing_docs, reason = "each field is the part of its name")]
pub struct World {
    pub plan: Plan,
    pub clock: Arc<WorldClock>,
    pub disk: Arc<Disk>,
    pub weather: Arc<Weather>,
    pub bank: Arc<StormyBank>,
    pub messenger: Arc<StormyMessenger>,
    pub people: Vec<Person>,
    pub policies: Vec<PolicyId>,
    pub requests: Requests,
    pub trace: Trace,
    vault: Option<Arc<SeededVault>>,
    erased: Mutex<Vec<SubjectId>>,
    problems: Mutex<Vec<String>>,
    pictures: AtomicU64,
    lives: AtomicU64,
}

impl World {
    /// The world of `plan` before its first life; nobody has an account yet.
    pub fn new(plan: Plan) -> Result<World> {
        let seed = plan.seed;
        let disk = Arc::new(Disk::new(seed, plan.on_disk)?);
        let weather = Arc::new(Weather::new(seed, plan.faults));
        let start: Moment = MORNING.parse().context("the morning of the world")?;
        let mut lines = POLICIES.lines().skip(1);
        let policies = lines.clone().filter_map(|line| line.split(',').next()?.parse().ok()).collect();
        let customers = customers(&plan, start, &mut lines);
        let staff = roster().into_iter().map(|(name, staff)| (name.to_owned(), Part::Staff(staff)));
        let person = |(name, part): (String, Part)| {
            let dice = Mutex::new(Dice::new(seed, &name));
            Person { name, principal: Principal::system(), part, dice }
        };
        Ok(World {
            clock: Arc::new(WorldClock::new(start, plan.scale)),
            bank: Arc::new(StormyBank::new(seed, disk.clone(), weather.clone())),
            messenger: Arc::new(StormyMessenger::new(seed, weather.clone())),
            people: customers.into_iter().chain(staff).map(person).collect(),
            policies,
            requests: Requests::default(),
            trace: Trace::default(),
            vault: (!plan.on_disk).then(|| Arc::new(SeededVault::new(seed))),
            erased: Mutex::default(),
            problems: Mutex::default(),
            pictures: AtomicU64::new(100),
            lives: AtomicU64::new(0),
            disk,
            weather,
            plan,
        })
    }

    /// The product in a new process: nothing in memory, the same disk.
    pub fn app(&self, gate: &Arc<Gate>, forgetful: bool) -> Result<App> {
        let life = self.lives.fetch_add(1, Ordering::SeqCst);
        let store = Arc::new(StormyStore::new(self.disk.clone(), self.weather.clone()));
        let checkpoints: Arc<dyn Checkpoints> = if forgetful { Arc::new(Forgetful) } else { store.clone() };
        let ports = Ports {
            journal: store.clone(),
            views: store.clone(),
            vault: self.vault(),
            blobs: store.clone(),
            sessions: store.clone(),
            leases: store,
            checkpoints,
            clock: self.clock.clone(),
            chance: Arc::new(SeededChance::new(Dice::new(self.plan.seed, &format!("life {life}")))),
            bank: self.bank.clone(),
            messenger: self.messenger.clone(),
            passwords: Arc::new(Plain),
            pictures: Arc::new(QuickPictures(gate.clone())),
        };
        Ok(App::new(ports, Tables::shipped()?))
    }

    /// The vault that the product seals with.
    pub fn vault(&self) -> Arc<dyn Vault> {
        match &self.vault {
            Some(vault) => vault.clone(),
            None => Arc::new(self.disk.store()),
        }
    }

    /// Opens the accounts of everybody and enters the policies.
    pub async fn found(&mut self, app: &App) -> Result<()> {
        let system = Request::system();
        let report = app.import_policies(&system, POLICIES.as_bytes(), Format::Csv).await?;
        anyhow::ensure!(report.refused.is_empty(), "the policies of the world: {report:?}");
        for person in &mut self.people {
            let (role, kind) = match &person.part {
                Part::Customer(_) => (Role::Customer, ActorKind::Customer),
                Part::Staff(Staff { role, .. }) => (*role, ActorKind::Staff),
            };
            let new = NewAccount {
                login: person.name.clone(),
                name: person.name.clone(),
                phone: None,
                roles: [role].into(),
            };
            let account = app.open_account(&system, &new).await?;
            person.principal = Principal { account: Some(account), kind, roles: [role].into() };
        }
        Ok(())
    }

    /// Asks something new for the person numbered `me`.
    pub async fn ask(&self, app: &App, me: usize, op: Op) {
        let index = self.requests.send(me, op);
        self.deliver(app, index).await;
    }

    /// Delivers the request at `index`, again until it is answered or the person gives up for now.
    pub async fn deliver(&self, app: &App, index: usize) {
        let Sent { who, op, .. } = self.requests.sent(index);
        let person = &self.people[who];
        let request = self.requests.request(index, &person.principal);
        for attempt in 0..TRIES {
            let told = matches!(self.requests.sent(index).state, State::Told(_));
            let once = || tokio::time::timeout(PATIENCE, op.perform(app, &request));
            // A nervous thumb, or a line that delivers twice.
            let outcomes = match self.weather.duplicates() {
                true => {
                    let (one, other) = join(once(), once()).await;
                    vec![one, other]
                }
                false => vec![once().await],
            };
            let mut answered = false;
            for outcome in outcomes {
                // Nothing is said any more on behalf of somebody who was erased, whatever became of it before.
                let erased = op.claim().is_some_and(|claim| self.is_erased(claim));
                let answer = match outcome {
                    Ok(Ok(text)) => Answer::Told(text),
                    Ok(Err(Failure::Unavailable(problem))) => Answer::Unheard(problem),
                    Ok(Err(failure)) if erased => Answer::Unheard(failure.to_string()),
                    Ok(Err(failure)) => Answer::Refused(failure.to_string()),
                    Err(_) => Answer::Unheard("no answer in time".to_owned()),
                };
                answered |= !matches!(answer, Answer::Unheard(_));
                self.note(format_args!("{} {} #{index}: {answer}", person.name, op.name()));
                if let Some(problem) = self.requests.heard(index, answer, told) {
                    self.problem(problem);
                }
            }
            if answered {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200 << attempt)).await;
        }
    }

    /// Destroys the key of `claim`'s subject.
    pub fn erase(&self, claim: &lexicon::ClaimId) -> Result<()> {
        let subject: SubjectId = format!("claim-{claim}").parse()?;
        match &self.vault {
            Some(vault) => vault.erase(&subject),
            None => {
                let erased = subject.clone();
                self.disk.perform(move |store| store.erase(&erased))?;
            }
        }
        self.note(format_args!("{claim} is erased"));
        self.erased.lock().unwrap_or_else(PoisonError::into_inner).push(subject);
        Ok(())
    }

    /// Everybody who was erased.
    pub fn erased(&self) -> Vec<SubjectId> {
        self.erased.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether `claim`'s subject was erased.
    pub fn is_erased(&self, claim: &lexicon::ClaimId) -> bool {
        self.erased().iter().any(|subject| subject.as_str().strip_prefix("claim-") == Some(claim.as_str()))
    }

    /// A picture that nobody has sent yet.
    pub fn next_picture(&self) -> u64 {
        self.pictures.fetch_add(1, Ordering::SeqCst)
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Notes a step.
    pub fn note(&self, step: impl std::fmt::Display) {
        self.trace.note(self.now(), step);
    }

    /// Notes that something does not hold.
    pub fn problem(&self, problem: String) {
        self.note(format_args!("PROBLEM {problem}"));
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }

    /// What did not hold so far.
    pub fn problems(&self) -> Vec<String> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The customers of a world, with the accidents that await them; of each two, some meet each other.
fn customers<'a>(
    plan: &Plan,
    start: Moment,
    lines: &mut impl Iterator<Item = &'a str>,
) -> Vec<(String, Part)> {
    let mut dice = Dice::new(plan.seed, "customers");
    let mut found: Vec<(String, Customer)> = lines
        .filter_map(|line| {
            let mut cells = line.split(',');
            let plate = cells.nth(2)?.replace('·', "");
            let name = cells.nth(6)?.to_owned();
            let phone = cells.next()?.to_owned();
            let persona = match dice.below(20) {
                0..12 => Persona::Lawful,
                12..17 => Persona::Careless,
                _ => Persona::Fraudulent,
            };
            Some((name, Customer { plate, phone, persona, accidents: vec![] }))
        })
        .take(plan.customers)
        .collect();
    // While the world is stormy, most of its time.
    let span = plan.lives.iter().map(|life| life.as_secs() as i64).sum::<i64>() * plan.scale / 2;
    for me in 0..found.len() {
        let count = if found[me].1.persona == Persona::Fraudulent { 2 } else { 1 };
        for _ in 0..count {
            let at = start.plus_seconds(dice.between(600, span));
            let together = dice.below(100);
            let with = (me + 1) % found.len();
            let mut planned = accident(&mut dice, at, found[me].1.persona);
            if together < 45 && with != me {
                planned.other = Some(found[with].1.plate.clone());
                let self_claim = planned.self_claim;
                let mut theirs = accident(&mut dice, at, found[with].1.persona);
                theirs.other = Some(found[me].1.plate.clone());
                theirs.self_claim = self_claim;
                // Mostly they tell the same story.
                theirs.share = if dice.chance(850) { 100 - planned.share } else { planned.share };
                if together < 35 {
                    found[with].1.accidents.push(theirs);
                }
            } else if together < 60 {
                planned.other = Some(format!("京Q{:05}", 10_000 + dice.below(80_000)));
            }
            found[me].1.accidents.push(planned);
        }
    }
    found.into_iter().map(|(name, customer)| (name, Part::Customer(customer))).collect()
}

fn accident(dice: &mut Dice, at: Moment, persona: Persona) -> Planned {
    let careless = persona == Persona::Careless;
    let late = if careless { dice.between(600, 60 * 3_600) } else { dice.between(300, 3 * 3_600) };
    Planned {
        at,
        delay_seconds: late,
        other: None,
        share: *dice.pick(&[0, 30, 50, 70, 100, 100]),
        heavy: dice.chance(250),
        injury: if dice.chance(70) { Injury::Light } else { Injury::None },
        self_claim: dice.chance(150),
        told: if careless && dice.chance(400) { 2 } else { 1 },
    }
}
