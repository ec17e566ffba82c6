//! Another process: this test binary once more, moving files.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::move_to;

/// Starts a process that moves the files of the store in `folder` to `to`.
pub fn start(folder: &Path, to: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "objects::child::moves"])
        .env("STORE_TEST_FOLDER", folder)
        .env("STORE_TEST_TO", to)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the other process does; started by [`start`] alone.
#[test]
#[ignore = "run as a child process by other tests"]
fn moves() {
    // Whoever runs all ignored tests runs this one too, without a folder.
    let Ok(folder) = std::env::var("STORE_TEST_FOLDER").map(PathBuf::from) else { return };
    move_to(&folder, &std::env::var("STORE_TEST_TO").unwrap());
}
