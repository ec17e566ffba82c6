//! Backup, restore, drill and files by command, beside a service that runs.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::process::{Served, run};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `arguments`, which must end well; what they said.
fn done(arguments: &[&str]) -> String {
    let (exit, out, err) = run(arguments);
    assert_eq!((exit, err.as_str()), (0, ""), "{arguments:?}: {out}");
    out
}

/// Asserts that `arguments` end with one line that holds `what`.
fn refused(arguments: &[&str], what: &str) {
    let (exit, _, err) = run(arguments);
    assert!(exit == 1 && err.contains(what), "{arguments:?}: {exit} {err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn a_served_store_is_backed_up_restored_and_drilled() {
    let place = tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (data, backup, keys, new) = (at("data"), at("backup"), at("keys"), at("new"));
    fs::create_dir(&data).unwrap();
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv");
    done(&["import", "policies", policies, "--data", text(&data)]);
    let served = Served::start(&data, &[]);
    let copy = ["backup", "--data", text(&data), "--to", text(&backup), "--keys-to", text(&keys)];
    assert!(done(&copy).contains("the master key is in neither folder"));
    assert!(done(&copy).starts_with("0 entries and 0 files added"));
    let drilled = done(&["drill", "--data", text(&data), "--in", text(place.path()), "--json"]);
    let drilled: serde_json::Value = serde_json::from_str(&drilled).unwrap();
    assert_eq!(drilled["sound"], true, "{drilled}");
    let names: Vec<_> = drilled["steps"].as_array().unwrap().iter().map(|step| &step["step"]).collect();
    assert_eq!(names, ["backup", "restore", "money", "verify"]);
    let files = done(&["files", "report", "--data", text(&data)]);
    assert!(files.starts_with("0 files of 0 bytes in blobs; 0 are referred to"), "{files}");
    assert_eq!(served.stop(), 0);

    let from = ["restore", "--from", text(&backup), "--keys-from", text(&keys), "--data", text(&new)];
    refused(&from, "the master key is not in a backup: name it with --master-key-file");
    assert!(!new.exists());
    let key = data.join("master.key");
    let with_key = [&from[..], &["--master-key-file", text(&key)]].concat();
    assert!(done(&with_key).contains("payments wait until `anpei reconcile`"));
    let of_new = ["--data", text(&new), "--master-key-file", text(&key)];
    assert!(done(&[&["verify"], &of_new[..]].concat()).contains("sound: everything is as it was recorded"));
    let compare = [&["reconcile", "--allow-fake-partners"], &of_new[..]].concat();
    assert!(done(&compare).contains("payments may leave again"));
    assert!(done(&compare).contains("payments do not wait"));
    refused(&with_key, "is whole already; nothing is left to do");
    refused(
        &["restore", "--from", text(&keys), "--keys-from", text(&keys), "--data", text(&at("x"))],
        "master key",
    );
    let beside = text(&backup).to_owned() + "/keys";
    refused(
        &["backup", "--data", text(&data), "--to", text(&backup), "--keys-to", &beside],
        "must not be kept with the backup",
    );
}

#[test]
fn files_move_while_they_are_served() {
    let place = tempdir().unwrap();
    let (data, elsewhere) = (place.path().join("data"), place.path().join("elsewhere"));
    fs::create_dir(&data).unwrap();
    done(&["migrate", "--data", text(&data)]);
    let kept = data.join("blobs/2c");
    fs::create_dir_all(&kept).unwrap();
    // The SHA-256 of `hello`.
    fs::write(kept.join("f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"), "hello").unwrap();
    let served = Served::start(&data, &[]);
    let said = done(&["files", "move", "--data", text(&data), "--to", text(&elsewhere)]);
    assert!(said.contains("1 files brought over; 1 are there"), "{said}");
    assert!(said.ends_with("only the new place is read from now on\n"), "{said}");
    assert!(elsewhere.join("2c").is_dir() && data.join("files.json").is_file());
    let report = done(&["files", "report", "--data", text(&data)]);
    assert!(report.contains("0 of them lost; 1 orphans of 5 bytes"), "{report}");
    let delete = ["files", "report", "--data", text(&data), "--delete-orphans", "--older-than-days", "1"];
    assert!(done(&delete).ends_with("0 orphans older than 1 days removed\n"));
    refused(
        &["files", "move", "--data", text(&data), "--to", "s3://key:secret@b/p"],
        "credentials do not belong",
    );
    assert_eq!(served.stop(), 0);
}
