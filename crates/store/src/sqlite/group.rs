//! What is asked of the writer, and how what waits is gathered into one commit.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use journal::{AppendError, Appended, Unavailable};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::rebuild::Made;
use crate::admit::Prepared;

/// At most so many appends and changes share a commit.
const GROUP_MAX: usize = 512;
/// Longest wait for others to join a commit.
const GATHERING_MAX: Duration = Duration::from_millis(1);

/// What the writer is asked.
pub(super) enum Work {
    /// Add facts.
    Append(Box<Prepared>, oneshot::Sender<Result<Appended, AppendError>>),
    /// Write something else in the same commit as others; an error undoes the whole commit.
    Change(Change, Answer),
    /// Let a table in the making serve: what it has not heard yet is folded first.
    Serve(Box<Made>, Answer),
    /// Stop, after what was asked before.
    Close,
}

/// Writes something.
pub(super) type Change = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// Tells the outcome of a change.
pub(super) type Answer = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

/// Who is told what when the commit is on disk. Everyone waits for it, even those refused: a refusal may rest on another append of
/// the same commit.
#[derive(Default)]
pub(super) struct Outcomes(Vec<Outcome>);

enum Outcome {
    Append(oneshot::Sender<Result<Appended, AppendError>>, Result<Appended, AppendError>),
    Change(Answer),
}

impl Outcomes {
    pub(super) fn appended(
        &mut self,
        to: oneshot::Sender<Result<Appended, AppendError>>,
        result: Result<Appended, AppendError>,
    ) {
        self.0.push(Outcome::Append(to, result));
    }

    pub(super) fn changed(&mut self, answer: Answer) {
        self.0.push(Outcome::Change(answer));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Answers everyone; `done` is the outcome of the commit.
    pub(super) fn tell(self, done: &Result<(), Unavailable>) {
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
pub(super) struct Queue {
    work: Receiver<Work>,
    expected: usize,
    patience: Duration,
}

impl Queue {
    pub(super) fn new(work: Receiver<Work>) -> Queue {
        Queue { work, expected: 0, patience: Duration::ZERO }
    }

    /// The first of a group; `None` when the writer is to stop.
    pub(super) fn first(&mut self) -> Option<Work> {
        self.work.recv().ok().filter(|work| !matches!(work, Work::Close))
    }

    /// One more for a group of `taken`. `deadline` is set when the waiting begins.
    pub(super) fn next(&mut self, taken: usize, deadline: &mut Option<Instant>) -> Option<Work> {
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
    pub(super) fn committed(&mut self, took: Duration, under_way: usize) {
        self.patience = (took / 2).min(GATHERING_MAX);
        self.expected = under_way;
    }
}
