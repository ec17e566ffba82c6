//! What was done to the files of a folder, in order, and when the disk is to fail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

/// A change to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there, empty unless it was before.
    Create,
    /// Bytes were written.
    Write {
        /// Where they begin.
        offset: u64,
        /// What was written.
        bytes: Vec<u8>,
    },
    /// It was made shorter or longer.
    Truncate {
        /// How long it is then.
        length: u64,
    },
    /// Everything up to here is on disk.
    Sync,
    /// The system said that it could not: what was written since the last time may be on disk or not, and no later sync makes
    /// it so, as Linux forgets what it failed to write.
    SyncFailed,
    /// It is gone.
    Delete {
        /// Whether its folder was synced as well.
        durable: bool,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A file of that name was changed.
    Changed(String, Change),
    /// Whoever drives the store noted something.
    Noted(u64),
}

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No room for what is to be written (ENOSPC).
    Full,
    /// Room for half of it.
    HalfFull,
    /// It cannot be written (EIO).
    Write,
    /// What was written cannot be made durable (EIO).
    Sync,
}

impl Fault {
    /// Every way to fail.
    pub const ALL: [Fault; 4] = [Fault::Full, Fault::HalfFull, Fault::Write, Fault::Sync];
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// The next time it works again.
    Once,
    /// Until somebody mends it.
    UntilMended,
}

/// What the disk says to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    Fail(i32),
    /// So many bytes, then this error.
    Part(usize, i32),
}

/// A tape that runs along with a folder.
#[derive(Default)]
pub struct Tape(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    steps: Vec<Step>,
    plan: Option<Plan>,
}

struct Plan {
    fault: Fault,
    lasting: Lasting,
    /// So many wishes of its kind are still granted.
    granted: u64,
    struck: bool,
}

impl Tape {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.inner().steps.len()
    }

    /// Notes something between two changes, such as that an append was acknowledged.
    pub fn note(&self, note: u64) {
        self.inner().steps.push(Step::Noted(note));
    }

    /// Lets the disk fail after `granted` more wishes of the kind that `fault` is about.
    pub fn fail(&self, fault: Fault, lasting: Lasting, granted: u64) {
        self.inner().plan = Some(Plan { fault, lasting, granted, struck: false });
    }

    /// Mends the disk; says whether it had failed at all.
    pub fn mend(&self) -> bool {
        self.inner().plan.take().is_some_and(|plan| plan.struck)
    }

    /// Whether the disk has failed since it was last told to.
    pub fn struck(&self) -> bool {
        self.inner().plan.as_ref().is_some_and(|plan| plan.struck)
    }

    pub(super) fn changed(&self, name: &str, change: Change) {
        self.inner().steps.push(Step::Changed(name.to_owned(), change));
    }

    pub(super) fn asked_to_write(&self, length: usize) -> Verdict {
        match self.strikes(|fault| fault != Fault::Sync) {
            None | Some(Fault::Sync) => Verdict::Pass,
            Some(Fault::Full) => Verdict::Fail(ffi::SQLITE_FULL),
            Some(Fault::HalfFull) => Verdict::Part(length / 2, ffi::SQLITE_FULL),
            Some(Fault::Write) => Verdict::Fail(ffi::SQLITE_IOERR_WRITE),
        }
    }

    pub(super) fn asked_to_sync(&self) -> Verdict {
        match self.strikes(|fault| fault == Fault::Sync) {
            None => Verdict::Pass,
            Some(_) => Verdict::Fail(ffi::SQLITE_IOERR_FSYNC),
        }
    }

    fn strikes(&self, concerned: impl Fn(Fault) -> bool) -> Option<Fault> {
        let mut inner = self.inner();
        let plan = inner.plan.as_mut().filter(|plan| concerned(plan.fault))?;
        if plan.granted > 0 {
            plan.granted -= 1;
            return None;
        }
        if plan.struck && plan.lasting == Lasting::Once {
            return None;
        }
        plan.struck = true;
        Some(plan.fault)
    }

    /// Looks at the first `count` steps.
    pub(super) fn with_first<T>(&self, count: usize, look: impl FnOnce(&[Step]) -> T) -> T {
        let inner = self.inner();
        look(&inner.steps[..count.min(inner.steps.len())])
    }

    /// What was noted within the first `count` steps.
    pub fn noted(&self, count: usize) -> Vec<u64> {
        self.with_first(count, |steps| {
            let notes = steps.iter().filter_map(|step| match step {
                Step::Noted(note) => Some(*note),
                Step::Changed(..) => None,
            });
            notes.collect()
        })
    }
}
