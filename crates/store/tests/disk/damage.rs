//! Damage that a running store does not see: the verifier names it and where it is.

use rusqlite::Connection;

use crate::world::{World, moved, open, placed};

/// What the verifier says after `sql` was done to a sound store of 300 entries in 100 streams.
async fn after(sql: &str) -> Vec<String> {
    let world = World::sqlite();
    for number in 0..100 {
        world.put(&format!("thing-{number:02}"), 0, vec![placed(1), moved(2), moved(3)]).await;
    }
    world.catch_up().await;
    let World { store, folder } = world;
    drop(store);
    let folder = folder.unwrap();
    let database = Connection::open(folder.path().join("journal.db")).unwrap();
    database.execute_batch(sql).unwrap();
    drop(database);
    let store = open(folder.path());
    let report = tokio::task::spawn_blocking(move || store.verify(&[], &mut |_| ())).await.unwrap().unwrap();
    assert_eq!(report.differences.len() as u64, report.differences_total);
    report.differences.iter().map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_damage_is_named_with_its_place() {
    let cases: [(&str, &[&str]); 10] = [
        ("", &[]),
        (
            "UPDATE events SET data = '{\"shelf\":3 }' WHERE position = 3",
            &["stream thing-00: version 3 (position 3) does not have its hash"],
        ),
        (
            "UPDATE events SET hash = zeroblob(32) WHERE position = 300",
            &[
                "stream thing-99: version 3 (position 300) does not have its hash",
                "log: the link at 300 does not have its hash",
            ],
        ),
        (
            "DELETE FROM events WHERE position = 5",
            &[
                "stream thing-01: version 2 is missing; 3 follows",
                "entry 5 is missing; 6 follows",
                "log: the link at 256 does not have its hash",
                "view things: row 01 differs in moves",
                "view shelves: row 2 differs in puts",
            ],
        ),
        ("UPDATE events SET actor = 'nobody' WHERE position = 300", &["entry 300 cannot be read: "]),
        (
            "UPDATE links SET hash = zeroblob(32)",
            &["log: the link at 256 does not", "log: the link at 300 does not"],
        ),
        (
            "DELETE FROM tip; INSERT INTO tip SELECT 1, 300, zeroblob(32)",
            &["log: the link at 300 does not have its hash"],
        ),
        ("UPDATE view_things SET shelf = 9 WHERE id = '42'", &["view things: row 42 differs in shelf"]),
        ("DELETE FROM view_things WHERE id = '42'", &["view things: row 42 is missing"]),
        ("INSERT INTO view_shelves VALUES (77, 1)", &["view shelves: row 77 should not be there"]),
    ];
    for (sql, expected) in cases {
        let found = after(sql).await;
        let told = |line: &str| found.iter().any(|other| other.starts_with(line));
        assert!(expected.iter().all(|line| told(line)), "{sql}: {found:?}");
        if !sql.contains("events") {
            assert_eq!(found.len(), expected.len(), "{sql}: {found:?}");
        }
    }
}
