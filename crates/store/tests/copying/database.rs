//! From a folder to PostgreSQL, and from there into a backup and out of it.

use store::copy::{CopyError, Original, Until, back_up, transfer};
use store::{Config, OpenError, Store};

use super::place::{Place, check, config, journal, original, owner_of, put, restored};
use crate::world::database::Database;
use crate::world::{World, subject};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_to_a_database_while_it_serves_and_lives_there() {
    let Some(database) = Database::new().await else { return };
    let place = Place::new();
    let world = place.world();
    // The folder stays: it holds the master key and the files.
    let there = Config { database: Some(database.url()), ..config(&place.at("data")) };
    let from = original(&place.at("data"));
    let mut pictures = vec![];
    for round in 0..3 {
        for number in round * 200..round * 200 + 200 {
            pictures.push(put(&world.store, number).await);
        }
        let moved = transfer(&from, &there, &mut |_| ()).unwrap();
        assert_eq!((moved.head, moved.entries, moved.whole), (round * 200 + 200, 200, false));
        assert!(matches!(Store::open(there.clone()), Err(OpenError::Unfinished { .. })));
    }
    world.store.erase(&subject("owner-4")).unwrap();
    let before = journal(&world.store).await;
    drop(world);
    assert!(transfer(&from, &there, &mut |_| ()).unwrap().whole);
    assert!(
        transfer(&from, &there, &mut |_| ()).unwrap().whole,
        "it may have been killed just before it said so"
    );
    let closed = Store::open(config(&place.at("data"))).err().unwrap();
    assert!(matches!(closed, OpenError::Moved { .. }), "{closed}");

    let new = World { store: Store::open(there.clone()).unwrap(), folder: None };
    new.catch_up().await;
    new.check_sound().await;
    assert_eq!(journal(&new.store).await, before);
    for (number, picture) in (0..).zip(&pictures).filter(|(number, _)| number % 7 != 4) {
        check(&new.store, number, picture).await;
    }
    assert_eq!(owner_of(&new.store, &before[4]), lexicon::Opened::Erased);
    pictures.push(put(&new.store, 600).await);

    // Backed up while it serves, and restored to a folder: the two forms are one.
    let (backup, keys) = (place.at("backup"), place.at("keys"));
    let made = back_up(&Original::open(&there).unwrap(), &backup, &keys, &mut |_| ()).unwrap();
    assert_eq!((made.head, made.files, made.erased), (601, 601, 1));
    assert_eq!(place.restore(Until::Position(599)).unwrap().head, 599);
    let folder = place.restored().await;
    check(&folder.store, 598, &pictures[598]).await;
    assert_eq!(owner_of(&folder.store, &before[4]), lexicon::Opened::Erased);

    // And to another database, which takes nothing over what it holds.
    let Some(other) = Database::new().await else { return };
    let place_of = |database: &Database, folder: &str| Config {
        database: Some(database.url()),
        ..config(&place.at(folder))
    };
    let to = place_of(&other, "other");
    assert_eq!(restored(&backup, &keys, &[], &to, Until::End).unwrap().head, 601);
    let again = World { store: Store::open(to).unwrap(), folder: None };
    again.catch_up().await;
    again.check_sound().await;
    for number in [0, 250, 600] {
        check(&again.store, number, &pictures[number as usize]).await;
    }
    drop(again);
    let refused = restored(&backup, &keys, &[], &place_of(&other, "more"), Until::Position(7)).unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty { .. }), "{refused}");
}
