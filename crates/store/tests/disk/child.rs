//! Another process: this test binary once more, doing one thing.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use app::ports::Blobs;
use journal::{Append, AppendError, Appended, Journal};
use lexicon::Private;

use crate::world::{Placed, append, open, subject};

/// A process at work on a folder. Killed when dropped.
pub struct Working {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

/// Starts a process that does `job` in `folder`, behind `shell`, a prefix such as a limit.
pub fn start(job: &str, folder: &Path, shell: &str) -> Working {
    let binary = std::env::current_exe().unwrap();
    let script = format!("{shell} exec \"$0\" --exact --ignored --nocapture disk::child::works");
    let mut process = Command::new("sh")
        .args(["-c", &script])
        .arg(binary)
        .env("STORE_TEST_JOB", job)
        .env("STORE_TEST_FOLDER", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(process.stdout.take().unwrap()).lines();
    Working { process, said }
}

impl Working {
    /// The next line that the job said, without what the test harness prints; `None` at its end.
    pub fn next(&mut self) -> Option<String> {
        self.said.by_ref().map_while(Result::ok).find_map(|line| Some(line.strip_prefix("> ")?.to_owned()))
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "> {line}").and_then(|()| out.flush()).unwrap();
}

/// What the other process does; started by [`start`] alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run as a child process by other tests"]
async fn works() {
    // Whoever runs all ignored tests runs this one too, without a job.
    let Ok(folder) = std::env::var("STORE_TEST_FOLDER") else { return };
    let store = open(Path::new(&folder));
    match std::env::var("STORE_TEST_JOB").unwrap().as_str() {
        "hold" => {
            say("open");
            std::thread::park();
        }
        "append" => append_for_ever(&store).await,
        "fill" => fill(&store).await,
        other => panic!("no job {other}"),
    }
}

/// 8 writers; a line `position stream sealed-file` for each acknowledged append. Each thing has an owner of its own, so that keys are
/// made all the time.
async fn append_for_ever(store: &store::Store) {
    let run = std::process::id();
    let tasks: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0.. {
                    let name = format!("thing-{run}.{writer}.{number}");
                    let owner = subject(&format!("owner-{run}.{writer}.{number}"));
                    let sealed = Private::seal(&store, &owner, &name).unwrap();
                    let file = lexicon::Vault::seal_bytes(&store, &owner, name.as_bytes()).unwrap();
                    let file = match number % 16 {
                        0 => Blobs::keep(&store, file).await.unwrap().to_string(),
                        _ => "-".to_owned(),
                    };
                    let event = Placed { shelf: Some(writer), owner: Some(sealed) };
                    match store.append(append(&name, 0, vec![event.into()])).await.unwrap() {
                        Appended::Recorded { position } => say(&format!("{position} {name} {file}")),
                        other => panic!("{other:?}"),
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Appends until the disk is full, says so, goes on trying until there is room again, and then appends a little more.
async fn fill(store: &store::Store) {
    let mut version = 0;
    let add = async |version: &mut u64| -> Result<(), AppendError> {
        let mut large: Append = append("thing-a", *version, vec![crate::world::placed(1)]);
        large.writes[0].events[0].data =
            format!(r#"{{"shelf":1,"owner":null,"note":"{}"}}"#, "x".repeat(20_000));
        store.append(large).await?;
        *version += 1;
        Ok(())
    };
    let refused = loop {
        if let Err(refused) = add(&mut version).await {
            break refused;
        }
    };
    assert!(matches!(refused, AppendError::Unavailable(_)), "{refused:?}");
    say(&format!("full {version}"));
    // A log that begins again at its start may make room for a few before the limit is lifted.
    for _ in 0..11 {
        while add(&mut version).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    say(&format!("room {version}"));
}
