//! A customer from the one-time link to the photos of a claim, as a browser without scripts sends it.

use app::{App, NewAccount, Purpose, Role};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;
use web::Web;

mod support;

/// A browser: its cookies and the page that it shows.
struct Browser {
    app: App,
    cookies: Vec<(String, String)>,
    page: String,
    headers: HeaderMap,
}

impl Browser {
    fn new(app: &App) -> Browser {
        Browser { app: app.clone(), cookies: vec![], page: String::new(), headers: HeaderMap::new() }
    }

    async fn send(&mut self, method: &str, path: &str, kind: Option<&str>, body: Vec<u8>) -> StatusCode {
        let mut request = Request::builder().method(method).uri(path).header("accept-language", "en");
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header("cookie", cookies.join("; "));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let request = request.body(Body::from(body)).unwrap();
        let answer = web::router(Web::new(self.app.clone(), false)).oneshot(request).await.unwrap();
        let status = answer.status();
        self.headers = answer.headers().clone();
        for cookie in self.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        self.page = String::from_utf8_lossy(&body).into_owned();
        status
    }

    async fn open(&mut self, path: &str) -> StatusCode {
        self.send("GET", path, None, vec![]).await
    }

    /// Sends a form of the open page with `fields`.
    async fn submit(&mut self, path: &str, fields: &str) -> StatusCode {
        let body = format!("csrf={}&idempotency_key={}&{fields}", self.hidden("csrf"), self.key());
        self.send("POST", path, Some("application/x-www-form-urlencoded"), body.into()).await
    }

    /// Sends files of one kind by the form of the open page.
    async fn upload(&mut self, path: &str, csrf: &str, kind: &str, files: &[(&str, &[u8])]) -> StatusCode {
        let mut body = vec![];
        for (name, value) in [("csrf", csrf), ("idempotency_key", &self.key()), ("kind", kind)] {
            body.extend(
                format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (name, bytes) in files {
            let head =
                format!("--b\r\ncontent-disposition: form-data; name=\"album\"; filename=\"{name}\"\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--b--\r\n");
        self.send("POST", path, Some("multipart/form-data; boundary=b"), body).await
    }

    fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.page.split(&start).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    fn key(&self) -> String {
        self.hidden("idempotency_key")
    }

    fn location(&self) -> &str {
        self.headers.get("location").map_or("", |location| location.to_str().unwrap())
    }
}

async fn invited(app: &App, login: &str) -> String {
    let new = NewAccount {
        login: login.to_owned(),
        name: "Wang".to_owned(),
        phone: None,
        roles: [Role::Customer].into(),
    };
    let system = app::Request::system();
    let account = app.open_account(&system, &new).await.unwrap();
    app.invite(&system, &account, Purpose::SignIn, 3600).await.unwrap()
}

async fn signed_in(app: &App, login: &str) -> Browser {
    let link = format!("/enter/{}", invited(app, login).await);
    let mut browser = Browser::new(app);
    assert_eq!(browser.open(&link).await, StatusCode::OK);
    assert_eq!(browser.submit(&link, "").await, StatusCode::SEE_OTHER);
    browser
}

const TOLD: &str = "injury=none&occurred_at=2026-05-02T14:30&place=Jianguo+Road+88&cause=object&others=none&damage=light\
    &plate=%E4%BA%ACA12345&name=Wang&phone=13800138000";

#[tokio::test]
async fn a_link_survives_being_looked_at_and_opens_once() {
    let app = support::app();
    let link = format!("/enter/{}", invited(&app, "wang").await);
    let mut browser = Browser::new(&app);
    for _ in 0..3 {
        assert_eq!(browser.open(&link).await, StatusCode::OK);
    }
    let shown = browser.page.clone();
    assert_eq!(browser.submit(&link, "").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.open("/report").await, StatusCode::OK);
    let mut second = Browser::new(&app);
    second.open("/sign-in").await;
    second.page = shown;
    assert!(second.submit(&link, "").await.is_client_error(), "a form of another browser");
    assert_ne!(second.open(&link).await, StatusCode::OK, "the link was used");
    assert_eq!(second.open("/report").await, StatusCode::SEE_OTHER);
    assert_eq!(second.location(), "/sign-in?next=/report");
}

#[tokio::test]
async fn a_wrong_password_comes_back_without_the_password() {
    let app = support::app();
    let mut browser = Browser::new(&app);
    browser.open("/sign-in").await;
    assert_eq!(
        browser.submit("/sign-in", "login=wang&password=a-secret-guess").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.page.contains("value=\"wang\"") && !browser.page.contains("a-secret-guess"));
}

#[tokio::test]
async fn a_report_sent_twice_is_one_claim_and_mistakes_keep_what_was_told() {
    let app = support::app();
    let mut browser = signed_in(&app, "wang").await;
    browser.open("/report").await;
    let form = browser.page.clone();
    assert_eq!(
        browser.submit("/report", &TOLD.replace("13800138000", "12")).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.page.contains("href=\"#phone\"") && browser.page.contains("value=\"Jianguo Road 88\""));

    browser.page = form.clone();
    assert_eq!(browser.submit("/report", TOLD).await, StatusCode::SEE_OTHER);
    let first = browser.location().to_owned();
    assert!(first.starts_with("/claims/A") && first.ends_with("?reported=new"), "{first}");
    browser.page = form.clone();
    assert_eq!(browser.submit("/report", TOLD).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.location(), first);
    browser.page = form;
    let other = TOLD.replace("object", "scrape");
    assert_eq!(browser.submit("/report", &other).await, StatusCode::UNPROCESSABLE_ENTITY, "the key is used");

    assert_eq!(browser.open(&first).await, StatusCode::OK);
    assert!(browser.page.contains("Photo") && browser.page.contains("data-live="));
}

#[tokio::test]
async fn each_file_is_taken_for_itself_and_once() {
    let app = support::app();
    let mut browser = signed_in(&app, "wang").await;
    browser.open("/report").await;
    browser.submit("/report", TOLD).await;
    let claim = browser.location().split('?').next().unwrap().to_owned();
    let photos = format!("{claim}/photos");
    let png = include_bytes!("photo.png");

    browser.open(&photos).await;
    let (form, csrf) = (browser.page.clone(), browser.hidden("csrf"));
    let files: [(&str, &[u8]); 2] = [("good.png", png), ("letter.txt", b"dear madam")];
    assert_eq!(browser.upload(&photos, &csrf, "photo-scene", &files).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.page.contains("letter.txt") && browser.page.contains("1 photo received"));
    browser.page = form.clone();
    assert_eq!(browser.upload(&photos, &csrf, "photo-scene", &files[..1]).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.open(&format!("{photos}/2")).await, StatusCode::NOT_FOUND, "nothing was added twice");

    assert_eq!(browser.open(&format!("{photos}/1")).await, StatusCode::OK);
    assert_eq!(browser.headers["content-type"], "image/jpeg");
    assert_eq!(browser.headers["cache-control"], "private, max-age=3600");

    browser.page = form;
    assert_eq!(
        browser.upload(&photos, "guessed", "photo-scene", &files[..1]).await,
        StatusCode::FORBIDDEN,
        "a form of somebody else"
    );
    browser.open(&photos).await;
    assert_eq!(browser.upload(&photos, &csrf, "photo-scene", &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_claim_of_somebody_else_is_not_there() {
    let app = support::app();
    let mut owner = signed_in(&app, "wang").await;
    owner.open("/report").await;
    owner.submit("/report", TOLD).await;
    let claim = owner.location().split('?').next().unwrap().to_owned();
    let mut stranger = signed_in(&app, "liming").await;
    for page in [
        "",
        "/progress",
        "/photos",
        "/photos/1",
        "/damage",
        "/account",
        "/person",
        "/withdraw",
        "/rate",
        "/live",
    ] {
        assert_eq!(stranger.open(&format!("{claim}{page}")).await, StatusCode::NOT_FOUND, "{page}");
    }
    stranger.open("/report").await;
    for page in ["/damage", "/account", "/person", "/withdraw", "/rate"] {
        let form = stranger.page.clone();
        let sent = stranger.submit(&format!("{claim}{page}"), "message=x&expected_version=1").await;
        assert_eq!(sent, StatusCode::NOT_FOUND, "{page}");
        stranger.page = form;
    }
}

#[tokio::test]
async fn a_claim_that_moved_on_is_not_withdrawn_unseen() {
    let app = support::app();
    let mut browser = signed_in(&app, "wang").await;
    browser.open("/report").await;
    browser.submit("/report", TOLD).await;
    let claim = browser.location().split('?').next().unwrap().to_owned();
    browser.open(&format!("{claim}/withdraw")).await;
    let seen = browser.page.clone();
    let version = browser.hidden("expected_version");
    browser.open(&format!("{claim}/person")).await;
    assert_eq!(
        browser.submit(&format!("{claim}/person"), "message=please+look").await,
        StatusCode::SEE_OTHER
    );
    browser.page = seen;
    let withdraw = format!("{claim}/withdraw");
    let sent = browser.submit(&withdraw, &format!("expected_version={version}")).await;
    assert_eq!(sent, StatusCode::UNPROCESSABLE_ENTITY);
    let newer = browser.hidden("expected_version");
    assert_ne!(newer, version);
    assert_eq!(browser.submit(&withdraw, &format!("expected_version={newer}")).await, StatusCode::SEE_OTHER);
    browser.open(&claim).await;
    assert!(browser.page.contains("Open it again"));
}
