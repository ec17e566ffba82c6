//! Moves that end without warning, and go on.

use std::thread;
use std::time::Duration;

use torture::objects::{Ask, Fault, Objects};

use super::child::start;
use super::{bytes, fetch, filing, folder, keep, place, world};

const FILES: u64 = 40;

/// Moves the files of a store in a bucket to `to`; each process that does it is killed a little later than the one before.
fn killed_until_done(from: &Objects, to: &str) {
    let world = world(from);
    let mut ids: Vec<_> =
        (0..FILES).map(|number| keep(&world.store, &bytes(number, 5_000)).unwrap()).collect();
    let mut killed = 0;
    for round in 0_u64.. {
        // So that a move takes a while.
        from.fail(Ask::Get, 0, usize::MAX, Fault::Slow(Duration::from_millis(20)));
        let mut process = start(folder(&world), to);
        thread::sleep(Duration::from_millis(60 + 40 * round));
        let ended = process.try_wait().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        from.mend();
        ids.push(keep(&world.store, &bytes(FILES + round, 5_000)).unwrap());
        for (number, id) in (0..).zip(&ids) {
            let read = fetch(&world.store, id).unwrap();
            assert!(read == Some(bytes(number, 5_000)), "file {number} cannot be read after round {round}");
        }
        if let Some(status) = ended {
            assert!(status.success(), "round {round}: {status}");
            break;
        }
        killed += 1;
        assert!(round < 60, "it does not come to its end");
    }
    assert!(killed > 3, "it was too quick to be killed");
    from.fail_all(Fault::Cut);
    assert_eq!(filing(&world).places().unwrap(), [place(to)]);
    for (number, id) in (0..).zip(&ids) {
        assert!(
            fetch(&world.store, id).unwrap() == Some(bytes(number, 5_000)),
            "file {number} was left behind"
        );
    }
}

#[test]
fn a_move_to_a_bucket_killed_again_and_again_comes_to_its_end() {
    let (from, to) = (Objects::open(), Objects::open());
    killed_until_done(&from, &to.url("files"));
}

#[test]
fn a_move_to_a_folder_killed_again_and_again_comes_to_its_end() {
    let (from, to) = (Objects::open(), tempfile::tempdir().unwrap());
    killed_until_done(&from, to.path().join("files").to_str().unwrap());
}
