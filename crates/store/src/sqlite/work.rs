//! What is asked of the writer.

use journal::{AppendError, Appended};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::rebuild::Made;
use crate::admit::Prepared;
use crate::group::Answer;

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
