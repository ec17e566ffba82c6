//! The PostgreSQL server behind a store, taken hold of so that it can be killed and started again.

use std::fs::{self, File, Metadata};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Longer than any start with a log to work off.
const START_MAX: Duration = Duration::from_secs(60);

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As an operator stops it: connections are ended, everything is written.
    Fast,
    /// At once; nothing is written, and the next start works the log off.
    Immediate,
    /// Its first process is killed, and nobody tells the others.
    Killed,
}

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

    /// Makes a server of its own in `folder`, of the same programs as the one at `url`, and starts it. `settings` are added to its
    /// configuration. Whoever asks from this machine needs no password, unless they say otherwise.
    ///
    /// # Errors
    ///
    /// When the one at `url` does not answer, or the other cannot be made.
    pub fn beside(url: &str, folder: &Path, settings: &str) -> Result<Postgres> {
        let Postgres { data, program, .. } = &Postgres::at(url)?;
        let owner = fs::metadata(data)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port().to_string();
        for entry in fs::read_dir(folder)? {
            chown(entry?.path(), Some(owner.uid()), Some(owner.gid()))?;
        }
        chown(folder, Some(owner.uid()), Some(owner.gid()))?;
        let data = folder.join("data");
        let mut initdb = as_owner(&owner, &program.with_file_name("initdb"));
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        let made = initdb.arg("--pgdata").arg(&data).stdout(Stdio::null()).status()?;
        ensure!(made.success(), "no server can be made in {}", folder.display());
        let ours = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n";
        let mut file = File::options().append(true).open(data.join("postgresql.conf"))?;
        file.write_all(format!("{ours}{settings}\n").as_bytes())?;
        let url = format!("postgresql://postgres@127.0.0.1:{port}/postgres");
        let mut server = Postgres { url, data, program: program.clone(), port, ours: None };
        server.start()?;
        Ok(server)
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
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
        self.end(End::Immediate)
    }

    /// Ends it, with all its processes.
    ///
    /// # Errors
    ///
    /// When the system does not let us.
    pub fn end(&mut self, how: End) -> Result<()> {
        let process = process(&self.data)?;
        let signal = match how {
            End::Fast => "-INT",
            End::Immediate => "-QUIT",
            End::Killed => "-KILL",
        };
        // Those that outlive the first process for a moment write still: a new server must not begin beside them.
        let mut processes = children(&process)?;
        let killed = Command::new("kill").args([signal, &process]).status()?;
        ensure!(killed.success(), "the server could not be killed");
        if let Some(mut child) = self.ours.take() {
            child.wait()?;
        }
        processes.push(process);
        let began = Instant::now();
        while processes.iter().any(|process| Path::new("/proc").join(process).exists() && !is_zombie(process))
        {
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
        let mut command = as_owner(&owner, &self.program);
        command.arg("-D").arg(&self.data).args(["-p", &self.port]);
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

/// A program that runs as the owner of a folder, so that all it makes is theirs.
fn as_owner(owner: &Metadata, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={}", owner.uid())).arg(format!("--regid={}", owner.gid()));
    command.args(["--clear-groups", "--"]).arg(program).current_dir("/");
    command
}

/// The numbers of those that `process` started.
fn children(process: &str) -> Result<Vec<String>> {
    let path = format!("/proc/{process}/task/{process}/children");
    let listed = fs::read_to_string(path).context("the server does not run here")?;
    Ok(listed.split_whitespace().map(str::to_owned).collect())
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
