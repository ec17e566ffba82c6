//! Keeps what must not be lost: the journal, its views, sessions, files and keys.
//!
//! [`Store`] is the one type that callers see; it implements the ports [`journal::Journal`], [`insight::view::Views`],
//! [`app::ports::Sessions`], [`app::ports::Leases`], [`app::ports::Blobs`] and [`lexicon::Vault`], and is cheap to clone, so that each port is
//! `Arc::new(store.clone())`. Behind it stands a backend, one folder each: `sqlite`, `postgres` or `memory`.
//!
//! # Invariants
//!
//! - **Acknowledged is on disk**: the entry, its inline views, the answer to its request, and the keys that seal it.
//! - **A refused append leaves nothing** and harms none of those that share its commit.
//! - **No view is known by name**: tables, statements and queries are made from its declaration.
//! - **An erased subject stays erased**: its key is gone and none is made again.
//! - No insurance words.

mod admit;
mod blobs;
pub mod copy;
mod declared;
mod fold;
mod group;
mod leases;
mod lock;
mod memory;
mod open;
mod postgres;
mod recent;
mod serving;
mod spans;
mod sqlite;
mod store;
mod vault;
mod verify;

pub use blobs::{BadFilesPlace, BucketUrl, FilesPlace, FilesReport, Filing, MovedFiles};
pub use open::OpenError;
pub use postgres::{BadDatabaseUrl, DatabaseUrl, Migration, MigrationKind};
pub use store::{Config, Load, Store};
pub use vault::MasterKey;
pub use verify::{Difference, Progress, Report, RowProblem};

use journal::Unavailable;

/// A view was asked for that the store was not opened with.
fn undeclared(view: &str) -> Unavailable {
    Unavailable(format!("view {view} is not declared to this store"))
}
