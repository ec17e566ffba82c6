//! A disk that is full, and has room again. Needs the right to mount a small one, as in a container that runs as root.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Served, exchange, get, run};

/// A disk of its own, small enough to be filled. Taken away when it is dropped.
struct Disk(TempDir);

impl Disk {
    /// `None` where this user may not mount.
    fn small() -> Option<Disk> {
        let disk = Disk(tempfile::tempdir().unwrap());
        let mount = ["-t", "tmpfs", "-o", "size=16m", "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(disk.0.path()).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(disk)
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let mut ballast =
            File::options().create(true).append(true).open(self.0.path().join("ballast")).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while ballast.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.0.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// A program that asks a served process.
struct Asker<'a> {
    address: &'a str,
    bearer: String,
}

impl Asker<'_> {
    fn post(&self, path: &str, lang: &str, key: &str, kind: &str, body: &[u8]) -> (u16, String, Value) {
        let headers = [
            ("Authorization", self.bearer.as_str()),
            ("Accept-Language", lang),
            ("Idempotency-Key", key),
            ("Content-Type", kind),
        ];
        let (status, head, body) = exchange(self.address, "POST", path, &headers, body).unwrap();
        (status, head, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Tells of the accident of that number: each is on another day.
    fn notify(&self, lang: &str, key: &str, number: usize) -> (u16, String, Value) {
        let (month, day) = (1 + number / 28, 1 + number % 28);
        let notice = format!(
            r#"{{ "occurred_at": "2026-{month:02}-{day:02}T09:00:00+08:00", "cause": "reversing", "place": "{}",
                 "plate": "京N8K621", "name": "林知远", "phone": "13800010101" }}"#,
            "地库".repeat(200)
        );
        self.post("/api/v1/claims", lang, key, "application/json", notice.as_bytes())
    }

    fn claims(&self) -> usize {
        let (mut count, mut cursor) = (0, String::new());
        loop {
            let path = format!("/api/v1/claims{cursor}");
            let (status, _, body) =
                exchange(self.address, "GET", &path, &[("Authorization", &self.bearer)], b"").unwrap();
            assert_eq!(status, 200, "reading goes on");
            let page: Value = serde_json::from_slice(&body).unwrap();
            count += page["claims"].as_array().unwrap().len();
            match page["next"].as_str() {
                Some(next) => cursor = format!("?cursor={next}"),
                None => return count,
            }
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
}

#[test]
fn a_full_disk_refuses_what_is_written_and_loses_nothing() {
    let Some(disk) = Disk::small() else {
        eprintln!("this user may not mount a small disk, so no full one is tried");
        return;
    };
    fs::create_dir(disk.data()).unwrap();
    let data = disk.data();
    let data = data.to_str().unwrap();
    let policies = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv");
    assert_eq!(run(&["import", "policies", policies, "--data", data]).0, 0);
    let open =
        ["account", "open", "--data", data, "--login", "workshop", "--name", "Workshop", "--role", "client"];
    let (_, link, _) = run(&open);
    let link =
        link.split_whitespace().find_map(|word| Some(word.split_once("/enter/")?.1.to_owned())).unwrap();
    let (_, token, _) = run(&["token", "issue", "--data", data, "--login", "workshop", "--label", "test"]);
    let served = Served::start(&disk.data(), &[]);
    let ask = Asker { address: &served.address, bearer: format!("Bearer {}", token.trim()) };
    assert_eq!(ask.notify("en", "before", 0).0, 201);
    assert_eq!(get(&served.address, "/readyz").0, 200);

    disk.fill();
    // What the journal had room for beforehand is still taken.
    let mut taken = 1;
    let refused = loop {
        let answer = ask.notify("en", &format!("full-{taken}"), taken);
        match answer.0 {
            201 => taken += 1,
            _ => break answer,
        }
    };
    let key = format!("full-{taken}");
    for (lang, says) in [("en", "Please try again in ten seconds"), ("zh", "请在十秒后再试")] {
        let (status, head, problem) = ask.notify(lang, &key, taken);
        assert_eq!((status, &problem["code"]), (503, &"problem.unavailable".into()), "{refused:?} {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        assert_eq!(header(&head, "retry-after"), "10");
        // The operator finds the line of this very request, written inside its handler.
        let id = header(&head, "x-request-id").to_owned();
        assert_eq!(problem["instance"], format!("urn:anpei:request:{id}"));
        let lines = lines_of(&served, &id);
        let told: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
        assert_eq!(told, ["unavailable", "answered"], "{lines:?}");
        assert!(lines[0]["why"].as_str().unwrap().contains("full"), "{lines:?}");
    }
    let first = ask.claims();
    assert_eq!(first, taken, "what was refused is not there, what was taken is");
    let photo = png();
    let claim = claim_of(&ask);
    let evidence = format!("/api/v1/claims/{claim}/evidence?kind=photo-scene");
    assert_eq!(ask.post(&evidence, "en", "photo", "image/png", &photo).0, 503);
    for (lang, says) in [("en", "Please try again in ten seconds"), ("zh", "请在十秒后再试")] {
        let (status, page) = enter(&served.address, &link, lang);
        assert_eq!(status, 503, "{page}");
        assert!(page.contains(says) && page.contains("<html"), "{page}");
    }
    assert_eq!(get(&served.address, "/readyz").0, 503);
    assert_eq!(get(&served.address, "/healthz").0, 200);
    assert_eq!(get(&served.address, "/sign-in").0, 200);

    disk.free();
    for _ in 0..100 {
        if get(&served.address, "/readyz").0 == 200 {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    assert_eq!(get(&served.address, "/readyz").0, 200);
    assert_eq!(ask.notify("en", &key, taken).0, 201, "the same request, sent again");
    assert_eq!(ask.notify("en", &key, taken).0, 201);
    assert_eq!(ask.claims(), taken + 1, "once");
    assert_eq!(ask.post(&evidence, "en", "photo", "image/png", &photo).0, 201);
    assert_eq!(enter(&served.address, &link, "en").0, 303, "the link was not used up");
    let logged = served.logged();
    assert!(
        !logged
            .iter()
            .any(|line| line.to_string().contains("林知远") || line.to_string().contains("13800010101"))
    );
    assert_eq!(served.stop(), 0);
    let (exit, out, err) = run(&["verify", "--data", data]);
    assert_eq!(exit, 0, "{out}{err}");
}

/// What was logged under the mark of a request, once its last line has come through the pipe.
fn lines_of(served: &Served, id: &str) -> Vec<Value> {
    for _ in 0..100 {
        let lines: Vec<Value> =
            served.logged().into_iter().filter(|line| line["span"]["id"] == *id).collect();
        if lines.iter().any(|line| line["message"] == "answered") {
            return lines;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("no line of {id}: {:?}", served.logged())
}

fn claim_of(ask: &Asker<'_>) -> String {
    let (_, _, body) =
        exchange(ask.address, "GET", "/api/v1/claims", &[("Authorization", &ask.bearer)], b"").unwrap();
    let page: Value = serde_json::from_slice(&body).unwrap();
    page["claims"][0]["claim"].as_str().unwrap().to_owned()
}

/// Opens a one-time link as a person does: looks, and sends the form.
fn enter(address: &str, link: &str, lang: &str) -> (u16, String) {
    let path = format!("/enter/{link}");
    let (status, head, page) = exchange(address, "GET", &path, &[("Accept-Language", lang)], b"").unwrap();
    assert_eq!(status, 200);
    let cookie = header(&head, "set-cookie").split(';').next().unwrap_or_default().to_owned();
    let page = String::from_utf8(page).unwrap();
    let mark = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let form = format!(
        "csrf={}&idempotency_key={}&password=correct+horse&again=correct+horse",
        mark("csrf"),
        mark("idempotency_key")
    );
    let headers = [
        ("Accept-Language", lang),
        ("Cookie", &*cookie),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let (status, _, body) = exchange(address, "POST", &path, &headers, form.as_bytes()).unwrap();
    (status, String::from_utf8(body).unwrap())
}

/// A photo of noise, too large to find room by chance.
fn png() -> Vec<u8> {
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, 128, 128);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let noise: Vec<u8> =
        (0..128_u32 * 128 * 3).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&noise).unwrap();
    bytes
}
