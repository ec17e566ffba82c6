//! Workers are killed in the middle of reactions, again and again: another goes on where they were.

use std::thread;
use std::time::{Duration, Instant};

use crate::cluster::{Cluster, holder};

const KILLS: usize = 5;
/// More than clients get through.
const POLICIES: usize = 600;

#[test]
fn what_a_killed_worker_had_in_hand_is_done_by_another_and_done_once() {
    let Some(cluster) = Cluster::new() else { return };
    let token = cluster.prepare(POLICIES);
    let nodes = vec![cluster.serve(), cluster.serve()];
    let mut workers = vec![cluster.worker(), cluster.worker()];
    let clients = cluster.clients(&token, &nodes.iter().collect::<Vec<_>>());
    for kill in 0..KILLS {
        // In turn the one who reacts and the one who keeps the clocks; often they are the same.
        let lease = if kill % 2 == 0 { "reactions" } else { "clocks" };
        let at = holder(&workers, lease);
        thread::sleep(Duration::from_millis(700 + 150 * kill as u64));
        workers.remove(at).kill();
        let killed = Instant::now();
        holder(&workers, lease);
        eprintln!("{lease} taken over after {:.1} s", killed.elapsed().as_secs_f64());
        workers.push(cluster.worker());
    }
    cluster.settle(clients, &token, nodes, workers);
}
