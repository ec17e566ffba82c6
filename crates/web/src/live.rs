//! `GET /claims/{claim}/live`: tells a page that its claim has changed. What changed the page fetches itself.

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, TryStreamExt};
use journal::Unavailable;
use lexicon::ClaimId;

use crate::Web;

/// Server-sent events, one `changed` with the new version for every change.
pub(crate) async fn claim(
    State(web): State<Web>,
    Path(claim): Path<ClaimId>,
) -> Sse<impl Stream<Item = Result<Event, Unavailable>>> {
    let changed = |version: u64| Event::default().event("changed").data(version.to_string());
    Sse::new(web.gate.changes(&claim).map_ok(changed)).keep_alive(KeepAlive::default())
}
