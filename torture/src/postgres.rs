//! The PostgreSQL server behind a store, taken hold of so that it can be killed and started again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Longer than any start with a log to work off.
const START_MAX: Duration = Duration::from_secs(60);

/// A server of tests. One that was started by us ends with this.
pub struct Postgres {
    url: String,
    data: PathBuf,
    program: PathBuf,
    port: String,
    ours: Option<Child>,
}

impl Postgres {
    /// Takes hold of the server at `url`, which must run on this machine.
    ///
    /// # Errors
    ///
    /// When it does not answer, or its folder cannot be read.
    pub fn at(url: &str) -> Result<Postgres> {
        let data = PathBuf::from(ask(url, "SHOW data_directory")?);
        let port = ask(url, "SHOW port")?;
        let process = process(&data)?;
        let program =
            fs::read_link(format!("/proc/{process}/exe")).context("the server is not on this machine")?;
        Ok(Postgres { url: url.to_owned(), data, program, port, ours: None })
    }

    /// Makes an empty database; its address.
    ///
    /// # Errors
    ///
    /// When the server does not.
    pub fn database(&self, name: &str) -> Result<String> {
        ask(&self.url, &format!("CREATE DATABASE \"{name}\""))?;
        let (server, _) = self.url.rsplit_once('/').context("the server's address names no database")?;
        Ok(format!("{server}/{name}"))
    }

    /// Takes a database away.
    ///
    /// # Errors
    ///
    /// When the server does not.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        ask(&self.url, &format!("DROP DATABASE \"{name}\" WITH (FORCE)")).map(|_| ())
    }

    /// Ends it at once, without writing anything: what is in memory alone is gone.
    ///
    /// # Errors
    ///
    /// When the system does not let us.
    pub fn crash(&mut self) -> Result<()> {
        let process = process(&self.data)?;
        let killed = Command::new("kill").args(["-QUIT", &process]).status()?;
        ensure!(killed.success(), "the server could not be killed");
        if let Some(mut child) = self.ours.take() {
            child.wait()?;
        }
        let began = Instant::now();
        while Path::new("/proc").join(&process).exists() && !is_zombie(&process) {
            ensure!(began.elapsed() < START_MAX, "the server does not end");
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Starts it again, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub fn start(&mut self) -> Result<()> {
        // A killed server leaves its mark, and a new one would take the old number for a living one's.
        let _ = fs::remove_file(self.data.join("postmaster.pid"));
        let owner = fs::metadata(&self.data)?;
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", owner.uid())).arg(format!("--regid={}", owner.gid()));
        command.args(["--clear-groups", "--"]).arg(&self.program).arg("-D").arg(&self.data);
        command.args(["-p", &self.port]).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.ours = Some(command.spawn().context("the server cannot be started")?);
        let began = Instant::now();
        while let Err(error) = ask(&self.url, "SELECT 1") {
            if began.elapsed() > START_MAX {
                bail!("the server does not come back: {error}");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut child) = self.ours.take() {
            let _ = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}

/// The number of the server's first process.
fn process(data: &Path) -> Result<String> {
    let mark = fs::read_to_string(data.join("postmaster.pid")).context("the server does not run here")?;
    Ok(mark.lines().next().context("the server's mark is empty")?.trim().to_owned())
}

/// Whether a process has ended and only waits to be looked at by its parent.
fn is_zombie(process: &str) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit_once(')').is_none_or(|(_, rest)| rest.trim_start().starts_with('Z'))
}

/// Runs one statement; what it answers.
fn ask(url: &str, sql: &str) -> Result<String> {
    let mut psql = Command::new("psql");
    psql.args([url, "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--command", sql]);
    let output = psql.stdin(Stdio::null()).output().context("psql cannot be started")?;
    ensure!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
