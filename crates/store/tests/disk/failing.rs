//! A disk that is full, or answers with errors: refused is refused, acknowledged is kept, and it goes on once the disk is mended.

use std::time::Duration;

use journal::{AppendError, Journal};
use store::Store;
use torture::Dice;
use torture::disk::{Disk, Fault, Lasting, Syncs};

use super::recorded::{Asked, left, wanted};
use crate::world::{World, append, config, open, placed};

/// In the usual run every way to fail strikes at so many places.
const PLACES: u64 = 12;
/// By hand the places lie as far apart as chance has it, up to here.
const GRANTED_MAX: usize = 160;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_disk_acknowledges_nothing_that_it_does_not_keep() {
    let seed = wanted("ANPEI_TORTURE_SEED", 1);
    let mut dice = Dice::new(seed);
    let (mut struck, mut refused) = (0, 0);
    let places = wanted("ANPEI_TORTURE_ROUNDS", PLACES * 8) / 8;
    for place in 0..places.max(1) {
        for fault in Fault::ALL {
            for lasting in [Lasting::Once, Lasting::UntilMended] {
                let granted = if place < 24 { place } else { dice.below(GRANTED_MAX) as u64 };
                let told = round(fault, lasting, granted, &mut dice).await.unwrap_or_else(|problem| {
                    panic!(
                        "{fault:?} {lasting:?} after {granted}: {problem}\nagain: cargo xtask torture --kinds errors --rounds {} \
                         --seed {seed}",
                        (place + 1) * 8
                    )
                });
                struck += u64::from(told.0);
                refused += told.1;
            }
        }
    }
    eprintln!("{struck} disks failed, {refused} appends were refused, nothing acknowledged was lost");
    assert!(struck >= places * 4 && refused > 0, "{struck} {refused}: the faults must be met");
}

/// Whether the disk failed at all, and how many appends were refused.
async fn round(
    fault: Fault,
    lasting: Lasting,
    granted: u64,
    dice: &mut Dice,
) -> Result<(bool, usize), String> {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let (asked, store) = (Asked::default(), open(folder.path()));
    asked.work(&store, &disk, folder.path(), 3, &mut dice.clone()).await;
    disk.tape().fail(fault, lasting, granted);
    let mut refused = 0;
    for _ in 0..12 {
        refused += usize::from(!asked.one(&store, &disk).await);
    }
    let struck = disk.tape().mend();
    // Room again: it takes the next append, without a new start.
    let mut went_on = false;
    for _ in 0..20 {
        went_on = went_on || asked.one(&store, &disk).await;
    }
    if !went_on {
        return Err("it does not go on once the disk is mended".into());
    }
    // Power off now: nothing may stand on a promise that the disk broke.
    let steps = disk.tape().steps();
    for _ in 0..2 {
        let cut = left(&disk.cut(steps, Syncs::Kept, dice), folder.path());
        asked.compare(&disk, steps, cut.path()).await?;
    }
    World { store, folder: None }.catch_up().await;
    // Or an end in good order, and a start.
    let steps = disk.tape().steps();
    asked.compare(&disk, steps, folder.path()).await?;
    Ok((struck, refused))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_full_disk_refuses_says_unavailable_and_is_not_there() {
    for fault in Fault::ALL {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::watch(folder.path()).unwrap();
        let store = open(folder.path());
        store.append(append("thing-a", 0, vec![placed(1)])).await.unwrap();
        disk.tape().fail(fault, Lasting::UntilMended, 0);
        for _ in 0..3 {
            let refused = store.append(append("thing-b", 0, vec![placed(1)])).await;
            assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{fault:?}: {refused:?}");
        }
        assert!(
            Journal::stream(&store, &"thing-b".parse().unwrap(), 0).await.unwrap().is_empty(),
            "{fault:?}"
        );
        let world = World { store, folder: None };
        assert_eq!(world.names("thing-a").await.len(), 1, "{fault:?}: reading goes on");
        disk.tape().mend();
        world.put("thing-b", 0, vec![placed(2)]).await;
        world.catch_up().await;
        world.check_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_opened_says_so_in_one_line_and_opens_once_it_can() {
    for fault in Fault::ALL {
        for granted in [0, 1, 2, 3, 5, 8, 13, 21, 34] {
            let folder = tempfile::tempdir().unwrap();
            let disk = Disk::watch(folder.path()).unwrap();
            disk.tape().fail(fault, Lasting::UntilMended, granted);
            if let Err(problem) = Store::open(config(folder.path())) {
                assert!(!problem.to_string().contains('\n'), "{problem}");
            }
            disk.tape().mend();
            let world = World { store: open(folder.path()), folder: None };
            world.put("thing-a", 0, vec![placed(1)]).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            world.catch_up().await;
            world.check_sound().await;
        }
    }
}
