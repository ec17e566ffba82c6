//! Connections that are lost in the middle.

use std::time::Duration;

use insight::view::View;
use journal::{Appended, Journal};
use store::{Config, MasterKey, Store};

use super::nodes::check_whole;
use super::proxy::Proxy;
use crate::world::{Database, THINGS, append, placed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_outlive_connections_that_are_ended_under_them() {
    let Some(database) = Database::new().await else { return };
    let (one, other) = (database.node(), database.node());
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let node = if writer % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                let (name, mut recorded, mut refused) = (format!("thing-{writer}"), 0, 0);
                while recorded < 60 {
                    match node.append(append(&name, recorded, vec![placed(1)])).await {
                        Ok(Appended::Recorded { .. }) => recorded += 1,
                        // Told "nothing was recorded": the next try shows that it is true.
                        Err(journal::AppendError::Unavailable(_)) => refused += 1,
                        other => panic!("{other:?}"),
                    }
                    assert!(refused < 200, "the store does not come back");
                }
            })
        })
        .collect();
    while writers.iter().any(|writer| !writer.is_finished()) {
        database.end_connections(false).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    check_whole(&one, 360).await;
    check_whole(&other, 360).await;
}

/// A node that asks through `proxy`. Without trailing views every commit is one of entries.
fn behind(proxy: &Proxy, database: &Database) -> Store {
    static VIEWS: &[&View] = &[&THINGS];
    Store::open(Config {
        folder: database.folder.path().into(),
        database: Some(database.text_at(proxy.port).parse().unwrap()),
        views: VIEWS,
        master_key: MasterKey::InFolder,
    })
    .unwrap()
}

/// The commit was made and its answer lost: whoever asked is told that it was made, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_looked_up() {
    let Some(database) = Database::new().await else { return };
    let proxy = Proxy::before(database.port()).await;
    let node = behind(&proxy, &database);
    for round in 0..5 {
        node.append(append("thing-a", round * 2, vec![placed(1)])).await.unwrap();
        proxy.arm();
        let answer = node.append(append("thing-a", round * 2 + 1, vec![placed(2)])).await;
        assert_eq!(answer, Ok(Appended::Recorded { position: round * 2 + 2 }));
        assert_eq!(proxy.cut(), round as usize + 1, "no commit was cut: the case shows nothing");
    }
    drop(node);
    check_whole(&database.node(), 10).await;
}

/// Nobody can say whether the commit was made, and the node is told to stop: it does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_in_doubt_can_be_closed() {
    let Some(database) = Database::new().await else { return };
    let proxy = Proxy::before(database.port()).await;
    let node = behind(&proxy, &database);
    proxy.arm();
    let asking = tokio::spawn({
        let node = node.clone();
        async move { node.append(append("thing-a", 0, vec![placed(1)])).await }
    });
    while proxy.cut() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    database.end_connections(true).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!asking.is_finished(), "nobody is told anything while it is in doubt");
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    let closed = tokio::task::spawn_blocking(move || drop(node));
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("it stops").unwrap();
    database.let_in().await;
    check_whole(&database.node(), 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_unavailable_until_it_is_back() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    node.append(append("thing-a", 0, vec![placed(1)])).await.unwrap();
    database.end_connections(true).await;
    let refused =
        tokio::time::timeout(Duration::from_secs(20), node.append(append("thing-a", 1, vec![placed(2)])));
    let refused = refused.await.expect("not for ever");
    assert!(matches!(refused, Err(journal::AppendError::Unavailable(_))), "{refused:?}");
    assert!(node.stream(&"thing-a".parse().unwrap(), 0).await.is_err());
    database.let_in().await;
    node.append(append("thing-a", 1, vec![placed(2)])).await.unwrap();
    check_whole(&node, 2).await;
}
