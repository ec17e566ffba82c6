//! Rounds of torture: a served process under the load of programs and their people, killed at a random moment, started again, and
//! compared with what everybody was told.
//!
//! After every round: each acknowledged step stands in its claim's history, none twice, and every answered request, sent again, gets
//! its first answer. After the last: every claim ends, `anpei verify` finds nothing, and the bank's own book shows each order
//! paid at most once, and each paid that is said to be.

mod check;
mod program;

use std::fmt;
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};

use crate::Dice;
use crate::anpei::{Anpei, Served};
use crate::postgres::Postgres;
use program::{Bearers, Program, Shared};

/// Policies are entered for so many rounds at once.
const BLOCK: usize = 20;

/// What is to be done.
pub struct Plan {
    /// The binary and its store, which is empty.
    pub anpei: Anpei,
    /// The server behind the store, where it is to be killed as well.
    pub postgres: Option<Postgres>,
    /// How often something is killed.
    pub rounds: usize,
    /// What chance begins with.
    pub seed: u64,
    /// How many programs work at once.
    pub programs: usize,
    /// How many processes serve; more than one takes a store that several may share.
    pub nodes: usize,
    /// So long something lives before it is killed, in milliseconds.
    pub life: Range<u64>,
    /// No program begins more claims in a round, so that every claim has a policy of its own.
    pub claims_a_round: usize,
}

/// What was done; nothing was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Processes killed.
    pub kills: usize,
    /// How often the database's own server was killed.
    pub server_kills: usize,
    /// Requests that were acknowledged, each sent again after the next start.
    pub answers: usize,
    /// Requests that were told to come again later.
    pub shed: u64,
    /// Claims worked to their end: small, heavy, taken back.
    pub claims: [usize; 3],
    /// Payment orders, and how many of them the bank paid.
    pub orders: usize,
    /// Those that the bank paid.
    pub paid: usize,
    /// Those that a person has, because the bank refused or never answered.
    pub with_people: usize,
    /// What `anpei verify` said last.
    pub verified: String,
    /// How long it took.
    pub took: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [small, heavy, withdrawn] = self.claims;
        writeln!(f, "| what | count |\n|---|---|")?;
        writeln!(f, "| processes killed | {} |", self.kills)?;
        writeln!(f, "| database servers killed | {} |", self.server_kills)?;
        writeln!(f, "| acknowledged requests, each compared and sent again | {} |", self.answers)?;
        writeln!(f, "| of them lost, or there twice | 0 |")?;
        writeln!(f, "| requests told to come again later | {} |", self.shed)?;
        writeln!(
            f,
            "| claims to their end: small, heavy (three people), taken back | {small}, {heavy}, {withdrawn} |"
        )?;
        writeln!(
            f,
            "| payment orders: paid once, with a person | {}: {}, {} |",
            self.orders, self.paid, self.with_people
        )?;
        writeln!(f, "| payments made twice, or not ordered | 0 |")?;
        write!(f, "| seconds | {} |", self.took.as_secs())
    }
}

/// Carries out a plan; `say` hears how it goes.
///
/// # Errors
///
/// When something was lost, done twice, or stuck: the error says what, and the data folder is left as it is.
pub fn run(plan: &mut Plan, say: &mut dyn FnMut(&str)) -> Result<Outcome> {
    let began = Instant::now();
    let mut dice = Dice::new(plan.seed);
    let anpei = plan.anpei.clone();
    enter_policies(plan, 0)?;
    let bearers = Bearers {
        program: anpei.bearer("program", &["client"])?,
        assessor: anpei.bearer("assessor", &["surveyor", "assessor"])?,
        approver: anpei.bearer("approver", &["approver", "senior-approver"])?,
    };
    let occurred_at = (Timestamp::now() - SignedDuration::from_hours(2)).to_string();
    let shared = Arc::new(Shared { bearers, occurred_at, programs: plan.programs });
    let program = |number: usize| {
        Program::new(number, shared.clone(), Dice::new(plan.seed ^ (number as u64 + 1) << 32))
    };
    let mut programs: Vec<Program> = (0..plan.programs).map(program).collect();
    let mut outcome = Outcome::default();
    let mut nodes: Vec<Served> = vec![];
    for round in 0..plan.rounds {
        if round > 0 && round % BLOCK == 0 && plan.nodes == 1 {
            enter_policies(plan, round)?;
        }
        let name = || format!("round {round} of {}", plan.rounds);
        start_missing(plan, &mut nodes).with_context(name)?;
        let addresses: Vec<String> = nodes.iter().map(|node| node.address.clone()).collect();
        outcome.answers += check::after_a_round(&addresses, &mut programs).with_context(name)?;

        let life = plan.life.start + dice.draw() % (plan.life.end - plan.life.start).max(1);
        let enough = (round + 1) * plan.claims_a_round;
        let at_work: Vec<_> = programs
            .into_iter()
            .map(|mut program| {
                let addresses = addresses.clone();
                thread::spawn(move || {
                    let worked = program.work(&addresses, enough);
                    (program, worked)
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(life));
        match &mut plan.postgres {
            Some(server) if dice.below(3) == 0 => {
                server.crash()?;
                outcome.server_kills += 1;
                thread::sleep(Duration::from_millis(dice.draw() % 500));
                server.start()?;
                // Programs meanwhile hear that they should come again.
                thread::sleep(Duration::from_millis(500));
            }
            _ => {}
        }
        nodes.swap_remove(dice.below(nodes.len())).kill()?;
        outcome.kills += 1;
        let worked: Vec<_> = at_work.into_iter().map(|thread| thread.join()).collect();
        programs = vec![];
        for program in worked {
            let (program, worked) = program.map_err(|_| anyhow::anyhow!("a program panicked"))?;
            worked.with_context(name)?;
            programs.push(program);
        }
        if (round + 1) % 10 == 0 || round + 1 == plan.rounds {
            let claims: usize = programs.iter().map(|program| program.claims.len()).sum();
            say(&format!("{} rounds: {} answers compared, {claims} claims", round + 1, outcome.answers));
        }
    }
    start_missing(plan, &mut nodes)?;
    end(plan, nodes, programs, &mut outcome).context("after the last round")?;
    outcome.took = began.elapsed();
    Ok(outcome)
}

/// Everything that was begun is brought to its end, and compared with what others know of it.
fn end(plan: &Plan, nodes: Vec<Served>, mut programs: Vec<Program>, outcome: &mut Outcome) -> Result<()> {
    let addresses: Vec<String> = nodes.iter().map(|node| node.address.clone()).collect();
    outcome.answers += check::after_a_round(&addresses, &mut programs)?;
    for program in &mut programs {
        program.finish(&addresses)?;
    }
    outcome.answers += check::after_a_round(&addresses, &mut programs)?;
    let ledger = plan.anpei.file("fake-bank.jsonl");
    let payments = check::wait_for_the_end(&addresses, &programs, &ledger)?;
    outcome.shed = programs.iter().map(|program| program.shed).sum();
    for claim in programs.iter().flat_map(|program| &program.claims) {
        outcome.claims[claim.way as usize] += 1;
    }
    ensure!(
        outcome.claims.iter().sum::<usize>() > 0 && outcome.answers > plan.rounds,
        "too little was done to mean anything"
    );
    for node in nodes {
        node.stop()?;
    }
    outcome.verified = plan.anpei.verify()?;
    check::with_the_bank(&ledger, &payments, outcome)
}

fn start_missing(plan: &Plan, nodes: &mut Vec<Served>) -> Result<()> {
    while nodes.len() < plan.nodes {
        nodes.push(plan.anpei.serve(&["--fake-bank", "faulty", "--log-level", "warn,server=info"])?);
    }
    nodes.iter().try_for_each(|node| check::ready(&node.address))
}

/// Enters a policy for every claim of the next rounds.
fn enter_policies(plan: &Plan, round: usize) -> Result<()> {
    let rounds = if plan.nodes == 1 { BLOCK.min(plan.rounds - round) } else { plan.rounds };
    // One claim more for each program than it may begin: the one under way.
    let cars = |round: usize| (round * plan.claims_a_round + 1) * plan.programs;
    let mut file = String::from(
        "number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,ends_at,\
         compulsory,own_damage\n",
    );
    for car in if round == 0 { 0 } else { cars(round) }..cars(round + rounds) {
        let plate = program::plate(car);
        writeln!(
            file,
            "T{car:07},AN-BJ,{plate},LSVAA4182E2184847,medium,5,family,fuel,150000.00,林知远,13800010101,11010519860317021X,\
             2025-01-01,2035-12-31,yes,150000.00"
        )?;
    }
    let path = plan.anpei.file("policies.csv");
    fs::write(&path, file)?;
    plan.anpei.run(&["import", "policies", &path.to_string_lossy()])?;
    Ok(())
}
