//! Data folders: good ones, and every kind of bad one.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use tempfile::{TempDir, tempdir};

use crate::process::{Served, get, run};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with a journal in it.
fn made() -> TempDir {
    let folder = tempdir().unwrap();
    let (exit, out, err) = run(&["migrate", "--data", text(folder.path())]);
    assert_eq!((exit, err.as_str()), (0, ""), "{out}");
    folder
}

fn policies() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv")
}

/// Asserts that `arguments` end with one line that holds `what`.
fn refused(arguments: &[&str], what: &str) {
    let (exit, out, err) = run(arguments);
    assert_eq!((exit, out.as_str()), (1, ""), "{arguments:?}: {err}");
    assert!(err.starts_with("anpei: ") && err.contains(what), "{arguments:?}: {err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn without_partners_nothing_is_served() {
    let folder = made();
    refused(&["serve", "--data", text(folder.path())], "connectors to real ones are not built yet");
    refused(&["worker", "--data", text(folder.path())], "--allow-fake-partners");
}

#[test]
fn a_folder_that_cannot_be_served_is_named_in_one_line_and_left_as_it_is() {
    let (missing, empty, foreign, damaged) =
        (tempdir().unwrap().path().join("no"), tempdir().unwrap(), tempdir().unwrap(), made());
    fs::write(foreign.path().join("journal.db"), "a diary, not a database\n".repeat(400)).unwrap();
    let journal = damaged.path().join("journal.db");
    let mut bytes = fs::read(&journal).unwrap();
    bytes[100..4_000].fill(0xff);
    fs::write(&journal, &bytes).unwrap();
    for command in ["migrate", "serve", "verify"] {
        let with = |folder: &Path, what: &str| {
            let mut arguments = vec![command, "--data", text(folder)];
            if command == "serve" {
                arguments.extend(["--allow-fake-partners", "--listen", "127.0.0.1:0"]);
            }
            refused(&arguments, what);
        };
        with(&missing, "does not exist; make it, or name another one");
        with(foreign.path(), "is not a database of this product");
        with(damaged.path(), "is damaged");
    }
    assert_eq!(fs::read(&journal).unwrap(), bytes);
    refused(&["verify", "--data", text(empty.path())], "holds no journal");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_folder_or_port_in_use_is_told() {
    let folder = made();
    let served = Served::start(folder.path(), &[]);
    refused(&["verify", "--data", text(folder.path())], "one process at a time may serve it");
    assert_eq!(served.stop(), 0);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments = ["serve", "--allow-fake-partners", "--data", text(folder.path()), "--listen", &address];
    refused(&arguments, &format!("{address} is in use by another program"));
    let (exit, out, _) = run(&["verify", "--data", text(folder.path())]);
    assert_eq!(exit, 0, "{out}");
}

#[test]
fn the_first_start_prints_a_link_for_the_first_administrator_and_the_second_does_not() {
    let folder = made();
    let first = Served::start(folder.path(), &["--base-url", "https://claims.example.com"]);
    let said: Vec<_> = (0..2).map(|_| first.said.recv().unwrap()).collect();
    assert!(said[0].contains("The account admin-"), "{said:?}");
    let token = said[1].strip_prefix("https://claims.example.com/enter/").unwrap();
    assert_eq!(token.len(), 48);
    assert_eq!(get(&first.address, &format!("/enter/{token}")).0, 200);
    assert_eq!(first.stop(), 0);
    let second = Served::start(folder.path(), &[]);
    assert_eq!(get(&second.address, "/healthz"), (200, "alive\n".to_owned()));
    assert_eq!(get(&second.address, "/readyz").0, 200);
    assert!(second.said.try_recv().is_err());
    assert_eq!(second.stop(), 0);
}

#[test]
fn figures_are_counted_by_route_and_never_by_address() {
    let folder = made();
    let served = Served::start(folder.path(), &[]);
    for path in ["/healthz", "/claims/A260101-SECRET", "/enter/secret-token", "/nowhere"] {
        get(&served.address, path);
    }
    let (status, figures) = get(&served.address, "/metrics");
    assert_eq!(status, 200);
    for wanted in [
        "anpei_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "anpei_http_request_seconds_bucket",
        "anpei_journal_head ",
        "anpei_reactor_lag ",
        "anpei_tasks_open{team=\"assessment\"} 0",
        "process_resident_memory_bytes ",
    ] {
        assert!(figures.contains(wanted), "{wanted}\n{figures}");
    }
    assert!(!figures.contains("SECRET") && !figures.contains("secret"), "{figures}");
}

#[test]
fn policies_are_imported_row_by_row_with_a_report() {
    let folder = made();
    let data = text(folder.path());
    let (exit, out, _) = run(&["import", "policies", policies(), "--data", data]);
    assert_eq!((exit, out.trim()), (0, "20 entered, 0 known before, 0 refused"));
    let (exit, out, _) = run(&["import", "policies", policies(), "--data", data]);
    assert_eq!((exit, out.trim()), (0, "0 entered, 20 known before, 0 refused"));
    let rows = fs::read_to_string(policies()).unwrap();
    let (header, first) = (rows.lines().next().unwrap(), rows.lines().nth(1).unwrap());
    let bad = first.replace("AN2026-000101", "AN2026-000999").replace("2026-12-31", "soon");
    let file = folder.path().join("more.csv");
    fs::write(&file, format!("{header}\n{bad}\n")).unwrap();
    let (exit, out, _) = run(&["import", "policies", text(&file), "--data", data]);
    assert_eq!(exit, 1);
    assert!(out.contains("refused: line 2, ends_at: This must be a day"), "{out}");
    assert!(out.ends_with("0 entered, 0 known before, 1 refused\n"), "{out}");
}

#[test]
fn accounts_and_tokens_are_printed_once() {
    let folder = made();
    let data = text(folder.path());
    let open =
        ["account", "open", "--data", data, "--login", "workshop", "--name", "Workshop", "--role", "client"];
    let (exit, first, err) = run(&open);
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(first.contains("The account workshop is open") && first.contains("/enter/"), "{first}");
    let (_, again, _) = run(&open);
    assert!(again.contains("was open already") && again != first, "{again}");
    let (exit, token, _) = run(&["token", "issue", "--data", data, "--login", "workshop", "--label", "test"]);
    assert_eq!(exit, 0);
    assert!(token.trim().starts_with("anpei_") && token.trim().len() == 70, "{token}");
    refused(
        &["token", "issue", "--data", data, "--login", "nobody", "--label", "test"],
        "no account signs in with `nobody`",
    );
}

#[test]
fn verify_finds_an_entry_that_was_altered() {
    let folder = made();
    let data = text(folder.path());
    run(&["import", "policies", policies(), "--data", data]);
    let (exit, out, _) = run(&["verify", "--data", data]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.ends_with("sound: everything is as it was recorded\n"), "{out}");
    let journal = folder.path().join("journal.db");
    let mut bytes = fs::read(&journal).unwrap();
    let places = bytes.windows(5).enumerate().filter(|(_, five)| *five == b"AN-BJ").map(|(place, _)| place);
    let places: Vec<usize> = places.collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|place| bytes[place + 3] = b'X');
    fs::write(&journal, bytes).unwrap();
    let (exit, out, _) = run(&["verify", "--data", data]);
    assert_eq!(exit, 1, "{out}");
    assert!(out.contains("DIFFERS stream policy-"), "{out}");
}
