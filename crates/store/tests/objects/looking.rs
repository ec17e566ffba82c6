//! What is lost in a bucket, and what nobody refers to there.

use std::time::{Duration, SystemTime};

use lexicon::{BlobId, Moment};
use store::copy::CopyError;
use torture::objects::{Ask, Objects};

use super::{bytes, fetch, filing, keep, key, world};

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn id(number: usize) -> BlobId {
    format!("{number:064x}").parse().unwrap()
}

/// A page of the list has a thousand objects.
#[test]
fn more_files_than_a_page_of_the_list_are_all_looked_at() {
    let objects = Objects::open();
    let world = world(&objects);
    let referred = vec![keep(&world.store, b"a photo").unwrap()];
    for number in 0..2_300 {
        objects.put(&key(&id(number)), b"xy");
    }
    objects.asked(Ask::List);
    let report = filing(&world).report(|| Ok::<_, CopyError>(referred), &mut |_| ()).unwrap();
    assert_eq!(objects.asked(Ask::List), 3);
    assert_eq!((report.kept, report.bytes, report.referred), (2_301, 4_607, 1));
    assert_eq!((report.lost, report.orphans.len()), (vec![], 2_300));
    let found: Vec<_> = report.orphans.into_iter().map(|(id, bytes, _)| (id, bytes)).collect();
    assert_eq!(found, (0..2_300).map(|number| (id(number), 2)).collect::<Vec<_>>());
}

#[test]
fn lost_files_and_orphans_are_told_apart() {
    let objects = Objects::open();
    let world = world(&objects);
    let ids: Vec<_> = (0..6).map(|number| keep(&world.store, &bytes(number, 100)).unwrap()).collect();
    objects.remove(&key(&ids[1]));
    objects.put(&key(&ids[2]), &bytes(9, 100));
    objects.age(&key(&ids[5]), 40 * DAY);
    let mut referred = ids[..4].to_vec();
    let filing = filing(&world);
    let report = filing.report(|| Ok::<_, CopyError>(referred.clone()), &mut |_| ()).unwrap();
    assert_eq!((report.kept, report.referred), (5, 4));
    let mut lost = [
        (ids[1].clone(), "it is missing".to_owned()),
        (ids[2].clone(), format!("file {} was altered in {}", ids[2], objects.url("files"))),
    ];
    lost.sort();
    assert_eq!(report.lost, lost);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let age = |at: Moment| now.saturating_sub(Duration::from_micros(at.micros().try_into().unwrap()));
    let mut orphans: Vec<_> =
        report.orphans.iter().map(|(id, _, at)| (id.clone(), age(*at) > 30 * DAY)).collect();
    let mut expected = vec![(ids[4].clone(), false), (ids[5].clone(), true)];
    orphans.sort();
    expected.sort();
    assert_eq!(orphans, expected, "the store of objects knows how old they are");
    for id in [&ids[5], &ids[5]] {
        filing.delete(id).unwrap();
    }
    assert_eq!(fetch(&world.store, &ids[5]), Ok(None));
    assert_eq!(fetch(&world.store, &ids[4]), Ok(Some(bytes(4, 100))));

    // What is referred to is asked after what is kept was listed: a file kept between is not an orphan.
    let report = filing.report(
        || {
            referred.push(keep(&world.store, b"an upload meanwhile").unwrap());
            keep(&world.store, b"one that is not referred to yet").unwrap();
            Ok::<_, CopyError>(referred.clone())
        },
        &mut |_| (),
    );
    let report = report.unwrap();
    assert_eq!(
        (report.lost.len(), report.orphans.iter().map(|(id, ..)| id).collect::<Vec<_>>()),
        (2, vec![&ids[4]])
    );
}
