//! Who may come in, and for what. The table of who may do what is `app`'s; here it is asked, once for every request.

use std::future::ready;
use std::time::Duration;

pub use app::access::{Action, Relation};
use app::access::{may, within};
use app::{App, Failure, Present, Principal, Program};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use journal::{BoxFuture, StreamId, Unavailable};
use lexicon::{ClaimId, Moment};

use crate::Viewer;

/// A page hears of a change at the latest after this, and asks the journal at most this often.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What the web asks before a handler runs. [`App`] answers; tests of the foundation answer by themselves.
pub trait Gate: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;

    /// Unguessable text, safe in cookies and addresses.
    fn token(&self) -> String;

    /// Whose session the cookie's `token` is, if it still runs.
    fn present<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Present>, Failure>>;

    /// Which program the bearer's `token` belongs to, if it is still heard.
    fn bearer<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Program>, Failure>>;

    /// How somebody stands to a claim.
    fn relation<'a>(
        &'a self,
        principal: &'a Principal,
        claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<Relation, Failure>>;

    /// How much there is to tell of a claim now, as its page counts it, and each time there is more.
    fn changes(&self, claim: &ClaimId) -> BoxStream<'static, Result<u64, Unavailable>>;
}

impl Gate for App {
    fn now(&self) -> Moment {
        App::now(self)
    }

    fn token(&self) -> String {
        self.ports().chance.token(16)
    }

    fn present<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Present>, Failure>> {
        Box::pin(App::present(self, token))
    }

    fn bearer<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Program>, Failure>> {
        Box::pin(App::bearer(self, token))
    }

    fn relation<'a>(
        &'a self,
        principal: &'a Principal,
        claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<Relation, Failure>> {
        Box::pin(App::relation(self, principal, claim))
    }

    fn changes(&self, claim: &ClaimId) -> BoxStream<'static, Result<u64, Unavailable>> {
        let (app, claim) = (self.clone(), claim.clone());
        // A claim that is not there, or cannot be read now, has no news; the page asks again by itself.
        stream::once(async move { app.told_streams(&claim).await.map(|streams| follow(&app, streams)) })
            .filter_map(|news| ready(news.ok()))
            .flatten()
            .boxed()
    }
}

/// The versions of `streams` summed, now and each time one of them grows.
fn follow(app: &App, streams: Vec<StreamId>) -> impl Stream<Item = Result<u64, Unavailable>> + Send + use<> {
    let journal = app.ports().journal.clone();
    let head = journal.head();
    let known: Vec<(StreamId, u64)> = streams.into_iter().map(|stream| (stream, 0)).collect();
    stream::try_unfold((journal, head, known), |(journal, mut head, mut known)| async move {
        loop {
            let mut grown = false;
            for (stream, version) in &mut known {
                if let Some(latest) = journal.stream(stream, *version).await?.last() {
                    (*version, grown) = (latest.version, true);
                }
            }
            if grown {
                let told = known.iter().map(|(_, version)| version).sum();
                return Ok(Some((told, (journal, head, known))));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            if head.changed().await.is_err() {
                return Ok(None);
            }
        }
    })
}

/// Whether `viewer` may use an address for `action`, which `changes` something or only looks, about `claim` where the address names
/// one.
pub(crate) async fn admits(
    gate: &dyn Gate,
    viewer: &Viewer,
    action: Action,
    changes: bool,
    claim: Option<&ClaimId>,
) -> Result<bool, Failure> {
    let principal = viewer.principal();
    let relation = match (principal, claim) {
        (Some(principal), Some(claim)) => gate.relation(principal, claim).await?,
        // Without a claim an address for one's own claims is a list, which holds no others.
        _ => Relation::Own,
    };
    Ok(may(principal, action, relation) && within(viewer.scopes(), action, changes))
}
