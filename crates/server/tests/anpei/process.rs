//! Runs the binary, and speaks HTTP to one that serves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any start on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);

/// The binary with `arguments`, away from the settings of whoever runs the test.
pub(crate) fn anpei(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anpei"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANPEI_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs it to its end: exit code, stdout, stderr.
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    told(anpei(arguments).output().unwrap())
}

pub(crate) fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Runs it with `input` on stdin.
pub(crate) fn run_with(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = anpei(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    told(child.wait_with_output().unwrap())
}

/// A process that serves. Killed when it is dropped.
pub(crate) struct Served {
    child: Child,
    logged: Arc<Mutex<Vec<Value>>>,
    pub(crate) address: String,
    /// What it said on stdout so far, line by line.
    pub(crate) said: Receiver<String>,
}

impl Served {
    /// `anpei serve` on `data` with stand-ins, at a free port.
    pub(crate) fn start(data: &Path, more: &[&str]) -> Served {
        Served::start_with(data, more, &[])
    }

    /// The same in an environment with `variables`.
    pub(crate) fn start_with(data: &Path, more: &[&str], variables: &[(&str, &str)]) -> Served {
        let mut arguments = vec!["serve", "--allow-fake-partners", "--listen", "127.0.0.1:0", "--data"];
        arguments.push(data.to_str().unwrap());
        arguments.extend(more);
        let mut command = anpei(&arguments);
        command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let (_, said) = channel();
        let mut served = Served { child, logged: Arc::default(), address: String::new(), said };
        served.said = lines(served.child.stdout.take().unwrap());
        let logged = lines(served.child.stderr.take().unwrap());
        let began = Instant::now();
        let mut heard = vec![];
        loop {
            let line = logged.recv_timeout(START_MAX.saturating_sub(began.elapsed()));
            let line = line.unwrap_or_else(|_| panic!("it does not serve: {heard:?}"));
            let value: Value = serde_json::from_str(&line).unwrap_or_default();
            if value["message"] == "serving" {
                served.address = value["address"].as_str().unwrap().to_owned();
                let kept = served.logged.clone();
                std::thread::spawn(move || {
                    while let Ok(line) = logged.recv() {
                        kept.lock().unwrap().push(serde_json::from_str(&line).unwrap_or(Value::String(line)));
                    }
                });
                return served;
            }
            heard.push(line);
        }
    }

    /// What it logged since it serves.
    pub(crate) fn logged(&self) -> Vec<Value> {
        self.logged.lock().unwrap().clone()
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; the exit code.
    pub(crate) fn stop(mut self) -> i32 {
        terminate(&self.child);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends SIGTERM.
pub(crate) fn terminate(child: &Child) {
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// The lines of a pipe as they come.
pub(crate) fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (to, from) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
    from
}

/// One request on a connection of its own: status and body. An error when no whole answer came.
pub(crate) fn request(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<(u16, Vec<u8>)> {
    exchange(address, method, path, headers, body).map(|(status, _, body)| (status, body))
}

/// The same with the headers of the answer, as they came.
pub(crate) fn exchange(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<(u16, String, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(cut)?;
    let told = String::from_utf8_lossy(&answer[..end]).into_owned();
    let head = told.to_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    let rest = &answer[end + 4..];
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    match length.and_then(|length| length.trim().parse::<usize>().ok()) {
        None if status == 204 => Ok((status, told, vec![])),
        Some(length) if rest.len() < length => Err(cut()),
        Some(length) => Ok((status, told, rest[..length].to_vec())),
        None => Ok((status, told, torture::http::unchunked(rest).ok_or_else(cut)?)),
    }
}

/// The text at `path`.
pub(crate) fn get(address: &str, path: &str) -> (u16, String) {
    let (status, body) = request(address, "GET", path, &[], b"").unwrap();
    (status, String::from_utf8(body).unwrap())
}
