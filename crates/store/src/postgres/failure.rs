//! Why a database could not be opened, until it is said which.

use std::error::Error as _;
use std::path::PathBuf;

use journal::Unavailable;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::link::told;
use super::url::{DatabaseUrl, Tls};
use crate::OpenError;

/// What went wrong; the database is named when it is told.
pub(crate) enum Failure {
    /// The server or the way to it.
    Server(Error),
    /// The server is older than those we know.
    Old {
        /// What it calls itself.
        version: String,
    },
    /// The database holds something else.
    Foreign,
    /// A newer release took away what this one needs.
    Newer {
        /// The step found.
        found: i32,
        /// The last that this release knows.
        known: i32,
    },
    /// A step was taken in another wording.
    Altered {
        /// Its name.
        name: &'static str,
    },
    /// Keys and journal are those of two stores.
    Parted,
    /// Anything else.
    Other(String),
    /// Said already.
    Told(OpenError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Server(error)
    }
}

impl From<Unavailable> for Failure {
    fn from(Unavailable(problem): Unavailable) -> Failure {
        Failure::Other(problem)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        Failure::Told(error)
    }
}

impl Failure {
    /// The same of `url`.
    pub(crate) fn of(self, url: &DatabaseUrl) -> OpenError {
        let (path, database) = (PathBuf::from(url.to_string()), url.to_string());
        match self {
            Failure::Server(error) => {
                let problem = told(&error);
                match error.code() {
                    // The word of the file stands in what it says in every language.
                    Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
                        if url.tls == Tls::Off && problem.contains("pg_hba.conf") =>
                    {
                        OpenError::Unencrypted { database, problem }
                    }
                    None if is_of_encryption(&error) => OpenError::Untrusted { database, problem },
                    Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
                        OpenError::Denied { database, problem }
                    }
                    Some(&SqlState::INSUFFICIENT_PRIVILEGE) => OpenError::Denied { database, problem },
                    Some(&SqlState::INVALID_CATALOG_NAME) => {
                        OpenError::NoDatabase { database, name: url.name().to_owned() }
                    }
                    // The server asks for a password that the URL does not have.
                    None if problem.contains("password") => OpenError::Denied { database, problem },
                    Some(&SqlState::CANNOT_CONNECT_NOW) | None => {
                        OpenError::Unreachable { database, problem }
                    }
                    Some(_) => OpenError::Database { path, problem },
                }
            }
            Failure::Old { version } => OpenError::OldServer { database, version },
            Failure::Foreign => OpenError::ForeignDatabase { database },
            Failure::Newer { found, known } => OpenError::Newer { path, found, known },
            Failure::Altered { name } => {
                let problem = format!("step {name} of the schema was taken in another wording");
                OpenError::Database { path, problem }
            }
            Failure::Parted => OpenError::Parted { path },
            Failure::Other(problem) => OpenError::Database { path, problem },
            Failure::Told(error) => error,
        }
    }
}

/// Whether the two could not agree on how to encrypt: that failure alone has words of its own, and no code.
fn is_of_encryption(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        source = cause.source();
    }
    error.to_string().starts_with("error performing TLS handshake")
}
