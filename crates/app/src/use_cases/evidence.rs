//! Papers and photos.

use claim::events::EvidenceAccepted;
use claim::incident::{Incidents, PartyId};
use claim::{Ask, Claims};
use insight::view::Query;
use insight::{PHOTOS, PhotoRow};
use lexicon::{BlobId, ClaimId, KeyedHash};
use rulebook::Warning;
use serde::{Deserialize, Serialize};

use super::notice::subject_of;
use crate::app::App;
use crate::failure::{Failure, Refused};
use crate::ports::Picture;
use crate::principal::Request;

/// A file that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its number within the claim.
    pub evidence: u32,
}

impl App {
    /// Accepts a paper or photo: checked by content, kept sealed with a copy for showing, found again by its hash.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn add_evidence(
        &self,
        request: &Request,
        claim: &ClaimId,
        kind: &str,
        party: Option<PartyId>,
        bytes: Vec<u8>,
    ) -> Result<Accepted, Failure> {
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let known = evidence::KINDS
            .iter()
            .find(|known| known.code == kind && known.family != evidence::Family::Entry);
        if known.is_none() {
            return Err(claim::Refusal::UnknownKind.into());
        }
        // Whoever names a claim that there is not hears that before anything is kept.
        self.incident_of(claim).await?;
        let subject = subject_of(claim)?;
        let fingerprint = self.vault().keyed_hash("file", &bytes);
        let warnings = self.seen_before(claim, &fingerprint).await?;
        let size = bytes.len() as u64;
        let (picture, original) = self.look_at(&subject, bytes).await?;
        let shown = self.vault().seal_bytes(&subject, &picture.shown)?;
        let blobs = &self.ports().blobs;
        let (original, shown): (BlobId, BlobId) = tokio::try_join!(blobs.keep(original), blobs.keep(shown))?;
        let accepted = EvidenceAccepted {
            evidence: 0,
            kind: kind.to_owned(),
            party,
            original,
            shown,
            subject,
            fingerprint,
            bytes: size,
            width: picture.width,
            height: picture.height,
            at: self.now(),
        };
        self.run_beside::<Claims, Incidents, _, _>(&request.unversioned(), claim, None, |known, incident| {
            let ask = Ask::AddEvidence {
                evidence: accepted.clone(),
                warnings: warnings.clone(),
                incident: incident.state.clone(),
            };
            let evidence = known.state.evidence.len() as u32 + 1;
            Ok((vec![self.command(request, ask)], Accepted { evidence }))
        })
        .await
    }

    /// Decoding costs processor time, so it leaves the threads that answer.
    async fn look_at(
        &self,
        subject: &lexicon::SubjectId,
        bytes: Vec<u8>,
    ) -> Result<(Picture, Vec<u8>), Failure> {
        let (ports, subject) = (self.ports().clone(), subject.clone());
        let looked = tokio::task::spawn_blocking(move || {
            let picture = ports
                .pictures
                .accept(&bytes)
                .map_err(|problem| Refused::new(problem.to_string()).at("file"))?;
            let sealed = ports.vault.seal_bytes(&subject, &bytes)?;
            Ok::<_, Failure>((picture, sealed))
        });
        looked.await.map_err(|problem| Failure::Unavailable(problem.to_string()))?
    }

    async fn seen_before(&self, claim: &ClaimId, fingerprint: &KeyedHash) -> Result<Vec<Warning>, Failure> {
        let query = Query::of(&PHOTOS, "by_fingerprint", 20).equal(fingerprint.as_str());
        for row in self.ports().views.page(query).await? {
            if PhotoRow::read(&PHOTOS, &row)?.claim != claim.as_str() {
                return Ok(vec![Warning::PhotoSeenBefore]);
            }
        }
        Ok(vec![])
    }

    /// The copy for showing of a file: a JPEG without metadata. `None` when its subject was erased.
    pub async fn shown_copy(&self, claim: &ClaimId, number: u32) -> Result<Option<Vec<u8>>, Failure> {
        let loaded = self.streams().load::<Claims>(claim).await?;
        let accepted = loaded
            .state
            .evidence
            .iter()
            .find(|accepted| accepted.evidence == number)
            .ok_or(Failure::NotFound)?;
        let sealed = self.ports().blobs.fetch(&accepted.shown).await?;
        let sealed =
            sealed.ok_or_else(|| Failure::Unavailable(format!("file {} is missing", accepted.shown)))?;
        Ok(self.vault().open_bytes(&accepted.subject, &sealed)?)
    }
}
