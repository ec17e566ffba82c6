//! Several nodes on one database.

use std::collections::BTreeMap;
use std::time::Duration;

use insight::view::Views;
use journal::{AppendError, Appended, Journal};
use store::Store;

use crate::world::{Database, THINGS, World, append, asked, moved, placed, stream};

/// Every entry once, positions and versions without a gap, chain and views as the events give them.
pub async fn check_whole(node: &Store, entries: u64) {
    let mut head = node.head();
    let heard = tokio::time::timeout(Duration::from_secs(10), head.wait_for(|head| *head >= entries)).await;
    assert_eq!(*heard.expect("within moments").unwrap(), entries);
    let all = node.read(0, usize::MAX).await.unwrap();
    let positions: Vec<_> = all.iter().map(|entry| entry.position).collect();
    assert_eq!(positions, (1..=entries).collect::<Vec<_>>());
    let mut versions = BTreeMap::new();
    for entry in &all {
        let version = versions.entry(entry.stream.clone()).or_insert(0);
        *version += 1;
        assert_eq!(entry.version, *version, "{}", entry.stream);
    }
    let world = World { store: node.clone(), folder: None };
    world.catch_up().await;
    world.check_sound().await;
}

/// Appends `count` events to one stream, whatever others do to it; how often it was too late.
async fn insist(node: Store, name: String, count: usize) -> usize {
    let (mut version, mut late) = (0, 0);
    for number in 0..count {
        loop {
            match node.append(append(&name, version, vec![placed(number as i64)])).await {
                Ok(Appended::Recorded { .. }) => {
                    version += 1;
                    break;
                }
                Err(AppendError::Conflict { actual, .. }) => {
                    version = actual;
                    late += 1;
                }
                other => panic!("{other:?}"),
            }
        }
    }
    late
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_append_at_once_keep_one_order() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node(), database.node()];
    let mut writers = vec![];
    for (number, node) in nodes.iter().enumerate() {
        for writer in 0..4 {
            writers.push(tokio::spawn(insist(node.clone(), format!("thing-own-{number}-{writer}"), 25)));
            writers.push(tokio::spawn(insist(node.clone(), format!("thing-shared-{writer}"), 25)));
        }
    }
    let mut late = 0;
    for writer in writers {
        late += writer.await.unwrap();
    }
    assert!(late > 0, "nobody met anybody: the case shows nothing");
    for node in &nodes {
        check_whole(node, 600).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_records_is_seen_on_the_other() {
    let Some(database) = Database::new().await else { return };
    let (one, other) = (database.node(), database.node());
    let mut head = other.head();
    for version in 0..50 {
        let writer = if version % 2 == 0 { &one } else { &other };
        writer.append(append("thing-a", version, vec![placed(version as i64)])).await.unwrap();
        // No node reads what is old from its memory.
        for reader in [&one, &other] {
            assert_eq!(reader.stream(&stream("thing-a"), version).await.unwrap().len(), 1);
            assert!(reader.get(&THINGS, vec!["a".into()]).await.unwrap().is_some());
        }
    }
    let heard = tokio::time::timeout(Duration::from_secs(5), head.wait_for(|head| *head == 50)).await;
    assert_eq!(*heard.expect("within moments").unwrap(), 50);
    assert_eq!(other.read(0, 100).await.unwrap(), one.read(0, 100).await.unwrap());
}

/// Rows that one node remembers are not what the other has made of them meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn remembered_rows_give_way_to_the_other_node() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node()].map(|store| World { store, folder: None });
    nodes[0].put("thing-a", 0, vec![placed(1)]).await;
    for version in 1..40_u64 {
        nodes[(version % 2) as usize].put("thing-a", version, vec![moved(version as i64)]).await;
    }
    let row = nodes[0].thing("a").await.unwrap();
    assert_eq!(
        (row[1].clone(), row[3].clone()),
        (39.into(), 39.into()),
        "every move was counted on the one before"
    );
    check_whole(&nodes[1].store, 40).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_racing_repeats_over_two_nodes_one_is_recorded() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node()];
    for round in 0..20 {
        let ask = |node: &Store| {
            let mut append = append(&format!("thing-{round}"), 0, vec![placed(1)]);
            append.idempotency = asked(&format!("key-{round}"), 7, "the answer");
            let node = node.clone();
            tokio::spawn(async move { node.append(append).await })
        };
        let asked: Vec<_> = (0..6).map(|number| ask(&nodes[number % 2])).collect();
        let mut recorded = 0;
        for answer in asked {
            match answer.await.unwrap().unwrap() {
                Appended::Recorded { position } => {
                    assert_eq!(position, round + 1);
                    recorded += 1;
                }
                Appended::Replayed { answer } => assert_eq!(answer, "the answer"),
            }
        }
        assert_eq!(recorded, 1);
    }
    check_whole(&nodes[0], 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_made_anew_while_another_node_appends() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node()];
    let writer = tokio::spawn(insist(nodes[0].clone(), "thing-busy".into(), 300));
    for view in ["things", "shelves", "things"] {
        let node = nodes[1].clone();
        tokio::task::spawn_blocking(move || node.rebuild(view, &mut |_, _| ())).await.unwrap().unwrap();
    }
    writer.await.unwrap();
    for node in &nodes {
        check_whole(node, 300).await;
    }
}

/// The server refuses a row: its append alone is told so, whatever it shared a commit with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_that_the_server_refuses_harms_no_other() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    let refuse = "CREATE FUNCTION anpei.refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '54000'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON anpei.events FOR EACH ROW WHEN (NEW.stream LIKE 'thing-bad%')
            EXECUTE FUNCTION anpei.refuse()";
    database.client().await.batch_execute(refuse).await.unwrap();
    let appends: Vec<_> = (0..60)
        .map(|number| {
            let name =
                if number % 20 == 7 { format!("thing-bad-{number}") } else { format!("thing-{number}") };
            let node = node.clone();
            tokio::spawn(async move { node.append(append(&name, 0, vec![placed(number)])).await })
        })
        .collect();
    for (number, append) in appends.into_iter().enumerate() {
        match append.await.unwrap() {
            Ok(_) => assert_ne!(number % 20, 7),
            Err(error) => {
                assert_eq!(number % 20, 7);
                assert_eq!(error, journal::Unavailable("database: no room".into()).into());
            }
        }
    }
    check_whole(&node, 57).await;
}
