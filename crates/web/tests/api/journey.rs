//! A claim's whole way through the interface: every operation succeeds, is repeated, and is refused, as described.

use app::Role;
use serde_json::{Value, json};

use crate::contract::Answer;
use crate::doors;
use crate::found;
use crate::house::{Call, House};
use crate::refusals;

pub const POLICIES: &str = include_str!("../../../../fixtures/policies.csv");
const POLICIES_JSON: &str = include_str!("../../../../fixtures/policies.json");

/// Who uses the operation; the customer's own where nobody else does.
pub fn role_of(operation: &str) -> Role {
    let ends = |ends: &[&str]| ends.iter().any(|end| operation.ends_with(end));
    match operation {
        _ if operation.ends_with("/policies/import") => Role::Administrator,
        _ if operation.contains("/webhooks") || operation.contains("/tokens") => Role::Administrator,
        _ if !operation.contains("/desk/") => Role::Customer,
        _ if ends(&["/overview", "/payments"]) => Role::Manager,
        _ if ends(&["/inspection"]) => Role::Surveyor,
        _ if ends(&["/retry", "/recoveries", "/finding"]) => Role::Manager,
        _ if operation.contains("/assessment") => Role::SeniorAssessor,
        _ if operation.ends_with("/refusal-service") => Role::ServiceDesk,
        _ if operation.contains("/refusal") || ends(&["/approval", "/reserve", "/closure", "/reopening"]) => {
            Role::ChiefApprover
        }
        _ => Role::ServiceDesk,
    }
}

/// The address of what staff do with a claim.
pub fn desk(what: &str) -> String {
    format!("POST /api/v1/desk/claims/{{claim}}/{what}")
}

/// The address of what a customer does with a claim.
pub fn own(what: &str) -> String {
    format!("POST /api/v1/claims/{{claim}}/{what}")
}

/// The notice of two cars that met.
pub fn notice(plate: &str) -> Value {
    json!({
        "occurred_at": "2026-05-02T14:30:00+08:00", "cause": "crash", "place": "北京市朝阳区建国路88号", "position": [39.9, 116.4],
        "injury": "light", "other_property": true, "plate": plate, "others": ["京Q12345", null], "story": "路口相撞",
        "name": "林知远", "phone": "13800010101", "damage": "some", "fault": "0.7", "fault_source": "agreed", "self_claim": false,
        "account": { "name": "林知远", "number": "6222020200112233446" },
    })
}

/// A photo like no other.
pub fn photo(number: u8) -> Vec<u8> {
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[number, 100, 200].repeat(16 * 16)).unwrap();
    writer.finish().unwrap();
    bytes
}

impl House {
    /// A request of whoever uses the operation, on `claim`.
    pub async fn call(&self, operation: &str, claim: &str) -> Call {
        Call::new(operation).on(claim).by(&self.token(role_of(operation)).await)
    }

    /// Reads.
    pub async fn reads(&self, operation: &str, claim: &str, query: &str) -> Answer {
        let answer = self.ask(&self.call(operation, claim).await.query(query)).await;
        assert!(answer.status.is_success(), "{operation}: {}", answer.json());
        answer
    }

    /// Does it at the version that stands, does it again under the same key, and asks for something else under that key.
    pub async fn does(&self, call: Call) -> Answer {
        let mut call = call.with("idempotency-key", self.key());
        let said = self.contract.operation(&call.operation);
        let of_version = !said["responses"]["412"].is_null();
        if call.headers.contains(&("content-type", "application/json".to_owned())) {
            let body = serde_json::from_slice(&call.body).unwrap();
            self.contract
                .takes(&call.operation, &body)
                .unwrap_or_else(|wrong| panic!("{}: {wrong}", call.operation));
        }
        if of_version {
            let read = self.call("GET /api/v1/desk/claims/{claim}", &call.claim).await;
            call = call.with("if-match", self.ask(&read).await.header("etag"));
        }
        let first = self.ask(&call).await;
        assert!(first.status.is_success(), "{}: {}", call.operation, first.json());
        // Each row of an import is entered once by its number, whatever the key.
        if !call.operation.ends_with("/import") {
            let again = self.ask(&call).await;
            assert_eq!((again.status, again.json()), (first.status, first.json()), "{}", call.operation);
            let other = Call { body: [&call.body[..], b"\n"].concat(), ..call.clone() };
            let refused = self.ask(&other).await;
            assert_eq!(refused.json()["code"], "problem.key-reused", "{}", call.operation);
        }
        self.settle().await;
        first
    }

    /// What staff do with a claim.
    pub async fn at_desk(&self, what: &str, claim: &str, body: Value) -> Answer {
        self.does(self.call(&desk(what), claim).await.json(&body)).await
    }

    /// What its customer does.
    pub async fn at_home(&self, what: &str, claim: &str, body: Value) -> Answer {
        self.does(self.call(&own(what), claim).await.json(&body)).await
    }

    /// Reports an accident; the claim's number.
    pub async fn reports(&self, notice: &Value) -> String {
        let taken = self.does(self.call("POST /api/v1/claims", "").await.json(notice)).await;
        let claim = taken.json()["claim"].as_str().unwrap().to_owned();
        assert_eq!(taken.header("location"), format!("/api/v1/claims/{claim}"));
        claim
    }

    /// The claim as staff see it.
    pub async fn claim(&self, claim: &str) -> Value {
        self.reads("GET /api/v1/desk/claims/{claim}", claim, "").await.json()
    }
}

/// Everything succeeds once, in an order in which it can.
async fn succeed(house: &House) -> String {
    let import = house.call("POST /api/v1/policies/import", "").await;
    let entered = house.does(import.clone().bytes("text/csv", POLICIES.into())).await.json();
    assert_eq!((&entered["entered"], &entered["refused"]), (&json!(20), &json!([])));
    let known = house.does(import.clone().bytes("application/json", POLICIES_JSON.into())).await.json();
    assert_eq!(known["entered"], 0, "{known}");
    let bad = POLICIES.replace("AN2026-000101", "AN2026-000999").replacen("2026-12-31", "soon", 1);
    let remarks = house.does(import.bytes("text/csv", bad.into())).await.json();
    assert_eq!(remarks["refused"].as_array().map(Vec::len), Some(1), "{remarks}");
    house.reads("GET /api/v1/openapi.json", "", "").await;
    let side = |id: &str, fault: &str, repair: &str| {
        json!({ "id": id, "kind": "motor", "tractor": null, "fault": fault, "ctpl": "insured", "damage": { "repair": repair },
            "occupants": [], "own_damage_mode": "net", "policy": { "wording": "W2020", "own_damage": { "sum_insured": "200000.00",
            "deductible": "0.00" }, "third_party": { "limit": "1000000.00" }, "riders": [] } })
    };
    let accident = json!({ "occurred_at": "2026-05-02T14:30:00+08:00", "ctpl_allocation": "practice",
        "vehicles": [side("A", "0.7", "5000.00"), side("B", "0.3", "8000.00")], "victims": [] });
    house.contract.takes("POST /api/v1/settle", &accident).unwrap();
    let statement = house.ask(&house.call("POST /api/v1/settle", "").await.json(&accident)).await.json();
    assert_eq!(statement["totals"], json!({ "A": "8300.00", "B": "4700.00" }));

    let claim = house.reports(&notice("京N8K621")).await;
    let claim = claim.as_str();
    house.settle().await;
    let home = house.reads("GET /api/v1/claims", "", "").await.json();
    assert_eq!(home["claims"][0]["claim"], claim);
    house.reads("GET /api/v1/claims/{claim}", claim, "").await;
    house.reads("GET /api/v1/claims/{claim}/parts", claim, "").await;
    for (number, kind) in ["photo-scene", "photo-damage"].into_iter().enumerate() {
        let upload = house.call(&own("evidence"), claim).await.query(&format!("?kind={kind}"));
        house.does(upload.bytes("application/octet-stream", photo(number as u8))).await;
    }
    house
        .at_home(
            "damage",
            claim,
            json!({ "picks": [{ "part": "rear-bumper", "damage": "scratch", "photo": 2 }] }),
        )
        .await;
    house.at_home("account", claim, json!({ "name": "林知远", "number": "6222020200112233446" })).await;
    house.at_home("person", claim, json!({ "text": "请帮我看看" })).await;

    // Two others report the same: one is admitted, one is turned away.
    for (login, number, what) in [("spouse", "1", "admission"), ("stranger", "2", "turning-away")] {
        let token = house.token_of(login, Role::Customer).await;
        let told = house.call("POST /api/v1/claims", "").await.by(&token).json(&notice("京N8K621"));
        let told = house.does(told).await.json();
        assert_eq!((&told["claim"], &told["joined"]), (&json!(claim), &json!(true)));
        let decide = house.call(&desk(&format!("reporters/{{reporter}}/{what}")), claim).await;
        house.does(Call { task: number.to_owned(), ..decide }.json(&json!({}))).await;
    }

    for query in ["", "?which=all", "?which=mine", "?which=soon", "?which=survey"] {
        house.reads("GET /api/v1/desk/work", "", query).await;
    }
    let found = house.reads("GET /api/v1/desk/search", "", "?q=%E4%BA%ACN8K621").await.json();
    assert_eq!(found[0]["claim"], claim);
    house.reads("GET /api/v1/desk/overview", "", "").await;

    house.at_desk("inspection", claim, json!({ "findings": "与描述相符", "position": [39.9, 116.4] })).await;
    house
        .at_desk(
            "fault",
            claim,
            json!({ "shares": { "A": "0.7", "B": "0.3", "C": "0" }, "source": "police" }),
        )
        .await;
    let terms = json!({ "vehicle": "B", "compulsory": true, "own_damage": "100000.00", "deductible": "0.00",
        "third_party": "1000000.00", "driver": "10000.00", "passengers": "10000.00" });
    house.at_desk("terms", claim, terms).await;
    house.at_desk("loss", claim, json!({ "vehicle": "B", "repair": "3000.00", "rescue": "100.00", "third_party_received": "0.00" })).await;
    let victim = json!({ "id": "P1", "vehicle": "B", "driver": true, "medical": "500.00", "medical_outside": "100.00",
        "death_disability": "0.00", "mental": "0.00", "property": "0.00" });
    house.at_desk("victims", claim, victim).await;
    house
        .at_desk(
            "correction",
            claim,
            json!({ "occurred_at": "2026-05-02T14:20:00+08:00", "cause": "crash",
        "injury": "light", "other_property": false }),
        )
        .await;
    house.at_desk("vehicles", claim, json!({ "plate": "京Q54321" })).await;
    house.at_desk("waiver", claim, json!({ "vehicle": "D" })).await;
    house.at_desk("self-claim", claim, json!({ "agreed": true })).await;
    house.at_desk("self-claim", claim, json!({ "agreed": false })).await;
    house.at_desk("policy", claim, json!({ "policy": "AN2026-000102" })).await;
    house.at_desk("policy", claim, json!({ "policy": "AN2026-000101" })).await;
    let picks = json!([{ "part": "rear-bumper", "damage": "scratch", "photo": 2, "operation": "paint", "price": "800.00" }]);
    house.at_desk("assessment", claim, json!({ "vehicle": "A", "picks": picks, "rescue": "0.00" })).await;
    house
        .at_desk("account", claim, json!({ "name": "某甲", "number": "6222020200112233446", "payee": "P1" }))
        .await;
    house.at_desk("notes", claim, json!({ "text": "已电话联系" })).await;
    house.at_desk("referral", claim, json!({ "team": "approval" })).await;

    let open = |claim: &Value| -> Vec<u64> {
        let tasks = claim["staff"]["tasks"].as_array().unwrap().iter();
        tasks.filter(|task| task["done_at"].is_null()).map(|task| task["task"].as_u64().unwrap()).collect()
    };
    let task = open(&house.claim(claim).await)[0].to_string();
    let assign = house.call(&desk("tasks/{task}/assignment"), claim).await;
    house.does(Call { task, ..assign }.json(&json!({ "team": "approval" }))).await;
    let adjudication = house.claim(claim).await["adjudication"]["number"].clone();
    house.at_desk("approval", claim, json!({ "adjudication": adjudication })).await;
    for payee in house.claim(claim).await["accounts"].as_array().unwrap() {
        if payee["account"].is_null() {
            let account = json!({ "name": "某甲", "number": "6222020200112233446", "payee": payee["payee"] });
            house.at_desk("account", claim, account).await;
        }
    }
    let ended_by_word = |claim: &Value, task: u64| {
        let mut tasks = claim["staff"]["tasks"].as_array().unwrap().iter();
        tasks.any(|known| known["task"] == task && known["ends_by_word"] == true)
    };
    let now = house.claim(claim).await;
    for task in open(&now).into_iter().filter(|task| ended_by_word(&now, *task)) {
        let finish = house.call(&desk("tasks/{task}/done"), claim).await;
        house.does(Call { task: task.to_string(), ..finish }.json(&json!({}))).await;
    }
    house.reads("GET /api/v1/desk/payments", "", "?which=confirmed").await;
    house.reads("GET /api/v1/desk/payments", "", "").await;
    // The last loss that nobody knew turns out to be none, and what it held open closes by itself.
    house.at_desk("waiver", claim, json!({ "vehicle": "C" })).await;
    assert_eq!(house.claim(claim).await["stage"], "closed");
    house.at_home("rating", claim, json!({ "stars": 5, "comment": "很快" })).await;
    house.at_desk("reopening", claim, json!({ "cause": "correction", "reason": "补充核对" })).await;
    let other = house
        .reports(&json!({ "occurred_at": "2026-05-01T09:00:00+08:00", "cause": "reversing", "place": "地库",
        "plate": "京A36D19", "name": "周若彤", "phone": "13800010102" }))
        .await;
    house.settle().await;
    let picks = json!([{ "part": "rear-bumper", "damage": "scratch" }]);
    house.at_desk("assessment", &other, json!({ "vehicle": "A", "picks": picks })).await;
    house.at_desk("refusal", &other, json!({ "clause": "W2020 第八条", "reason": "不属于保险责任" })).await;
    house.at_desk("refusal-service", &other, json!({ "way": "post" })).await;
    let other = house
        .reports(&json!({ "occurred_at": "2026-05-01T09:00:00+08:00", "cause": "scrape", "place": "地库",
        "plate": "京AD30516", "name": "陈牧之", "phone": "13800010103" }))
        .await;
    house.at_home("withdrawal", &other, json!({})).await;
    found::succeed(house, &other).await;
    claim.to_owned()
}

/// What is described and not answered here, and why.
const UNSEEN: [(&str, &[&str]); 5] = [
    // A bank that rejects, and money that comes back: told by the stories of the use cases.
    ("204", &["payments/{payment}/retry", "recoveries"]),
    ("422", &["payments/{payment}/retry"]),
    // What may be closed is closed by the reactions at once; a person only comes first in a race.
    ("204", &["closure"]),
    // The second of two people: who they may be and when they are asked is told by the stories of the use cases.
    (
        "204",
        &[
            "assessment-confirmation",
            "assessment-return",
            "refusal-confirmation",
            "refusal-return",
            "reserve",
        ],
    ),
    // Every role that the addresses admit has a line in the shipped table of authority; an insurer's own may lack one.
    (
        "403",
        &[
            "approval",
            "assessment",
            "assessment-confirmation",
            "assessment-return",
            "refusal",
            "refusal-confirmation",
            "refusal-return",
            "refusal-service",
            "reserve",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_and_every_status_is_as_described() {
    let house = House::open().await;
    let claim = succeed(&house).await;
    doors::succeed(&house).await;
    refusals::all(&house, &claim).await;
    let (promised, seen) = (house.contract.promised(), house.contract.seen());
    let unseen: Vec<&str> = promised.difference(&seen).map(String::as_str).collect();
    let known = UNSEEN
        .iter()
        .flat_map(|(status, ends)| ends.iter().map(move |end| format!("{} {status}", desk(end))));
    let mut known: Vec<String> = known.collect();
    known.sort();
    assert_eq!(unseen, known, "described, but never answered");
}
