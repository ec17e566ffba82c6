//! Why a store could not be opened.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a store could not be opened: one line for the operator. What was on disk is as before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no such folder.
    #[error("data folder {} does not exist; make it, or name another one", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// A file or folder may not be read or written.
    #[error("{} may not be read and written by this user", path.display())]
    Forbidden {
        /// The file or folder.
        path: PathBuf,
    },
    /// Another process works on the folder.
    #[error("data folder {} is in use by process {process}; one process at a time may serve it", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
        /// The number of that process.
        process: String,
    },
    /// The database is damaged.
    #[error("{} is damaged ({problem}); restore it from a backup", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What the database says.
        problem: String,
    },
    /// The file is something else.
    #[error("{} is not a database of this product; move it away or name another folder", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer release wrote it.
    #[error("{} was written by a newer release (form {found}, this one reads {known}); run that release", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The form found.
        found: i32,
        /// The newest form that this release reads.
        known: i32,
    },
    /// No space is left.
    #[error("no space is left on the disk of {}; make room and start again", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The master key is missing, malformed or not the right one.
    #[error("master key: {problem}; personal data cannot be opened without the right one")]
    MasterKey {
        /// What is wrong with it.
        problem: String,
    },
    /// There is no journal in the folder.
    #[error("data folder {} holds no journal; name the right one with --data", folder.display())]
    NoJournal {
        /// The folder.
        folder: PathBuf,
    },
    /// A copy into the folder has not come to its end.
    #[error("data folder {} is not whole: run the restore or move into it again, which goes on where it stopped", folder.display())]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// The store lives elsewhere now.
    #[error("what was in data folder {} was moved to {to}; use it there", folder.display())]
    Moved {
        /// The folder.
        folder: PathBuf,
        /// Where it went, without secrets.
        to: String,
    },
    /// Journal and vault are not those of one store.
    #[error("{} does not belong to the journal beside it, or one of the two is missing; restore both from one backup", path.display())]
    Parted {
        /// The vault.
        path: PathBuf,
    },
    /// The database server does not answer.
    #[error("{database} cannot be reached ({problem}); start the server, or name another one")]
    Unreachable {
        /// The database, without a password.
        database: String,
        /// What was heard.
        problem: String,
    },
    /// The server does not let us in, or not do what is needed.
    #[error(
        "{database} refuses us ({problem}); check user, password and rights: the user must own the database"
    )]
    Denied {
        /// The database, without a password.
        database: String,
        /// What the server says.
        problem: String,
    },
    /// No encrypted connection that can be trusted.
    #[error(
        "{database} gives no encrypted connection that can be trusted ({problem}); name the root of its certificate by sslrootcert=/path/roots.pem in the URL and the server as its certificate names it; a server without a certificate needs ssl = on"
    )]
    Untrusted {
        /// The database, without a password.
        database: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The server has no rule that lets an open connection in.
    #[error(
        "{database} does not let us in without encryption ({problem}); write sslmode=verify-full in the URL, or have pg_hba.conf let us in"
    )]
    Unencrypted {
        /// The database, without a password.
        database: String,
        /// What the server says.
        problem: String,
    },
    /// The server has no such database.
    #[error("{database}: the server has no database {name}; make it with `createdb {name}`, or name another")]
    NoDatabase {
        /// The database, without a password.
        database: String,
        /// Its name.
        name: String,
    },
    /// The server is too old.
    #[error("{database} is served by PostgreSQL {version}; version 15 or newer is needed")]
    OldServer {
        /// The database, without a password.
        database: String,
        /// What the server calls itself.
        version: String,
    },
    /// The database holds the tables of something else.
    #[error("{database} holds tables of another product; make a database for this one alone")]
    ForeignDatabase {
        /// The database, without a password.
        database: String,
    },
    /// Anything else that the database or the system says.
    #[error("{} cannot be opened: {problem}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        problem: String,
    },
}

impl OpenError {
    pub(crate) fn of_database(path: &Path, error: &rusqlite::Error) -> OpenError {
        let (path, problem) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => OpenError::Corrupt { path, problem },
            Some(ErrorCode::NotADatabase) => OpenError::Foreign { path },
            Some(ErrorCode::DiskFull) => OpenError::Full { path },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                OpenError::Forbidden { path }
            }
            _ => OpenError::Database { path, problem },
        }
    }

    pub(crate) fn of_file(path: &Path, error: &io::Error) -> OpenError {
        let (path, problem) = (path.to_owned(), error.to_string());
        match error.kind() {
            ErrorKind::NotFound => OpenError::Missing { folder: path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => OpenError::Forbidden { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                OpenError::Full { path }
            }
            _ => OpenError::Database { path, problem },
        }
    }
}
