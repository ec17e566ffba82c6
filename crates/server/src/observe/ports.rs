//! The ports of the product as they are watched: every append, read and question to a partner is timed and is a span of its trace,
//! whichever backend or partner stands behind.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::ports::{
    Bank, BankAnswer, BankError, Letter, Messenger, MessengerError, PaymentInstruction, StatementLine,
};
use insight::view::{Query, Row, Value, View, Views};
use journal::{
    Append, AppendError, Appended, BoxFuture, Journal, Recorded, StoredAnswer, StreamId, Unavailable,
};
use lexicon::{Moment, PaymentId};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use tracing::field::Empty;
use tracing::{Instrument, Span, debug_span};

use super::figures::SLOW;

/// Microseconds from which on a statement is told in the log; one figure for the process, as its log is one.
static SLOW_MICROS: AtomicU64 = AtomicU64::new(200_000);

/// A reader waits no longer than this for appends under way.
const SETTLED_MAX: Duration = Duration::from_millis(20);

/// Tells of statements that take `from` or longer.
pub(crate) fn tell_slow_from(from: Duration) {
    SLOW_MICROS.store(u64::try_from(from.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// A port that is watched.
pub(crate) struct Seen<P: ?Sized>(pub(crate) Arc<P>);

/// The journal, watched.
pub(crate) struct SeenJournal {
    journal: Arc<dyn Journal>,
    /// Whether traces are kept: then whoever reads what was appended learns whose span appended it.
    traced: bool,
    under_way: UnderWay,
}

/// Appends without an answer yet, by the order in which they began.
#[derive(Default)]
struct UnderWay {
    begun: AtomicU64,
    open: Mutex<BTreeSet<u64>>,
    ended: Notify,
}

/// An append under way; it is over when this is dropped.
struct Begun<'a>(&'a UnderWay, u64);

impl UnderWay {
    fn begin(&self) -> Begun<'_> {
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        self.open().insert(number);
        Begun(self, number)
    }

    /// Waits for what began before now, but not for long: a trace is worth less than the work.
    async fn settled(&self) {
        let now = self.begun.load(Ordering::SeqCst);
        let all = async {
            loop {
                let ended = self.ended.notified();
                if self.open().first().is_none_or(|first| *first >= now) {
                    return;
                }
                ended.await;
            }
        };
        let _ = timeout(SETTLED_MAX, all).await;
    }

    fn open(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.open().remove(&self.1);
        self.0.ended.notify_waiters();
    }
}

impl SeenJournal {
    pub(crate) fn new(journal: Arc<dyn Journal>) -> SeenJournal {
        SeenJournal { journal, traced: app::trail::is_kept(), under_way: UnderWay::default() }
    }
}

impl Journal for SeenJournal {
    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, AppendError>> {
        let entries: usize = append.writes.iter().map(|write| write.events.len()).sum();
        let span =
            debug_span!("append", rows = entries as u64, first = Empty, position = Empty, failed = Empty);
        Box::pin(async move {
            let _begun = self.traced.then(|| self.under_way.begin());
            let appended =
                read("append", "", self.journal.append(append), |_| entries).instrument(span.clone()).await;
            match &appended {
                Ok(Appended::Recorded { position }) => {
                    span.record("first", (position + 1).saturating_sub(entries as u64));
                    span.record("position", *position);
                }
                Ok(Appended::Replayed { .. }) => {}
                Err(AppendError::Unavailable(_)) => drop(span.record("failed", "unavailable")),
                Err(_) => drop(span.record("failed", "conflict")),
            }
            appended
        })
    }

    fn stream<'a>(
        &'a self,
        stream: &'a StreamId,
        version: u64,
    ) -> BoxFuture<'a, Result<Vec<Recorded>, Unavailable>> {
        let view = stream.category();
        Box::pin(statement("stream", view, self.journal.stream(stream, version), |entries| entries.len()))
    }

    fn read(&self, position: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
        Box::pin(async move {
            let read =
                statement("journal", "", self.journal.read(position, limit), |entries| entries.len()).await;
            if self.traced {
                self.under_way.settled().await;
            }
            read
        })
    }

    fn answer<'a>(
        &'a self,
        scope: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, Unavailable>> {
        Box::pin(statement("answer", "", self.journal.answer(scope, key), |answer| {
            usize::from(answer.is_some())
        }))
    }

    fn head(&self) -> watch::Receiver<u64> {
        self.journal.head()
    }
}

impl Views for Seen<dyn Views> {
    fn get<'a>(
        &'a self,
        view: &'static View,
        key: Vec<Value>,
    ) -> BoxFuture<'a, Result<Option<Row>, Unavailable>> {
        Box::pin(statement("row", view.name, self.0.get(view, key), |row| usize::from(row.is_some())))
    }

    fn page(&self, query: Query) -> BoxFuture<'_, Result<Vec<Row>, Unavailable>> {
        let view = query.view.name;
        Box::pin(statement("page", view, self.0.page(query), Vec::len))
    }

    fn count(&self, query: Query) -> BoxFuture<'_, Result<u64, Unavailable>> {
        let view = query.view.name;
        Box::pin(statement("count", view, self.0.count(query), |_| 1))
    }
}

impl Bank for Seen<dyn Bank> {
    fn pay(&self, instruction: PaymentInstruction) -> BoxFuture<'_, Result<BankAnswer, BankError>> {
        let (claim, payment) = (&instruction.claim, &instruction.reference);
        let span = debug_span!("bank.pay", kind = "client", %claim, %payment, answer = Empty, failed = Empty);
        let answer = self.0.pay(instruction);
        Box::pin(async move { told(&span, answer.instrument(span.clone()).await) })
    }

    fn find<'a>(&'a self, reference: &'a PaymentId) -> BoxFuture<'a, Result<BankAnswer, BankError>> {
        let span =
            debug_span!("bank.find", kind = "client", payment = %reference, answer = Empty, failed = Empty);
        Box::pin(async move { told(&span, self.0.find(reference).instrument(span.clone()).await) })
    }

    fn statement(&self, since: Moment) -> BoxFuture<'_, Result<Vec<StatementLine>, BankError>> {
        Box::pin(self.0.statement(since).instrument(debug_span!("bank.statement", kind = "client")))
    }
}

impl Messenger for Seen<dyn Messenger> {
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), MessengerError>> {
        let span = debug_span!("message.send", kind = "client", failed = Empty);
        Box::pin(async move {
            let sent = self.0.send(letter).instrument(span.clone()).await;
            if sent.is_err() {
                span.record("failed", "unavailable");
            }
            sent
        })
    }
}

/// Puts what the bank said into its span.
fn told(span: &Span, answer: Result<BankAnswer, BankError>) -> Result<BankAnswer, BankError> {
    match &answer {
        Ok(BankAnswer::Paid { .. }) => span.record("answer", "paid"),
        Ok(BankAnswer::Rejected { .. }) => span.record("answer", "rejected"),
        Ok(BankAnswer::Pending) => span.record("answer", "pending"),
        Ok(BankAnswer::Unknown) => span.record("answer", "unknown"),
        Err(_) => span.record("failed", "unavailable"),
    };
    answer
}

/// A read in a span of its own.
async fn statement<T>(
    statement: &'static str,
    view: &str,
    work: impl Future<Output = Result<T, Unavailable>>,
    rows: impl FnOnce(&T) -> usize,
) -> Result<T, Unavailable> {
    let span = debug_span!("read", statement, view);
    read(statement, view, work, rows).instrument(span).await
}

/// Times `work`, and says so in the log where it took long: which statement, of which view, how long, how many rows.
async fn read<T, E>(
    statement: &'static str,
    view: &str,
    work: impl Future<Output = Result<T, E>>,
    rows: impl FnOnce(&T) -> usize,
) -> Result<T, E> {
    let began = Instant::now();
    let done = work.await;
    let took = began.elapsed();
    metrics::histogram!("anpei_store_statement_seconds", "statement" => statement).record(took.as_secs_f64());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if micros >= SLOW_MICROS.load(Ordering::Relaxed) {
        metrics::counter!(SLOW, "what" => "statement").increment(1);
        let rows = done.as_ref().map_or(0, rows);
        let milliseconds = micros / 1_000;
        tracing::warn!(target: "slow", statement, view, rows, milliseconds, "a statement took long");
    }
    done
}
