//! Doors for other systems: webhooks and tokens through the interface, and the description of what is told.

use std::collections::BTreeSet;
use std::net::IpAddr;

use app::outside::TYPES;
use app::{NewAccount, NewToken, Request as Asked, Role, Scope};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use web::{Peer, Web};

use crate::contract::validator;
use crate::house::{Call, House};

const URL: &str = "https://hooks.example.com/anpei";

/// Every operation succeeds once; a webhook and a token stay, so that they can be refused things.
pub async fn succeed(house: &House) {
    house.reads("GET /api/v1/asyncapi.json", "", "").await;
    let types = house.reads("GET /api/v1/events", "", "").await.json();
    assert_eq!(types.as_array().map(Vec::len), Some(TYPES.len()));

    let register = house.call("POST /api/v1/webhooks", "").await;
    let body = json!({ "url": URL, "types": ["cn.anpei.claim.closed.v1"] });
    let registered = house.does(register.clone().json(&body)).await;
    let endpoint = registered.json()["endpoint"].as_str().unwrap().to_owned();
    assert_eq!(registered.header("location"), format!("/api/v1/webhooks/{endpoint}"));
    assert!(registered.json()["secret"].as_str().unwrap().starts_with("whsec_"));
    for (wrong, field, code) in [
        (json!({ "url": "http://hooks.example.com/" }), "url", "door.refused.url-https"),
        (json!({ "url": "https://10.0.0.1/" }), "url", "door.refused.url-inside"),
        (json!({ "url": "https://localhost/" }), "url", "door.refused.url-inside"),
        (json!({ "url": URL, "types": ["cn.anpei.nothing.v1"] }), "types", "door.refused.type"),
    ] {
        let answer = house.ask(&register.clone().with("idempotency-key", house.key()).json(&wrong)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert_eq!(
            (&answer.json()["code"], &answer.json()["errors"][0]["field"]),
            (&json!(code), &json!(field))
        );
    }
    let on = |call: Call| Call { task: endpoint.clone(), ..call };
    let listed = house.reads("GET /api/v1/webhooks", "", "").await.json();
    assert_eq!(
        (&listed["endpoints"][0]["url"], &listed["endpoints"][0]["sees"]),
        (&json!(URL), &json!("all"))
    );
    let show = on(house.call("GET /api/v1/webhooks/{endpoint}", "").await);
    assert_eq!(house.ask(&show).await.json(), listed["endpoints"][0]);
    for (what, enabled) in [("disabling", false), ("enabling", true)] {
        let call = house.call(&format!("POST /api/v1/webhooks/{{endpoint}}/{what}"), "").await;
        house.does(on(call).json(&json!({}))).await;
        assert_eq!(house.ask(&show).await.json()["enabled"], enabled);
    }
    let rotate = on(house.call("POST /api/v1/webhooks/{endpoint}/rotation", "").await);
    let rotated = house.does(rotate.json(&json!({}))).await.json();
    assert_ne!(rotated["secret"], registered.json()["secret"]);
    for query in ["", "?which=dead", "?which=waiting"] {
        let call = on(house.call("GET /api/v1/webhooks/{endpoint}/deliveries", "").await).query(query);
        assert_eq!(house.ask(&call).await.json(), json!({ "deliveries": [], "next": null }));
    }
    let replay = on(house.call("POST /api/v1/webhooks/{endpoint}/replay", "").await);
    assert_eq!(house.does(replay.json(&json!({}))).await.json(), json!({ "replayed": 0 }));

    // Of a program only its own.
    let program = house.token_of("workshop", Role::Client).await;
    let own = register.clone().by(&program).with("idempotency-key", house.key()).json(&json!({ "url": URL }));
    let own = house.ask(&own).await.json()["endpoint"].as_str().unwrap().to_owned();
    let listed = house.ask(&house.call("GET /api/v1/webhooks", "").await.by(&program)).await.json();
    assert_eq!(listed["endpoints"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&listed["endpoints"][0]["endpoint"], &listed["endpoints"][0]["sees"]),
        (&json!(own), &json!("own"))
    );
    assert_eq!(house.ask(&show.clone().by(&program)).await.status, StatusCode::NOT_FOUND);

    let issue = house.call("POST /api/v1/tokens", "").await;
    let account = listed["endpoints"][0]["owner"].clone();
    let body =
        json!({ "account": account, "label": "workshop, live", "days": 30, "scopes": ["claims:read"] });
    let call = issue.clone().with("idempotency-key", house.key()).json(&body);
    let issued = house.ask(&call).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.json());
    let narrowed = issued.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(house.ask(&call).await.json()["code"], "token.refused.told-once");
    for (field, value, code) in [
        ("days", json!(0), "token.refused.days"),
        ("label", json!("  "), "token.refused.label"),
        ("scopes", json!(["everything"]), "token.refused.scope"),
        ("account", json!("a/b"), "token.refused.account"),
    ] {
        let mut body = body.clone();
        body[field] = value;
        let answer = house.ask(&issue.clone().with("idempotency-key", house.key()).json(&body)).await;
        assert_eq!(
            (&answer.json()["code"], &answer.json()["errors"][0]["field"]),
            (&json!(code), &json!(field))
        );
    }
    let tokens = |query: String| async move {
        house.reads("GET /api/v1/tokens", "", &query).await.json()["tokens"].clone()
    };
    let of_account = format!("?which={}", account.as_str().unwrap());
    let found = |tokens: &Value| {
        let mut all = tokens.as_array().unwrap().iter();
        all.find(|token| token["label"] == "workshop, live").cloned()
    };
    let known = found(&tokens(of_account.clone()).await).expect("it is listed");
    assert_eq!((&known["scopes"], &known["used_at"]), (&json!(["claims:read"]), &Value::Null));

    // It looks at claims, and does nothing else.
    let looks = house.call("GET /api/v1/claims", "").await.by(&narrowed);
    assert_eq!(house.ask(&looks).await.status, StatusCode::OK);
    let looks = house.call("GET /api/v1/webhooks", "").await.by(&narrowed);
    assert_eq!(house.ask(&looks).await.status, StatusCode::FORBIDDEN);
    assert!(found(&tokens(of_account.clone()).await).unwrap()["used_at"].is_string(), "its use is noted");
    let revoke = house.call("POST /api/v1/tokens/{token}/revocation", "").await;
    let revoke = Call { task: known["token"].as_str().unwrap().to_owned(), ..revoke };
    house.does(revoke.json(&json!({}))).await;
    let looks = house.call("GET /api/v1/claims", "").await.by(&narrowed);
    assert_eq!(house.ask(&looks).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(found(&tokens(of_account).await), None);
    *house.known.lock().unwrap() = (endpoint, known["token"].as_str().unwrap().to_owned());
}

#[tokio::test]
async fn every_scope_is_held_and_a_token_ends() {
    let app = crate::support::app();
    let new =
        NewAccount { login: "lin".into(), name: "lin".into(), phone: None, roles: [Role::Manager].into() };
    let account = app.open_account(&Asked::system(), &new).await.unwrap();
    let router = web::router(Web::new(app.clone(), false));
    let ask = |path: &'static str, token: String| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    for (scopes, path, status) in [
        (None, "/api/v1/desk/payments", 200),
        (Some(vec![Scope::ReadPayments]), "/api/v1/desk/payments", 200),
        (Some(vec![Scope::WritePayments]), "/api/v1/desk/payments", 200),
        (Some(vec![Scope::ReadClaims]), "/api/v1/desk/payments", 403),
        (Some(vec![Scope::ReadOverview]), "/api/v1/desk/overview", 200),
        (Some(vec![Scope::ReadOverview]), "/api/v1/desk/work", 403),
        // A scope gives nothing that the role does not.
        (Some(Scope::ALL.to_vec()), "/api/v1/tokens", 403),
    ] {
        let new = NewToken {
            scopes: scopes.clone().map(|scopes| scopes.into_iter().collect()),
            ..NewToken::whole("test", 60)
        };
        let token = app.issue_token(&Asked::system(), &account, &new).await.unwrap();
        let answer = ask(path, token).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{scopes:?} {path}");
    }
    // Time stands still here, so that a token without time has ended when it is issued.
    let over = app.issue_token(&Asked::system(), &account, &NewToken::whole("test", 0)).await.unwrap();
    assert_eq!(ask("/api/v1/desk/payments", over).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn whoever_guesses_tokens_is_not_heard_for_a_minute() {
    let router = web::router(Web::new(crate::support::app(), false));
    let ask = |peer: [u8; 4], number: u32| {
        let token = format!("Bearer anpei_{number:032x}");
        let mut request =
            Request::get("/api/v1/claims").header("authorization", token).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(IpAddr::from(peer)));
        router.clone().oneshot(request)
    };
    for number in 0..30 {
        assert_eq!(ask([7, 7, 7, 7], number).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let barred = ask([7, 7, 7, 7], 30).await.unwrap();
    assert_eq!(barred.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(barred.headers()["retry-after"], "60");
    assert_eq!(ask([8, 8, 8, 8], 31).await.unwrap().status(), StatusCode::UNAUTHORIZED, "others are heard");
}

#[tokio::test]
async fn what_is_told_is_described_by_asyncapi_as_the_registry_has_it() {
    let router = web::router(Web::new(crate::support::app(), false));
    let get = Request::get("/api/v1/asyncapi.json").body(Body::empty()).unwrap();
    let answer = router.oneshot(get).await.unwrap();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["asyncapi"], "3.0.0");
    for name in document.as_object().unwrap().keys() {
        let known = [
            "asyncapi",
            "id",
            "info",
            "servers",
            "defaultContentType",
            "channels",
            "operations",
            "components",
        ];
        assert!(known.contains(&name.as_str()), "{name} stands at the top");
    }
    let mut references = 0;
    refers(&document, &mut |to| {
        references += 1;
        let place = to.strip_prefix('#').expect("a place in this document");
        assert!(document.pointer(place).is_some(), "nothing stands at {to}");
    });
    assert!(references > 5 * TYPES.len(), "{references} references");
    let names = |place: &str| -> Vec<String> {
        document.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    let registered: Vec<String> = TYPES.iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(names("/components/messages"), registered);
    assert_eq!(names("/channels/webhook/messages"), registered);
    assert_eq!(names("/channels").len(), registered.len() + 1);
    assert_eq!(names("/operations").len(), registered.len() + 1);
    for operation in document["operations"].as_object().unwrap().values() {
        assert_eq!(operation["action"], "send");
        assert!(operation["channel"]["$ref"].is_string());
    }
    for kind in TYPES.iter() {
        assert_eq!(document["channels"][kind.name]["address"], kind.subject());
        let schema = json!({ "components": document["components"], "$ref": format!("#/components/schemas/{}", kind.name) });
        let held = validator(&schema);
        let examples = document["components"]["messages"][kind.name]["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{}", kind.name);
        for example in examples {
            let wrong: Vec<String> =
                held.iter_errors(&example["payload"]).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}\n{example:#}", kind.name);
            // And to the last field: what is told is what is described.
            let described = document["components"]["schemas"][format!("{}.data", kind.name)]["properties"]
                .as_object()
                .unwrap();
            let told = example["payload"]["data"].as_object().unwrap();
            let names =
                |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(told), names(described), "{}", kind.name);
        }
        let mut other = examples[0]["payload"].clone();
        other["data"].as_object_mut().unwrap().remove("claim");
        assert!(!held.is_valid(&other), "{}: the claim is needed", kind.name);
    }
}

/// Calls `look` with every reference below `value`.
fn refers(value: &Value, look: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(to) = fields.get("$ref").and_then(Value::as_str) {
                look(to);
            }
            fields.values().for_each(|value| refers(value, look));
        }
        Value::Array(values) => values.iter().for_each(|value| refers(value, look)),
        _ => {}
    }
}
