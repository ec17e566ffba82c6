//! Other systems, told by a served process that is killed: nothing is skipped; and tokens by commands.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::{Served, request, run};

/// After the last start everything is told within this: whom the receiver broke off with three times is left alone for 45 s.
const END_MAX: Duration = Duration::from_secs(120);

/// What arrived: claim, sequence and id, in the order in which it did.
type Arrived = Arc<Mutex<Vec<(String, String, String)>>>;

/// A receiver that takes everything, and every now and then breaks off while it is `rude`.
fn receiver(rude: Arc<AtomicBool>) -> (SocketAddr, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, arrived) = (listener.local_addr().unwrap(), Arrived::default());
    let kept = arrived.clone();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            if number % 13 != 12 || !rude.load(Ordering::Relaxed) {
                take(stream, &kept);
            }
        }
    });
    (address, arrived)
}

fn take(mut stream: TcpStream, kept: &Arrived) {
    let mut bytes = vec![];
    let mut chunk = [0; 4_096];
    let body = loop {
        let Ok(count @ 1..) = stream.read(&mut chunk) else { return };
        bytes.extend_from_slice(&chunk[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if bytes.len() >= end + 4 + length.unwrap_or(0) {
            break bytes.split_off(end + 4);
        }
    };
    let event: Value = serde_json::from_slice(&body).unwrap();
    let of = |name: &str| event[name].as_str().unwrap().to_owned();
    kept.lock().unwrap().push((of("subject"), of("sequence"), of("id")));
    let _ = stream.write_all(b"HTTP/1.1 204 Told\r\nconnection: close\r\n\r\n");
}

fn token(data: &Path, login: &str, role: &str) -> String {
    let data = data.to_str().unwrap();
    assert_eq!(
        run(&["account", "open", "--data", data, "--login", login, "--name", login, "--role", role]).0,
        0
    );
    let (exit, token, err) = run(&["token", "issue", "--data", data, "--login", login, "--label", "test"]);
    assert_eq!(exit, 0, "{err}");
    token.trim().to_owned()
}

fn post(address: &str, token: &str, path: &str, key: &str, body: &Value) -> std::io::Result<(u16, Value)> {
    let bearer = format!("Bearer {token}");
    let headers =
        [("Authorization", bearer.as_str()), ("Idempotency-Key", key), ("Content-Type", "application/json")];
    let (status, body) = request(address, "POST", path, &headers, body.to_string().as_bytes())?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

fn notice(number: usize) -> Value {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() - 3_600;
    let occurred_at = lexicon::Moment::from_micros(i64::try_from(now).unwrap() * 1_000_000).to_string();
    json!({ "occurred_at": occurred_at, "cause": "reversing", "place": "地库", "plate": format!("京B{number:05}"),
        "name": "林知远", "phone": "13800010101" })
}

#[test]
fn what_a_killed_process_recorded_is_told_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (administrator, program) =
        (token(folder.path(), "lin", "administrator"), token(folder.path(), "load", "client"));
    let rude = Arc::new(AtomicBool::new(true));
    let (receiver, arrived) = receiver(rude.clone());
    let url = format!("http://{receiver}/anpei");
    let inside = ["--webhooks-inside", "loopback"];

    let served = Served::start(folder.path(), &["--log-level", "warn,server=info"]);
    let (status, refused) =
        post(&served.address, &administrator, "/api/v1/webhooks", "1", &json!({ "url": url })).unwrap();
    assert_eq!(
        (status, &refused["code"]),
        (422, &json!("door.refused.url-https")),
        "not unless it is allowed"
    );
    served.kill();

    let mut claims = BTreeSet::new();
    let mut number = 0;
    for round in 0..6 {
        let served =
            Served::start(folder.path(), &[&inside[..], &["--log-level", "warn,server=info"]].concat());
        if round == 0 {
            let asked =
                post(&served.address, &administrator, "/api/v1/webhooks", "2", &json!({ "url": url }));
            assert_eq!(asked.unwrap().0, 201);
        }
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(150 + 90 * round) {
            number += 1;
            let (status, taken) =
                post(&served.address, &program, "/api/v1/claims", &number.to_string(), &notice(number))
                    .unwrap();
            assert_eq!(status, 201, "{taken}");
            claims.insert(taken["claim"].as_str().unwrap().to_owned());
        }
        served.kill();
    }
    assert!(claims.len() > 6, "too little was done to mean anything");

    rude.store(false, Ordering::Relaxed);
    let served = Served::start(folder.path(), &inside);
    let began = Instant::now();
    loop {
        let told: BTreeSet<String> = arrived.lock().unwrap().iter().map(|(_, _, id)| id.clone()).collect();
        let missing: Vec<&String> =
            claims.iter().filter(|claim| !told.contains(&format!("claim-{claim}-1"))).collect();
        if missing.is_empty() {
            break;
        }
        assert!(began.elapsed() < END_MAX, "never told: {missing:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(served.stop(), 0);

    // Of each claim the first telling of everything came in the order in which it happened.
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (claim, sequence, id) in arrived.lock().unwrap().iter() {
        if seen.insert(id.clone()) {
            let before = last.insert(claim.clone(), sequence.clone()).unwrap_or_default();
            assert!(before < *sequence, "{claim}: {sequence} after {before}");
        }
    }
}

#[test]
fn tokens_are_issued_narrowed_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let whole = token(folder.path(), "lin", "administrator");
    let issue =
        ["token", "issue", "--data", data, "--login", "lin", "--label", "hooks", "--scope", "webhooks:read"];
    let narrowed = run(&issue).1.trim().to_owned();
    let (exit, out, _) = run(&["token", "list", "--data", data, "--login", "lin"]);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((exit, rows.len()), (0, 2), "{out}");
    let of = |label: &str| rows.iter().find(|row| row[2] == label).unwrap();
    assert_eq!((of("hooks")[3], of("hooks")[6], of("test")[3]), ("webhooks:read", "-", "-"));
    assert!(!out.contains(&whole) && !out.contains(&narrowed), "only a hash is kept");

    let served = Served::start(folder.path(), &[]);
    let get = |token: &str, path: &str| {
        let bearer = format!("Bearer {token}");
        request(&served.address, "GET", path, &[("Authorization", &bearer)], b"").unwrap().0
    };
    assert_eq!((get(&whole, "/api/v1/tokens"), get(&narrowed, "/api/v1/tokens")), (200, 403));
    assert_eq!(get(&narrowed, "/api/v1/webhooks"), 200);
    for _ in 0..30 {
        assert_eq!(get("anpei_0123456789abcdef0123456789abcdef", "/api/v1/tokens"), 401);
    }
    assert_eq!(
        get("anpei_0123456789abcdef0123456789abcdef", "/api/v1/tokens"),
        429,
        "guessing is slowed down"
    );
    assert_eq!(served.stop(), 0);

    let id = of("hooks")[0];
    let (exit, out, err) = run(&["token", "revoke", "--data", data, id]);
    assert_eq!((exit, out.trim()), (0, format!("revoked {id}").as_str()), "{err}");
    let (_, out, _) = run(&["token", "list", "--data", data]);
    assert!(out.lines().count() == 1 && !out.contains(id), "{out}");
    let used = out.trim().rsplit('\t').next().unwrap();
    assert!(used.ends_with('Z'), "its last use is known: {out}");
    let (exit, _, err) = run(&["token", "revoke", "--data", data, id]);
    assert_eq!(exit, 1, "{err}");
    let (exit, _, err) = run(&["outbox", "replay", "--data", data, "--from", "1"]);
    assert!(exit == 1 && err.contains("ANPEI_NATS"), "{err}");
}
