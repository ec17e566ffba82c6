//! The demo: there in time, with everything it announces.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::process::{anpei, get, lines, request, run, terminate};

#[test]
fn the_demo_announces_a_link_for_every_role_and_its_claims_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let mut command = anpei(&["demo", "--json", "--claims", "42", "--data", data]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (said, logged) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    let line = said.recv_timeout(Duration::from_secs(60)).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let base = about["base"].as_str().unwrap();
    let address = base.strip_prefix("http://").unwrap();
    for role in ["customer", "service-desk", "surveyor", "assessor", "approver", "manager", "administrator"] {
        let link = about["roles"][role].as_str().unwrap();
        let path = link.strip_prefix(base).unwrap();
        assert!(path.starts_with("/enter/"), "{link}");
        assert_eq!(get(address, path).0, 200, "{role}");
    }
    assert_eq!(get(address, "/readyz").0, 200);
    let token = format!("Bearer {}", about["api_token"].as_str().unwrap());
    let (status, _) = request(address, "GET", "/api/v1/claims", &[("Authorization", &token)], b"").unwrap();
    assert_eq!(status, 200);
    // What was not made when it was ready follows.
    let told: Vec<String> = std::iter::from_fn(|| {
        let line = logged.recv_timeout(Duration::from_secs(60)).ok()?;
        (!line.contains("all 42 claims") && !line.contains("42 of 42 claims")).then_some(line)
    })
    .collect();
    assert!(!told.iter().any(|line| line.contains("stopped") || line.contains("broke")), "{told:?}");
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let (exit, out, _) = run(&["verify", "--data", data]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.contains("books of "), "{out}");
}

#[test]
fn a_demo_leaves_alone_what_is_no_demo() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let open = ["account", "open", "--login", "manager", "--name", "li", "--role", "manager", "--data", data];
    assert_eq!(run(&open).0, 0);
    let (_, before, _) = run(&["verify", "--data", data]);
    let (exit, _, told) = run(&["demo", "--data", data]);
    assert_eq!(exit, 1, "{told}");
    assert!(told.contains("holds no demo; name an empty one"), "{told}");
    assert_eq!(run(&["verify", "--data", data]).1, before);
    let (exit, _, told) = run(&["demo", "--database", "postgresql://a@127.0.0.1/c"]);
    assert!(exit == 2 && told.contains("--data <DIR>"), "its keys need a folder: {told}");
}
