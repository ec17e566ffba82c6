//! Files in a bucket.

use torture::objects::{Ask, Fault, Objects};

use super::{PART, bytes, fetch, filing, keep, key, world};
use crate::cases;

#[test]
fn files_are_kept_by_their_hash() {
    let objects = Objects::open();
    futures::executor::block_on(cases::keeping::files_are_kept_by_their_hash(world(&objects)));
    assert_eq!(objects.keys().len(), 1);
}

#[test]
fn large_files_go_in_parts() {
    let objects = Objects::open();
    let world = world(&objects);
    for (length, parts) in [(0, 0), (1, 0), (PART, 0), (PART + 1, 2), (2 * PART, 2), (20 << 20, 3)] {
        objects.forget();
        let file = bytes(7, length);
        let id = keep(&world.store, &file).unwrap();
        let asked = [Ask::Put, Ask::Begin, Ask::Part, Ask::Complete].map(|ask| objects.asked(ask));
        assert_eq!(asked, if parts == 0 { [1, 0, 0, 0] } else { [0, 1, parts, 1] }, "{length}");
        assert!(fetch(&world.store, &id).unwrap() == Some(file.clone()), "{length}");
        assert!(objects.bytes(&key(&id)) == file, "{length}");
        assert_eq!(objects.parts(), 0, "{length}");
        assert_eq!(keep(&world.store, &file).unwrap(), id, "kept twice, it is one file");
    }
    assert_eq!(objects.keys().len(), 6);
}

#[test]
fn what_was_altered_is_never_read() {
    let objects = Objects::open();
    let world = world(&objects);
    let file = bytes(1, 1_000);
    let id = keep(&world.store, &file).unwrap();
    let mut other = file.clone();
    other[500] ^= 1;
    for altered in [&other[..], &file[..999], &[&file[..], b"x"].concat(), b""] {
        objects.put(&key(&id), altered);
        let refused = fetch(&world.store, &id).unwrap_err();
        assert!(refused.0.starts_with(&format!("file {id} was altered in s3://claims/files?")), "{refused}");
    }
    keep(&world.store, &file).unwrap();
    assert_eq!(fetch(&world.store, &id), Ok(Some(file)), "what is acknowledged can be read");
    objects.remove(&key(&id));
    assert_eq!(fetch(&world.store, &id), Ok(None));
}

#[test]
fn a_bucket_that_is_not_there_is_no_bucket_without_files() {
    let objects = Objects::open();
    let world = world(&objects);
    let id = keep(&world.store, b"a photo").unwrap();
    objects.remove_bucket();
    objects.fail(Ask::Get, 0, 1, Fault::Refused(404, "NoSuchBucket"));
    objects.fail(Ask::Put, 0, 1, Fault::Refused(404, "NoSuchBucket"));
    let list = |_| filing(&world).report(|| Ok::<_, store::copy::CopyError>(vec![]), &mut |_| ());
    for refused in [
        fetch(&world.store, &id).unwrap_err().0,
        keep(&world.store, b"another").unwrap_err().0,
        list(()).unwrap_err().to_string(),
    ] {
        assert!(refused.ends_with("; check that the bucket exists"), "{refused}");
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
}

#[test]
fn what_others_keep_in_the_bucket_is_none_of_ours() {
    let objects = Objects::open();
    let world = world(&objects);
    let id = keep(&world.store, b"a photo").unwrap();
    let long = "ab".repeat(31);
    for theirs in ["files/en/index.html", "files/ab/c", "files/readme", "files2/ab/c", "other"] {
        objects.put(theirs, b"theirs");
    }
    objects.put(&format!("files/AB/{long}"), b"theirs");
    objects.put(&format!("files/deep/ab/{long}"), b"theirs");
    let report = filing(&world).report(|| Ok::<_, store::copy::CopyError>(vec![]), &mut |_| ()).unwrap();
    assert_eq!(report.orphans.iter().map(|(id, ..)| id).collect::<Vec<_>>(), [&id]);
    for name in ["a", "ab", "making"] {
        assert_eq!(fetch(&world.store, &name.parse().unwrap()), Ok(None), "{name}");
    }
}
