//! Kills a served process under load again and again, and compares what it kept with what clients were told.

use std::path::PathBuf;

use torture::anpei::Anpei;
use torture::rounds::{Plan, run};

const ROUNDS: usize = 15;
const LONG_ROUNDS: usize = 120;

#[test]
fn what_clients_were_told_outlives_a_killed_process() {
    kill_again_and_again(ROUNDS, 1);
}

/// The other half of the usual rounds, so that both halves run side by side.
#[test]
fn what_clients_were_told_outlives_a_process_killed_at_other_moments() {
    kill_again_and_again(ROUNDS, 2);
}

#[test]
#[ignore = "takes minutes"]
fn what_clients_were_told_outlives_a_process_killed_many_times() {
    kill_again_and_again(LONG_ROUNDS, u64::from(std::process::id()));
}

fn kill_again_and_again(rounds: usize, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let anpei = Anpei {
        program: PathBuf::from(env!("CARGO_BIN_EXE_anpei")),
        data: folder.path().to_owned(),
        database: None,
    };
    let mut plan = Plan {
        anpei,
        postgres: None,
        rounds,
        seed,
        programs: 4,
        nodes: 1,
        life: 10..500,
        claims_a_round: 40,
    };
    match run(&mut plan, &mut |line| eprintln!("{line}")) {
        Ok(outcome) => eprintln!("{outcome}"),
        Err(error) => {
            let kept = folder.keep();
            panic!(
                "{error:#}\nkept in {}\nagain: cargo xtask torture --kinds kill --rounds {rounds} --seed {seed}",
                kept.display()
            );
        }
    }
}
