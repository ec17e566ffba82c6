//! A live store to another place.

use store::copy::{CopyError, transfer};
use store::{OpenError, Store};

use super::place::{Place, check, config, journal, open, original, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_while_it_serves_and_is_closed_when_it_stops() {
    let place = Place::new();
    std::fs::create_dir(place.at("new")).unwrap();
    let world = place.world();
    let (from, to) = (original(&place.at("data")), config(&place.at("new")));
    let mut pictures = vec![];
    for round in 0..3 {
        for number in round * 10..round * 10 + 10 {
            pictures.push(put(&world.store, number).await);
        }
        let moved = transfer(&from, &to, &mut |_| ()).unwrap();
        assert_eq!((moved.head, moved.entries, moved.whole), (round * 10 + 10, 10, false));
        // Half a copy is no store.
        assert!(matches!(Store::open(to.clone()), Err(OpenError::Unfinished { .. })));
    }
    pictures.push(put(&world.store, 30).await);
    world.store.erase(&crate::world::subject("owner-4")).unwrap();
    let before = journal(&world.store).await;
    drop(world);
    let moved = transfer(&from, &to, &mut |_| ()).unwrap();
    assert_eq!((moved.head, moved.entries, moved.whole), (31, 1, true));

    let closed = Store::open(config(&place.at("data"))).err().unwrap();
    let to = place.at("new").display().to_string();
    assert_eq!(closed, OpenError::Moved { folder: place.at("data"), to });
    assert!(place.back_up().is_err(), "what was moved is backed up where it lives");
    let new = place.restored().await;
    assert_eq!(journal(&new.store).await, before);
    for (number, picture) in (0..).zip(&pictures).filter(|(number, _)| *number != 4) {
        check(&new.store, number, picture).await;
    }
    assert_eq!(super::place::owner_of(&new.store, &before[4]), lexicon::Opened::Erased);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_holds_another_store_is_left_as_it_is() {
    let (place, other) = (Place::new(), Place::new());
    drop((put(&place.world().store, 1).await, put(&other.world().store, 2).await));
    let refused = transfer(&original(&place.at("data")), &config(&other.at("data")), &mut |_| ());
    assert_eq!(refused, Err(CopyError::OtherStore { path: other.at("data/journal.db") }));
    assert_eq!(journal(&open(&other.at("data"))).await.len(), 1);
    assert_eq!(journal(&open(&place.at("data"))).await.len(), 1);
}
