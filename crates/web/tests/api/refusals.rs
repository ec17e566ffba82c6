//! Every operation refused in every way that is described, without knowing what it does.

use app::Role;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::contract::Answer;
use crate::house::{Call, House};
use crate::journey::{notice, role_of};

/// A body that each operation takes; where one is not named, it takes nothing.
fn body_of(operation: &str) -> Value {
    let end = operation.rsplit('/').next().unwrap_or_default();
    let about_claim = operation.contains("{claim}");
    match end {
        "settle" => json!({ "occurred_at": "2026-05-02T14:30:00+08:00",
            "vehicles": [{ "id": "A", "fault": "0.7", "damage": { "repair": "5000.00" } }, { "id": "B", "fault": "0.3" }] }),
        "claims" if !about_claim => notice("京N8K621"),
        "damage" => json!({ "picks": [{ "part": "rear-bumper", "damage": "scratch" }] }),
        "account" => json!({ "name": "林知远", "number": "6222020200112233446" }),
        "person" | "notes" => json!({ "text": "请回电" }),
        "rating" => json!({ "stars": 5, "comment": "很快" }),
        "inspection" => json!({ "findings": "与描述相符" }),
        "assessment" => {
            json!({ "vehicle": "A", "total_loss": { "actual_value": "80000.00", "salvage_kept": "1.00" } })
        }
        "fault" => json!({ "shares": { "A": "1" }, "source": "police" }),
        "loss" => json!({ "vehicle": "B", "repair": "3000.00" }),
        "waiver" => json!({ "vehicle": "B" }),
        "terms" => json!({ "vehicle": "B", "compulsory": true }),
        "victims" => json!({ "id": "P1", "medical": "500.00" }),
        "correction" => json!({ "injury": "light" }),
        "vehicles" => json!({ "plate": "京Q54322" }),
        "self-claim" => json!({ "agreed": true }),
        "policy" => json!({ "policy": "AN2026-000101" }),
        "refusal" => json!({ "clause": "W2020 第八条", "reason": "不属于保险责任" }),
        "approval" | "reserve" => json!({ "adjudication": 99 }),
        "assessment-confirmation" | "refusal-confirmation" => json!({ "number": 99 }),
        "assessment-return" | "refusal-return" => json!({ "number": 99, "reason": "金额不对" }),
        "recoveries" => {
            json!({ "from": "payee", "cover": "overpaid", "amount": "1.00", "bank_reference": "B1",
            "arrived_at": "2026-05-02T14:30:00+08:00" })
        }
        "finding" => json!({ "is": "set-aside", "reason": "已退回" }),
        "refusal-service" => json!({ "way": "post" }),
        "referral" | "assignment" => json!({ "team": "approval" }),
        "reopening" => json!({ "cause": "correction", "reason": "补充核对" }),
        "webhooks" => json!({ "url": "https://hooks.example.com/anpei" }),
        "tokens" => json!({ "account": "u5c1d0b7a9e3f4c2d8b6a1e0f", "label": "test", "days": 90 }),
        _ => json!({}),
    }
}

impl House {
    /// A request that would do, if nothing were wrong with it.
    async fn good(&self, operation: &str, claim: &str) -> Call {
        let call = self.call(operation, claim).await.with("accept-language", "en");
        let (endpoint, token) = self.known.lock().unwrap().clone();
        let call = match operation {
            _ if operation.contains("{endpoint}") => Call { task: endpoint, ..call },
            _ if operation.contains("{token}") => Call { task: token, ..call },
            _ => call,
        };
        let call = match operation.rsplit('/').next() {
            Some("evidence") => call.query("?kind=photo-scene").bytes("image/png", b"no photo".to_vec()),
            Some("import") => call.bytes("text/csv", b"no,policies\n".to_vec()),
            Some("search") => call.query("?q=A260502-000000"),
            _ if call.is_post() => call.json(&body_of(operation)),
            _ => call,
        };
        if call.is_post() { call.with("idempotency-key", self.key()) } else { call }
    }

    async fn expect(&self, call: &Call, status: StatusCode) -> Answer {
        let answer = self.ask(call).await;
        assert_eq!(answer.status, status, "{}: {}", call.operation, answer.json());
        if status != StatusCode::OK {
            let problem = answer.json();
            assert_eq!(problem["status"], status.as_u16(), "{}", call.operation);
            // The same in both languages, each in its own words.
            let other = self.ask(&call.clone().with("accept-language", "zh")).await.json();
            assert_eq!(other["code"], problem["code"], "{}", call.operation);
            assert_ne!(other["detail"], problem["detail"], "{}", call.operation);
            let chinese = |text: &str| text.chars().any(|char| ('\u{4e00}'..='\u{9fff}').contains(&char));
            assert!(!chinese(problem["detail"].as_str().unwrap()), "{problem}");
        }
        answer
    }
}

/// Asks every operation for every refusal that it promises; `claim` is one that has ended.
pub async fn all(house: &House, claim: &str) {
    let operations: Vec<(String, Vec<String>)> = house
        .contract
        .operations()
        .into_iter()
        .map(|(name, said)| (name, said["responses"].as_object().unwrap().keys().cloned().collect()))
        .collect();
    for (operation, statuses) in operations {
        for status in &statuses {
            match status.as_str() {
                "400" => malformed(house, &operation, claim).await,
                "401" => no_token(house, &operation, claim).await,
                "403" if !operation.contains("{claim}") => not_allowed(house, &operation).await,
                "404" => not_found(house, &operation, claim).await,
                "412" => moved_on(house, &operation, claim).await,
                "413" => too_large(house, &operation, claim).await,
                "415" => wrong_kind(house, &operation, claim).await,
                "422" => refused(house, &operation, claim).await,
                "503" => away(house, &operation, claim).await,
                _ => {}
            }
        }
    }
}

/// Without a key, without a field that is asked for, with one that is not, with one of another type, with no JSON at all.
async fn malformed(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await;
    if !good.is_post() {
        let call = good.clone().query("?surprise=1");
        let call =
            if operation.contains("{task}") { Call { task: "first".to_owned(), ..good } } else { call };
        house.expect(&call, StatusCode::BAD_REQUEST).await;
        return;
    }
    let mut keyless = good.clone();
    keyless.headers.retain(|(name, _)| *name != "idempotency-key");
    let answer = house.expect(&keyless, StatusCode::BAD_REQUEST).await;
    assert_eq!(answer.json()["code"], "problem.missing-key", "{operation}");
    let long = good.clone().with("idempotency-key", "k".repeat(256));
    house.expect(&long, StatusCode::BAD_REQUEST).await;
    if !house.contract.operation(operation)["responses"]["412"].is_null() {
        house.expect(&good.clone().with("if-match", "\"soon\""), StatusCode::BAD_REQUEST).await;
    }
    if operation.contains("{task}") {
        let call = Call { task: "first".to_owned(), ..good.clone() };
        house.expect(&call, StatusCode::BAD_REQUEST).await;
    }
    let Some(shape) = house.contract.asks(operation) else { return };
    if shape["properties"].is_null() && shape["type"] != "object" {
        return;
    }
    for text in ["", "{", "null", "[]", "\"text\"", "{\"a\":1}{", "\u{feff}{}"] {
        house.expect(&good.clone().bytes("application/json", text.into()), StatusCode::BAD_REQUEST).await;
    }
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    house.expect(&good.clone().bytes("application/json", deep.into()), StatusCode::BAD_REQUEST).await;
    let body = body_of(operation);
    let mut more = body.clone();
    more["surprise"] = json!(1);
    assert!(house.contract.takes(operation, &more).is_err(), "{operation} is said to take anything");
    let answer = house.expect(&good.clone().json(&more), StatusCode::BAD_REQUEST).await;
    assert_eq!(answer.json()["errors"][0]["field"], "surprise", "{operation}");
    let required: Vec<&str> =
        shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for name in shape["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()) {
        let mut other = body.clone();
        other[name] = json!([{ "of another": "type" }]);
        assert!(house.contract.takes(operation, &other).is_err(), "{operation} is said to take any {name}");
        house.expect(&good.clone().json(&other), StatusCode::BAD_REQUEST).await;
        if required.contains(&name) {
            let mut less = body.clone();
            less.as_object_mut().unwrap().remove(name);
            let answer = house.expect(&good.clone().json(&less), StatusCode::BAD_REQUEST).await;
            assert_eq!(answer.json()["errors"][0]["field"], name, "{operation} is said to need {name}");
        }
    }
    // What is not said to be needed is not: without all of it the request is understood.
    let fields = body.as_object().unwrap().iter().filter(|(name, _)| required.contains(&name.as_str()));
    let least: serde_json::Map<String, Value> =
        fields.map(|(name, value)| (name.clone(), value.clone())).collect();
    let understood = house.ask(&good.json(&least.into()).with("if-match", "\"999999\"")).await;
    assert_ne!(understood.status, StatusCode::BAD_REQUEST, "{operation} needs more than it is said to");
}

async fn no_token(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await;
    house.expect(&Call { token: None, ..good.clone() }, StatusCode::UNAUTHORIZED).await;
    for token in ["anpei_0123456789abcdef0123456789abcdef", "no token", ""] {
        house.expect(&good.clone().by(token), StatusCode::UNAUTHORIZED).await;
    }
    // A cookie is for pages alone.
    let cookie =
        Call { token: None, ..good }.with("cookie", "anpei-session=0123456789abcdef0123456789abcdef");
    house.expect(&cookie, StatusCode::UNAUTHORIZED).await;
}

/// By somebody of another role.
async fn not_allowed(house: &House, operation: &str) {
    let stranger = if role_of(operation) == Role::Customer { Role::Auditor } else { Role::Customer };
    let call = house.good(operation, "").await.by(&house.token(stranger).await);
    let answer = house.expect(&call, StatusCode::FORBIDDEN).await;
    assert_eq!(answer.json()["code"], "problem.forbidden", "{operation}");
}

/// A claim that there is not, one that is somebody else's, and one with an impossible number: told alike.
async fn not_found(house: &House, operation: &str, claim: &str) {
    if !operation.contains("{claim}") {
        let good = house.good(operation, claim).await;
        for other in ["e000", "..%2F..%2Fetc", "%F0%9F%9A%97"] {
            house.expect(&Call { task: other.to_owned(), ..good.clone() }, StatusCode::NOT_FOUND).await;
        }
        return;
    }
    let stranger = house.token_of("stranger", Role::Customer).await;
    let good = house.good(operation, claim).await;
    let mut told = vec![];
    for call in [
        good.clone().on("A260502-000000"),
        good.clone().on("..%2F..%2Fetc"),
        good.clone().on(&"A".repeat(3_000)),
        good.clone().on("%F0%9F%9A%97"),
        good.clone().by(&stranger),
    ] {
        let mut answer = house.expect(&call, StatusCode::NOT_FOUND).await.json();
        answer["instance"] = Value::Null;
        told.push(answer);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{operation} tells what is there: {told:?}");
}

async fn moved_on(house: &House, operation: &str, claim: &str) {
    house.settle().await;
    let before = house.claim(claim).await;
    let mut call = house.good(operation, claim).await;
    if operation.ends_with("/approval") || operation.ends_with("/reserve") {
        // Other figures than those that stand are refused before anything else.
        call = call.json(&json!({ "adjudication": before["adjudication"]["number"] }));
    }
    let call = call.with("if-match", "\"999999\"");
    let answer = house.expect(&call, StatusCode::PRECONDITION_FAILED).await;
    assert_eq!(answer.json()["code"], "problem.conflict", "{operation}");
    house.settle().await;
    assert_eq!(house.claim(claim).await, before, "{operation} changed something all the same");
}

async fn too_large(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await;
    let takes_files = operation.ends_with("/evidence") || operation.ends_with("/import");
    let bytes = if takes_files { 60 * 1024 * 1024 + 1 } else { 256 * 1024 + 1 };
    let call = Call { body: vec![b' '; bytes], ..good };
    let answer = house.ask(&call).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{operation}");
    assert_eq!(answer.json()["code"], "problem.too-large", "{operation}");
}

async fn wrong_kind(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "multipart/form-data; boundary=b",
        "",
    ] {
        house.expect(&good.clone().with("content-type", kind), StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    }
}

/// What is understood and refused.
async fn refused(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await;
    match operation.rsplit('/').next() {
        Some("settle") => {
            for body in [
                json!({}),
                json!([]),
                json!({ "occurred_at": "2026-05-02T14:30:00+08:00", "vehicles": [{ "id": "A", "fault": "2" }] }),
            ] {
                house.expect(&good.clone().json(&body), StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        }
        Some("import") => {
            for (kind, body) in
                [("text/csv", &b"no,policies\n"[..]), ("application/json", b"{"), ("text/csv", b"\xff\xfe")]
            {
                house.expect(&good.clone().bytes(kind, body.into()), StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        }
        Some("claims") if good.is_post() => {
            for (field, longest) in [("place", 500), ("name", 100), ("story", 2_000)] {
                let mut notice = notice("沪B7T052");
                notice[field] = "长".repeat(longest + 1).into();
                let answer =
                    house.expect(&good.clone().json(&notice), StatusCode::UNPROCESSABLE_ENTITY).await;
                assert_eq!(answer.json()["errors"][0]["field"], field);
            }
        }
        _ if !good.is_post() => {
            for cursor in ["zz", "5b", "5b5d", "5b7b7d5d", "%F0%9F%9A%97", "5b312c322c332c345d"] {
                house
                    .expect(
                        &good.clone().query(&format!("?cursor={cursor}")),
                        StatusCode::UNPROCESSABLE_ENTITY,
                    )
                    .await;
            }
        }
        // Of the others a key that was used for something else is one, in the journey; on a claim that has ended most are.
        _ => {
            house.ask(&good).await;
        }
    }
}

async fn away(house: &House, operation: &str, claim: &str) {
    let good = house.good(operation, claim).await.by("anpei_0123456789abcdef0123456789abcdef");
    let answer = house.ask_without_store(&good).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{operation}");
    assert!(
        !answer.json()["detail"].as_str().unwrap().contains("the store is away"),
        "what the operator reads is not shown"
    );
}
