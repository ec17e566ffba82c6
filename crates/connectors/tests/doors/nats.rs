//! The stream behind the journal, on a server of NATS that is killed, restarted and wiped.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use app::work::Outbox;
use async_nats::jetstream;
use connectors::NatsStream;
use connectors::stream::STREAM;
use serde_json::Value;
use tempfile::TempDir;

use crate::house::{House, SOURCE};

/// A server of one's own, with its store in a folder that is gone afterwards.
struct Nats {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Nats {
    /// `None`, and a word on stderr, where no server is installed.
    #[expect(clippy::disallowed_macros, reason = "a test that is passed by says so")]
    fn open() -> Option<Nats> {
        let program = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];
        let Some(program) = program.into_iter().map(PathBuf::from).find(|path| path.is_file()) else {
            eprintln!("passed by: nats-server is not installed; `cargo xtask setup` installs it");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut nats = Nats { program, folder: TempDir::new().unwrap(), port, child: None };
        nats.start();
        Some(nats)
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    fn start(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-js", "-sd"]).arg(self.store());
        self.child = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    fn store(&self) -> PathBuf {
        Path::new(self.folder.path()).join("store")
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// As if it had never been there.
    fn wipe(&mut self) {
        self.kill();
        std::fs::remove_dir_all(self.store()).unwrap();
        self.start();
    }

    /// What is in the stream: subject and event, by sequence.
    async fn messages(&self) -> Vec<(String, Value)> {
        let Ok(client) = async_nats::connect(self.url()).await else { return vec![] };
        let Ok(mut stream) = jetstream::new(client).get_stream(STREAM).await else { return vec![] };
        let state = stream.info().await.unwrap().state.clone();
        let mut found = vec![];
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let message = stream.get_raw_message(sequence).await.unwrap();
            found.push((message.subject.to_string(), serde_json::from_slice(&message.payload).unwrap()));
        }
        found
    }

    /// Waits until the stream tells of so many different events; all that is in it.
    async fn waits_for(&self, count: usize) -> Vec<(String, Value)> {
        let mut found = vec![];
        for _ in 0..300 {
            found = self.messages().await;
            if different(&found) == count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} of {count} events in the stream", different(&found));
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}

fn different(messages: &[(String, Value)]) -> usize {
    by_id(messages).len()
}

fn by_id(messages: &[(String, Value)]) -> BTreeMap<&str, usize> {
    let mut found = BTreeMap::new();
    for (_, event) in messages {
        *found.entry(event["id"].as_str().unwrap()).or_default() += 1;
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_restarted_wiped_and_replayed_the_stream_has_everything() {
    let Some(mut nats) = Nats::open() else { return };
    let house = House::open();
    for stars in 0..20 {
        house.rated(&format!("A260502-{:06}", stars % 4), stars).await;
    }
    let stream = Arc::new(NatsStream::connect(&nats.url()).await.unwrap());
    let running = house.publishes(stream.clone());
    let messages = nats.waits_for(20).await;
    assert_eq!(messages.len(), 20, "each once");
    let stars: Vec<u64> =
        messages.iter().map(|(_, event)| event["data"]["stars"].as_u64().unwrap()).collect();
    assert_eq!(stars, (0..20).collect::<Vec<_>>(), "in the order in which it happened");
    for (subject, event) in &messages {
        assert_eq!(subject, "anpei.claim.rated.v1");
        assert_eq!((&event["source"], &event["specversion"]), (&SOURCE.into(), &"1.0".into()));
    }

    nats.kill();
    for stars in 20..40 {
        house.rated(&format!("A260502-{:06}", stars % 4), stars).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    nats.start();
    let messages = nats.waits_for(40).await;
    assert!(by_id(&messages).values().all(|count| *count == 1), "what was sent twice is known by its id");

    nats.wipe();
    house.rated("A260502-000000", 40).await;
    let messages = nats.waits_for(41).await;
    let ids: Vec<&str> = by_id(&messages).into_keys().collect();
    assert_eq!(ids.len(), 41, "{ids:?}");
    running.end().await;

    // By hand, and for part of it: the server drops what it knows.
    let outbox = Outbox::new(house.app.clone(), stream, SOURCE);
    let reached = outbox.replay(30).await.unwrap();
    assert!(reached >= 41, "{reached}");
    let again = nats.messages().await;
    assert_eq!(again.len(), messages.len(), "a repeat is dropped by its id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_stream_is_filled_again_by_itself() {
    let Some(nats) = Nats::open() else { return };
    let house = House::open();
    for stars in 0..5 {
        house.rated("A260502-000001", stars).await;
    }
    let stream = NatsStream::connect(&nats.url()).await.unwrap().knowing_repeats_for(Duration::from_secs(1));
    let running = house.publishes(Arc::new(stream));
    nats.waits_for(5).await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = jetstream::new(client).get_stream(STREAM).await.unwrap();
    stream.purge().await.unwrap();
    let messages = nats.waits_for(5).await;
    let stars: Vec<u64> =
        messages.iter().map(|(_, event)| event["data"]["stars"].as_u64().unwrap()).collect();
    assert_eq!(stars, [0, 1, 2, 3, 4]);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_late_is_waited_for() {
    let Some(mut nats) = Nats::open() else { return };
    nats.kill();
    let house = House::open();
    let stream =
        NatsStream::connect(&nats.url()).await.expect("that nobody is there is no mistake of the address");
    let running = house.publishes(Arc::new(stream));
    house.rated("A260502-000001", 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    nats.start();
    nats.waits_for(1).await;
    running.end().await;
}
