//! Keys over several nodes.

use std::time::Duration;

use lexicon::{Vault, VaultError};

use crate::world::{Database, subject};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_seal_for_a_new_subject_at_once_share_one_key() {
    let Some(database) = Database::new().await else { return };
    let nodes = [database.node(), database.node()];
    for round in 0..20 {
        let who = subject(&format!("s-{round}"));
        let sealing: Vec<_> = nodes
            .iter()
            .map(|node| {
                let (node, who) = (node.clone(), who.clone());
                tokio::task::spawn_blocking(move || node.seal(&who, b"name").unwrap())
            })
            .collect();
        for sealed in sealing {
            let sealed = sealed.await.unwrap();
            for node in &nodes {
                assert_eq!(Vault::open(node, &who, &sealed).unwrap().as_deref(), Some(&b"name"[..]));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_is_true_on_every_node_when_it_is_answered() {
    let Some(database) = Database::new().await else { return };
    let (one, other) = (database.node(), database.node());
    let (who, stays) = (subject("s-1"), subject("s-2"));
    let sealed = one.seal(&who, b"name").unwrap();
    let kept = one.seal(&stays, b"other name").unwrap();
    // Both nodes remember the key and use it all the time.
    let reader = {
        let (other, who, sealed) = (other.clone(), who.clone(), sealed.clone());
        tokio::task::spawn_blocking(move || {
            while let Ok(Some(_)) = Vault::open(&other, &who, &sealed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        })
    };
    let eraser = one.clone();
    let erased = who.clone();
    tokio::task::spawn_blocking(move || eraser.erase(&erased)).await.unwrap().unwrap();
    for node in [&one, &other] {
        assert_eq!(Vault::open(node, &who, &sealed), Ok(None));
        assert_eq!(node.seal(&who, b"again"), Err(VaultError::Erased));
        assert_eq!(Vault::open(node, &stays, &kept).unwrap().as_deref(), Some(&b"other name"[..]));
    }
    reader.await.unwrap();
    let left = "SELECT count(*) FROM vault.keys WHERE subject = 's-1' AND wrapped IS NOT NULL";
    let left: i64 = database.client().await.query_one(left, &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

/// A node that is cut off cannot hear of erasures: it stops using what it remembers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_hears_nothing_opens_nothing() {
    let Some(database) = Database::new().await else { return };
    let node = database.node();
    let who = subject("s-1");
    let sealed = node.seal(&who, b"name").unwrap();
    assert!(Vault::open(&node, &who, &sealed).is_ok());
    database.end_connections(true).await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    let opened = tokio::task::block_in_place(|| Vault::open(&node, &who, &sealed));
    assert!(matches!(opened, Err(VaultError::Unavailable(_))), "{opened:?}");
    database.let_in().await;
    let opened = tokio::task::block_in_place(|| Vault::open(&node, &who, &sealed));
    assert_eq!(opened.unwrap().as_deref(), Some(&b"name"[..]));
}
