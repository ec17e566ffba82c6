//! What is backed up and restored is what was there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::ports::Checkpoints;
use journal::Journal;
use lexicon::Opened;
use store::copy::{CopyError, Until};

use super::place::{Place, check, content, journal, open, owner_of, put};
use crate::world::{moved, placed, stream, subject, write, writes};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_store_has_everything_as_it_was() {
    let place = Place::new();
    let world = place.world();
    let mut pictures = vec![];
    for number in 0..300 {
        pictures.push(put(&world.store, number).await);
    }
    Checkpoints::reach(&world.store, "follower", 250).await.unwrap();
    let report = place.back_up().unwrap();
    assert_eq!((report.head, report.entries, report.files, report.keys), (300, 300, 300, 300));
    let before = journal(&world.store).await;
    let restored = place.restore(Until::End).unwrap();
    assert_eq!((restored.head, restored.files, restored.keys, restored.erased), (300, 300, 300, 0));

    let new = place.restored().await;
    assert_eq!(journal(&new.store).await, before);
    for (number, picture) in (0..).zip(&pictures) {
        check(&new.store, number, picture).await;
    }
    assert_eq!(Checkpoints::reached(&new.store, "follower").await.unwrap(), 250);
    assert_eq!(new.names("restores-all").await, ["Restored".into()]);
    // It is a store like any other.
    put(&new.store, 300).await;
    new.put("thing-00007", 1, vec![moved(3)]).await;
    new.catch_up().await;
    new.check_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_backup_adds_what_is_new() {
    let place = Place::new();
    let world = place.world();
    let mut pictures = vec![];
    for number in 0..90 {
        pictures.push(put(&world.store, number).await);
        if number % 30 == 9 {
            let report = place.back_up().unwrap();
            let added = if number == 9 { 10 } else { 30 };
            assert_eq!((report.head, report.entries, report.files), (number + 1, added, added));
            let before = content(&place.at("backup"));
            let again = place.back_up().unwrap();
            assert_eq!((again.head, again.entries, again.files), (number + 1, 0, 0));
            assert_eq!(content(&place.at("backup")), before);
        }
    }
    assert_eq!(place.restore(Until::End).unwrap().head, 70);
    let new = place.restored().await;
    for (number, picture) in (0..).zip(&pictures[..70]) {
        check(&new.store, number, picture).await;
    }
    assert_eq!(new.store.answer("someone /things", "thing-00070").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_made_while_the_store_serves() {
    let place = Place::new();
    let world = place.world();
    let stop = Arc::new(AtomicBool::new(false));
    let (store, stopped) = (world.store.clone(), stop.clone());
    let writer = tokio::spawn(async move {
        let mut pictures = vec![];
        while !stopped.load(Ordering::Relaxed) {
            pictures.push(put(&store, pictures.len() as u64).await);
        }
        pictures
    });
    let mut heads = vec![];
    while heads.iter().filter(|head| **head > 0).count() < 4 {
        let folder = place.at("data");
        let (to, keys) = (place.at("backup"), place.at("keys"));
        let report = tokio::task::spawn_blocking(move || {
            store::copy::back_up(&super::place::original(&folder), &to, &keys, &mut |_| ())
        });
        let report = report.await.unwrap().unwrap();
        assert_eq!(report.lost, []);
        heads.push(report.head);
    }
    stop.store(true, Ordering::Relaxed);
    let pictures = writer.await.unwrap();
    let head = place.restore(Until::End).unwrap().head;
    assert_eq!(Some(&head), heads.last());
    let new = place.restored().await;
    for (number, picture) in (0..head).zip(&pictures) {
        check(&new.store, number, picture).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_stops_at_a_position_or_a_time_and_never_within_an_append() {
    let place = Place::new();
    let world = place.world();
    for number in 0..20 {
        put(&world.store, number).await;
    }
    // 21 to 24 are one append.
    let mut both = writes(vec![
        write("thing-x", 0, vec![placed(1), moved(2)]),
        write("thing-y", 0, vec![placed(1), moved(2)]),
    ]);
    both.at = lexicon::Moment::from_micros(2_000_000);
    world.append(both).await.unwrap();
    put(&world.store, 2_000_000).await;
    place.back_up().unwrap();
    for (until, head) in [
        (Until::End, 25),
        (Until::Position(25), 25),
        (Until::Position(24), 24),
        (Until::Position(23), 20),
        (Until::Position(21), 20),
        (Until::Position(7), 7),
        (Until::Moment(lexicon::Moment::from_micros(1_000_004)), 5),
        (Until::Moment(lexicon::Moment::from_micros(2_000_000)), 24),
    ] {
        let name = format!("{until:?}").replace(['(', ')'], "-");
        let restored = place.restore_to(&name, until, &[]).unwrap();
        assert_eq!(restored.head, head, "{until:?}");
        let store = open(&place.at(&name));
        assert_eq!(journal(&store).await.len() as u64, head, "{until:?}");
        // What came after it was never asked.
        let answered = store.answer("someone /things", "thing-00006").await.unwrap();
        assert_eq!(answered.is_some(), head >= 7, "{until:?}");
    }
    assert_eq!(place.restore_to("early", Until::Position(0), &[]), Err(CopyError::NothingLeft));
    let beyond = CopyError::Beyond { head: 25, asked: 26 };
    assert_eq!(place.restore_to("late", Until::Position(26), &[]), Err(beyond));
    assert!(!place.at("late").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_went_another_way_does_not_go_into_the_old_backup() {
    let place = Place::new();
    let world = place.world();
    for number in 0..10 {
        put(&world.store, number).await;
    }
    place.back_up().unwrap();
    place.restore(Until::Position(4)).unwrap();
    let new = place.restored().await;
    for more in [false, true] {
        if more {
            for number in 20..40 {
                put(&new.store, number).await;
            }
        }
        let (from, to) = (super::place::original(&place.at("new")), place.at("backup"));
        let refused = store::copy::back_up(&from, &to, &place.at("keys"), &mut |_| ());
        assert_eq!(refused, Err(CopyError::OtherHistory { path: to, position: 10 }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_erased_stays_erased_however_old_the_backup_is() {
    let place = Place::new();
    let world = place.world();
    for number in 0..6 {
        put(&world.store, number).await;
    }
    world.store.erase(&subject("owner-1")).unwrap();
    place.back_up().unwrap();
    // The keys of that day, kept by somebody.
    std::fs::create_dir(place.at("old-keys")).unwrap();
    for (path, bytes) in content(&place.at("keys")) {
        std::fs::write(place.at("old-keys").join(path.file_name().unwrap()), bytes).unwrap();
    }
    world.store.erase(&subject("owner-2")).unwrap();
    assert_eq!(place.back_up().unwrap().erased, 2);
    world.store.erase(&subject("owner-3")).unwrap();
    let erased = |store: &store::Store, entries: &[journal::Recorded]| -> Vec<usize> {
        (0..6).filter(|number| owner_of(store, &entries[*number]) == Opened::Erased).collect()
    };
    let old = super::place::restored(
        &place.at("backup"),
        &place.at("old-keys"),
        &[place.at("keys")],
        &super::place::config(&place.at("by-old-keys")),
        Until::End,
    );
    assert_eq!(old.unwrap().erased, 2);
    place.restore(Until::End).unwrap();
    for folder in ["by-old-keys", "new"] {
        let store = open(&place.at(folder));
        assert_eq!(erased(&store, &journal(&store).await), [1, 2], "{folder}");
        // No key is ever made for them again.
        assert!(lexicon::Vault::seal(&store, &subject("owner-2"), b"again").is_err());
        assert!(Journal::stream(&store, &stream("thing-00002"), 0).await.unwrap().len() == 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_of_the_form_before_is_brought_to_this_one() {
    let place = Place::new();
    let world = place.world();
    for number in 0..3 {
        put(&world.store, number).await;
    }
    drop(world);
    let database = rusqlite::Connection::open(place.at("data").join("journal.db")).unwrap();
    database.execute_batch("ALTER TABLE answers DROP COLUMN position; PRAGMA user_version = 1;").unwrap();
    drop(database);
    // A backup reads it as it is, in case the release before still serves it.
    assert_eq!(place.back_up().unwrap().head, 3);
    place.restore(Until::End).unwrap();
    let new = place.restored().await;
    let kept = new.store.answer("someone /things", "thing-00002").await.unwrap();
    assert_eq!(kept.unwrap().answer, "answer 2");
    let world = place.world();
    put(&world.store, 3).await;
    world.catch_up().await;
    world.check_sound().await;
}
