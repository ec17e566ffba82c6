//! Clients of a served process, who remember what they were told.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lexicon::{Moment, Money};
use serde_json::{Value, json};

use crate::process::{request, run};

/// How many there are; each has cars of its own.
pub(crate) const CLIENTS: usize = 4;
/// After the last start every payment is made and every claim ended, or a person has the payment.
const END_MAX: Duration = Duration::from_secs(120);
/// Uploads of one claim, in this order.
const PAPERS: [&str; 6] =
    ["photo-scene", "photo-scene", "plate", "photo-damage", "driving-licence", "vehicle-licence"];

/// Of today, so that no notice is late, and the same however often it is sent.
pub(crate) fn earlier_today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - 7_200;
    Moment::from_micros(i64::try_from(seconds).unwrap() * 1_000_000).to_string()
}

/// So many policies in the store at `place`, and a program with a token.
pub(crate) fn prepare(data: &Path, place: &[&str], policies: usize) -> String {
    let run = |words: &[&str]| run(&[words, place].concat());
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/policies.csv");
    let rows = std::fs::read_to_string(fixtures).unwrap();
    let (header, row) = (rows.lines().next().unwrap(), rows.lines().nth(1).unwrap());
    let mut file = format!("{header}\n");
    for number in 0..policies {
        let row = row.replace("AN2026-000101", &format!("AN2026-9{number:05}"));
        let row = row.replace("京N·8K621", &plate(number)).replace("2026-01-01", "2025-10-01");
        writeln!(file, "{}", row.replace("2026-12-31", "2035-12-31")).unwrap();
    }
    let path = data.join("policies.csv");
    std::fs::write(&path, file).unwrap();
    let (exit, out, err) = run(&["import", "policies", path.to_str().unwrap()]);
    assert_eq!(exit, 0, "{out}{err}");
    let open = ["account", "open", "--login", "load", "--name", "Load", "--role", "client"];
    assert_eq!(run(&open).0, 0);
    let (exit, token, err) = run(&["token", "issue", "--login", "load", "--label", "load"]);
    assert_eq!(exit, 0, "{err}");
    format!("Bearer {}", token.trim())
}

fn plate(number: usize) -> String {
    format!("京B{number:05}")
}

/// A program that reports claims one after the other, and repeats what it got no answer to.
pub(crate) struct Client {
    number: usize,
    token: String,
    occurred_at: String,
    /// Claims begun, by what the answers said.
    claims: Vec<Claim>,
    /// Every POST that was answered.
    pub(crate) told: Vec<Told>,
}

/// A claim as its client knows it.
#[derive(Default)]
struct Claim {
    id: Option<String>,
    photos: Vec<u64>,
    damage: bool,
}

/// An answer, and what it answered.
pub(crate) struct Told {
    sent: Sent,
    status: u16,
    pub(crate) answer: Vec<u8>,
}

/// A POST.
#[derive(Clone)]
struct Sent {
    path: String,
    key: String,
    kind: &'static str,
    body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(number: usize, token: String, occurred_at: String) -> Client {
        Client { number, token, occurred_at, claims: vec![], told: vec![] }
    }

    /// The next step, of a new claim where the last one is done.
    pub(crate) fn go_on(&mut self, address: &str) -> std::io::Result<()> {
        if self.claims.last().is_none_or(|claim| claim.damage) {
            self.claims.push(Claim::default());
        }
        self.step(address)
    }

    /// Does what is left of the last claim.
    pub(crate) fn finish(&mut self, address: &str) {
        while self.claims.last().is_some_and(|claim| !claim.damage) {
            self.step(address).unwrap();
        }
    }

    fn step(&mut self, address: &str) -> std::io::Result<()> {
        let sent = self.next();
        let (status, answer) = sent.post(address, &self.token)?;
        assert!(status < 300, "{} {status}: {}", sent.path, String::from_utf8_lossy(&answer));
        let body: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let claim = self.claims.last_mut().unwrap();
        if claim.id.is_none() {
            claim.id = Some(body["claim"].as_str().unwrap().to_owned());
        } else if claim.photos.len() < PAPERS.len() {
            claim.photos.push(body["evidence"].as_u64().unwrap());
        } else {
            claim.damage = true;
        }
        self.told.push(Told { sent, status, answer });
        Ok(())
    }

    /// The next request of the last claim; the same until it is answered.
    fn next(&self) -> Sent {
        let claim = self.claims.last().unwrap();
        let place = self.claims.len() - 1;
        let car = place * CLIENTS + self.number;
        let key = |step: &str| format!("client-{}-claim-{place}-{step}", self.number);
        let json = "application/json";
        let Some(id) = &claim.id else {
            let body = json!({
                "occurred_at": self.occurred_at, "cause": "scrape", "place": "地下车库", "plate": plate(car),
                "story": "蹭到立柱", "name": "林知远", "phone": "13800010101", "damage": "light",
                "account": { "name": "林知远", "number": "6222020200112233446" },
            });
            let body = body.to_string().into_bytes();
            return Sent { path: "/api/v1/claims".to_owned(), key: key("notice"), kind: json, body };
        };
        if let Some(paper) = PAPERS.get(claim.photos.len()) {
            let step = claim.photos.len();
            let path = format!("/api/v1/claims/{id}/evidence?kind={paper}");
            let (kind, body) = ("application/octet-stream", photo((car * PAPERS.len() + step) as u64));
            return Sent { path, key: key(&format!("photo-{step}")), kind, body };
        }
        let body =
            json!({ "picks": [{ "part": "rear-bumper", "damage": "scratch", "photo": claim.photos[3] }] });
        let path = format!("/api/v1/claims/{id}/damage");
        Sent { path, key: key("damage"), kind: json, body: body.to_string().into_bytes() }
    }

    /// Claims of which everything was sent.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().filter(|claim| claim.damage).filter_map(|claim| claim.id.as_deref())
    }
}

impl Sent {
    fn post(&self, address: &str, token: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let headers = [("Authorization", token), ("Idempotency-Key", &self.key), ("Content-Type", self.kind)];
        request(address, "POST", &self.path, &headers, &self.body)
    }
}

/// A small PNG, one of its kind.
fn photo(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..64).map(|bit| if number >> bit & 1 == 1 { 230 } else { 20 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

fn read(address: &str, token: &str, claim: &str) -> Value {
    let path = format!("/api/v1/claims/{claim}");
    let (status, body) = request(address, "GET", &path, &[("Authorization", token)], b"").unwrap();
    assert_eq!(status, 200, "claim {claim}, which was acknowledged: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

/// Repeats get the first answers.
pub(crate) fn repeat(address: &str, clients: &[Client]) {
    for client in clients {
        for told in &client.told {
            let (status, answer) = told.sent.post(address, &client.token).unwrap();
            let (first, again) = (String::from_utf8_lossy(&told.answer), String::from_utf8_lossy(&answer));
            assert_eq!((status, again), (told.status, first), "{} {}", told.sent.path, told.sent.key);
        }
    }
}

/// Waits until each of `claims` was paid, or its payment is with a person.
pub(crate) fn wait_for_the_end(address: &str, token: &str, claims: &[&str]) {
    let began = Instant::now();
    let mut left: Vec<&str> = claims.to_vec();
    while !left.is_empty() {
        left.retain(|claim| {
            !matches!(read(address, token, claim)["stage"].as_str(), Some("closed" | "paying"))
        });
        assert!(began.elapsed() < END_MAX, "claims that were not approved: {left:?}");
        thread::sleep(Duration::from_millis(200));
    }
    // Late and lost answers of the bank are asked for again within seconds.
    thread::sleep(Duration::from_secs(12));
}

/// Every payment that the claims tell of: amount in fen and status, by reference.
pub(crate) fn payments(address: &str, clients: &[Client]) -> HashMap<String, (i64, String)> {
    let mut payments = HashMap::new();
    for client in clients {
        for claim in client.claims.iter().filter_map(|claim| claim.id.as_deref()) {
            let kept = read(address, &client.token, claim);
            for payment in kept["payments"].as_array().unwrap() {
                let text = |name: &str| payment[name].as_str().unwrap().to_owned();
                let amount: Money = text("amount").parse().unwrap();
                let before = payments.insert(text("payment"), (amount.fen(), text("status")));
                assert_eq!(before, None, "claim {claim}: a reference serves once");
            }
        }
    }
    payments
}

/// The bank paid nothing twice and nothing that was not ordered, and paid all that claims say it did.
pub(crate) fn compare_with_the_bank(data: &Path, payments: &HashMap<String, (i64, String)>) {
    let ledger = std::fs::read_to_string(data.join("fake-bank.jsonl")).unwrap();
    let mut paid: HashMap<String, i64> = HashMap::new();
    for line in ledger.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        if entry["outcome"]["paid"].is_null() {
            continue;
        }
        let (reference, amount) = (entry["reference"].as_str().unwrap(), entry["amount"].as_i64().unwrap());
        assert_eq!(paid.insert(reference.to_owned(), amount), None, "{reference} was paid twice");
        let (ordered, status) = &payments[reference];
        assert_eq!(*ordered, amount, "{reference}");
        assert!(matches!(status.as_str(), "confirmed" | "sent"), "{reference} was paid, and is {status}");
    }
    let confirmed = payments.iter().filter(|(_, (_, status))| status == "confirmed");
    let confirmed: Vec<_> = confirmed.map(|(reference, (amount, _))| (reference, amount)).collect();
    assert!(!confirmed.is_empty(), "nothing was paid at all");
    for (reference, amount) in confirmed {
        assert_eq!(paid.get(reference), Some(amount), "{reference} is said to be paid");
    }
}
