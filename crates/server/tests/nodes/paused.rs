//! A holder stands still, loses its leases, and wakes up: it begins nothing more.

use std::thread;
use std::time::Duration;

use crate::cluster::{Cluster, holder, until};

/// More than clients get through.
const POLICIES: usize = 300;
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_paused_holder_has_lost_its_turn_when_it_wakes_up() {
    let Some(cluster) = Cluster::new() else { return };
    let token = cluster.prepare(POLICIES);
    let nodes = vec![cluster.serve()];
    let mut workers = vec![cluster.worker()];
    holder(&workers, "reactions");
    workers.push(cluster.worker());
    let clients = cluster.clients(&token, &[&nodes[0]]);
    for _ in 0..2 {
        let at = holder(&workers, "reactions");
        thread::sleep(Duration::from_millis(1_300));
        let sleeper = workers.remove(at);
        sleeper.signal("-STOP");
        holder(&workers, "reactions");
        thread::sleep(Duration::from_secs(2));
        sleeper.signal("-CONT");
        until("the sleeper stands by", PATIENCE, || {
            sleeper.said("reactions", "the lease is lost") && !sleeper.holds("reactions")
        });
        workers.insert(0, sleeper);
    }
    cluster.settle(clients, &token, nodes, workers);
}
