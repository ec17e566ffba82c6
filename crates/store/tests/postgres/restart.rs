//! The server is stopped and started again, in every way there is, under nodes that append, read and hold a lease.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::ports::Leases;
use journal::{AppendError, Appended, Journal};
use store::Store;
use torture::postgres::{End, Postgres};

use super::nodes::check_whole;
use crate::world::{Database, append, config, placed};

const WRITERS: usize = 4;
/// Each writer is to be acknowledged so often between two ends of the server.
const BETWEEN: usize = 10;
const LEASE: Duration = Duration::from_secs(1);
/// For a busy machine; mostly it is back within a second.
const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(10);

/// How far each of those at work has come, and when they are to stop.
#[derive(Default)]
struct Work {
    stop: AtomicBool,
    appended: [AtomicUsize; WRITERS],
    held: AtomicUsize,
}

/// Appends to a stream of its own until it is told to stop; the positions that were acknowledged.
async fn write(node: Store, number: usize, work: Arc<Work>) -> Vec<u64> {
    let mut acknowledged = vec![];
    while !work.stop.load(Ordering::SeqCst) {
        let next = append(&format!("thing-{number}"), acknowledged.len() as u64, vec![placed(1)]);
        match node.append(next).await {
            Ok(Appended::Recorded { position }) => {
                acknowledged.push(position);
                work.appended[number].fetch_add(1, Ordering::SeqCst);
            }
            // Told "nothing was recorded": were it not true, the same version would conflict now.
            Err(AppendError::Unavailable(_)) => {}
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    acknowledged
}

/// Follows by position until it is told to stop and has seen the end; how many entries it saw.
async fn follow(node: Store, work: Arc<Work>) -> u64 {
    let mut seen = 0;
    loop {
        let stopped = work.stop.load(Ordering::SeqCst);
        match node.read(seen, 50).await {
            Ok(entries) if entries.is_empty() && stopped && seen >= *node.head().borrow() => return seen,
            Ok(entries) => {
                for entry in entries {
                    assert_eq!(entry.position, seen + 1, "a position was passed by");
                    seen = entry.position;
                }
            }
            // The database is away.
            Err(_) => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Takes the lease whenever it is free, and renews it; the fences under which it was held.
async fn hold(node: Store, holder: &'static str, work: Arc<Work>) -> Vec<u64> {
    let mut fences = vec![];
    let mut held = None;
    while !work.stop.load(Ordering::SeqCst) {
        held = match held {
            Some(lease) => match node.renew("reactions", lease, LEASE).await {
                Ok(true) => {
                    work.held.fetch_add(1, Ordering::SeqCst);
                    Some(lease)
                }
                Ok(false) => None,
                Err(_) => Some(lease),
            },
            None => node.take("reactions", holder, LEASE).await.ok().flatten(),
        };
        fences.extend(held.map(|lease| lease.fence).filter(|fence| fences.last() != Some(fence)));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fences
}

/// Waits until every writer was acknowledged and the lease renewed `more` times from now on.
async fn go_on(work: &Work, more: usize) {
    let counts = || {
        let appended = work.appended.iter().map(|count| count.load(Ordering::SeqCst));
        appended.chain([work.held.load(Ordering::SeqCst)]).collect::<Vec<_>>()
    };
    let (before, began) = (counts(), Instant::now());
    while counts().iter().zip(&before).any(|(now, before)| *now < before + more) {
        assert!(began.elapsed() < PATIENCE, "they do not go on: {before:?}, {:?}", counts());
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_outlive_every_end_of_their_server() {
    let Some(lent) = Database::new().await else { return };
    let (place, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut server = Postgres::beside(&lent.text(), place.path(), "").unwrap();
    std::fs::write(folder.path().join("database"), server.database("restarted").unwrap()).unwrap();
    let nodes = [0, 1].map(|_| Store::open(config(folder.path())).unwrap());
    let work = Arc::<Work>::default();
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| tokio::spawn(write(nodes[number % 2].clone(), number, work.clone())))
        .collect();
    let followers = nodes.each_ref().map(|node| tokio::spawn(follow(node.clone(), work.clone())));
    let holders = [(0, "one"), (1, "other")]
        .map(|(node, holder)| tokio::spawn(hold(nodes[node].clone(), holder, work.clone())));
    for end in [End::Fast, End::Immediate, End::Killed, End::Killed, End::Fast] {
        go_on(&work, BETWEEN).await;
        tokio::task::block_in_place(|| server.end(end)).unwrap();
        // Away for longer than it takes to notice.
        tokio::time::sleep(Duration::from_millis(700)).await;
        tokio::task::block_in_place(|| server.start()).unwrap();
        let began = Instant::now();
        go_on(&work, 1).await;
        eprintln!("{end:?}: all go on after {:.1} s", began.elapsed().as_secs_f64());
    }
    go_on(&work, BETWEEN).await;
    work.stop.store(true, Ordering::SeqCst);

    let mut acknowledged = vec![];
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let all = acknowledged.len() as u64;
    let each: BTreeSet<u64> = acknowledged.into_iter().collect();
    assert_eq!(each, (1..=all).collect(), "each acknowledged once, and nothing that was not");
    for follower in followers {
        assert_eq!(follower.await.unwrap(), all);
    }
    let mut fences = BTreeSet::new();
    for holder in holders {
        for fence in holder.await.unwrap() {
            assert!(fences.insert(fence), "held by both under {fence}");
        }
    }
    for node in &nodes {
        check_whole(node, all).await;
    }
    drop(nodes);
    let again = Store::open(config(folder.path())).unwrap();
    check_whole(&again, all).await;
}
