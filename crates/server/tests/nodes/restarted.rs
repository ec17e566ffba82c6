//! The server of the database is stopped, crashed and killed under processes that serve and work: nobody starts them again.

use std::thread;
use std::time::Duration;

use torture::postgres::{End, Postgres};

use crate::cluster::{Cluster, holder, until};
use crate::process::get;

/// More than clients get through.
const POLICIES: usize = 200;
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn served_nodes_and_workers_outlive_every_end_of_their_server() {
    let Some(lent) = Cluster::lent() else { return };
    let place = tempfile::tempdir().unwrap();
    let mut server = Postgres::beside(&lent, place.path(), "").unwrap();
    let cluster = Cluster::on(server.url().to_owned());
    let token = cluster.prepare(POLICIES);
    let nodes = vec![cluster.serve()];
    let workers = vec![cluster.worker()];
    let is_ready = || get(&nodes[0].address, "/readyz").0 == 200;
    for end in [End::Fast, End::Immediate, End::Killed] {
        until("it is ready", PATIENCE, is_ready);
        holder(&workers, "reactions");
        server.end(end).unwrap();
        until("it is not ready", PATIENCE, || !is_ready());
        assert_eq!(get(&nodes[0].address, "/healthz").0, 200, "it lives all the same");
        server.start().unwrap();
    }
    until("it is ready again", PATIENCE, is_ready);
    holder(&workers, "reactions");
    let clients = cluster.clients(&token, &nodes.iter().collect::<Vec<_>>());
    thread::sleep(Duration::from_secs(6));
    cluster.settle(clients, &token, nodes, workers);
}
