//! The binary under test: its commands, and a process of it that serves until it is killed.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Longer than any start on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);

/// The binary, and where it keeps what it is told.
#[derive(Clone, Debug)]
pub struct Anpei {
    /// The program.
    pub program: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The address of a PostgreSQL database for the journal, where it is not kept in the folder.
    pub database: Option<String>,
}

impl Anpei {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Away from the settings of whoever runs this.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANPEI_")) {
            command.env_remove(name);
        }
        if let Some(database) = &self.database {
            command.env("ANPEI_DATABASE", database);
        }
        command.args(arguments).arg("--data").arg(&self.data).stdin(Stdio::null());
        command
    }

    /// Runs a command to its good end; what it said.
    ///
    /// # Errors
    ///
    /// When it ends otherwise.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output().context("the binary cannot be started")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "`{}` ended with {}: {said}{complaint}",
            arguments.join(" "),
            output.status
        );
        Ok(said)
    }

    /// Opens an account with `roles`; the line with which its program asks.
    ///
    /// # Errors
    ///
    /// When a command fails.
    pub fn bearer(&self, login: &str, roles: &[&str]) -> Result<String> {
        self.account(login, roles)?;
        let token = self.run(&["token", "issue", "--login", login, "--label", login])?;
        Ok(format!("Bearer {}", token.trim()))
    }

    /// Opens an account with `roles`; the path at which its password is set.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub fn account(&self, login: &str, roles: &[&str]) -> Result<String> {
        let mut open = vec!["account", "open", "--login", login, "--name", login];
        roles.iter().for_each(|role| open.extend(["--role", role]));
        let said = self.run(&open)?;
        let link = said.split_whitespace().find_map(|word| word.split_once("/enter/"));
        Ok(format!("/enter/{}", link.context("no link was printed")?.1))
    }

    /// Serves at a free port, with stand-ins for the partners outside.
    ///
    /// # Errors
    ///
    /// When it ends before it serves; the error holds what it said.
    pub fn serve(&self, more: &[&str]) -> Result<Served> {
        let mut command = self.command(&["serve", "--allow-fake-partners", "--listen", "127.0.0.1:0"]);
        command.args(more).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().context("the binary cannot be started")?;
        let pipe = child.stderr.take().context("it has no stderr")?;
        let mut served = Served { child, logged: lines(pipe), address: String::new() };
        let (began, mut heard) = (Instant::now(), vec![]);
        while let Ok(line) = served.logged.recv_timeout(START_MAX.saturating_sub(began.elapsed())) {
            let value: Value = serde_json::from_str(&line).unwrap_or_default();
            if value["message"] == "serving" {
                served.address = value["address"].as_str().context("it serves nowhere")?.to_owned();
                return Ok(served);
            }
            heard.push(line);
        }
        bail!("it does not serve:\n{}", heard.join("\n"));
    }

    /// Checks the store from the outside.
    ///
    /// # Errors
    ///
    /// When something differs.
    pub fn verify(&self) -> Result<String> {
        self.run(&["verify"])
    }

    /// The file in the data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }
}

/// A process that serves. Killed when it is dropped.
pub struct Served {
    child: Child,
    logged: Receiver<String>,
    /// Where.
    pub address: String,
}

impl Served {
    /// SIGKILL: nothing is finished, nothing is flushed.
    ///
    /// # Errors
    ///
    /// When the system does not let us.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits.
    ///
    /// # Errors
    ///
    /// When it ends otherwise than in good order.
    pub fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(told.success(), "it could not be told to stop");
        let status = self.child.wait()?;
        ensure!(status.success(), "it ended with {status}: {}", self.logged().join("\n"));
        Ok(())
    }

    /// What it logged since it was asked last.
    pub fn logged(&self) -> Vec<String> {
        self.logged.try_iter().collect()
    }

    /// The number of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What Linux says of its memory under `name`, such as `VmHWM`, in KiB.
    ///
    /// # Errors
    ///
    /// When the process is gone, or this is not Linux.
    pub fn memory_kib(&self, name: &str) -> Result<u64> {
        memory_kib(self.child.id(), name)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn memory_kib(process: u32, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kib.with_context(|| format!("no {name} of process {process}"))
}

/// The lines of a pipe as they come.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (to, from) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(std::result::Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
    from
}
