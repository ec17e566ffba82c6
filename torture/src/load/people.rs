//! Those who come: customers with their browsers, programs of workshops, staff at their desks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::measure::{Fate, Measured, Sample};
use super::picture::remarked;
use crate::http::{Answer, exchange};

/// Between two things that somebody does.
const THINK: Duration = Duration::from_millis(400);
/// Who is sent away comes again so often.
const RETURNS: usize = 60;

/// Where everybody goes, and what is known of it.
pub(super) struct Place {
    pub(super) addresses: Vec<String>,
    pub(super) began: Instant,
    pub(super) measured: Measured,
    pub(super) picture: Vec<u8>,
    pub(super) numbers: AtomicU64,
    pub(super) occurred_at: String,
    /// The same as a browser's form writes it, in local time.
    pub(super) occurred_local: String,
    /// Claims that were taken, with how many files of each.
    pub(super) taken: Mutex<Vec<(String, usize)>>,
    pub(super) program: String,
    pub(super) assessor: String,
    pub(super) approver: String,
}

impl Place {
    fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    fn address(&self, number: u64) -> &str {
        &self.addresses[usize::try_from(number).unwrap_or(0) % self.addresses.len()]
    }

    fn took(&self, claim: &str, files: usize) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.iter_mut().find(|(known, _)| known == claim) {
            Some((_, known)) => *known += files,
            None => taken.push((claim.to_owned(), files)),
        }
    }

    /// One of the latest claims, chosen by `number`.
    fn some_claim(&self, number: u64) -> Option<String> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(number).unwrap_or(0) % taken.len().clamp(1, 50);
        taken.len().checked_sub(1 + place).map(|place| taken[place].0.clone())
    }
}

/// Somebody's way through the house: what they do is due at times of their own, however late the house is.
pub(super) struct Way<'a> {
    place: &'a Place,
    address: &'a str,
    due: Instant,
    headers: Vec<(String, String)>,
}

/// What is sent.
struct Asked<'a> {
    kind: &'static str,
    method: &'static str,
    path: &'a str,
    /// Key and type, where it is a POST of a program.
    post: Option<(String, &'static str)>,
    body: Vec<u8>,
}

impl<'a> Way<'a> {
    fn new(place: &'a Place, due: Instant) -> Way<'a> {
        Way { place, address: place.address(place.number()), due, headers: vec![] }
    }

    fn with(mut self, name: &str, value: &str) -> Way<'a> {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Asks when it is due, and comes again when told to.
    fn ask(&mut self, asked: &Asked<'_>) -> Result<Answer> {
        let Asked { kind, method, path, post, body } = asked;
        let mut headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if let Some((key, kind)) = post {
            headers.push(("Idempotency-Key", key));
            headers.push(("Content-Type", kind));
        }
        for _ in 0..RETURNS {
            thread::sleep(self.due.saturating_duration_since(Instant::now()));
            let answer = exchange(self.address, method, path, &headers, body);
            let (due, took) = (self.due - self.place.began, self.due.elapsed());
            let fate = match &answer {
                Ok(answer) if answer.status < 400 => Fate::Done,
                Ok(answer) if answer.is_shed() => Fate::Shed,
                _ => Fate::Broken,
            };
            let why = (fate == Fate::Broken).then(|| match &answer {
                Ok(answer) => format!("{method} {path}: {} {:.300}", answer.status, answer.text()),
                Err(error) => format!("{method} {path}: {error}"),
            });
            self.place.measured.add(Sample { kind, due, took, fate }, why.clone());
            match answer {
                Ok(answer) if fate == Fate::Done => {
                    self.due = (self.due + THINK).max(Instant::now());
                    return Ok(answer);
                }
                Ok(answer) if fate == Fate::Shed => {
                    let seconds =
                        answer.header("retry-after").and_then(|text| text.parse().ok()).unwrap_or(10);
                    // Not all at the same moment.
                    let spread = Duration::from_millis(self.place.number() * 7_919 % 3_000);
                    self.due = Instant::now() + Duration::from_secs(seconds) + spread;
                }
                _ => anyhow::bail!(why.unwrap_or_default()),
            }
        }
        anyhow::bail!("{method} {path}: sent away {RETURNS} times")
    }

    fn get(&mut self, kind: &'static str, path: &str) -> Result<Answer> {
        self.ask(&Asked { kind, method: "GET", path, post: None, body: vec![] })
    }

    fn post(&mut self, kind: &'static str, path: &str, body: &serde_json::Value) -> Result<Answer> {
        let post = Some((format!("load-{}", self.place.number()), "application/json"));
        self.ask(&Asked { kind, method: "POST", path, post, body: body.to_string().into_bytes() })
    }
}

/// A workshop's program: a small claim by the interface, paid without a person; or a heavy one, with staff.
pub(super) fn program(place: &Place, due: Instant, car: usize, heavy: bool) -> Result<()> {
    let mut way = Way::new(place, due).with("Authorization", &place.program);
    let notice = json!({
        "occurred_at": place.occurred_at, "cause": if heavy { "object" } else { "weather" }, "place": "地面停车场",
        "plate": plate(car), "story": "冰雹", "name": "林知远", "phone": "13800010101",
        "damage": if heavy { "heavy" } else { "light" },
        "account": { "name": "林知远", "number": "6222020200112233446" },
    });
    let taken = way.post("notice, interface", "/api/v1/claims", &notice)?.json();
    let claim = taken["claim"].as_str().context("a notice without a claim")?.to_owned();
    place.took(&claim, 0);
    let kinds: &[&str] = if heavy {
        &[
            "photo-scene",
            "plate",
            "vin-plate",
            "driving-licence",
            "vehicle-licence",
            "id-card",
            "photo-damage",
        ]
    } else {
        &["photo-scene", "photo-scene", "plate", "photo-damage", "driving-licence", "vehicle-licence"]
    };
    for kind in kinds {
        let path = format!("/api/v1/claims/{claim}/evidence?kind={kind}");
        let number = place.number();
        let post = Some((format!("load-{number}"), "application/octet-stream"));
        let body = remarked(&place.picture, number);
        way.ask(&Asked { kind: "photo, interface", method: "POST", path: &path, post, body })?;
        place.took(&claim, 1);
    }
    if heavy {
        return staff_decide(place, &mut way, &claim);
    }
    let picks = json!({ "picks": [{ "part": "hood", "damage": "scratch", "photo": 4 }] });
    way.post("damage, interface", &format!("/api/v1/claims/{claim}/damage"), &picks)?;
    way.get("claim, interface", &format!("/api/v1/claims/{claim}"))?;
    Ok(())
}

/// A surveyor, an assessor and an approver, one after the other.
fn staff_decide(place: &Place, way: &mut Way<'_>, claim: &str) -> Result<()> {
    let desk = |what: &str| format!("/api/v1/desk/claims/{claim}/{what}");
    way.headers = vec![("Authorization".into(), place.assessor.clone())];
    way.post("inspection, interface", &desk("inspection"), &json!({ "findings": "一致" }))?;
    let parts = ["front-bumper", "headlamp-left", "radiator", "front-fender-left", "headlamp-right"];
    let pick = |part| json!({ "part": part, "damage": "broken", "photo": 7 });
    let picks: Vec<_> = parts.map(pick).into();
    way.post("assessment, interface", &desk("assessment"), &json!({ "vehicle": "A", "picks": picks }))?;
    way.headers = vec![("Authorization".into(), place.approver.clone())];
    loop {
        let page = way.get("claim for staff, interface", &format!("/api/v1/desk/claims/{claim}"))?.json();
        let Some(number) = page["adjudication"]["number"].as_u64() else { continue };
        if page["approved"]["number"].is_null() {
            way.post("approval, interface", &desk("approval"), &json!({ "adjudication": number }))?;
        }
        return Ok(());
    }
}

/// Somebody signed in.
pub(super) struct Browser {
    cookie: String,
}

impl Browser {
    /// Opens the link of an account for the first time, and sets a password, as a person does.
    pub(super) fn entered(address: &str, path: &str) -> Result<Browser> {
        let page = exchange(address, "GET", path, &[("Accept-Language", "en")], b"")?;
        let mut cookies = cookies(&page);
        let form = format!("{}&password=correct+horse+3&again=correct+horse+3", marks(&page.text()));
        let headers = [
            ("Accept-Language", "en"),
            ("Cookie", cookies.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let answer = exchange(address, "POST", path, &headers, form.as_bytes())?;
        ensure!(answer.status == 303, "{path}: {} {}", answer.status, answer.text());
        cookies = format!("{cookies}; {}", self::cookies(&answer));
        Ok(Browser { cookie: cookies })
    }
}

/// A customer with a browser: the form, the photos, the page that shows how it goes on.
pub(super) fn customer(place: &Place, browser: &Arc<Browser>, due: Instant, car: usize) -> Result<()> {
    let mut way = Way::new(place, due).with("Cookie", &browser.cookie).with("Accept-Language", "zh");
    let form = way.get("form, page", "/report")?.text();
    let plate: String = plate(car).bytes().map(|byte| format!("%{byte:02X}")).collect();
    let told = format!(
        "{}&injury=none&occurred_at={}&place=Car+park&cause=weather&others=none&damage=light&plate={plate}&name=Lin\
         &phone=13800010101",
        marks(&form),
        place.occurred_local
    );
    let kind = "application/x-www-form-urlencoded";
    way.headers.push(("Content-Type".into(), kind.into()));
    let asked =
        Asked { kind: "notice, page", method: "POST", path: "/report", post: None, body: told.into_bytes() };
    let sent = way.ask(&asked)?;
    let location = sent.header("location").context("a notice leads nowhere")?.to_owned();
    let path = location.split('?').next().unwrap_or_default().to_owned();
    let claim = path.rsplit('/').next().unwrap_or_default().to_owned();
    place.took(&claim, 0);
    way.headers.pop();
    way.get("progress, page", &path)?;
    let photos = format!("{path}/photos");
    for kind in ["photo-scene", "photo-damage"] {
        let page = way.get("photos, page", &photos)?.text();
        let mut body = vec![];
        for (name, value) in [
            ("csrf", mark(&page, "csrf")),
            ("idempotency_key", mark(&page, "idempotency_key")),
            ("kind", kind),
        ] {
            body.extend(
                format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        body.extend(b"--b\r\ncontent-disposition: form-data; name=\"album\"; filename=\"a.png\"\r\n\r\n");
        body.extend(remarked(&place.picture, place.number()));
        body.extend(b"\r\n--b--\r\n");
        way.headers.push(("Content-Type".into(), "multipart/form-data; boundary=b".into()));
        way.ask(&Asked { kind: "photo, page", method: "POST", path: &photos, post: None, body })?;
        way.headers.pop();
        place.took(&claim, 1);
    }
    for _ in 0..3 {
        way.get("progress, page", &path)?;
    }
    Ok(())
}

/// Staff at work: the list, a claim, the overview.
pub(super) fn desk(place: &Place, browser: &Arc<Browser>, due: Instant) -> Result<()> {
    let mut way = Way::new(place, due).with("Cookie", &browser.cookie).with("Accept-Language", "zh");
    way.get("work list, page", "/desk")?;
    for _ in 0..2 {
        if let Some(claim) = place.some_claim(place.number() * 31) {
            way.get("claim for staff, page", &format!("/desk/claims/{claim}"))?;
        }
    }
    way.get("claims, page", "/desk/claims")?;
    Ok(())
}

/// The plate of a car.
pub(super) fn plate(car: usize) -> String {
    format!("京{}{:05}", char::from(b"ABCDEFGH"[car / 100_000 % 8]), car % 100_000)
}

fn cookies(answer: &Answer) -> String {
    let lines = answer.head.lines().filter_map(|line| line.split_once(':'));
    let set = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let pairs: Vec<&str> = set.filter_map(|(_, value)| value.trim().split(';').next()).collect();
    pairs.join("; ")
}

/// What every form carries.
fn marks(page: &str) -> String {
    format!("csrf={}&idempotency_key={}", mark(page, "csrf"), mark(page, "idempotency_key"))
}

fn mark<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default()
}
