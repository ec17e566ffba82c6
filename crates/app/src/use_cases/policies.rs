//! Policies: found, entered, imported.

use futures::{FutureExt, StreamExt, TryStreamExt};
use insight::view::Query;
use insight::{POLICIES, PolicyRow};
use lexicon::{KeyedHash, PolicyId, SubjectId};
use register::Policy;
use register::import::{self, Format, Remark};

use crate::app::App;
use crate::failure::Failure;
use crate::principal::Request;

/// Policies entered at once.
const SIDE_BY_SIDE: usize = 128;

/// What an import did.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Policies entered.
    pub entered: usize,
    /// Rows whose policy was entered before; nothing was changed.
    pub known: usize,
    /// What is wrong with rows that were not entered.
    pub refused: Vec<Remark>,
    /// What should be looked at in rows that were.
    pub warnings: Vec<Remark>,
}

impl App {
    /// Policies of the vehicle with that plate, the latest first.
    pub(crate) async fn policies_by_plate(&self, plate_hash: &KeyedHash) -> Result<Vec<PolicyRow>, Failure> {
        let query = Query::of(&POLICIES, "by_plate", 20).equal(plate_hash.as_str()).descending();
        let rows = self.ports().views.page(query).await?;
        Ok(rows.iter().map(|row| PolicyRow::read(&POLICIES, row)).collect::<Result<_, _>>()?)
    }

    /// Enters the policies of a file; every row that is refused is reported, the others go on.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn import_policies(
        &self,
        request: &Request,
        bytes: &[u8],
        format: Format,
    ) -> Result<ImportReport, Failure> {
        let zone = &self.tables().zone;
        let read =
            import::import(bytes, format, zone).map_err(|problem| Failure::refused(problem.to_string()))?;
        let mut report =
            ImportReport { refused: read.refused, warnings: read.warnings, ..ImportReport::default() };
        // Side by side, so that many share a commit. A file names a policy once, so their order is nobody's matter.
        let rows: Vec<_> =
            read.rows.iter().map(|accepted| self.enter_policy(request, &accepted.row).boxed()).collect();
        let mut entered = futures::stream::iter(rows).buffer_unordered(SIDE_BY_SIDE);
        while let Some(new) = entered.try_next().await? {
            if new {
                report.entered += 1;
            } else {
                report.known += 1;
            }
        }
        Ok(report)
    }

    /// Enters a policy; whether it was not known.
    async fn enter_policy(&self, request: &Request, row: &import::PolicyRow) -> Result<bool, Failure> {
        let policy = &row.number;
        let content = register::Content::seal(self.vault(), &subject_of_policy(policy)?, row)?;
        self.run::<Policy, _, _>(request, policy, None, |loaded| {
            let new = loaded.state.id().is_none();
            let command = register::Command::Register { policy: policy.clone(), content: content.clone() };
            Ok((if new { vec![command] } else { vec![] }, new))
        })
        .await
    }
}

fn subject_of_policy(policy: &PolicyId) -> Result<SubjectId, Failure> {
    let text = format!("policy-{policy}");
    text.parse().map_err(|_| Failure::refused("register.refused.number-too-long"))
}
