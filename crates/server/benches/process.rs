//! How long a process takes from its start to being ready, and how much memory it holds at rest.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

const STARTS: usize = 7;
/// A demo is at rest after so long.
const REST: Duration = Duration::from_secs(10);

/// A process that is ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    say("| figure | measured | to hold |")?;
    say("|---|---|---|")?;
    let (ready, memory) = demo(folder.path())?;
    say(&format!("| demo of 320 claims: start → announced | {:.1} s | ≤ 10 s |", ready.as_secs_f64()))?;
    say(&format!("| memory, idle demo | {} MiB | ≤ 150 MB |", memory / 1024))?;
    let mut starts = vec![];
    for _ in 0..STARTS {
        starts.push(start(folder.path())?);
    }
    starts.sort();
    let median = starts[STARTS / 2].as_secs_f64() * 1_000.0;
    say(&format!("| start → ready on the demo's store, median of {STARTS} | {median:.0} ms | ≤ 300 ms |"))?;
    Ok(())
}

/// Makes a demo in `folder`: how long until it announced itself, and its memory at rest in KiB.
fn demo(folder: &Path) -> Outcome<(Duration, u64)> {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_anpei"));
    command.args(["demo", "--json", "--data"]).arg(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running(command.spawn()?);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
    let ready = began.elapsed();
    let mut told = BufReader::new(running.0.stderr.take().ok_or("no stderr")?).lines();
    // Whatever was not made in time follows, and is told of.
    while let Some(line) = told.next().transpose()? {
        if line.contains("320 of 320 claims made in") || line.contains("all 320 claims made") {
            break;
        }
    }
    std::thread::sleep(REST);
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.0.id()))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kibibytes = resident.trim().trim_end_matches("kB").trim().parse()?;
    Ok((ready, kibibytes))
}

/// From the start of a process on an existing store to its first answer that it is ready.
fn start(folder: &Path) -> Outcome<Duration> {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_anpei"));
    command.args(["serve", "--allow-fake-partners", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
    let mut running = Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?);
    let told = BufReader::new(running.0.stderr.take().ok_or("no stderr")?).lines();
    for line in told {
        let line: Value = serde_json::from_str(&line?)?;
        if line["message"] != "serving" {
            continue;
        }
        let address = line["address"].as_str().ok_or("no address")?;
        loop {
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(began.elapsed());
            }
        }
    }
    Err("the process ended before it served".into())
}

fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
