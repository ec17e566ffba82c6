//! The database is away for a while: a node says that it is not ready, and is again without being started anew.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::cluster::{Cluster, until};
use crate::process::get;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_node_is_not_ready_while_its_database_is_away_and_comes_back_by_itself() {
    let Some(cluster) = Cluster::new() else { return };
    let url = cluster.url();
    let (before, after) = url.rsplit_once(':').unwrap();
    let (port, name) = after.split_once('/').unwrap();
    let line = Line::to(port.parse().unwrap());
    let node = cluster.serve_with(&["--database", &format!("{before}:{}/{name}", line.port)]);
    let is_ready = || get(&node.address, "/readyz").0 == 200;
    until("it is ready", PATIENCE, is_ready);
    for _ in 0..2 {
        line.cut(true);
        until("it is not ready", PATIENCE, || !is_ready());
        assert_eq!(get(&node.address, "/healthz").0, 200, "it lives all the same");
        line.cut(false);
        until("it is ready again", PATIENCE, is_ready);
    }
    assert_eq!(node.stop(), 0);
}

/// A line to the database that can be cut.
struct Line {
    port: u16,
    cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    fn to(port: u16) -> Line {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let line =
            Line { port: listener.local_addr().unwrap().port(), cut: Arc::default(), open: Arc::default() };
        let (cut, open) = (line.cut.clone(), line.open.clone());
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // Dropped at once, as by a machine that is there and a server that is not.
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let ends = [near.try_clone().unwrap(), far.try_clone().unwrap()];
                open.lock().unwrap().extend(ends);
                let (back, forth) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                thread::spawn(move || carry(near, far));
                thread::spawn(move || carry(forth, back));
            }
        });
        line
    }

    fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
        for end in self.open.lock().unwrap().drain(..) {
            // One of the two may have hung up.
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
