//! What becomes of a commit that got no answer.

use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use journal::{Recorded, Unavailable};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity};

use super::link::{Link, Purpose, told, unavailable};
use super::writer::{Failed, Writer};
use super::{commit, ground};

/// How long to wait before the server is asked again.
const PAUSE: Duration = Duration::from_millis(200);

impl Writer {
    /// After a commit that failed with `error`: whether it was made all the same. The answer to a commit can be lost with the
    /// connection, so whoever asked is told nothing before the journal has been looked at again, under the lock: the lock is
    /// free once the server is done with what we sent.
    pub(super) fn recorded_all_the_same(
        &mut self,
        link: &Link,
        error: &Error,
        last: Option<&Recorded>,
    ) -> Result<bool, Failed> {
        // An error of a statement undoes the transaction; one that ends the connection may hide that it was committed.
        let severity = error.as_db_error().and_then(DbError::parsed_severity);
        let Some(last) = last.filter(|_| link.is_closed() || severity != Some(Severity::Error)) else {
            return Ok(false);
        };
        tracing::warn!(problem = told(error), "a commit got no answer; looking whether it was made");
        loop {
            match block_on(self.look(last)) {
                Ok(recorded) => return Ok(recorded),
                Err(problem) => {
                    tracing::warn!(%problem, "the database does not say whether a commit was made")
                }
            }
            if self.refuse_waiting() || self.shared.stopping() {
                return Err(Failed::Closing);
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether `last` stands in the journal.
    async fn look(&self, last: &Recorded) -> Result<bool, Unavailable> {
        let look = async {
            let link = self.shared.connector.link(Purpose::Write).await?;
            link.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
            link.query(ground::LOCK, &[]).await?;
            commit::stands(&link, last).await
        };
        look.await.map_err(unavailable)
    }
}
