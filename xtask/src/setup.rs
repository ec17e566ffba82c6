//! Installs what is missing on a bare Debian machine. Run twice, it does nothing the second time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::shell::{self, command, has, root, run};
use crate::{postgres, vendor};

/// Where Debian puts the browser.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Sets up everything that the build, the demo and the tests need.
pub(crate) fn setup() -> Result<()> {
    front_end()?;
    database()?;
    stream()?;
    browser()
}

/// What the build needs: the front-end files that are compiled into the binary.
pub(crate) fn front_end() -> Result<()> {
    let assets = root().join("assets");
    if vendor::is_current(&assets)? {
        println!("set-up: front-end files are there");
        return Ok(());
    }
    packages(&assets)?;
    let count = vendor::copy(&assets)?;
    println!("set-up: copied {count} front-end files into assets/vendor");
    Ok(())
}

/// What the browser tests need: Chromium, a Chinese font, and the packages that drive it.
pub(crate) fn browser() -> Result<()> {
    let mut missing = Vec::new();
    if !Path::new(CHROMIUM).is_file() {
        missing.push("chromium");
    }
    if !has_chinese_font() {
        missing.push("fonts-noto-cjk");
    }
    if missing.is_empty() {
        println!("set-up: Chromium and a Chinese font are there");
    } else {
        install(&missing)?;
    }
    packages(&root().join("e2e"))
}

/// What the tests on PostgreSQL need: its programs. They start servers of their own, so the service that the
/// package would start with every boot is taken away again when it came with our installing.
fn database() -> Result<()> {
    if postgres::programs().is_some() {
        println!("set-up: PostgreSQL is there");
        return Ok(());
    }
    let service = Path::new("/etc/postgresql/15/main");
    let was_there = service.exists();
    install(&[postgres::PACKAGE])?;
    if !was_there && service.exists() {
        run(command("pg_dropcluster").args(["--stop", "15", "main"]))?;
    }
    Ok(())
}

/// What the tests on a stream of messages need: NATS's server. They start servers of their own, so the service that the package
/// would start with every boot is taken away again when it came with our installing.
fn stream() -> Result<()> {
    if ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"]
        .iter()
        .any(|path| Path::new(path).is_file())
    {
        println!("set-up: NATS is there");
        return Ok(());
    }
    install(&["nats-server"])?;
    if has("systemctl") {
        // Without a running systemd, as in a container, there is no service to end.
        let _ = run(command("systemctl").args(["disable", "--now", "--quiet", "nats-server"]));
    }
    Ok(())
}

/// Installs the pinned packages of a folder, unless its lock file is older than what is installed.
fn packages(folder: &Path) -> Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if is_newer(&folder.join("node_modules/.package-lock.json"), &folder.join("package-lock.json")) {
        println!("set-up: packages of {name} are there");
        return Ok(());
    }
    if !has("npm") {
        bail!("npm is missing: install Node 20 or newer (on Debian: apt-get install nodejs npm)");
    }
    println!("set-up: installing the packages of {name}");
    run(command("npm").args(["ci", "--no-progress", "--loglevel=error"]).current_dir(folder))
        .context("npm could not install the pinned packages; check that a package registry can be reached")
}

/// Installs Debian packages. Only root may; anyone else is told the line to run.
fn install(names: &[&str]) -> Result<()> {
    let line = format!("apt-get update && apt-get install -y --no-install-recommends {}", names.join(" "));
    if !has("apt-get") {
        bail!(
            "{} missing, and this is not Debian: install it by the means of your system",
            names.join(" and ")
        );
    }
    let user = shell::read(command("id").arg("-u"))?;
    if user.trim() != "0" {
        bail!("{} missing: as root, run `{line}`", names.join(" and "));
    }
    println!("set-up: installing {} by apt-get", names.join(" and "));
    run(command("sh").args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive"))
        .context("apt-get could not install; check that a Debian mirror can be reached, then run this again")
}

fn has_chinese_font() -> bool {
    if has("fc-list") {
        return shell::read(command("fc-list").arg(":lang=zh-cn"))
            .is_ok_and(|fonts| !fonts.trim().is_empty());
    }
    let noto: PathBuf = "/usr/share/fonts/opentype/noto".into();
    fs::read_dir(noto)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().contains("CJK")))
}

/// Is `made` at least as new as what it was made from?
fn is_newer(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    matches!((time(made), time(from)), (Some(made), Some(from)) if made >= from)
}
