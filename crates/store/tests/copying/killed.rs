//! Copies that end without warning, and go on.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use lexicon::BlobId;
use store::copy::Until;

use super::child::start;
use super::place::{Place, check, config, original, put};
use crate::world::{World, append, placed};

/// Enough that a copy takes a while.
const THINGS: u64 = 150;
const MORE: usize = 20_000;

async fn filled() -> (Place, Vec<BlobId>) {
    let place = Place::new();
    let world = place.world();
    let mut pictures = vec![];
    for number in 0..THINGS {
        pictures.push(put(&world.store, number).await);
    }
    for number in 0..20 {
        let many = (0..MORE / 20).map(|shelf| placed(shelf as i64 % 50)).collect();
        world.append(append(&format!("thing-many.{number}"), 0, many)).await.unwrap();
    }
    (place, pictures)
}

/// Runs `job` again and again and kills it each time a little later, until it comes to its end. Answers how often it was killed.
fn killed_until_done(job: &str, place: &Place) -> u32 {
    let root: PathBuf = place.at("");
    for round in 0..60 {
        let mut process = start(job, &root, "");
        std::thread::sleep(Duration::from_millis(15 + 25 * round + 4 * round * round));
        if let Ok(Some(_)) = process.try_wait() {
            let mut said = String::new();
            process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
            // The one before may have been killed at its very end.
            let whole = said.contains("> done") || said.contains("is whole already");
            assert!(whole, "{job}, round {round}: {said}");
            return round as u32;
        }
        process.kill().unwrap();
        process.wait().unwrap();
    }
    panic!("{job} does not come to its end");
}

async fn check_all(world: &World, pictures: &[BlobId]) {
    for (number, picture) in (0..).zip(pictures) {
        check(&world.store, number, picture).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_and_a_restore_killed_again_and_again_come_to_their_end() {
    let (place, pictures) = filled().await;
    assert!(killed_until_done("backup", &place) > 0, "it was too quick to be killed");
    assert!(killed_until_done("restore", &place) > 0, "it was too quick to be killed");
    check_all(&place.restored().await, &pictures).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_killed_again_and_again_comes_to_its_end_and_leaves_one_store() {
    let (place, pictures) = filled().await;
    std::fs::create_dir(place.at("new")).unwrap();
    assert!(killed_until_done("move", &place) > 0, "it was too quick to be killed");
    assert!(store::Store::open(config(&place.at("data"))).is_err());
    check_all(&place.restored().await, &pictures).await;
}

/// A limit on the size of files stands for a full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_a_copy_with_a_clear_line_and_it_goes_on_when_there_is_room() {
    let (place, pictures) = filled().await;
    let limited = |job: &str, blocks: u32| {
        let mut process = start(job, &place.at(""), &format!("trap '' XFSZ; ulimit -S -f {blocks};"));
        let mut said = String::new();
        process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        process.wait().unwrap();
        said
    };
    let said = limited("backup", 200);
    assert!(said.contains("> no space is left on the disk of "), "{said}");
    assert!(said.contains("make room"), "{said}");
    assert_eq!(super::place::content(&place.at("backup")).len(), 1, "only the beginning of a list is there");
    place.back_up().unwrap();
    let said = limited("restore", 2_000);
    // The database tells a limit from a full disk.
    assert!(said.contains("journal.db: disk I/O error") || said.contains("> no space is left"), "{said}");
    place.restore(Until::End).unwrap();
    check_all(&place.restored().await, &pictures).await;
    drop(original(&place.at("data")));
}
