//! What a page that stands open watches: every stream that the page of a claim tells of.

use claim::Claims;
use claim::events::Event;
use claim::incident::Event as IncidentEvent;
use journal::StreamId;
use lexicon::ClaimId;

use super::Sources;
use crate::app::App;
use crate::failure::Failure;

impl App {
    /// The streams that the page of `claim` tells of: its own, its accident's, its books' and its messages'.
    pub async fn told_streams(&self, claim: &ClaimId) -> Result<Vec<StreamId>, Failure> {
        let loaded = self.streams().load::<Claims>(claim).await?;
        let notice = loaded.state.notice.as_ref().ok_or(Failure::NotFound)?;
        Ok(vec![
            StreamId::of::<Event>(claim),
            StreamId::of::<IncidentEvent>(&notice.incident),
            StreamId::of::<books::Event>(claim),
            StreamId::of::<customer::Event>(claim),
        ])
    }
}

impl Sources {
    /// How much of those streams the page tells: each only grows, and so does their sum.
    pub(super) fn told(&self) -> u64 {
        self.claim.version + self.incident.version + self.books.version + self.contact.version
    }
}
