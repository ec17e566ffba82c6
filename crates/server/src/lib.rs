//! Reads the configuration, wires the parts, and offers the commands of the binary `anpei`.
//!
//! Start reading at [`run`]; the commands stand in `commands/`, one file each, what can be set in [`config::SETTINGS`].
//!
//! # Invariants
//!
//! - No business rule.
//! - **No silent stand-in**: without real partners `serve` refuses to start, unless it is told that stand-ins will do.
//! - **A command that fails says why in one line** on stderr and exits with a code other than 0.
//! - Nothing personal and no secret in a log line.

mod commands;
pub mod config;
mod connections;
pub mod demo;
pub mod doors;
pub mod host;
mod http;
mod log;
mod money;
pub mod observe;
mod service;
pub mod wiring;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Events are many small texts that one thread makes and another lets go: this allocator takes a fifth off what a claim costs.
/// Without huge pages, which would hold four times the memory at rest.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the command that `arguments` name; the first is the program itself.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match commands::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            // One line: a cause may be told by a library that likes several.
            let line = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
            complain(&line);
            ExitCode::FAILURE
        }
    }
}

/// Says `line` on stderr.
fn complain(line: &str) {
    // Nobody is left to be told when stderr is gone.
    let _ = writeln!(io::stderr(), "anpei: {line}");
}

/// Says `text` on stdout, at once.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let said = writeln!(out, "{text}").and_then(|()| out.flush());
    match said {
        // Whoever read our output has read enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        said => said,
    }
}
