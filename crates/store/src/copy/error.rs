//! Why a copy was not made.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use journal::Unavailable;

use crate::OpenError;

/// Why a copy was not made: one line for the operator. What was there before is as it was, and the same command may be run again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// A store at one of its ends cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store at one of its ends cannot serve.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// No space is left.
    #[error("no space is left on the disk of {}; make room and run the same command again", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        problem: String,
    },
    /// There is no backup.
    #[error("{} holds no backup; name the folder that `anpei backup` wrote", path.display())]
    NoBackup {
        /// The folder.
        path: PathBuf,
    },
    /// A part of a backup is not as it was written.
    #[error("{} is damaged ({problem}); take another copy of this backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A newer release wrote it.
    #[error("{} was written by a newer release; run that release", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The target holds something else.
    #[error("{} is not empty; name a new place", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// An earlier run came to its end.
    #[error("the copy in {} is whole already; nothing is left to do", path.display())]
    Whole {
        /// The journal or database.
        path: PathBuf,
    },
    /// The two do not belong together.
    #[error("{} belongs to another store; name the right one, or a new place", path.display())]
    OtherStore {
        /// The folder or file.
        path: PathBuf,
    },
    /// The target was copied from the same store, which has gone another way since, as after a restore.
    #[error(
        "{} holds entries up to {position} that this store does not have; keep it, and name a new place",
        path.display()
    )]
    OtherHistory {
        /// The folder or database.
        path: PathBuf,
        /// The last position that the target holds.
        position: u64,
    },
    /// What is to be copied does not continue what is there.
    #[error("entry {position} does not continue the journal before it: {problem}")]
    Broken {
        /// Its position.
        position: u64,
        /// What does not fit.
        problem: &'static str,
    },
    /// There is nothing up to there.
    #[error("nothing was recorded up to that point; the first entry is later")]
    NothingLeft,
    /// The copy is behind its beginning: it never came so far.
    #[error("the backup ends at position {head}; it does not reach {asked}")]
    Beyond {
        /// The last position in it.
        head: u64,
        /// The position asked for.
        asked: u64,
    },
    /// A file that a copy needs is lost.
    #[error("file {id} is lost ({problem}); bring it back from another copy, and run this again")]
    LostFile {
        /// Its address.
        id: String,
        /// What is wrong.
        problem: String,
    },
}

impl CopyError {
    pub(crate) fn file(path: &Path, error: &io::Error) -> CopyError {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                CopyError::Full { path }
            }
            _ => CopyError::File { path, problem: error.to_string() },
        }
    }

    pub(crate) fn database(path: &Path, error: &rusqlite::Error) -> CopyError {
        match OpenError::of_database(path, error) {
            OpenError::Full { path } => CopyError::Full { path },
            OpenError::Database { path, problem } => CopyError::File { path, problem },
            error => CopyError::Open(error),
        }
    }
}
