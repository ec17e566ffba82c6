//! Another process: this test binary once more, copying something.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use store::copy::{Until, back_up, transfer};

use super::place::{config, original, restored};

/// Starts a process that does `job` in `place`, behind `shell`, a prefix such as a limit.
pub fn start(job: &str, place: &Path, shell: &str) -> Child {
    let script = format!("{shell} exec \"$0\" --exact --ignored --nocapture copying::child::copies");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("STORE_TEST_JOB", job)
        .env("STORE_TEST_PLACE", place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the other process does; started by [`start`] alone.
#[test]
#[ignore = "run as a child process by other tests"]
fn copies() {
    // Whoever runs all ignored tests runs this one too, without a job.
    let Ok(place) = std::env::var("STORE_TEST_PLACE").map(PathBuf::from) else { return };
    let (data, backup, keys) = (place.join("data"), place.join("backup"), place.join("keys"));
    let new = config(&place.join("new"));
    let done = match std::env::var("STORE_TEST_JOB").unwrap().as_str() {
        "backup" => back_up(&original(&data), &backup, &keys, &mut |_| ()).map(drop),
        "restore" => restored(&backup, &keys, &[], &new, Until::End).map(drop),
        "move" => transfer(&original(&data), &new, &mut |_| ()).map(drop),
        other => panic!("no job {other}"),
    };
    let said = done.map_or_else(|error| error.to_string(), |()| "done".to_owned());
    writeln!(std::io::stdout(), "> {said}").unwrap();
}
