//! Signing in by password, until too many attempts lock the account.

use app::{NewAccount, Purpose, Request as Asked, Role};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;
use web::Web;

mod support;

const FORM: &str = "application/x-www-form-urlencoded";

/// A browser that was never here.
struct Visitor {
    router: axum::Router,
    lang: &'static str,
}

impl Visitor {
    async fn ask(&self, request: axum::http::request::Builder, body: String) -> (StatusCode, String, String) {
        let request = request.header("accept-language", self.lang).body(Body::from(body)).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let cookie =
            answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, cookie, String::from_utf8_lossy(&body).into_owned())
    }

    /// Signs in as a person does: looks at the page, and sends its form.
    async fn signs_in(&self, login: &str, password: &str) -> (StatusCode, String) {
        let (_, cookie, page) = self.ask(Request::get("/sign-in"), String::new()).await;
        let mark = |name: &str| {
            let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let form = format!(
            "csrf={}&idempotency_key={}&login={login}&password={password}",
            mark("csrf"),
            mark("idempotency_key")
        );
        let request = Request::post("/sign-in").header("content-type", FORM).header("cookie", cookie);
        let (status, _, page) = self.ask(request, form).await;
        (status, page)
    }
}

#[tokio::test]
async fn a_locked_sign_in_says_until_when_and_opens_to_nobody_before() {
    let app = support::app();
    let new = NewAccount {
        login: "lin".to_owned(),
        name: "林知远".to_owned(),
        phone: None,
        roles: [Role::Customer].into(),
    };
    let account = app.open_account(&Asked::system(), &new).await.unwrap();
    let token = app.invite(&Asked::system(), &account, Purpose::SetPassword, 3_600).await.unwrap();
    app.enter(&token, Some("correct-horse")).await.unwrap();
    let router = web::router(Web::new(app, false));
    let [zh, en] = ["zh-CN", "en"].map(|lang| Visitor { router: router.clone(), lang });
    assert_eq!(zh.signs_in("lin", "correct-horse").await.0, StatusCode::SEE_OTHER);
    for _ in 0..5 {
        let (status, page) = en.signs_in("lin", "wrong-horse").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!page.contains("locked"), "{page}");
    }
    // It is 15:00 in Shanghai; the fifth failure locks for a minute.
    for (visitor, says) in [(&zh, ["账号锁住到", "15:01"]), (&en, ["locked until", "15:01"])] {
        let (status, page) = visitor.signs_in("lin", "correct-horse").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(says.iter().all(|says| page.contains(says)), "{page}");
    }
}
