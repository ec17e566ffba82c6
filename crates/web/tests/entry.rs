//! The way in and out: headers, languages, forms, problems.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::access::Relation;
use app::{Failure, Present, Principal, Program, Role};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures::stream::{BoxStream, StreamExt};
use journal::{ActorKind, BoxFuture, Unavailable};
use lexicon::{ClaimId, Moment};
use tower::ServiceExt;
use web::{Gate, Web};

mod support;

const SESSION: &str = "anpei-session=0123456789abcdef0123456789abcdef";
const SECRET: &str = "the-secret-of-the-forms-of-this-one";

/// Knows one session; a token with `down` in it meets a store that does not answer.
#[derive(Default)]
struct House(AtomicU64);

impl Gate for House {
    fn now(&self) -> Moment {
        Moment::from_micros(1_777_705_200_000_000)
    }

    fn token(&self) -> String {
        format!("{:032x}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn present<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Present>, Failure>> {
        Box::pin(async move {
            if token.contains("down") {
                return Err(Failure::Unavailable("the store is away".to_owned()));
            }
            let principal = customer();
            let known = SESSION.ends_with(token);
            Ok(known
                .then(|| Present { principal, name: "王敏".to_owned(), form_secret: SECRET.to_owned() }))
        })
    }

    fn bearer<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Program>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    fn relation<'a>(
        &'a self,
        _principal: &'a Principal,
        claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<Relation, Failure>> {
        let own = claim.as_str() == "A260502-7K3M9Q";
        Box::pin(async move { Ok(if own { Relation::Own } else { Relation::Foreign }) })
    }

    fn changes(&self, _claim: &ClaimId) -> BoxStream<'static, Result<u64, Unavailable>> {
        futures::stream::iter([Ok(7), Ok(8)]).boxed()
    }
}

fn customer() -> Principal {
    Principal {
        account: Some("a1".parse().expect("an id")),
        kind: ActorKind::Customer,
        roles: [Role::Customer].into(),
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let router = web::router(Web { gate: Arc::new(House::default()), ..Web::new(support::app(), false) });
    let answer = router.oneshot(request).await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    ask("GET", path, headers, "").await
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn every_answer_carries_the_protective_headers() {
    for path in ["/design", "/nowhere", "/assets/none.css"] {
        let answer = get(path, &[]).await;
        assert!(answer.header("content-security-policy").contains("script-src 'self';"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn no_page_has_a_script_or_a_style_inside() {
    for path in ["/design", "/design/damage", "/design/claim", "/design/overview", "/nowhere"] {
        let body = get(path, &[]).await.body;
        for forbidden in ["style=", "<style", "onclick", "<script>", "javascript:"] {
            assert!(!body.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn what_a_page_links_to_is_there_and_may_be_kept() {
    let body = get("/design", &[]).await.body;
    let address = body.split('"').find(|part| part.starts_with("/assets/anpei.")).expect("a style");
    let style = get(address, &[]).await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(style.header("set-cookie"), "", "what is kept for ever belongs to nobody");
}

#[tokio::test]
async fn the_language_is_the_one_chosen_or_else_the_one_accepted() {
    for (headers, tag, title) in [
        (&[][..], "zh-CN", "没有找到"),
        (&[("accept-language", "en-GB,en;q=0.9")][..], "en", "Not found"),
        (&[("accept-language", "en"), ("cookie", "lang=zh")][..], "zh-CN", "没有找到"),
        (&[("cookie", "lang=xx")][..], "zh-CN", "没有找到"),
    ] {
        let answer = get("/nowhere", headers).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.header("content-language"), tag);
        assert!(
            answer.body.contains(title) && answer.body.contains(&format!("<html lang=\"{tag}\"")),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_program_gets_the_same_problem_as_a_document() {
    let answer = get("/api/v1/nowhere", &[("accept-language", "en")]).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let document: serde_json::Value = serde_json::from_str(&answer.body).expect("a document");
    assert_eq!(document["status"], 404);
    assert_eq!(document["code"], "problem.not-found");
    assert_eq!(document["title"], "Not found");
    assert_eq!(document["type"], "urn:anpei:problem:problem.not-found");
}

#[tokio::test]
async fn a_wrong_method_is_told_as_such() {
    let answer = ask("DELETE", "/design", &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn who_is_not_known_signs_in_first_and_comes_back() {
    let answer = get("/claims/A260502-7K3M9Q/live", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=/claims/A260502-7K3M9Q/live");
}

#[tokio::test]
async fn a_page_hears_of_every_change_of_its_claim_and_of_no_other() {
    let answer = get("/claims/A260502-7K3M9Q/live", &[("cookie", SESSION)]).await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.body, "event: changed\ndata: 7\n\nevent: changed\ndata: 8\n\n");
    for foreign in ["/claims/A260502-000000/live", "/claims/no%20id/live"] {
        assert_eq!(get(foreign, &[("cookie", SESSION)]).await.status, StatusCode::NOT_FOUND, "{foreign}");
    }
}

#[tokio::test]
async fn a_form_counts_only_when_it_came_from_our_own_page() {
    let own = format!("csrf={SECRET}&lang=en&back=/design");
    for (headers, body, expected) in [
        (vec![("cookie", SESSION), FORM], own.as_str(), StatusCode::SEE_OTHER),
        (vec![("cookie", SESSION), FORM], "lang=en&back=/design", StatusCode::FORBIDDEN),
        (vec![("cookie", SESSION), FORM], "csrf=guessed&lang=en", StatusCode::FORBIDDEN),
        (
            vec![("cookie", SESSION), FORM, ("sec-fetch-site", "cross-site")],
            own.as_str(),
            StatusCode::FORBIDDEN,
        ),
        (vec![("cookie", SESSION)], own.as_str(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (vec![FORM], own.as_str(), StatusCode::FORBIDDEN),
    ] {
        let answer = ask("POST", "/preferences", &headers, body).await;
        assert_eq!(answer.status, expected, "{headers:?} {body}");
    }
}

#[tokio::test]
async fn a_visitor_who_is_not_signed_in_can_still_choose_a_language() {
    let page = get("/design", &[]).await;
    let cookie = page.header("set-cookie").split(';').next().expect("a visitor's mark").to_owned();
    let token = page
        .body
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token");
    let form = format!("csrf={token}&lang=en&back=//evil.example");
    let answer = ask("POST", "/preferences", &[FORM, ("cookie", &cookie)], &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/");
    assert!(answer.header("set-cookie").starts_with("lang=en; Path=/"));
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused_with_a_sentence() {
    let body = format!("csrf={SECRET}&note={}", "x".repeat(300 * 1024));
    let answer =
        ask("POST", "/preferences", &[FORM, ("cookie", SESSION), ("accept-language", "en")], &body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("This is too large"), "{}", answer.body);
}

#[tokio::test]
async fn a_store_that_is_away_is_told_plainly() {
    let answer = get("/design", &[("cookie", "anpei-session=down-down-down-down")]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "10");
    assert!(!answer.body.contains("the store is away"), "what the operator reads is not shown");
}

#[tokio::test]
async fn a_page_with_its_style_stays_small() {
    let compressed = [("accept-encoding", "gzip")];
    let page = get("/design/damage", &compressed).await;
    let plain = get("/design/damage", &[]).await.body;
    let parts = plain
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .map(|part| part.split('#').next().unwrap_or(part));
    let mut addresses: Vec<_> = parts.collect();
    addresses.sort_unstable();
    addresses.dedup();
    let mut total: usize = page.header("content-length").parse().unwrap_or(page.body.len());
    for address in addresses {
        total += get(address, &compressed).await.body.len();
    }
    assert!(total <= 50 * 1024, "{total} bytes");
}
