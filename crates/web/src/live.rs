//! `GET /claims/{claim}/live`: tells a page that its claim has changed. What changed the page fetches itself.

use std::future::ready;

use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, TryStreamExt};
use journal::Unavailable;
use lexicon::ClaimId;
use serde::Deserialize;

use crate::Web;

/// How much the page tells already.
#[derive(Deserialize)]
pub(crate) struct Seen {
    #[serde(default)]
    since: u64,
}

/// Server-sent events, one `changed` for every change after what the page tells: of the claim itself, its accident, its money or
/// its messages. What changed while the page was on its way is told at once.
pub(crate) async fn claim(
    State(web): State<Web>,
    Path(claim): Path<ClaimId>,
    Query(seen): Query<Seen>,
) -> Sse<impl Stream<Item = Result<Event, Unavailable>>> {
    let news = web.gate.changes(&claim).try_filter(move |told| ready(*told > seen.since));
    let changed = |told: u64| Event::default().event("changed").data(told.to_string());
    Sse::new(news.map_ok(changed)).keep_alive(KeepAlive::default())
}
