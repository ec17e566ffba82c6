//! Files move while others keep and read them.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use lexicon::BlobId;
use store::Store;
use torture::objects::{Ask, Fault, Objects};

use super::{bytes, fetch, filing, folder, keep, key, move_to, place, world, world_at};

/// Keeps files until told to stop, and notes what was acknowledged.
fn write(store: &Store, writer: u64, stop: &AtomicBool, kept: &Mutex<Vec<(u64, BlobId)>>) {
    for number in (writer..).step_by(WRITERS as usize) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let id = keep(store, &bytes(number, 2_000)).unwrap();
        kept.lock().unwrap().push((number, id));
        thread::sleep(Duration::from_millis(30));
    }
}

/// Reads what was acknowledged, over and over: each of it can be read at any time.
fn read(store: &Store, stop: &AtomicBool, kept: &Mutex<Vec<(u64, BlobId)>>, reads: &AtomicU64) {
    for turn in 0_usize.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let some = {
            let kept = kept.lock().unwrap();
            // Old ones and the newest in turn.
            let index =
                if turn.is_multiple_of(2) { turn * 7_919 % kept.len().max(1) } else { kept.len().max(1) - 1 };
            kept.get(index).cloned()
        };
        let Some((number, id)) = some else { continue };
        let read = fetch(store, &id).unwrap();
        assert!(read == Some(bytes(number, 2_000)), "file {number} cannot be read while it moves");
        reads.fetch_add(1, Ordering::Relaxed);
        thread::sleep(Duration::from_millis(5));
    }
}

const WRITERS: u64 = 3;

/// Moves the files of a store at `from` to `to` under load; then only `to` is left, and has them all.
fn moved_under_load(from: &str, to: &str, leave: impl FnOnce(&Path)) {
    let world = world_at(from);
    let (stop, reads, kept) = (AtomicBool::new(false), AtomicU64::new(0), Mutex::new(vec![]));
    let wait = |more: usize| {
        let enough = kept.lock().unwrap().len() + more;
        while kept.lock().unwrap().len() < enough {
            thread::sleep(Duration::from_millis(5));
        }
    };
    thread::scope(|scope| {
        let (store, stop, kept, reads) = (&world.store, &stop, &kept, &reads);
        for writer in 0..WRITERS {
            scope.spawn(move || write(store, writer, stop, kept));
        }
        for _ in 0..2 {
            scope.spawn(move || read(store, stop, kept, reads));
        }
        wait(30);
        move_to(folder(&world), to);
        wait(30);
        stop.store(true, Ordering::Relaxed);
    });
    assert!(reads.into_inner() > 30, "too little was read to mean anything");
    leave(folder(&world));
    let kept = kept.into_inner().unwrap();
    for (number, id) in &kept {
        assert!(
            fetch(&world.store, id).unwrap() == Some(bytes(*number, 2_000)),
            "file {number} was left behind"
        );
    }
    assert_eq!(filing(&world).places().unwrap(), [place(to)]);
    let referred = kept.into_iter().map(|(_, id)| id).collect();
    let report = filing(&world).report(|| Ok::<_, store::copy::CopyError>(referred), &mut |_| ()).unwrap();
    assert_eq!((report.lost, report.orphans), (vec![], vec![]));
}

#[test]
fn from_a_folder_to_a_bucket() {
    let objects = Objects::open();
    moved_under_load("blobs", &objects.url("files"), |folder| {
        std::fs::remove_dir_all(folder.join("blobs")).unwrap();
    });
    assert!(objects.keys().len() >= 60);
}

#[test]
fn from_a_bucket_to_a_folder() {
    let objects = Objects::open();
    let elsewhere = tempfile::tempdir().unwrap();
    let to = elsewhere.path().join("files");
    moved_under_load(&objects.url("files"), to.to_str().unwrap(), |_| objects.fail_all(Fault::Cut));
}

#[test]
fn from_a_bucket_to_another() {
    let (from, to) = (Objects::open(), Objects::open());
    moved_under_load(&from.url("files"), &to.url("other/files"), |_| from.fail_all(Fault::Cut));
}

/// The bytes are still on their way to the old place when the move begins, and arrive there after it ended.
#[test]
fn an_upload_that_a_move_overtakes_is_acknowledged_at_the_new_place() {
    let (from, to) = (Objects::open(), Objects::open());
    let world = world(&from);
    from.asked(Ask::Put);
    from.fail(Ask::Put, 0, 1, Fault::Slow(Duration::from_secs(3)));
    let id = thread::scope(|scope| {
        let keeping = scope.spawn(|| keep(&world.store, b"a photo").unwrap());
        while from.asked(Ask::Put) == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        move_to(folder(&world), &to.url("files"));
        assert!(!keeping.is_finished(), "the upload was too quick to mean anything");
        keeping.join().unwrap()
    });
    assert_eq!((from.keys(), to.keys()), (vec![key(&id)], vec![key(&id)]));
    from.fail_all(Fault::Cut);
    assert_eq!(fetch(&world.store, &id), Ok(Some(b"a photo".to_vec())));
}

#[test]
fn what_the_old_place_cannot_give_is_named_and_the_others_come() {
    let (from, to) = (Objects::open(), Objects::open());
    let world = world(&from);
    let ids: Vec<_> = (0..5).map(|number| keep(&world.store, &bytes(number, 100)).unwrap()).collect();
    from.put(&key(&ids[2]), b"something else");
    let (filing, to) = (filing(&world), place(&to.url("files")));
    filing.begin_move(&to).unwrap();
    let moved = filing.pass(&mut |_| ()).unwrap();
    assert_eq!((moved.copied, moved.there, moved.lost.len()), (4, 4, 1));
    let (id, problem) = &moved.lost[0];
    assert!(
        id == ids[2].as_str() && problem.starts_with(&format!("file {id} was altered in s3://")),
        "{problem}"
    );
    let again = filing.pass(&mut |_| ()).unwrap();
    assert_eq!((again.copied, again.lost.len()), (0, 1), "nothing is carried twice");
    assert!(fetch(&world.store, &ids[2]).unwrap_err().0.contains("was altered"));
    from.put(&key(&ids[2]), &bytes(2, 100));
    assert_eq!(filing.pass(&mut |_| ()).unwrap().copied, 1);
    assert_eq!(filing.end_move(&to), Ok(true));
}

/// While a move goes on, what one place cannot give the other does.
#[test]
fn either_place_may_be_away_for_what_the_other_has() {
    let (from, to) = (Objects::open(), Objects::open());
    let world = world(&from);
    let old = keep(&world.store, b"old").unwrap();
    filing(&world).begin_move(&place(&to.url("files"))).unwrap();
    let new = keep(&world.store, b"new").unwrap();
    assert_eq!((from.keys(), to.keys()), (vec![key(&old)], vec![key(&new)]));
    from.fail_all(Fault::Cut);
    assert_eq!(fetch(&world.store, &new), Ok(Some(b"new".to_vec())));
    from.mend();
    to.fail_all(Fault::Cut);
    assert_eq!(fetch(&world.store, &old), Ok(Some(b"old".to_vec())));
    assert!(
        fetch(&world.store, &new).is_err(),
        "that it is not at the old place does not mean that there is none"
    );
    assert!(keep(&world.store, b"newer").is_err());
    to.mend();
    assert_eq!(fetch(&world.store, &new), Ok(Some(b"new".to_vec())));
}

#[test]
fn of_two_who_move_files_to_different_places_the_earlier_ends_nothing() {
    let (from, one, other) = (Objects::open(), Objects::open(), Objects::open());
    let world = world(&from);
    let ids: Vec<_> = (0..5).map(|number| keep(&world.store, &bytes(number, 100)).unwrap()).collect();
    let (first, second) = (filing(&world), filing(&world));
    let (one, other) = (place(&one.url("files")), place(&other.url("files")));
    first.begin_move(&one).unwrap();
    assert_eq!(first.pass(&mut |_| ()).unwrap().copied, 5);
    second.begin_move(&other).unwrap();
    assert_eq!(first.end_move(&one), Ok(false));
    assert!(ids.iter().all(|id| fetch(&world.store, id).unwrap().is_some()));
    assert_eq!(second.pass(&mut |_| ()).unwrap().there, 5);
    assert_eq!(second.end_move(&other), Ok(true));
    assert!(ids.iter().all(|id| fetch(&world.store, id).unwrap().is_some()));
}
