//! Regular rounds: payments without the bank's last word, messages to be tried again, clocks, ended sessions. Of several processes the
//! one that holds the lease makes them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use claim::{Ask, Claims};
use insight::view::{Query, Value};
use insight::{MESSAGES, MONEY, MessageRow, MoneyRow, TASKS, TaskRow};
use lexicon::{ClaimId, Moment, PaymentId};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::lease::{Held, hold, nobody_else};
use crate::app::App;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::Request;

/// How often a round is made.
const EVERY: Duration = Duration::from_secs(1);
/// Name of the lease.
const LEASE: &str = "clocks";
/// Rows read at once.
const ROWS: usize = 200;
/// Questions to the bank under way at once.
const SIDE_BY_SIDE: usize = 32;
/// A payment is asked about again after this, twice as long after each question.
const ASK_AGAIN_SECONDS: i64 = 2;
/// And at the latest after this.
const ASK_AGAIN_SECONDS_MAX: i64 = 600;

/// Makes rounds until it is told to stop.
pub struct Rounds {
    app: App,
    node: String,
    asked: Mutex<HashMap<PaymentId, Asked>>,
}

/// Under which lease a round is made; `None`: under none.
#[derive(Clone)]
struct Turn(Option<Arc<Held>>);

impl Turn {
    fn stands(&self) -> bool {
        self.0.as_ref().is_none_or(|held| held.stands())
    }

    async fn is_confirmed(&self) -> bool {
        match &self.0 {
            Some(held) => held.is_confirmed().await,
            None => true,
        }
    }
}

/// How often the bank was asked about a payment, and when it was asked last. Forgotten at a restart: then it is asked at once.
#[derive(Clone, Copy, Debug)]
struct Asked {
    times: u32,
    at: Moment,
}

impl Rounds {
    /// Rounds of `app`.
    pub fn new(app: App) -> Rounds {
        let node = nobody_else(&*app.ports().chance);
        Rounds { app, node, asked: Mutex::default() }
    }

    /// The name under which this process holds the lease; no other process has it.
    pub fn named(self, node: &str) -> Rounds {
        Rounds { node: node.to_owned(), ..self }
    }

    /// Makes rounds whenever it is this process's turn, until `stop` says so.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        hold(&self.app.ports().leases, LEASE, &self.node, stop, |held| self.work(held)).await;
    }

    async fn work(&self, held: Arc<Held>) {
        let _turn = self.app.signs().turn(LEASE, self.app.now());
        loop {
            if let Err(failure) = self.round(Turn(Some(held.clone()))).await {
                tracing::warn!(%failure, "a round was not finished");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// One round, whoever's turn it is: for a process that is alone.
    pub async fn once(&self) -> Result<(), Failure> {
        self.round(Turn(None)).await
    }

    #[tracing::instrument(level = "debug", skip_all)]
    async fn round(&self, turn: Turn) -> Result<(), Failure> {
        let now = self.app.now();
        // A bank that does not answer keeps nobody else waiting.
        let (payments, messages, clocks) = tokio::join!(
            self.ask_about_payments(&turn, now),
            self.send_messages(&turn, now),
            self.escalate(&turn, now)
        );
        self.app.sweep_sessions(now).await?;
        payments.and(messages).and(clocks)?;
        self.app.signs().round_done(self.app.now());
        Ok(())
    }

    async fn ask_about_payments(&self, turn: &Turn, now: Moment) -> Result<(), Failure> {
        #[cfg(feature = "mutants")]
        if at_work(Mutant::NobodyAsksTheBank) {
            return Ok(());
        }
        let mut open = HashMap::new();
        let mut asking = JoinSet::new();
        let mut problem = None;
        for row in self.open_payments(now).await? {
            let (Ok(claim), Ok(payment)) = (row.claim.parse::<ClaimId>(), row.item.parse::<PaymentId>())
            else {
                continue;
            };
            let mut asked = lock(&self.asked).get(&payment).copied();
            let times = asked.map_or(0, |asked| asked.times);
            let wait = ASK_AGAIN_SECONDS.saturating_mul(1 << times.min(16)).min(ASK_AGAIN_SECONDS_MAX);
            if now.seconds_since(asked.map_or(row.changed_at, |asked| asked.at)) >= wait {
                asked = Some(Asked { times: times + 1, at: now });
                if asking.len() >= SIDE_BY_SIDE {
                    problem = problem.or(failed(asking.join_next().await));
                }
                let (app, payment, turn) = (self.app.clone(), payment.clone(), turn.clone());
                asking.spawn(async move {
                    if turn.is_confirmed().await { app.pay(&claim, &payment).await } else { Ok(()) }
                });
            }
            if let Some(asked) = asked {
                open.insert(payment, asked);
            }
        }
        while let Some(done) = asking.join_next().await {
            problem = problem.or(failed(Some(done)));
        }
        *lock(&self.asked) = open;
        problem.map_or(Ok(()), Err)
    }

    /// Payments without the bank's last word, those that rest longest first.
    async fn open_payments(&self, now: Moment) -> Result<Vec<MoneyRow>, Failure> {
        let mut found = vec![];
        for status in ["sent", "ordered"] {
            let until = now.plus_seconds(-ASK_AGAIN_SECONDS);
            let mut query =
                Query::of(&MONEY, "by_status", ROWS).equal(status).between(Value::Integer(0), until);
            loop {
                let rows = self.app.ports().views.page(query.clone()).await?;
                for row in &rows {
                    found.push(MoneyRow::read(&MONEY, row)?);
                }
                let Some(last) = rows.last().filter(|_| rows.len() == ROWS) else { break };
                let place = query.place(last);
                query = query.after(Some(place));
            }
        }
        Ok(found)
    }

    async fn send_messages(&self, turn: &Turn, now: Moment) -> Result<(), Failure> {
        let query = Query::of(&MESSAGES, "by_due", ROWS).between(Value::Integer(0), now);
        for row in self.app.ports().views.page(query).await? {
            if !turn.stands() {
                break;
            }
            if let Ok(claim) = MessageRow::read(&MESSAGES, &row)?.claim.parse::<ClaimId>() {
                self.app.send_due(&claim).await?;
            }
        }
        Ok(())
    }

    async fn escalate(&self, turn: &Turn, now: Moment) -> Result<(), Failure> {
        #[cfg(feature = "mutants")]
        if at_work(Mutant::NoEscalation) {
            return Ok(());
        }
        let query = Query::of(&TASKS, "by_alarm", ROWS).equal(1).between(Value::Integer(0), now);
        let rows = self.app.ports().views.page(query).await?;
        let request = Request::system();
        for row in rows {
            if !turn.stands() {
                break;
            }
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

/// Why a question was not asked, if it was not.
fn failed(done: Option<Result<Result<(), Failure>, JoinError>>) -> Option<Failure> {
    match done? {
        Ok(result) => result.err(),
        Err(problem) => Some(Failure::Unavailable(problem.to_string())),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
