//! The power is cut: what was acknowledged is there, whole and once, and the store opens by itself.

use torture::Dice;
use torture::disk::Syncs;

use super::recorded::{left, recorded, wanted};

/// Cuts in the usual run.
const CUTS: u64 = 200;
/// Cuts of one recorded run.
const CUTS_A_RUN: u64 = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_power_cut() {
    let (cuts, seed) = (wanted("ANPEI_TORTURE_ROUNDS", CUTS), wanted("ANPEI_TORTURE_SEED", 1));
    let mut done = 0;
    while done < cuts {
        let run = seed + done / CUTS_A_RUN;
        let (folder, disk, asked) = recorded(60, run).await;
        let mut dice = Dice::new(run);
        let steps = disk.tape().steps();
        for number in 0..CUTS_A_RUN.min(cuts - done) {
            // The last moment of all is among them.
            let at = if number == 0 { steps } else { dice.below(steps + 1) };
            let cut = left(&disk.cut(at, Syncs::Kept, &mut dice), folder.path());
            if let Err(problem) = asked.compare(&disk, at, cut.path()).await {
                let kept = cut.keep();
                std::fs::remove_file(kept.join("lock")).ok();
                panic!(
                    "cut {number} of run {run}, behind step {at} of {steps}: {problem}\nkept in {}\nagain: cargo xtask torture \
                     --kinds power --rounds {CUTS_A_RUN} --seed {run}",
                    kept.display()
                );
            }
        }
        done += CUTS_A_RUN.min(cuts - done);
        eprintln!("{done} cuts of {cuts}: nothing lost ({steps} steps in the last run)");
    }
}

/// Proof that the test above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_lies_about_syncs_is_found_out() {
    let (folder, disk, asked) = recorded(30, 7).await;
    let mut dice = Dice::new(7);
    let steps = disk.tape().steps();
    let mut losses = 0;
    for _ in 0..40 {
        let at = steps / 2 + dice.below(steps / 2);
        let cut = left(&disk.cut(at, Syncs::Ignored, &mut dice), folder.path());
        losses += usize::from(asked.compare(&disk, at, cut.path()).await.is_err());
    }
    assert!(losses >= 10, "only {losses} losses of 40 were seen");
}
