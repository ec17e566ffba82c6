//! How what waits for a writer is gathered into one commit, and who is told what when it is on disk.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use journal::{AppendError, Appended, Unavailable};
use tokio::sync::oneshot;

/// At most so many appends and changes share a commit.
const GROUP_MAX: usize = 512;
/// Longest wait for others to join a commit.
const GATHERING_MAX: Duration = Duration::from_millis(1);

/// Tells the outcome of a change.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

/// Who is told what when the commit is on disk. Everyone waits for it, even those refused: a refusal may rest on another append of
/// the same commit.
#[derive(Default)]
pub(crate) struct Outcomes(Vec<Outcome>);

enum Outcome {
    Append(oneshot::Sender<Result<Appended, AppendError>>, Result<Appended, AppendError>),
    Change(Answer),
}

impl Outcomes {
    pub(crate) fn appended(
        &mut self,
        to: oneshot::Sender<Result<Appended, AppendError>>,
        result: Result<Appended, AppendError>,
    ) {
        self.0.push(Outcome::Append(to, result));
    }

    pub(crate) fn changed(&mut self, answer: Answer) {
        self.0.push(Outcome::Change(answer));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Answers everyone; `done` is the outcome of the commit.
    pub(crate) fn tell(self, done: &Result<(), Unavailable>) {
        for outcome in self.0 {
            match outcome {
                // Whoever asked may be gone; what was recorded stays.
                Outcome::Append(to, result) => {
                    let _ = to.send(done.clone().map_err(AppendError::from).and(result));
                }
                Outcome::Change(answer) => answer(done.clone()),
            }
        }
    }
}

/// The queue, read in groups.
///
/// Callers who were answered a moment ago often ask again at once. As a commit takes far longer than a row, it is worth waiting
/// a fraction of a commit for as many as were under way when the last one ended; a lone caller is never made to wait.
pub(crate) struct Queue<W> {
    work: Receiver<W>,
    expected: usize,
    patience: Duration,
}

impl<W> Queue<W> {
    pub(crate) fn new(work: Receiver<W>) -> Queue<W> {
        Queue { work, expected: 0, patience: Duration::ZERO }
    }

    /// The first of a group; `None` when nobody can ask any more.
    pub(crate) fn first(&mut self) -> Option<W> {
        self.work.recv().ok()
    }

    /// One that waits already.
    pub(crate) fn waiting(&mut self) -> Option<W> {
        self.work.try_recv().ok()
    }

    /// One more for a group of `taken`. `deadline` is set when the waiting begins.
    pub(crate) fn next(&mut self, taken: usize, deadline: &mut Option<Instant>) -> Option<W> {
        if taken >= GROUP_MAX {
            return None;
        }
        if let Ok(work) = self.work.try_recv() {
            return Some(work);
        }
        if taken >= self.expected {
            return None;
        }
        let now = Instant::now();
        let deadline = *deadline.get_or_insert(now + self.patience);
        self.work.recv_timeout(deadline.saturating_duration_since(now)).ok()
    }

    /// A commit took `took`, and `under_way` appends were not answered yet at its end.
    pub(crate) fn committed(&mut self, took: Duration, under_way: usize) {
        metrics::histogram!("anpei_store_commit_seconds").record(took.as_secs_f64());
        self.patience = (took / 2).min(GATHERING_MAX);
        self.expected = under_way;
    }
}

/// Counts one append while it lives.
pub(crate) struct UnderWay<'a>(&'a AtomicUsize);

impl UnderWay<'_> {
    pub(crate) fn new(counter: &AtomicUsize) -> UnderWay<'_> {
        counter.fetch_add(1, Ordering::Relaxed);
        UnderWay(counter)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
