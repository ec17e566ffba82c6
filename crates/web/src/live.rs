//! `GET /claims/{id}/live`: tells a page that its claim has changed. What changed the page fetches itself.

use std::convert::Infallible;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use lexicon::ClaimId;

use crate::{Problem, Viewer, Web};

/// Server-sent events, one `changed` with the new version for every change.
pub(crate) async fn claim(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<ClaimId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let signed = viewer.signed().ok_or_else(Problem::unauthorized)?;
    let versions = web.gate.changes(signed, &id).await?;
    let events = versions.map(|version| Ok(Event::default().event("changed").data(version.to_string())));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
