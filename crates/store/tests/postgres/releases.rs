//! Two releases on one database: each has its own tables of the views that they declare differently.

use insight::view::{Kind, Query, View, Views};
use journal::Journal;
use store::{Config, MasterKey, Store};

use crate::world::{Database, SHELVES, THINGS, append, moved, placed};

/// As the next release declares it: in another order of reading.
static NEWER: View = View { version: 2, indexes: &[], ..THINGS };
static NEWER_SHELVES: View = View { version: 2, ..SHELVES };
static OLD: &[&View] = &[&THINGS, &SHELVES];
static NEW: &[&View] = &[&NEWER, &NEWER_SHELVES];
/// A view that is inline in one release and trailing in the next.
static SLOWER: View = View { kind: Kind::Trailing, version: 3, ..THINGS };
static LATER: &[&View] = &[&SLOWER, &SHELVES];

fn release(database: &Database, views: &'static [&'static View]) -> Store {
    let (folder, database) = (database.folder.path().to_owned(), Some(database.url()));
    Store::open(Config { folder, database, views, master_key: MasterKey::InFolder }).unwrap()
}

async fn tables(database: &Database) -> i64 {
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = 'anpei' AND tablename LIKE 'view\\_%'";
    database.client().await.query_one(sql, &[]).await.unwrap().get(0)
}

async fn caught_up(store: &Store) {
    for _ in 0..1_000 {
        if store.trailing_lag() == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("trailing views are behind");
}

fn sound(store: &Store) {
    let report = tokio::task::block_in_place(|| store.verify(&[], &mut |_| ())).unwrap();
    assert_eq!((report.differences, report.views), (vec![], 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_before_serves_on_beside_the_new_one() {
    let Some(database) = Database::new().await else { return };
    let old = release(&database, OLD);
    for number in 0..30 {
        old.append(append(&format!("thing-{number}"), 0, vec![placed(number)])).await.unwrap();
    }
    // The new release makes its tables while the old one writes.
    let writer = {
        let old = old.clone();
        tokio::spawn(async move {
            for version in 1..80 {
                old.append(append("thing-0", version, vec![moved(version as i64)])).await.unwrap();
            }
        })
    };
    let new = release(&database, NEW);
    writer.await.unwrap();
    for version in 0..20_u64 {
        let store = if version % 2 == 0 { &old } else { &new };
        store.append(append("thing-both", version, vec![placed(version as i64)])).await.unwrap();
    }
    let last = new.append(append("thing-both", 20, vec![placed(77)])).await;
    assert!(last.is_ok());
    // A table of the other release hears of it within moments, not within the commit.
    let mut shelf = None;
    for _ in 0..400 {
        shelf = old.get(&THINGS, vec!["both".into()]).await.unwrap().map(|row| row[1].clone());
        if shelf == Some(77.into()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(shelf, Some(77.into()));
    for store in [&old, &new] {
        caught_up(store).await;
        sound(store);
    }
    assert_eq!(tables(&database).await, 4);

    // Once the old one is gone, its tables go when that is asked for, and not before.
    drop(old);
    Store::migrate(&database.url(), NEW, false, false).unwrap();
    assert_eq!(tables(&database).await, 4);
    let steps = Store::migrate(&database.url(), NEW, false, true).unwrap();
    assert!(steps.iter().all(|step| step.applied) && steps[0].name == "0001_journal");
    assert_eq!(tables(&database).await, 2);
    new.append(append("thing-both", 21, vec![placed(78)])).await.unwrap();
    caught_up(&new).await;
    sound(&new);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_comes_back_is_up_to_date_at_once() {
    let Some(database) = Database::new().await else { return };
    drop(release(&database, OLD));
    let new = release(&database, NEW);
    for number in 0..700 {
        new.append(append(&format!("thing-{number}"), 0, vec![placed(number % 7)])).await.unwrap();
    }
    caught_up(&new).await;
    drop(new);
    for again in [OLD, LATER] {
        let store = release(&database, again);
        caught_up(&store).await;
        let query = Query { limit: 1_000, ..Query::of(again[0], "by_shelf", 0) };
        assert_eq!(store.page(query).await.unwrap().len(), 700);
        sound(&store);
    }
}
