//! A store of objects that answers late, wrongly, or not at all.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use store::Filing;
use torture::objects::{Ask, Fault, Objects};

use super::{PART, bytes, fetch, filing, folder, keep, key, place, world};

/// A request is sent so often at most.
const TRIES: usize = 4;

#[test]
fn what_breaks_once_is_asked_again() {
    let objects = Objects::open();
    let world = world(&objects);
    let (small, large) = (1_000, PART + 1_000);
    let wait = Fault::Slow(Duration::from_millis(300));
    let (refused, busy) = (Fault::Refused(500, "InternalError"), Fault::Refused(503, "SlowDown"));
    let mut number = 0;
    for (ask, length) in [
        (Ask::Put, small),
        (Ask::Begin, large),
        (Ask::Part, large),
        (Ask::Complete, large),
        (Ask::Get, small),
    ] {
        for fault in [Fault::Cut, Fault::Unanswered, Fault::Torn, refused, busy, wait] {
            number += 1;
            let file = bytes(number, length);
            objects.fail(ask, 0, 1, fault);
            let id = keep(&world.store, &file).unwrap_or_else(|error| panic!("{ask:?} {fault:?}: {error}"));
            let read = fetch(&world.store, &id).unwrap_or_else(|error| panic!("{ask:?} {fault:?}: {error}"));
            assert!(read == Some(file), "{ask:?} {fault:?}");
            assert!(objects.asked(ask) > 0 && objects.parts() == 0, "{ask:?} {fault:?}");
            objects.mend();
        }
    }
}

#[test]
fn what_stays_broken_is_told_after_a_few_tries_and_works_again_afterwards() {
    let objects = Objects::open();
    let world = world(&objects);
    let id = keep(&world.store, b"a photo").unwrap();
    for fault in [Fault::Cut, Fault::Refused(500, "InternalError"), Fault::Refused(503, "SlowDown")] {
        objects.fail_all(fault);
        objects.forget();
        let began = Instant::now();
        for refused in [
            fetch(&world.store, &id).unwrap_err().0,
            keep(&world.store, b"another").unwrap_err().0,
            keep(&world.store, &bytes(1, PART + 1)).unwrap_err().0,
        ] {
            assert!(refused.ends_with("; check that the store of files can be reached"), "{refused}");
            assert!(refused.contains(&objects.url("files")), "it says which store: {refused}");
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
        let asked = [Ask::Get, Ask::Put, Ask::Begin].map(|ask| objects.asked(ask));
        assert_eq!(asked, [TRIES; 3], "{fault:?}");
        objects.mend();
        assert_eq!(fetch(&world.store, &id), Ok(Some(b"a photo".to_vec())));
        keep(&world.store, b"another").unwrap();
    }
}

/// A read that is torn every time gives nothing, not the part that came.
#[test]
fn half_a_file_is_never_read() {
    let objects = Objects::open();
    let world = world(&objects);
    let file = bytes(1, 1 << 20);
    let id = keep(&world.store, &file).unwrap();
    objects.fail(Ask::Get, 0, usize::MAX, Fault::Torn);
    let refused = fetch(&world.store, &id).unwrap_err();
    assert!(refused.0.starts_with("a file cannot be read in s3://"), "{refused}");
    objects.mend();
    assert!(fetch(&world.store, &id).unwrap() == Some(file));
}

#[test]
fn an_upload_that_is_cut_in_the_middle_leaves_nothing() {
    let objects = Objects::open();
    let world = world(&objects);
    let file = bytes(1, 3 * PART);
    for (ask, after) in [(Ask::Part, 0), (Ask::Part, 1), (Ask::Part, 2), (Ask::Complete, 0)] {
        objects.fail(ask, after, usize::MAX, Fault::Cut);
        let refused = keep(&world.store, &file).unwrap_err();
        assert!(refused.0.starts_with("a file cannot be kept in s3://"), "{refused}");
        assert_eq!((objects.keys(), objects.parts()), (vec![], 0), "{ask:?} after {after}");
        objects.mend();
    }
    // The store is away for good: the parts wait there, and are no file.
    objects.fail(Ask::Part, 2, usize::MAX, Fault::Cut);
    objects.fail(Ask::Abort, 0, usize::MAX, Fault::Cut);
    keep(&world.store, &file).unwrap_err();
    assert_eq!((objects.keys(), objects.parts()), (vec![], 2));
    objects.mend();
    let id = keep(&world.store, &file).unwrap();
    assert_eq!(objects.keys(), [key(&id)]);
    assert!(fetch(&world.store, &id).unwrap() == Some(file));
}

/// Nobody waits for ever for a store that took the question and says nothing.
#[test]
fn a_store_that_never_answers_is_given_up() {
    let objects = Objects::open();
    let world = world(&objects);
    let id = keep(&world.store, b"a photo").unwrap();
    objects.fail(Ask::Get, 0, usize::MAX, Fault::Slow(Duration::from_secs(600)));
    let began = Instant::now();
    fetch(&world.store, &id).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(90), "{:?}", began.elapsed());
    objects.mend();
    assert_eq!(fetch(&world.store, &id), Ok(Some(b"a photo".to_vec())));
}

#[test]
fn files_do_not_move_to_a_place_that_does_not_take_them() {
    let (objects, guarded) = (Objects::open(), Objects::guarded("key", "secret"));
    let world = world(&objects);
    let id = keep(&world.store, b"a photo").unwrap();
    let list = std::fs::read(folder(&world).join("files.json")).unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let credentials = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do there";
    let (unreadable, gone) = (Objects::open(), Objects::open());
    unreadable.fail(Ask::List, 0, 1, Fault::Refused(403, "AccessDenied"));
    gone.fail(Ask::Put, 0, 1, Fault::Refused(404, "NoSuchBucket"));
    for (to, hint) in [
        (guarded.url("files") + "&access=unsigned", credentials),
        (unreadable.url("files"), credentials),
        (gone.url("files"), "check that the bucket exists"),
        (
            format!("s3://claims/files?endpoint=http://{nobody}&access=unsigned"),
            "check that the store of files can be reached",
        ),
    ] {
        let refused = filing(&world).begin_move(&place(&to)).unwrap_err().to_string();
        assert!(refused.ends_with(hint) && refused.lines().count() == 1, "{to}: {refused}");
        assert_eq!(std::fs::read(folder(&world).join("files.json")).unwrap(), list, "{to}");
    }
    assert_eq!(fetch(&world.store, &id), Ok(Some(b"a photo".to_vec())));
    assert!(Filing::open(folder(&world)).unwrap().places().unwrap() == [place(&objects.url("files"))]);
}
