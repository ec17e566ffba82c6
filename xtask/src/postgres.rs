//! A PostgreSQL server for as long as a command runs: its own folder, its own port, its own password.
//!
//! It flushes as a real one does (`fsync` on), sorts by a language and not by bytes (so that a query which forgot to say
//! how it sorts is found out), and is gone afterwards: a shell beside it waits for the end of a pipe that only we
//! hold, and stops and removes it however we end. What a hard kill of everything leaves is removed by the next run.
//! The service that Debian's package brings is neither needed nor touched.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{self, run, target};

/// The tests look here for a server on which they may make databases.
pub(crate) const VARIABLE: &str = "ANPEI_TEST_POSTGRES";

/// What Debian calls the oldest one we serve.
pub(crate) const PACKAGE: &str = "postgresql-15";

const VERSION_MIN: u32 = 15;
const START_SECONDS: u64 = 60;
const ATTEMPTS: usize = 3;

/// Runs the server, waits until nobody holds the other end of standard input, and clears up.
/// `$1` the folder, `$2` who runs it (empty: us), `$3` the program, `$4` the port.
const KEEPER: &str = r#"
trap '' INT TERM HUP
folder=$1; user=$2; program=$3; port=$4
set -- "$program" -D "$folder/data" -p "$port"
if [ -n "$user" ]; then set -- setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; fi
"$@" >"$folder/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// What a server of tests needs beside the defaults: many tests at once, and every commit on disk.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 64MB
fsync = on
synchronous_commit = on
full_page_writes = on
";

/// A server that stops and disappears when this is dropped.
pub(crate) struct Server {
    keeper: Child,
    folder: PathBuf,
    url: String,
    /// Held while we run, so that the next run knows what is stale.
    _lock: File,
}

/// Runs any program with the address of a fresh server in its environment.
pub(crate) fn with_server(words: &[String]) -> Result<()> {
    let [program, arguments @ ..] = words else {
        bail!("say what to run: cargo xtask postgres -- COMMAND…");
    };
    let server = Lent::get()?;
    run(Command::new(program).args(arguments).env(VARIABLE, server.url()))
}

/// The server that the environment names, or one of our own.
pub(crate) enum Lent {
    Theirs(String),
    Ours(Server),
}

impl Lent {
    pub(crate) fn get() -> Result<Lent> {
        match std::env::var(VARIABLE) {
            Ok(url) if !url.is_empty() => Ok(Lent::Theirs(url)),
            _ => Ok(Lent::Ours(Server::start()?)),
        }
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Lent::Theirs(url) => url,
            Lent::Ours(server) => &server.url,
        }
    }
}

impl Server {
    /// Makes a cluster and starts it.
    pub(crate) fn start() -> Result<Server> {
        let programs = programs().with_context(|| {
            format!("PostgreSQL {VERSION_MIN} or newer is missing: run `cargo xtask setup`")
        })?;
        let user = if is_root()? { "postgres" } else { "" };
        let place = place(user)?;
        remove_stale(&place, &programs, user)?;

        let folder = place.join(std::process::id().to_string());
        let lock = File::create(lock_of(&folder))?;
        lock.try_lock().with_context(|| format!("{} is in use", folder.display()))?;
        let password = password()?;
        make(&folder, &programs, user, &password)?;
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let mut keeper = Command::new("sh")
                .args(["-c", KEEPER, "keeper"])
                .arg(&folder)
                .arg(user)
                .arg(programs.join("postgres"))
                .arg(port.to_string())
                .stdin(Stdio::piped())
                .spawn()
                .context("`sh` could not be started")?;
            if is_ready(&folder, port)? {
                let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
                return Ok(Server { keeper, folder, url, _lock: lock });
            }
            // Somebody else may have taken the port in between: nothing is lost by making the cluster again.
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            drop(keeper.stdin.take());
            keeper.wait()?;
            if !log.contains("Address already in use") {
                bail!("PostgreSQL did not start:\n{log}");
            }
            make(&folder, &programs, user, &password)?;
        }
        bail!("no free port was left for PostgreSQL after {ATTEMPTS} attempts")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("the keeper of {} could not be waited for: {error}", self.folder.display());
        }
        // Already gone when another run has found it stale in between.
        let _ = fs::remove_file(lock_of(&self.folder));
    }
}

/// Where the programs of the newest version are, if one is new enough.
pub(crate) fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            (version >= VERSION_MIN && programs.join("initdb").is_file()).then_some((version, programs))
        })
        .max();
    if let Some((_, programs)) = newest {
        return Some(programs);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file() && is_new_enough(folder))
}

fn is_new_enough(programs: &Path) -> bool {
    let said = shell::read(Command::new(programs.join("postgres")).arg("--version")).unwrap_or_default();
    let digits: String =
        said.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().is_ok_and(|version: u32| version >= VERSION_MIN)
}

/// PostgreSQL refuses to run as root.
fn is_root() -> Result<bool> {
    Ok(shell::read(Command::new("id").arg("-u"))?.trim() == "0")
}

/// A program that runs as `user`, or as us.
fn as_user(user: &str, program: &Path) -> Command {
    if user.is_empty() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={user}"))
        .args(["--init-groups", "--"])
        .arg(program);
    command
}

/// Below the target folder, or where its user can reach when that lies in somebody's home.
fn place(user: &str) -> Result<PathBuf> {
    let wanted = target().join("postgres");
    fs::create_dir_all(&wanted)?;
    let reaches = as_user(user, Path::new("test")).arg("-x").arg(&wanted).current_dir("/").status()?;
    if reaches.success() {
        return Ok(wanted);
    }
    let other = std::env::temp_dir().join("anpei-postgres");
    fs::create_dir_all(&other)?;
    Ok(other)
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.with_extension("lock")
}

/// Stops and removes the servers of runs that ended without doing so.
fn remove_stale(place: &Path, programs: &Path, user: &str) -> Result<()> {
    for entry in fs::read_dir(place)? {
        let lock = entry?.path();
        if lock.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        let Ok(held) = File::open(&lock) else { continue };
        if held.try_lock().is_err() {
            continue;
        }
        let folder = lock.with_extension("");
        if folder.exists() {
            println!("removing what an earlier run left in {}", folder.display());
            let data = folder.join("data");
            if data.join("postmaster.pid").is_file() {
                // It may be dead already; then the file alone is left, and goes with the folder.
                let _ = as_user(user, &programs.join("pg_ctl"))
                    .args(["stop", "--silent", "--mode", "immediate", "--pgdata"])
                    .arg(&data)
                    .current_dir("/")
                    .stderr(Stdio::null())
                    .status();
            }
            if folder.exists() {
                fs::remove_dir_all(&folder)
                    .with_context(|| format!("{} cannot be removed", folder.display()))?;
            }
        }
        let _ = fs::remove_file(&lock);
    }
    Ok(())
}

/// Makes an empty cluster with one superuser, who must give the password.
fn make(folder: &Path, programs: &Path, user: &str, password: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    let secret = folder.join("password");
    File::create(&secret)?.write_all(password.as_bytes())?;
    if !user.is_empty() {
        run(Command::new("chown").args(["-R", user]).arg(folder))?;
    }
    let data = folder.join("data");
    let mut initdb = as_user(user, &programs.join("initdb"));
    initdb
        .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"])
        .args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--pgdata"])
        .arg(&data)
        .arg("--pwfile")
        .arg(&secret)
        .current_dir("/")
        .stdout(Stdio::null());
    run(&mut initdb).context("the test cluster could not be made")?;
    fs::remove_file(secret)?;
    File::options().append(true).open(data.join("postgresql.conf"))?.write_all(SETTINGS.as_bytes())?;
    Ok(())
}

fn password() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Waits until the server says in its own file that it takes connections, on the port that it was given.
fn is_ready(folder: &Path, port: u16) -> Result<bool> {
    let begun = Instant::now();
    loop {
        let lines = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        let mut lines = lines.lines().skip(3);
        if lines.next() == Some(&port.to_string())
            && lines.nth(3).is_some_and(|state| state.trim() == "ready")
        {
            return Ok(true);
        }
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        if log.contains("FATAL") || begun.elapsed() > Duration::from_secs(START_SECONDS) {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_takes_connections_with_its_password_and_leaves_nothing_behind() {
        let Some(programs) = programs() else {
            eprintln!("passed by: PostgreSQL is not installed");
            return;
        };
        let server = Server::start().unwrap();
        let ask = |url: &str| {
            let mut psql = Command::new(programs.join("psql"));
            psql.args([url, "--no-password", "--tuples-only", "--no-align", "--command", "SHOW fsync"]);
            let answer = psql.stderr(Stdio::null()).output().unwrap();
            String::from_utf8(answer.stdout).unwrap().trim().to_owned()
        };
        assert_eq!(ask(&server.url), "on");
        let (front, rest) = server
            .url
            .split_once("postgres:")
            .map_or(("", ""), |(front, _)| (front, server.url.split_once('@').map_or("", |(_, rest)| rest)));
        assert_eq!(ask(&format!("{front}postgres:wrong@{rest}")), "");

        let folder = server.folder.clone();
        assert!(folder.is_dir());
        drop(server);
        assert!(!folder.exists() && !lock_of(&folder).exists());
    }
}
