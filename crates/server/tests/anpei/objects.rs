//! Photos in a bucket: moved there beside a service that runs, served, backed up, restored, and moved back.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;
use torture::objects::{Ask, Fault, Objects};

use crate::process::{Served, anpei, exchange, told};

const KEY: &str = "AKIAOFTHETEST";
const SECRET: &str = "the secret of the test";
const CREDENTIALS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET)];
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `arguments` with the credentials of the bucket; they must end well. What they said.
fn done(arguments: &[&str]) -> String {
    let (exit, out, err) = told(anpei(arguments).envs(CREDENTIALS).output().unwrap());
    assert_eq!((exit, err.as_str()), (0, ""), "{arguments:?}: {out}");
    out
}

/// Runs `arguments` in an environment with `variables`; what they said of why they cannot be done, in one line.
fn refused(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = anpei(arguments);
    for (name, _) in CREDENTIALS {
        command.env_remove(name);
    }
    let (exit, _, err) = told(command.envs(variables.iter().copied()).output().unwrap());
    assert!(exit == 1 && err.lines().count() == 1, "{arguments:?}: {exit} {err}");
    err
}

/// A program that reports accidents and sends photos, and somebody of the desk who looks at them.
struct Door<'a> {
    address: &'a str,
    bearer: String,
    cookie: String,
}

impl Door<'_> {
    fn open<'a>(served: &'a Served, token: &str, link: &str) -> Door<'a> {
        let address = &served.address;
        let path = format!("/enter/{}", link.split("/enter/").nth(1).unwrap().trim());
        let (_, head, page) = exchange(address, "GET", &path, &[], b"").unwrap();
        let page = String::from_utf8(page).unwrap();
        let mark = |name: &str| {
            let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let (csrf, key) = (mark("csrf"), mark("idempotency_key"));
        let form = format!("csrf={csrf}&idempotency_key={key}&password=correct+horse&again=correct+horse");
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Cookie", &*cookies(&head)), kind];
        let (status, head, _) = exchange(address, "POST", &path, &headers, form.as_bytes()).unwrap();
        assert_eq!(status, 303);
        Door { address, bearer: format!("Bearer {}", token.trim()), cookie: cookies(&head) }
    }

    fn post(&self, path: &str, key: &str, kind: &str, body: &[u8]) -> (u16, String, Value) {
        let headers = [("Authorization", &*self.bearer), ("Idempotency-Key", key), ("Content-Type", kind)];
        let (status, head, body) = exchange(self.address, "POST", path, &headers, body).unwrap();
        (status, head, serde_json::from_slice(&body).unwrap_or_default())
    }

    fn notice(&self) -> String {
        let notice = r#"{ "occurred_at": "2026-03-02T09:00:00+08:00", "cause": "reversing", "place": "地库",
            "plate": "京N8K621", "name": "林知远", "phone": "13800010101" }"#;
        let (status, _, taken) = self.post("/api/v1/claims", "notice", "application/json", notice.as_bytes());
        assert_eq!(status, 201, "{taken}");
        taken["claim"].as_str().unwrap().to_owned()
    }

    /// Sends the photo of this number.
    fn send(&self, claim: &str, number: u8) -> (u16, String, Value) {
        let path = format!("/api/v1/claims/{claim}/evidence?kind=photo-scene");
        self.post(&path, &format!("photo-{number}"), "image/png", &photo(number))
    }

    /// The photo as the desk sees it.
    fn look(&self, claim: &str, photo: &Value) -> (u16, Vec<u8>) {
        let path = format!("/desk/claims/{claim}/photos/{photo}");
        let (status, _, body) =
            exchange(self.address, "GET", &path, &[("Cookie", &self.cookie)], b"").unwrap();
        (status, body)
    }
}

fn cookies(head: &str) -> String {
    let lines = head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie:"));
    let pairs = lines.filter_map(|line| line.split_once(':')?.1.split(';').next());
    pairs.map(str::trim).collect::<Vec<_>>().join("; ")
}

fn photo(number: u8) -> Vec<u8> {
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Rgb);
    let noise: Vec<u8> =
        (0..64_u32 * 64 * 3).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let noise: Vec<u8> = noise.into_iter().map(|shade| shade.wrapping_add(number)).collect();
    encoder.write_header().unwrap().write_image_data(&noise).unwrap();
    bytes
}

#[test]
fn photos_in_a_bucket_are_served_backed_up_and_restored() {
    let (objects, place) = (Objects::guarded(KEY, SECRET), tempdir().unwrap());
    let at = |name: &str| place.path().join(name);
    let (data, backup, keys, new, bucket) =
        (at("data"), at("backup"), at("keys"), at("new"), objects.url("files"));
    fs::create_dir(&data).unwrap();
    let with = |arguments: &[&'static str]| done(&[arguments, &["--data", text(&data)]].concat());
    with(&["import", "policies", concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv")]);
    with(&["account", "open", "--login", "workshop", "--name", "Workshop", "--role", "client"]);
    let token = with(&["token", "issue", "--login", "workshop", "--label", "test"]);
    let link = with(&["account", "open", "--login", "desk", "--name", "Desk", "--role", "service-desk"]);
    let served = Served::start_with(&data, &[], &CREDENTIALS);
    let door = Door::open(&served, &token, &link);
    let claim = door.notice();
    let (status, _, first) = door.send(&claim, 1);
    assert_eq!(status, 201, "{first}");
    let before = door.look(&claim, &first["evidence"]);
    assert_eq!(before.0, 200);

    // Who may not use the bucket is told what to do, and nothing moves.
    let to = ["files", "move", "--data", text(&data), "--to", &bucket];
    let hint = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do there\n";
    for credentials in [
        [CREDENTIALS[0], ("AWS_SECRET_ACCESS_KEY", "wrong")],
        [("AWS_ACCESS_KEY_ID", "nobody"), CREDENTIALS[1]],
        // None at all: the machine is asked for its role, and has none.
        [("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1"), ("AWS_REGION", "test")],
    ] {
        let told = refused(&to, &credentials);
        assert!(told.ends_with(hint) && !told.contains(SECRET), "{told}");
        assert_eq!(told.matches("check AWS").count(), 1, "said once: {told}");
    }
    assert!(!data.join("files.json").exists());

    let said = done(&to);
    assert!(said.contains("2 files brought over; 2 are there"), "{said}");
    assert!(!fs::read_to_string(data.join("files.json")).unwrap().contains(SECRET));
    fs::remove_dir_all(data.join("blobs")).unwrap();
    assert_eq!(door.look(&claim, &first["evidence"]), before, "from the bucket, without a new start");
    let (status, _, second) = door.send(&claim, 2);
    assert_eq!((status, objects.keys().len()), (201, 4), "{second}");
    let (status, shown) = door.look(&claim, &second["evidence"]);
    assert!(status == 200 && shown != before.1);

    // Away for a while: nobody is told that a photo was taken, and the same request succeeds later.
    objects.fail_all(Fault::Cut);
    let (status, head, problem) = door.send(&claim, 3);
    assert_eq!((status, &problem["code"]), (503, &"problem.unavailable".into()), "{problem}");
    assert!(head.to_lowercase().contains("retry-after:"), "{head}");
    assert_eq!(door.look(&claim, &first["evidence"]).0, 503);
    objects.mend();
    assert_eq!(door.send(&claim, 3).0, 201);
    assert_eq!(door.look(&claim, &first["evidence"]), before);

    let report = with(&["files", "report"]);
    let whole = format!(" in {bucket}; 6 are referred to, 0 of them lost; 0 orphans of 0 bytes\n");
    assert!(report.starts_with("6 files of ") && report.ends_with(&whole), "{report}");
    let drilled = with(&["drill", "--json"]);
    assert!(drilled.contains("\"sound\": true") || drilled.contains("\"sound\":true"), "{drilled}");

    let Door { bearer, cookie, .. } = door;
    assert_eq!(served.stop(), 0);
    assert!(with(&["verify"]).contains("sound: everything is as it was recorded"));
    let served = Served::start_with(&data, &[], &CREDENTIALS);
    let door = Door { address: &served.address, bearer, cookie };

    // A backup has the files, wherever they were; restored, they are in the folder.
    let copied = done(&["backup", "--data", text(&data), "--to", text(&backup), "--keys-to", text(&keys)]);
    assert!(copied.contains("6 files"), "{copied}");
    let key = data.join("master.key");
    let of_new = ["--data", text(&new), "--master-key-file", text(&key)];
    let from = ["restore", "--from", text(&backup), "--keys-from", text(&keys)];
    done(&[&from[..], &of_new].concat());
    objects.fail_all(Fault::Cut);
    assert!(done(&[&["verify"], &of_new[..]].concat()).contains("sound: everything is as it was recorded"));
    let report = done(&[&["files", "report"], &of_new[..]].concat());
    assert!(report.contains(" in blobs; 6 are referred to, 0 of them lost; 0 orphans"), "{report}");
    objects.mend();

    // What nobody refers to goes when it is old; what somebody refers to stays, however old.
    let keys_of_photos = objects.keys();
    let (young, old) = (format!("files/00/{}", "a".repeat(62)), format!("files/00/{}", "b".repeat(62)));
    for key in [&young, &old] {
        objects.put(key, b"an upload that was not finished");
    }
    keys_of_photos.iter().chain([&old]).for_each(|key| objects.age(key, 40 * DAY));
    let said = with(&["files", "report", "--delete-orphans", "--older-than-days", "30"]);
    assert!(said.ends_with("2 orphans of 62 bytes\n1 orphans older than 30 days removed\n"), "{said}");
    let mut left = [&[young.clone()][..], &keys_of_photos].concat();
    left.sort();
    assert_eq!(objects.keys(), left);
    assert_eq!(objects.asked(Ask::Delete), 2, "the other was the trial before the move");

    // Back to a folder; then the bucket is needed no more.
    objects.remove(&young);
    let folder = at("photos");
    let back = done(&["files", "move", "--data", text(&data), "--to", text(&folder)]);
    assert!(back.contains("6 files brought over; 6 are there"), "{back}");
    let sound = objects.bytes(&keys_of_photos[0]);
    objects.put(&keys_of_photos[0], &[&sound[1..], b"x"].concat());
    assert_eq!(door.look(&claim, &first["evidence"]), before);
    assert_eq!(served.stop(), 0);
    assert!(with(&["verify"]).contains("sound: everything is as it was recorded"));

    // Moved there again, the bucket keeps what it had under that name: it is not what it was, and that is told.
    fs::write(data.join("files.json"), format!("{{\"places\": [\"{bucket}\"]}}")).unwrap();
    let (exit, out, _) =
        told(anpei(&["files", "report", "--data", text(&data)]).envs(CREDENTIALS).output().unwrap());
    let id = keys_of_photos[0].replace("files/", "").replace('/', "");
    assert!(exit == 1 && out.contains(&format!("LOST file {id}: file {id} was altered in s3://")), "{out}");
    let (exit, out, _) = told(anpei(&["verify", "--data", text(&data)]).envs(CREDENTIALS).output().unwrap());
    assert!(exit == 1 && out.contains(&id), "{out}");
}
