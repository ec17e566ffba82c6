//! The product with its background work, and programs that ask it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use app::work::Reactor;
use app::{App, Failure, NewAccount, NewToken, Present, Principal, Program, Request as Asked, Role};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use futures::stream::BoxStream;
use journal::{BoxFuture, Unavailable};
use lexicon::{ClaimId, Moment};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;
use web::access::Relation;
use web::{Gate, Web};

use crate::contract::{Answer, Contract};
use crate::support;

/// The payment that addresses name.
pub const PAYMENT: &str = "P00000000000000000000000000000000";

pub struct House {
    pub app: App,
    pub contract: Contract,
    router: axum::Router,
    without_store: axum::Router,
    tokens: Mutex<HashMap<String, String>>,
    /// A webhook and a token that are there.
    pub known: Mutex<(String, String)>,
    keys: AtomicU64,
    progress: watch::Receiver<u64>,
    _stop: watch::Sender<bool>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    /// As the description names it: `POST /api/v1/claims/{claim}/damage`.
    pub operation: String,
    pub claim: String,
    /// The task, the second reporter, the webhook or the token that the address names.
    pub task: String,
    pub query: String,
    pub token: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(operation: &str) -> Call {
        Call {
            operation: operation.to_owned(),
            claim: "A260502-000000".to_owned(),
            task: "1".to_owned(),
            query: String::new(),
            token: None,
            headers: vec![],
            body: vec![],
        }
    }

    pub fn on(self, claim: &str) -> Call {
        Call { claim: claim.to_owned(), ..self }
    }

    pub fn by(self, token: &str) -> Call {
        Call { token: Some(token.to_owned()), ..self }
    }

    pub fn query(self, query: &str) -> Call {
        Call { query: query.to_owned(), ..self }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Call {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub fn json(self, body: &Value) -> Call {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    pub fn bytes(self, kind: &str, body: Vec<u8>) -> Call {
        Call { body, ..self }.with("content-type", kind)
    }

    pub fn is_post(&self) -> bool {
        self.operation.starts_with("POST ")
    }
}

impl House {
    pub async fn open() -> House {
        let app = support::app();
        let (stop, stopped) = watch::channel(false);
        let reactor = Reactor::new(app.clone());
        let progress = reactor.progress();
        tokio::spawn(reactor.run(stopped));
        let router = web::router(Web::new(app.clone(), false));
        let without_store =
            web::router(Web { gate: Arc::new(Away(app.clone())), ..Web::new(app.clone(), false) });
        let get = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
        let served = answer(router.clone().oneshot(get).await.unwrap()).await;
        let contract = Contract::of(served.json());
        let (tokens, keys) = (Mutex::default(), AtomicU64::new(0));
        House {
            app,
            contract,
            router,
            without_store,
            tokens,
            known: Mutex::default(),
            keys,
            progress,
            _stop: stop,
        }
    }

    /// The token of somebody who acts as `role`, the same at every time.
    pub async fn token(&self, role: Role) -> String {
        self.token_of(role.word(), role).await
    }

    /// The token of `login`, who acts as `role`.
    pub async fn token_of(&self, login: &str, role: Role) -> String {
        if let Some(known) = self.tokens.lock().unwrap().get(login) {
            return known.clone();
        }
        let new =
            NewAccount { login: login.to_owned(), name: login.to_owned(), phone: None, roles: [role].into() };
        let request = Asked::system();
        let account = self.app.open_account(&request, &new).await.unwrap();
        let token = self.app.issue_token(&request, &account, &NewToken::whole("test", 3_600)).await.unwrap();
        self.tokens.lock().unwrap().insert(login.to_owned(), token.clone());
        token
    }

    /// A key that nobody has used.
    pub fn key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// Asks, and holds the answer against the description.
    pub async fn ask(&self, call: &Call) -> Answer {
        self.judged(call, self.router.clone()).await
    }

    /// The same while the store is away.
    pub async fn ask_without_store(&self, call: &Call) -> Answer {
        self.judged(call, self.without_store.clone()).await
    }

    async fn judged(&self, call: &Call, router: axum::Router) -> Answer {
        let (method, path) = call.operation.split_once(' ').unwrap();
        let path = path
            .replace("{claim}", &call.claim)
            .replace("{task}", &call.task)
            .replace("{reporter}", &call.task)
            .replace("{endpoint}", &call.task)
            .replace("{token}", &call.task)
            .replace("{payment}", PAYMENT);
        let mut request = Request::builder().method(method).uri(format!("{path}{}", call.query));
        if let Some(token) = &call.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(call.body.clone())).unwrap();
        let answer = answer(router.oneshot(request).await.unwrap()).await;
        self.contract.judge(&call.operation, &answer);
        answer
    }

    /// Waits until all that followed has followed.
    pub async fn settle(&self) {
        let mut progress = self.progress.clone();
        loop {
            let head = *self.app.ports().journal.head().borrow();
            progress.wait_for(|done| *done >= head).await.unwrap();
            if *self.app.ports().journal.head().borrow() == head {
                return;
            }
        }
    }
}

async fn answer(response: axum::response::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().into() }
}

/// Lets nobody in, since the store that knows them does not answer.
struct Away(App);

impl Gate for Away {
    fn now(&self) -> Moment {
        self.0.now()
    }

    fn token(&self) -> String {
        Gate::token(&self.0)
    }

    fn present<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Present>, Failure>> {
        Box::pin(async { Err(Failure::Unavailable("the store is away".to_owned())) })
    }

    fn bearer<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Program>, Failure>> {
        Box::pin(async { Err(Failure::Unavailable("the store is away".to_owned())) })
    }

    fn relation<'a>(
        &'a self,
        principal: &'a Principal,
        claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<Relation, Failure>> {
        Gate::relation(&self.0, principal, claim)
    }

    fn changes(&self, claim: &ClaimId) -> BoxStream<'static, Result<u64, Unavailable>> {
        Gate::changes(&self.0, claim)
    }
}
