//! Regular rounds: payments without the bank's last word, messages to be tried again, clocks, ended sessions.

use std::time::Duration;

use claim::{Ask, Claims};
use insight::view::{Query, Value};
use insight::{MESSAGES, MONEY, MessageRow, MoneyRow, TASKS, TaskRow};
use lexicon::{ClaimId, Moment};
use tokio::sync::watch;

use crate::app::App;
use crate::failure::Failure;
use crate::principal::Request;

/// How often a round is made.
const EVERY: Duration = Duration::from_secs(1);
/// Rows looked at in one round.
const ROWS: usize = 200;
/// A payment is asked about again after this, twice as long after each attempt.
const ASK_AGAIN_SECONDS: i64 = 2;
/// And at the latest after this.
const ASK_AGAIN_SECONDS_MAX: i64 = 600;

/// Makes rounds until it is told to stop.
pub struct Rounds {
    app: App,
}

impl Rounds {
    /// Rounds of `app`.
    pub fn new(app: App) -> Rounds {
        Rounds { app }
    }

    /// Works until `stop` says so.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(failure) = self.once().await {
                tracing::warn!(%failure, "a round was not finished");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// One round.
    pub async fn once(&self) -> Result<(), Failure> {
        let now = self.app.now();
        self.ask_about_payments(now).await?;
        self.send_messages(now).await?;
        self.escalate(now).await?;
        self.app.sweep_sessions(now).await
    }

    async fn ask_about_payments(&self, now: Moment) -> Result<(), Failure> {
        for status in ["sent", "ordered"] {
            let query = Query::of(&MONEY, "by_status", ROWS)
                .equal(status)
                .between(Value::Integer(0), now.plus_seconds(-ASK_AGAIN_SECONDS));
            for row in self.app.ports().views.page(query).await? {
                let row = MoneyRow::read(&MONEY, &row)?;
                let wait =
                    ASK_AGAIN_SECONDS.saturating_mul(1 << row.attempts.min(16)).min(ASK_AGAIN_SECONDS_MAX);
                if now.seconds_since(row.changed_at) < wait {
                    continue;
                }
                if let (Ok(claim), Ok(payment)) = (row.claim.parse(), row.item.parse()) {
                    self.app.pay(&claim, &payment).await?;
                }
            }
        }
        Ok(())
    }

    async fn send_messages(&self, now: Moment) -> Result<(), Failure> {
        let query = Query::of(&MESSAGES, "by_due", ROWS).between(Value::Integer(0), now);
        for row in self.app.ports().views.page(query).await? {
            if let Ok(claim) = MessageRow::read(&MESSAGES, &row)?.claim.parse::<ClaimId>() {
                self.app.send_due(&claim).await?;
            }
        }
        Ok(())
    }

    async fn escalate(&self, now: Moment) -> Result<(), Failure> {
        let query = Query::of(&TASKS, "by_alarm", ROWS).equal(1).between(Value::Integer(0), now);
        let rows = self.app.ports().views.page(query).await?;
        let request = Request::system();
        for row in rows {
            let Ok(claim) = TaskRow::read(&TASKS, &row)?.claim.parse::<ClaimId>() else { continue };
            self.app
                .run::<Claims, _, _>(&request, &claim, None, |_| {
                    Ok((vec![self.app.command(&request, Ask::Escalate)], ()))
                })
                .await?;
        }
        Ok(())
    }
}
