//! A database, a folder, and processes that share both.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_postgres::{Client as Connection, NoTls};

use crate::client::{self, Client, compare_with_the_bank, earlier_today, payments, repeat, wait_for_the_end};
use crate::process::{Served, anpei, lines, run};

/// Names a server on which databases may be made.
const VARIABLE: &str = "ANPEI_TEST_POSTGRES";
/// A lease is over after 5 seconds and asked for every second; the rest is for a busy machine.
const TAKEOVER_MAX: Duration = Duration::from_secs(20);
/// Between two steps of a client, so that a slow machine keeps up.
const PACE: Duration = Duration::from_millis(150);

/// An insurer on several processes. Its database is gone when this is dropped.
pub(crate) struct Cluster {
    name: String,
    server: String,
    folder: tempfile::TempDir,
}

/// `anpei worker`. Killed when it is dropped.
pub(crate) struct Worker {
    child: Child,
    logged: Arc<Mutex<Vec<Value>>>,
}

/// Clients at work, until they are told to stop.
pub(crate) struct AtWork {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Client>>,
}

impl Cluster {
    /// `None`, said plainly, where there is no server; continuous integration always has one.
    pub(crate) fn new() -> Option<Cluster> {
        Some(Cluster::on(Cluster::lent()?))
    }

    /// The server that the tests were given.
    pub(crate) fn lent() -> Option<String> {
        let Some(server) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "{VARIABLE} names no server; `cargo xtask test` starts one"
            );
            eprintln!("passed by: {VARIABLE} names no PostgreSQL server; `cargo xtask test` starts one");
            return None;
        };
        Some(server)
    }

    /// On `server`, which lives longer.
    pub(crate) fn on(server: String) -> Cluster {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("nodes{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        ask(&server, &format!("CREATE DATABASE {name}"));
        Cluster { name, server, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn url(&self) -> String {
        let (place, _) = self.server.rsplit_once('/').unwrap();
        format!("{place}/{}", self.name)
    }

    /// The flags that name the store.
    pub(crate) fn place(&self) -> [String; 4] {
        let folder = self.folder.path().to_str().unwrap().to_owned();
        ["--data".to_owned(), folder, "--database".to_owned(), self.url()]
    }

    /// Policies, and a program with a token.
    pub(crate) fn prepare(&self, policies: usize) -> String {
        let place = self.place();
        client::prepare(self.folder.path(), &place.each_ref().map(String::as_str), policies)
    }

    /// A node for pages, and nothing else.
    pub(crate) fn serve(&self) -> Served {
        self.serve_with(&["--no-worker", "--database", &self.url()])
    }

    pub(crate) fn serve_with(&self, more: &[&str]) -> Served {
        Served::start(self.folder.path(), &[&["--fake-bank", "faulty"], more].concat())
    }

    /// A node for the background work.
    pub(crate) fn worker(&self) -> Worker {
        let place = self.place();
        let mut command = anpei(&["worker", "--allow-fake-partners", "--fake-bank", "faulty"]);
        let mut child = command.args(&place).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (logged, from) = (Arc::<Mutex<Vec<Value>>>::default(), lines(child.stderr.take().unwrap()));
        let kept = logged.clone();
        thread::spawn(move || {
            while let Ok(line) = from.recv() {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap_or(Value::String(line)));
            }
        });
        Worker { child, logged }
    }

    /// Clients who hand in claims at `nodes`, each at one of them.
    pub(crate) fn clients(&self, token: &str, nodes: &[&Served]) -> AtWork {
        let stop = Arc::<AtomicBool>::default();
        let occurred_at = earlier_today();
        let clients = (0..client::CLIENTS).map(|number| {
            let mut client = Client::new(number, token.to_owned(), occurred_at.clone());
            let (address, stop) = (nodes[number % nodes.len()].address.clone(), stop.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    client.go_on(&address).unwrap();
                    thread::sleep(PACE);
                }
                client.finish(&address);
                client
            })
        });
        AtWork { clients: clients.collect(), stop }
    }

    /// Everything that was acknowledged is there on every node and worked off, nothing was paid twice, and all that is kept is sound.
    pub(crate) fn settle(&self, clients: AtWork, token: &str, nodes: Vec<Served>, workers: Vec<Worker>) {
        clients.stop.store(true, Ordering::Relaxed);
        let clients: Vec<Client> = clients.clients.into_iter().map(|client| client.join().unwrap()).collect();
        let whole: Vec<&str> = clients.iter().flat_map(Client::whole).collect();
        assert!(whole.len() > client::CLIENTS, "too little was done to mean anything");
        wait_for_the_end(&nodes[0].address, token, &whole);
        for node in &nodes {
            repeat(&node.address, &clients);
        }
        let payments = payments(&nodes[0].address, &clients);
        nodes.into_iter().for_each(|node| assert_eq!(node.stop(), 0));
        workers.into_iter().for_each(|worker| assert_eq!(worker.stop(), 0));
        compare_with_the_bank(self.folder.path(), &payments);
        let place = self.place();
        let verify: Vec<&str> = ["verify"].into_iter().chain(place.iter().map(String::as_str)).collect();
        let (exit, out, err) = run(&verify);
        assert_eq!(exit, 0, "{out}{err}");
        eprintln!("{} whole claims, {} payments", whole.len(), payments.len());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        ask(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

impl Worker {
    /// Whether it said last that it holds `lease`.
    pub(crate) fn holds(&self, lease: &str) -> bool {
        let logged = self.logged.lock().unwrap();
        let last = logged.iter().rev().find(|line| line["lease"] == lease);
        last.is_some_and(|line| line["message"] == "holding the lease")
    }

    /// Whether it ever said so of `lease`.
    pub(crate) fn said(&self, lease: &str, message: &str) -> bool {
        let logged = self.logged.lock().unwrap();
        logged.iter().any(|line| line["lease"] == lease && line["message"] == message)
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = std::process::Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// SIGTERM; the exit code.
    fn stop(mut self) -> i32 {
        self.signal("-TERM");
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until one of `workers` holds `lease`; which.
pub(crate) fn holder(workers: &[Worker], lease: &str) -> usize {
    let mut found = None;
    until(&format!("somebody holds {lease}"), TAKEOVER_MAX, || {
        found = workers.iter().position(|worker| worker.holds(lease));
        found.is_some()
    });
    found.unwrap()
}

/// Waits for something that must come.
#[track_caller]
pub(crate) fn until(what: &str, patience: Duration, mut come: impl FnMut() -> bool) {
    let began = Instant::now();
    while !come() {
        assert!(began.elapsed() < patience, "it did not come that {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn ask(server: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let asked = runtime.block_on(async {
        let (client, connection): (Connection, _) = tokio_postgres::connect(server, NoTls).await?;
        // It ends with its client.
        tokio::spawn(async { connection.await.unwrap_or_default() });
        client.batch_execute(sql).await
    });
    asked.unwrap_or_else(|problem| panic!("{sql}: {problem}"));
}
